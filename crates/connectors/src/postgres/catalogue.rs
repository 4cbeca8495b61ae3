//! What a PostgreSQL database holds, from the system catalogue. No statement here reads a user's table.

use std::collections::{HashMap, HashSet};

use datawave_core::{Failure, Reason};
use datawave_raw::RawKind;

use super::grants;
use super::session::{Session, boolean, integer, text, texts};
use crate::limits::Limits;
use crate::model::{
    Column, ForeignKey, Form, Problem, SchemaText, Storage, Table, TableKind, TableRef, declared_type,
    unreadable_name,
};

/// Longest comment or default expression that is read, in characters.
const TEXT: usize = 16_384;

/// User schemas: `pg_` is reserved for the system's.
const USER_SCHEMA: &str = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

/// `relkind`s that hold rows a user can select: tables, partitioned and foreign ones, views of both kinds.
const READABLE: &str = "c.relkind IN ('r', 'p', 'f', 'v', 'm')";

pub(super) async fn discover(
    session: &mut Session,
    role: &str,
    limits: &Limits,
) -> Result<(Vec<Table>, Vec<Problem>), Failure> {
    let mut catalogue = Catalogue::default();
    session.begin().await?;
    let read = catalogue.read(session, role, limits).await;
    session.end().await?;
    read?;
    let tables = catalogue.tables.into_values().collect();
    Ok((tables, catalogue.problems))
}

/// Collected by the object ids of the tables.
#[derive(Default)]
struct Catalogue {
    tables: HashMap<i64, Table>,
    problems: Vec<Problem>,
    domains: HashMap<i64, i64>,
    /// Columns over the limit, by table.
    beyond: HashSet<i64>,
}

impl Catalogue {
    async fn read(&mut self, session: &mut Session, role: &str, limits: &Limits) -> Result<(), Failure> {
        self.read_tables(session, role).await?;
        self.read_domains(session).await?;
        self.read_columns(session, limits).await?;
        self.read_constraints(session).await?;
        self.read_unique_indices(session).await?;
        for oid in std::mem::take(&mut self.beyond) {
            if let Some(table) = self.tables.get(&oid) {
                self.problems.push(Problem {
                    object: table.at.to_string(),
                    failure: Failure::new(
                        Reason::ScanBudgetExceeded,
                        "the catalogue has more columns than one discovery takes",
                    )
                    .with_remedy(
                        "scan with include patterns, one part of the database at a time, or raise the limit",
                    ),
                });
            }
        }
        for table in self.tables.values_mut() {
            table.columns.sort_by_key(|column| column.ordinal);
            // Column grants may be enough where the table's is missing.
            if !table.columns.is_empty() && table.columns.iter().all(|c| c.readable) {
                table
                    .missing_grants
                    .retain(|grant| !grant.starts_with("GRANT SELECT"));
            }
        }
        Ok(())
    }

