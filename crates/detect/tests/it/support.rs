//! Making tables to judge.

use datawave_detect::{ColumnInput, Engine, Judgement, TableMeta};
use datawave_raw::{RawCell, RawKind};
use std::sync::OnceLock;

/// One engine for all tests: building it takes longer than judging a table.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(Engine::new)
}

/// Values as text.
pub(crate) fn texts<S: AsRef<str>>(values: &[S]) -> Vec<Option<RawCell>> {
    values
        .iter()
        .map(|v| Some(RawCell::new(RawKind::Text, v.as_ref().as_bytes().to_vec())))
        .collect()
}

/// A column of text.
pub(crate) fn column<'a>(
    name: &'a str,
    declared_type: &'a str,
    values: &'a [Option<RawCell>],
) -> ColumnInput<'a> {
    ColumnInput {
        name,
        declared_type,
        comment: None,
        nullable: true,
        unique: false,
        primary_key: false,
        references: None,
        values,
        readable: true,
    }
}

/// Judges a table of one column.
pub(crate) fn judge_one<S: AsRef<str>>(
    table: &str,
    name: &str,
    declared_type: &str,
    values: &[S],
) -> Judgement {
    let cells = texts(values);
    let meta = TableMeta {
        database: "db",
        schema: "main",
        table,
        comment: None,
        row_estimate: None,
    };
    let mut judgements = engine().judge_table(&meta, &[column(name, declared_type, &cells)]);
    judgements.remove(0)
}

/// `count` values made by `make`.
pub(crate) fn numbered(count: usize, make: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(make).collect()
}

/// Label of what a column is, if it is something.
pub(crate) fn label_of<S: AsRef<str>>(
    table: &str,
    name: &str,
    declared_type: &str,
    values: &[S],
) -> Option<datawave_detect::Label> {
    judge_one(table, name, declared_type, values)
        .findings
        .first()
        .map(|finding| finding.label)
}
