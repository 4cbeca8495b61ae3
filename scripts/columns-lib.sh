# What the engines themselves say about their columns; sourced, never run.
# shellcheck shell=bash

# sqlite_columns FILE SOURCE: [source, table, column] of every table and view, one JSON array a line.
sqlite_columns() {
  sqlite3 -readonly "$1" "select json_array('$2', m.name, c.name)
    from sqlite_schema m join pragma_table_xinfo(m.name) c
    where m.type in ('table', 'view') and m.name not like 'sqlite\_%' escape '\'
      and c.hidden <> 1"
}

# postgres_columns URL: the same with the schema in place of the source; system schemas are left out.
postgres_columns() {
  psql "$1" --no-psqlrc --tuples-only --no-align --command "select json_build_array(n.nspname, c.relname, a.attname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
}
