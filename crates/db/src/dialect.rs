//! The closed list of places where the engines truly differ.
//!
//! A statement names a fragment in braces and stays one text: `SELECT … {for_update}`. Nobody matches on the
//! engine outside this crate.

use std::borrow::Cow;

/// Which engine a connection talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite: one file, one writer.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Name in braces, text on SQLite, text on PostgreSQL.
const FRAGMENTS: &[(&str, &str, &str)] = &[
    // Locks the selected rows to the end of the transaction. SQLite's writer is alone already. Inside
    // `Db::write` only: PostgreSQL refuses it on connections that can only read.
    ("{for_update}", "", "FOR UPDATE"),
    // The same, passing over rows that another transaction holds: how workers claim jobs without waiting.
    ("{for_update_skip_locked}", "", "FOR UPDATE SKIP LOCKED"),
    // Compares and sorts the text before it by code point, whatever the collation of the database is.
    ("{by_code_point}", "COLLATE BINARY", "COLLATE \"C\""),
];

/// Puts the engine's fragments in. Text without a known fragment passes unchanged.
pub(crate) fn expand(engine: Engine, text: Cow<'static, str>) -> Cow<'static, str> {
    if !text.contains('{') {
        return text;
    }
    let mut out = text.into_owned();
    for (name, sqlite, postgres) in FRAGMENTS {
        if out.contains(name) {
            out = out.replace(
                name,
                match engine {
                    Engine::Sqlite => sqlite,
                    Engine::Postgres => postgres,
                },
            );
        }
    }
    Cow::Owned(out)
}

/// Lock on a name, held to the end of the transaction. `None` where one writer makes it needless.
pub(crate) fn lock_statement(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some("SELECT pg_advisory_xact_lock($1)"),
    }
}

/// The same without waiting; the row's column `locked` says whether it was got.
pub(crate) fn try_lock_statement(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some("SELECT pg_try_advisory_xact_lock($1) AS locked"),
    }
}

/// Table and column names of the store, in columns `t` and `c`.
pub(crate) fn columns_statement(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT m.name AS t, i.name AS c FROM sqlite_master m, pragma_table_info(m.name) i \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) COLLATE \"C\" AS t, CAST(column_name AS TEXT) COLLATE \"C\" AS c \
             FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2"
        }
    }
}

/// Whether the table `dw_schema` exists: a row or none.
pub(crate) fn schema_table_statement(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name = 'dw_schema'",
        Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS t FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'dw_schema'"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_put_in_and_other_braces_stay() {
        let text = "SELECT '{}' FROM t ORDER BY a {by_code_point} {for_update}";
        assert_eq!(
            expand(Engine::Postgres, Cow::Borrowed(text)),
            "SELECT '{}' FROM t ORDER BY a COLLATE \"C\" FOR UPDATE"
        );
        assert_eq!(
            expand(Engine::Sqlite, Cow::Borrowed(text)),
            "SELECT '{}' FROM t ORDER BY a COLLATE BINARY "
        );
    }
}
