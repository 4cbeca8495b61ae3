//! Judges tables given as JSON lines on standard input and prints a line for each column: for looking at
//! the engine without a database. A line in: `{"source", "table", "real", "columns": [{"name", "real",
//! "declared_type", "nullable", "primary_key", "references", "values": [null | {"t", "v"}]}]}`; `real` is the
//! name to print.

use datawave_detect::{ColumnInput, Engine, FindingKind, TableMeta};
use datawave_raw::{RawCell, RawKind};
use serde::Deserialize;
use std::io::{BufRead, Write};

#[derive(Deserialize)]
struct Table {
    source: String,
    table: String,
    real: String,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    real: String,
    declared_type: String,
    nullable: bool,
    primary_key: bool,
    references: Option<(String, String)>,
    values: Vec<Option<Value>>,
}

#[derive(Deserialize)]
struct Value {
    t: String,
    v: String,
}

fn main() -> std::io::Result<()> {
    let engine = Engine::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let table: Table = serde_json::from_str(&line?)?;
        let cells: Vec<Vec<Option<RawCell>>> = table
            .columns
            .iter()
            .map(|column| {
                column
                    .values
                    .iter()
                    .map(|value| {
                        value.as_ref().map(|value| {
                            let kind = match value.t.as_str() {
                                "int" => RawKind::Integer,
                                "float" => RawKind::Float,
                                _ => RawKind::Text,
                            };
                            RawCell::new(kind, value.v.clone().into_bytes())
                        })
                    })
                    .collect()
            })
            .collect();
        let columns: Vec<ColumnInput<'_>> = table
            .columns
            .iter()
            .zip(&cells)
            .map(|(column, values)| ColumnInput {
                name: &column.name,
                declared_type: &column.declared_type,
                comment: None,
                nullable: column.nullable,
                unique: false,
                primary_key: column.primary_key,
                references: column.references.as_ref().map(|(t, c)| (t.as_str(), c.as_str())),
                values,
                readable: true,
            })
            .collect();
        let meta = TableMeta {
            database: &table.source,
            schema: "main",
            table: &table.table,
            comment: None,
            row_estimate: None,
        };
        for (judgement, column) in engine.judge_table(&meta, &columns).iter().zip(&table.columns) {
            let findings: Vec<serde_json::Value> = judgement
                .findings
                .iter()
                .map(|finding| {
                    serde_json::json!({
                        "label": finding.label.as_str(),
                        "infotype": finding.infotype,
                        "kind": if finding.kind == FindingKind::Is { "is" } else { "contains" },
                        "confidence": finding.confidence,
                        "prevalence": finding.prevalence,
                        "evidence": finding.evidence.iter().map(|e| format!("{:+.1} {}", e.weight, e.reason)).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let against: Vec<String> = judgement
                .against
                .iter()
                .map(|e| format!("{:+.1} {}", e.weight, e.reason))
                .collect();
            let line = serde_json::json!({
                "source": table.source, "table": table.real, "column": column.real, "findings": findings, "against": against,
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
