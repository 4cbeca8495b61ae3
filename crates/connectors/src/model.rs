//! What a discovery delivers: the source's own catalogue as plain data.
//!
//! Names, types and numbers may leave the site. Comments and default expressions may hold values of the data
//! itself, so they are [`SchemaText`], which cannot be printed by accident.

use std::fmt;

use datawave_core::{Failure, Reason};

/// Engine of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A SQLite database file.
    Sqlite,
    /// A PostgreSQL database.
    Postgres,
}

impl Engine {
    /// Lower-case name, as in a source's identity.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Engine and version as the source tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineInfo {
    /// Engine.
    pub engine: Engine,
    /// Its version, digits and dots: `15.6`, `3.51.3`.
    pub version: String,
}

/// Text of the schema that may hold raw values: comments, default expressions. No `Display`, and a `Debug`
/// that shows the length only; it leaves the site only through `detect::declassify`.
#[derive(Clone, PartialEq, Eq)]
pub struct SchemaText(String);

impl SchemaText {
    /// Wraps text read from the catalogue; empty text counts as absent.
    pub(crate) fn read(text: Option<String>) -> Option<Self> {
        text.filter(|t| !t.is_empty()).map(Self)
    }

    /// Lends the text for examination on site.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SchemaText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchemaText({} bytes)", self.0.len())
    }
}

/// Address of a table inside its database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableRef {
    /// Schema; `main` for SQLite.
    pub schema: String,
    /// Table or view.
    pub table: String,
}

impl fmt::Display for TableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// Kind of relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Ordinary table; a leaf of a partitioned table counts as one.
    Table,
    /// Partitioned parent: no rows of its own, those of its parts.
    PartitionedTable,
    /// Table of another server.
    ForeignTable,
    /// View.
    View,
    /// Materialised view.
    MaterializedView,
    /// SQLite virtual table.
    VirtualTable,
}

/// A table or view as the engine's catalogue describes it.
#[derive(Clone, Debug)]
pub struct Table {
    /// Schema and name.
    pub at: TableRef,
    /// Kind of relation.
    pub kind: TableKind,
    /// Columns by ordinal, the excluded ones included.
    pub columns: Vec<Column>,
    /// Names of the primary key's columns, in key order; empty without a primary key.
    pub primary_key: Vec<String>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// The engine's own estimate of the rows; never a `COUNT(*)`. For SQLite without statistics it is the
    /// span of the row ids, an upper bound.
    pub row_estimate: Option<i64>,
    /// Comment on the table.
    pub comment: Option<SchemaText>,
    /// The filter leaves out all of it; its columns are then all excluded too.
    pub excluded: bool,
    /// The partitioned table that this one is a part of.
    pub partition_of: Option<TableRef>,
    /// Row-level security is on: a sample holds only the rows that the login may see.
    pub row_security: bool,
    /// Statements that an owner would run to let this login read the table; empty when it can.
    pub missing_grants: Vec<String>,
    pub(crate) storage: Storage,
}

/// A column as the engine's catalogue describes it.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Position, from 1; PostgreSQL leaves gaps where columns were dropped.
    pub ordinal: u32,
    /// Type as declared, identifiers and numbers only; empty where SQLite has none.
    pub declared_type: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Default expression; a generated column has none.
    pub default: Option<SchemaText>,
    /// Generated column, or identity.
    pub generated: bool,
    /// Single-column unique constraint, unique index or primary key.
    pub unique: bool,
    /// Comment on the column.
    pub comment: Option<SchemaText>,
    /// The filter leaves it out: known by name, never read.
    pub excluded: bool,
    /// The login may read it.
    pub readable: bool,
    pub(crate) form: Form,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Columns on this side, in key order.
    pub columns: Vec<String>,
    /// Table referred to. It may not exist in SQLite.
    pub references: TableRef,
    /// Columns on the other side; empty when the engine leaves them implicit (its primary key).
    pub referenced_columns: Vec<String>,
}

/// How a table's rows can be reached, for the sampler of its engine.
#[derive(Clone, Debug)]
pub(crate) enum Storage {
    /// From the beginning only: views, foreign and virtual tables, SQLite tables without row ids.
    Head,
    /// SQLite table with row ids, and the alias of them that no column hides.
    RowId(&'static str),
    /// PostgreSQL heap with this object id; `whole`: SELECT is granted on all of it, system columns included.
    Heap {
        oid: i64,
        partitioned: bool,
        whole: bool,
    },
    /// A materialised view that was never filled.
    Unpopulated,
}

/// How a column's values are asked for and what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The value tells its type itself (SQLite).
    Dynamic,
    /// As text, to be understood as this kind.
    Text(datawave_raw::RawKind),
    /// As octets.
    Octets,
}

/// Something that the catalogue has and that could not be listed in full.
#[derive(Debug)]
pub struct Problem {
    /// Schema and name, or what of it could be read.
    pub object: String,
    /// Why.
    pub failure: Failure,
}

/// The catalogue of a source. Together, `tables` and `problems` cover every object that the engine lists.
#[derive(Debug)]
pub struct Discovery {
    /// Tables and views by schema and name, the excluded ones included.
    pub tables: Vec<Table>,
    /// What could not be listed in full; a broken view may stand here and, without columns, in `tables`.
    pub problems: Vec<Problem>,
    /// What it cost the source.
    pub cost: Cost,
}

/// What was asked of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Statements executed, those that open and close transactions not counted.
    pub statements: u64,
    /// Rows received.
    pub rows: u64,
    /// Bytes of values received.
    pub bytes: u64,
    /// Time spent waiting for the source, milliseconds.
    pub millis: u64,
}

impl Cost {
    /// Adds another cost to this one.
    pub fn add(&mut self, other: Self) {
        self.statements += other.statements;
        self.rows += other.rows;
        self.bytes += other.bytes;
        self.millis += other.millis;
    }
}

/// A declared type holds identifiers and numbers. SQLite lets anything between quotes stand for a type name,
/// so whatever else is in there is dropped, and so is what is too long to be a type.
pub(crate) fn declared_type(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '(' | ')' | ',' | '.' | '[' | ']' | '"'))
        .take(256)
        .collect()
}

/// The failure for an object whose name cannot be read.
pub(crate) fn unreadable_name() -> Failure {
    Failure::new(
        Reason::SourceBroken,
        "the source's catalogue has a name that is not valid text, so no statement can name it",
    )
    .with_remedy("rename that object at the source; the rest of the source is scanned")
}
