//! What the engine's catalogue says, as facts: names and types as they are, comments cleaned, defaults as
//! digests.

use datawave_connectors::{
    Column, Cost, Engine as SourceEngine, EngineInfo, ForeignKey, Table, TableKind, TableRef,
};
use datawave_core::digest;
use datawave_detect::{Engine, declassify};
use datawave_facts::{ColumnFact, CostFact, EngineFact, ForeignKeyFact, TableFact, TablePath};
use datawave_facts::{Fact, TableKind as FactKind};

use crate::wire;

/// Longest name that the contract takes, in characters.
const NAME_CHARS: usize = 512;

/// A name as it leaves: itself, or, where an engine allows names longer than the contract does, its beginning
/// and a digest that keeps two long names apart.
pub(super) fn name(text: &str) -> String {
    if text.chars().nth(NAME_CHARS).is_none() {
        return text.to_owned();
    }
    let head: String = text.chars().take(NAME_CHARS - 18).collect();
    let digest = digest::hex(&digest::sha256(text.as_bytes())[..8]);
    format!("{head}…#{digest}")
}

pub(super) fn path(database: &str, at: &TableRef) -> TablePath {
    TablePath {
        database: name(database),
        schema: name(&at.schema),
        table: name(&at.table),
    }
}

pub(super) fn engine(info: &EngineInfo) -> EngineFact {
    EngineFact {
        engine: match info.engine {
            SourceEngine::Sqlite => "sqlite",
            SourceEngine::Postgres => "postgresql",
        }
        .to_owned(),
        // The server says what it likes; digits and dots are what a version needs.
        version: info
            .version
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .take(32)
            .collect(),
    }
}

pub(super) fn cost(cost: Cost) -> CostFact {
    CostFact {
        statements: cost.statements,
        rows: cost.rows,
        bytes: cost.bytes,
        source_millis: cost.millis,
    }
}

pub(super) fn kind(kind: TableKind) -> FactKind {
    match kind {
        TableKind::Table => FactKind::Table,
        TableKind::PartitionedTable => FactKind::PartitionedTable,
        TableKind::ForeignTable => FactKind::ForeignTable,
        TableKind::View => FactKind::View,
        TableKind::MaterializedView => FactKind::MaterializedView,
        TableKind::VirtualTable => FactKind::VirtualTable,
    }
}

/// Makes facts of one source's tables.
pub(super) struct Describer<'a> {
    pub(super) database: &'a str,
    pub(super) engine: &'a Engine,
    pub(super) site_key: &'a [u8],
}

impl Describer<'_> {
    /// The table as a fact that fits a frame. `None` when it does not even without comments.
    pub(super) fn table(&self, table: &Table) -> Option<Fact> {
        let mut fact = TableFact {
            path: path(self.database, &table.at),
            kind: kind(table.kind),
            row_estimate: table.row_estimate,
            comment: table
                .comment
                .as_ref()
                .map(|text| declassify::comment(self.engine, text.expose())),
            columns: table.columns.iter().map(|column| self.column(column)).collect(),
            primary_key: table.primary_key.iter().map(|column| name(column)).collect(),
            foreign_keys: table
                .foreign_keys
                .iter()
                .map(|key| self.foreign_key(key))
                .collect(),
        };
        if !wire::fits(&fact) {
            for column in &mut fact.columns {
                column.comment = None;
            }
        }
        wire::fits(&fact).then_some(Fact::Table(fact))
    }

    fn column(&self, column: &Column) -> ColumnFact {
        ColumnFact {
            name: name(&column.name),
            ordinal: column.ordinal,
            declared_type: declassify::type_name(&column.declared_type),
            nullable: column.nullable,
            comment: column
                .comment
                .as_ref()
                .map(|text| declassify::comment(self.engine, text.expose())),
            default: column
                .default
                .as_ref()
                .map(|text| declassify::expression(self.site_key, text.expose())),
            generated: column.generated,
            unique: column.unique,
        }
    }

    fn foreign_key(&self, key: &ForeignKey) -> ForeignKeyFact {
        ForeignKeyFact {
            columns: key.columns.iter().map(|column| name(column)).collect(),
            references: path(self.database, &key.references),
            referenced_columns: key.referenced_columns.iter().map(|column| name(column)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_the_limit_stay_and_longer_ones_stay_apart() {
        let at_limit = "ä".repeat(NAME_CHARS);
        assert_eq!(name(&at_limit), at_limit);
        let one = name(&format!("{at_limit}1"));
        let two = name(&format!("{at_limit}2"));
        assert_ne!(one, two);
        assert_eq!(one.chars().count(), NAME_CHARS);
    }
}