    async fn read_tables(&mut self, session: &mut Session, role: &str) -> Result<(), Failure> {
        // An estimate below zero means "never analysed". A partitioned table knows nothing of its parts' sizes
        // until it is analysed itself, so their estimates are added up.
        let sql = format!(
            "SELECT c.oid::pg_catalog.int8, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, \
             c.relkind::pg_catalog.text, \
             CASE WHEN c.relkind = 'p' THEN (SELECT sum(greatest(l.reltuples, 0))::pg_catalog.int8 \
               FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid = t.relid \
               WHERE t.isleaf) \
             WHEN c.reltuples >= 0 AND c.relkind IN ('r', 'm', 'f') \
               AND (c.reltuples > 0 OR c.relpages > 0 OR pg_catalog.pg_relation_size(c.oid) = 0) \
               THEN c.reltuples::pg_catalog.int8 END, \
             c.relispopulated, c.relrowsecurity, \
             pg_catalog.has_schema_privilege(n.oid, 'USAGE'), pg_catalog.has_table_privilege(c.oid, 'SELECT'), \
             pg_catalog.left(pg_catalog.obj_description(c.oid, 'pg_class'), {TEXT}), \
             pn.nspname::pg_catalog.text, pc.relname::pg_catalog.text \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition \
             LEFT JOIN pg_catalog.pg_class pc ON pc.oid = i.inhparent \
             LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace \
             WHERE {READABLE} AND {USER_SCHEMA}"
        );
        session
            .rows(sql, "listing the tables", |row| {
                let (Some(oid), Some(schema), Some(name)) = (integer(row, 0), text(row, 1), text(row, 2))
                else {
                    self.problems.push(Problem {
                        object: "(unreadable name)".into(),
                        failure: unreadable_name(),
                    });
                    return Ok(true);
                };
                let kind = match text(row, 3).as_deref() {
                    Some("p") => TableKind::PartitionedTable,
                    Some("f") => TableKind::ForeignTable,
                    Some("v") => TableKind::View,
                    Some("m") => TableKind::MaterializedView,
                    _ => TableKind::Table,
                };
                let whole = boolean(row, 8);
                let mut missing_grants = Vec::new();
                if !boolean(row, 7) {
                    missing_grants.push(grants::usage(&schema, role)?);
                }
                if !whole {
                    missing_grants.push(grants::select(&schema, &name, role)?);
                }
                let storage = match kind {
                    TableKind::View | TableKind::ForeignTable | TableKind::VirtualTable => Storage::Head,
                    TableKind::MaterializedView if !boolean(row, 5) => Storage::Unpopulated,
                    TableKind::Table | TableKind::PartitionedTable | TableKind::MaterializedView => {
                        Storage::Heap {
                            oid,
                            partitioned: kind == TableKind::PartitionedTable,
                            whole,
                        }
                    }
                };
                let partition_of = text(row, 10)
                    .zip(text(row, 11))
                    .map(|(schema, table)| TableRef { schema, table });
                self.tables.insert(
                    oid,
                    Table {
                        at: TableRef { schema, table: name },
                        kind,
                        columns: Vec::new(),
                        primary_key: Vec::new(),
                        foreign_keys: Vec::new(),
                        row_estimate: integer(row, 4),
                        comment: SchemaText::read(text(row, 9)),
                        excluded: false,
                        partition_of,
                        row_security: boolean(row, 6),
                        missing_grants,
                        storage,
                    },
                );
                Ok(true)
            })
            .await
    }

    /// Domains by the type below them; a domain may stand on another.
    async fn read_domains(&mut self, session: &mut Session) -> Result<(), Failure> {
        let sql = "SELECT oid::pg_catalog.int8, typbasetype::pg_catalog.int8 FROM pg_catalog.pg_type \
                   WHERE typtype = 'd'";
        session
            .rows(sql.into(), "listing the domains", |row| {
                if let (Some(domain), Some(base)) = (integer(row, 0), integer(row, 1)) {
                    self.domains.insert(domain, base);
                }
                Ok(true)
            })
            .await
    }

    /// A default refers to no column, so its text is asked for without a table: with one, the engine names all
    /// columns of the table anew for each default, which takes minutes on a wide table.
    async fn read_columns(&mut self, session: &mut Session, limits: &Limits) -> Result<(), Failure> {
        let sql = format!(
            "SELECT a.attrelid::pg_catalog.int8, a.attnum::pg_catalog.int8, a.attname::pg_catalog.text, \
             pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid::pg_catalog.int8, \
             a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), \
             CASE WHEN a.attgenerated = '' THEN pg_catalog.left(pg_catalog.pg_get_expr(d.adbin, 0), {TEXT}) END, \
             a.attgenerated <> '' OR a.attidentity <> '', \
             pg_catalog.left(pg_catalog.col_description(a.attrelid, a.attnum), {TEXT}), \
             pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
               AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT') \
             FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attnum > 0 AND NOT a.attisdropped AND {READABLE} AND {USER_SCHEMA} \
             ORDER BY a.attrelid, a.attnum"
        );
        let mut taken = 0;
        session
            .rows(sql, "listing the columns", |row| {
                let Some(oid) = integer(row, 0) else {
                    return Ok(true);
                };
                let Some(table) = self.tables.get_mut(&oid) else {
                    return Ok(true);
                };
                let (Some(ordinal), Some(name)) =
                    (integer(row, 1).and_then(|n| u32::try_from(n).ok()), text(row, 2))
                else {
                    self.problems.push(Problem {
                        object: format!("{}.(unreadable name)", table.at),
                        failure: unreadable_name(),
                    });
                    return Ok(true);
                };
                if taken >= limits.catalogue_columns {
                    self.beyond.insert(oid);
                    return Ok(true);
                }
                taken += 1;
                let mut base = integer(row, 4).unwrap_or(0);
                // A chain of domains ends; the bound is for a catalogue that lies.
                for _ in 0..64 {
                    match self.domains.get(&base) {
                        Some(below) => base = *below,
                        None => break,
                    }
                }
                table.columns.push(Column {
                    name,
                    ordinal,
                    declared_type: declared_type(&text(row, 3).unwrap_or_default()),
                    nullable: !boolean(row, 5),
                    default: SchemaText::read(text(row, 6)),
                    generated: boolean(row, 7),
                    unique: false,
                    comment: SchemaText::read(text(row, 8)),
                    excluded: false,
                    readable: boolean(row, 9),
                    form: form(base),
                });
                Ok(true)
            })
            .await
    }

