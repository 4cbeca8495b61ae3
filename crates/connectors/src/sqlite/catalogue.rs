//! What a SQLite file holds, from `sqlite_schema` and the table-valued pragmas.

use std::collections::{BTreeMap, HashMap, HashSet};

use datawave_core::{Failure, Reason};

use super::error::Doing;
use super::session::{Bound, Session, broken, integer, text};
use crate::limits::Limits;
use crate::model::{
    Column, Cost, ForeignKey, Form, Problem, SchemaText, Storage, Table, TableKind, TableRef, declared_type,
    unreadable_name,
};
use crate::quote;

/// The only schema of a source: attached databases are sources of their own.
pub(super) const SCHEMA: &str = "main";

pub(super) async fn discover(
    session: &mut Session,
    limits: &Limits,
) -> Result<(Vec<Table>, Vec<Problem>, Cost), Failure> {
    let mut problems = Vec::new();
    let objects = objects(session, &mut problems).await?;
    let statistics = statistics(session).await;
    let mut tables = Vec::new();
    let mut columns = 0;
    for object in objects {
        if columns >= limits.catalogue_columns {
            problems.push(Problem {
                object: format!("{SCHEMA}.{}", object.name),
                failure: Failure::new(
                    Reason::ScanBudgetExceeded,
                    "the catalogue has more columns than one discovery takes",
                )
                .with_remedy(
                    "scan with include patterns, one part of the database at a time, or raise the limit",
                ),
            });
            continue;
        }
        let table = describe(
            session,
            &object,
            statistics.get(&object.name).copied(),
            &mut problems,
        )
        .await?;
        columns += table.columns.len();
        tables.push(table);
    }
    Ok((tables, problems, session.take_cost()))
}

struct Object {
    name: String,
    kind: TableKind,
    without_rowid: bool,
}

/// Everything that `sqlite_schema` lists, but the engine's own tables.
async fn objects(session: &mut Session, problems: &mut Vec<Problem>) -> Result<Vec<Object>, Failure> {
    let mut out = Vec::new();
    let sql = "SELECT s.name, s.type, s.sql LIKE 'CREATE VIRTUAL%', l.wr \
               FROM main.sqlite_schema AS s LEFT JOIN pragma_table_list AS l \
               ON l.schema = 'main' AND l.name = s.name \
               WHERE s.type IN ('table', 'view') AND substr(s.name, 1, 7) <> 'sqlite_' ORDER BY s.name";
    session
        .rows(sql.into(), Vec::new(), &Doing::Session, |row| {
            match text(row, 0).filter(|name| !name.contains('\0')) {
                Some(name) => out.push(Object {
                    name,
                    kind: match (text(row, 1).as_deref(), integer(row, 2)) {
                        (Some("view"), _) => TableKind::View,
                        (_, Some(1)) => TableKind::VirtualTable,
                        _ => TableKind::Table,
                    },
                    without_rowid: integer(row, 3) == Some(1),
                }),
                None => problems.push(Problem {
                    object: format!("{SCHEMA}.(unreadable name)"),
                    failure: unreadable_name(),
                }),
            }
            Ok(true)
        })
        .await?;
    Ok(out)
}

/// Row counts that `ANALYZE` left behind: the first number of an index's statistics.
async fn statistics(session: &mut Session) -> HashMap<String, i64> {
    let mut out: HashMap<String, i64> = HashMap::new();
    let sql = "SELECT tbl, CAST(stat AS INTEGER) FROM main.sqlite_stat1";
    let read = session
        .rows(sql.into(), Vec::new(), &Doing::Session, |row| {
            if let (Some(table), Some(rows)) = (text(row, 0), integer(row, 1)) {
                let known = out.entry(table).or_default();
                *known = (*known).max(rows);
            }
            Ok(true)
        })
        .await;
    // A database that was never analysed has no such table: there are no statistics then.
    if read.is_err() {
        out.clear();
    }
    out
}

async fn describe(
    session: &mut Session,
    object: &Object,
    statistic: Option<i64>,
    problems: &mut Vec<Problem>,
) -> Result<Table, Failure> {
    let at = TableRef {
        schema: SCHEMA.into(),
        table: object.name.clone(),
    };
    let mut table = Table {
        kind: object.kind,
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        row_estimate: statistic,
        comment: None,
        excluded: false,
        partition_of: None,
        row_security: false,
        missing_grants: Vec::new(),
        storage: Storage::Head,
        at,
    };
    if let Err(failure) = columns(session, object, &mut table, problems).await {
        if session.is_lost() {
            return Err(failure);
        }
        problems.push(Problem {
            object: table.at.to_string(),
            failure,
        });
        return Ok(table);
    }
    if object.kind != TableKind::Table {
        return Ok(table);
    }
    if let Err(failure) = keys(session, object, &mut table).await {
        problems.push(Problem {
            object: table.at.to_string(),
            failure,
        });
    }
    if !object.without_rowid
        && let Some(alias) = rowid_alias(&table)
    {
        table.storage = Storage::RowId(alias);
        if table.row_estimate.is_none() {
            table.row_estimate = rowid_span(session, &object.name, alias).await;
        }
    }
    Ok(table)
}

