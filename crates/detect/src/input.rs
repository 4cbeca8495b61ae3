//! What the engine looks at: a table, its columns, sampled values.

use datawave_raw::RawCell;

/// Names and size of a table.
#[derive(Clone, Copy)]
pub struct TableMeta<'a> {
    /// Database, or the file's stem for SQLite.
    pub database: &'a str,
    /// Schema.
    pub schema: &'a str,
    /// Table or view.
    pub table: &'a str,
    /// Comment as stored in the source.
    pub comment: Option<&'a str>,
    /// Rows by the engine's own estimate.
    pub row_estimate: Option<i64>,
}

/// A column and what was sampled of it.
#[derive(Clone, Copy)]
pub struct ColumnInput<'a> {
    /// Name.
    pub name: &'a str,
    /// Type as declared, whatever the source wrote.
    pub declared_type: &'a str,
    /// Comment as stored in the source.
    pub comment: Option<&'a str>,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Single-column unique constraint.
    pub unique: bool,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Table and column that a foreign key over this column refers to.
    pub references: Option<(&'a str, &'a str)>,
    /// Sampled values in any order; `None` is NULL. Empty when the table is, or when nothing could be read.
    pub values: &'a [Option<RawCell>],
    /// Whether values could be read at all; when not, the verdict rests on names.
    pub readable: bool,
}
