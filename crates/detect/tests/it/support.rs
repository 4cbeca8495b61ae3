//! Making tables to judge.

use datawave_detect::{ColumnInput, Engine, Judgement, TableMeta};
use datawave_raw::{RawCell, RawKind};

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
    let mut judgements = Engine::new().judge_table(&meta, &[column(name, declared_type, &cells)]);
    judgements.remove(0)
}