async fn columns(
    session: &mut Session,
    object: &Object,
    table: &mut Table,
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    let mut key: BTreeMap<i64, String> = BTreeMap::new();
    let shown = table.at.to_string();
    let columns = &mut table.columns;
    let sql =
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden, cid FROM pragma_table_xinfo(?1, 'main')";
    session
        .rows(
            sql.into(),
            vec![Bound::Text(object.name.clone())],
            &Doing::Describe(&shown),
            |row| {
                let Some(name) = text(row, 0).filter(|name| !name.contains('\0')) else {
                    problems.push(Problem {
                        object: format!("{shown}.(unreadable name)"),
                        failure: unreadable_name(),
                    });
                    return Ok(true);
                };
                let hidden = integer(row, 5).unwrap_or(0);
                // 1 is a hidden column of a virtual table: an argument of its module, not data.
                if hidden == 1 {
                    return Ok(true);
                }
                let in_key = integer(row, 4).unwrap_or(0);
                if in_key > 0 {
                    key.insert(in_key, name.clone());
                }
                let ordinal = integer(row, 6)
                    .and_then(|cid| u32::try_from(cid + 1).ok())
                    .ok_or_else(|| broken("a column has no position"))?;
                columns.push(Column {
                    name,
                    ordinal,
                    declared_type: declared_type(&text(row, 1).unwrap_or_default()),
                    nullable: integer(row, 2).unwrap_or(0) == 0,
                    default: SchemaText::read(text(row, 3)),
                    generated: hidden == 2 || hidden == 3,
                    unique: false,
                    comment: None,
                    excluded: false,
                    readable: true,
                    form: Form::Dynamic,
                });
                Ok(true)
            },
        )
        .await?;
    table.primary_key = key.into_values().collect();
    if let [only] = table.primary_key.as_slice() {
        mark_unique(&mut table.columns, only);
    }
    Ok(())
}

fn mark_unique(columns: &mut [Column], name: &str) {
    if let Some(column) = columns.iter_mut().find(|c| c.name == name) {
        column.unique = true;
    }
}

async fn keys(session: &mut Session, object: &Object, table: &mut Table) -> Result<(), Failure> {
    let shown = table.at.to_string();
    let doing = Doing::Describe(&shown);
    let mut foreign: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    let sql =
        "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1, 'main') ORDER BY id, seq";
    session
        .rows(
            sql.into(),
            vec![Bound::Text(object.name.clone())],
            &doing,
            |row| {
                let (Some(id), Some(other), Some(from)) = (integer(row, 0), text(row, 1), text(row, 2))
                else {
                    return Err(broken("a foreign key has no columns"));
                };
                let key = foreign.entry(id).or_insert_with(|| ForeignKey {
                    columns: Vec::new(),
                    references: TableRef {
                        schema: SCHEMA.into(),
                        table: other,
                    },
                    referenced_columns: Vec::new(),
                });
                key.columns.push(from);
                key.referenced_columns.extend(text(row, 3));
                Ok(true)
            },
        )
        .await?;
    table.foreign_keys = foreign.into_values().collect();

    // Indices with one column only; the name is NULL where an index is over an expression.
    let mut unique: HashSet<String> = HashSet::new();
    let sql = "SELECT min(i.name) FROM pragma_index_list(?1, 'main') AS l, pragma_index_info(l.name, 'main') AS i \
               WHERE l.\"unique\" = 1 AND l.partial = 0 GROUP BY l.name HAVING max(i.seqno) = 0";
    session
        .rows(
            sql.into(),
            vec![Bound::Text(object.name.clone())],
            &doing,
            |row| {
                unique.extend(text(row, 0));
                Ok(true)
            },
        )
        .await?;
    for name in unique {
        mark_unique(&mut table.columns, &name);
    }
    Ok(())
}

/// A name of the row id that no column of the table hides.
fn rowid_alias(table: &Table) -> Option<&'static str> {
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|alias| table.columns.iter().all(|c| !c.name.eq_ignore_ascii_case(alias)))
}

/// Upper bound of the rows from both ends of the row ids: two look-ups in the tree, whatever the size.
async fn rowid_span(session: &mut Session, name: &str, alias: &str) -> Option<i64> {
    let table = quote::sqlite(name).ok()?;
    let sql = format!(
        "SELECT (SELECT min(r.{alias}) FROM main.{table} AS r), (SELECT max(r.{alias}) FROM main.{table} AS r)"
    );
    let mut span = None;
    let read = session
        .rows(sql, Vec::new(), &Doing::Describe(name), |row| {
            span = match (integer(row, 0), integer(row, 1)) {
                (Some(low), Some(high)) => Some(high.saturating_sub(low).saturating_add(1)),
                _ => Some(0),
            };
            Ok(false)
        })
        .await;
    read.ok().and(span)
}