    async fn read_constraints(&mut self, session: &mut Session) -> Result<(), Failure> {
        let names = |keys: &str, table: &str| {
            format!(
                "ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.{keys}) WITH ORDINALITY AS u(n, o) \
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = k.{table} AND a.attnum = u.n ORDER BY u.o)"
            )
        };
        let sql = format!(
            "SELECT k.conrelid::pg_catalog.int8, k.contype::pg_catalog.text, {}, fn.nspname::pg_catalog.text, \
             fc.relname::pg_catalog.text, {} \
             FROM pg_catalog.pg_constraint k \
             LEFT JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid \
             LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace \
             WHERE k.contype IN ('p', 'f') AND k.conrelid <> 0 ORDER BY k.conrelid, k.conname",
            names("conkey", "conrelid"),
            names("confkey", "confrelid"),
        );
        session
            .rows(sql, "listing the keys", |row| {
                let Some(table) = integer(row, 0).and_then(|oid| self.tables.get_mut(&oid)) else {
                    return Ok(true);
                };
                let columns = texts(row, 2);
                if text(row, 1).as_deref() == Some("p") {
                    table.primary_key = columns;
                } else if let (Some(schema), Some(other)) = (text(row, 3), text(row, 4)) {
                    table.foreign_keys.push(ForeignKey {
                        columns,
                        references: TableRef { schema, table: other },
                        referenced_columns: texts(row, 5),
                    });
                }
                Ok(true)
            })
            .await
    }

    /// Unique constraints and primary keys are indices too, so one query finds all single-column ones.
    async fn read_unique_indices(&mut self, session: &mut Session) -> Result<(), Failure> {
        let sql = "SELECT i.indrelid::pg_catalog.int8, i.indkey[0]::pg_catalog.int8 FROM pg_catalog.pg_index i \
                   WHERE i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL \
                   AND i.indkey[0] > 0";
        session
            .rows(sql.into(), "listing the unique columns", |row| {
                let (Some(oid), Some(number)) = (integer(row, 0), integer(row, 1)) else {
                    return Ok(true);
                };
                let column = self
                    .tables
                    .get_mut(&oid)
                    .and_then(|table| table.columns.iter_mut().find(|c| i64::from(c.ordinal) == number));
                if let Some(column) = column {
                    column.unique = true;
                }
                Ok(true)
            })
            .await
    }
}

/// What the values of a type are, by the fixed object ids of the built-in types. Every type has a text form;
/// those not named here are text to us: names, enums, arrays, ranges, composites, addresses, geometry.
fn form(base: i64) -> Form {
    match base {
        17 => Form::Octets,
        16 => Form::Text(RawKind::Boolean),
        20 | 21 | 23 | 26 => Form::Text(RawKind::Integer),
        700 | 701 | 1700 => Form::Text(RawKind::Float),
        114 | 3802 => Form::Text(RawKind::Json),
        1082 | 1083 | 1114 | 1184 | 1266 => Form::Text(RawKind::Temporal),
        _ => Form::Text(RawKind::Text),
    }
}
