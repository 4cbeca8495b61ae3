//! Inspection of what a caller brings. Nothing of it is stored or logged, and the answer holds positions, counts
//! and types only.

use std::sync::Arc;

use datawave_core::Failure;
use datawave_detect::{ColumnInput, Span, TableMeta, declassify};
use datawave_facts::{ColumnStatus, FindingFact, TablePath};
use datawave_raw::{RawCell, RawKind};

use super::{Node, stopped};

/// What was found in a text.
pub(crate) struct InspectedText {
    pub(crate) spans: Vec<Span>,
    pub(crate) engine_version: String,
}

/// What was found in a column.
pub(crate) struct InspectedColumn {
    pub(crate) findings: Vec<FindingFact>,
    pub(crate) engine_version: String,
}

impl Node {
    /// Finds spans in a text.
    pub(crate) async fn inspect_text(&self, text: String) -> Result<InspectedText, Failure> {
        let engine = Arc::clone(&self.engine);
        // Detection computes: it must not hold up the threads that serve calls.
        tokio::task::spawn_blocking(move || {
            let text = zeroize::Zeroizing::new(text);
            InspectedText {
                spans: engine.inspect(&text),
                engine_version: engine.version().to_owned(),
            }
        })
        .await
        .map_err(stopped)
    }

    /// Judges one column by its name, type and values.
    pub(crate) async fn inspect_column(
        &self,
        table: String,
        name: String,
        declared_type: String,
        values: Vec<String>,
    ) -> Result<InspectedColumn, Failure> {
        let engine = Arc::clone(&self.engine);
        tokio::task::spawn_blocking(move || {
            let values: Vec<Option<RawCell>> = values
                .into_iter()
                .map(|value| Some(RawCell::new(RawKind::Text, value.into_bytes())))
                .collect();
            let meta = TableMeta {
                database: "",
                schema: "",
                table: &table,
                comment: None,
                row_estimate: None,
            };
            let column = ColumnInput {
                name: &name,
                declared_type: &declared_type,
                comment: None,
                nullable: true,
                unique: false,
                primary_key: false,
                references: None,
                values: &values,
                readable: !values.is_empty(),
            };
            let path = TablePath {
                database: String::new(),
                schema: String::new(),
                table: table.clone(),
            };
            let findings = engine
                .judge_table(&meta, &[column])
                .iter()
                .flat_map(|judgement| {
                    declassify::verdict(path.clone(), &name, ColumnStatus::Ok, None, judgement).findings
                })
                .collect();
            InspectedColumn {
                findings,
                engine_version: engine.version().to_owned(),
            }
        })
        .await
        .map_err(stopped)
    }
}
