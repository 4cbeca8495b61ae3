//! A finding and what became of it.

use datawave_proto::datawave::classification::v1 as pb;
use serde::Serialize;

use super::FoundLine;
use crate::output::{Cell, Table, short_id};

/// A finding, as `finding list` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct FindingLine {
    /// Id, fnd_….
    pub(crate) finding: String,
    /// applied, review, accepted, rejected or gone.
    pub(crate) state: &'static str,
    /// Name of the source.
    pub(crate) source: String,
    /// Database.
    pub(crate) database: String,
    /// Schema.
    pub(crate) schema: String,
    /// Table or view.
    pub(crate) table: String,
    /// Column.
    pub(crate) column: String,
    /// What the engine found.
    #[serde(flatten)]
    pub(crate) found: FoundLine,
    /// Who decided; null when nobody did.
    pub(crate) decided_by: Option<String>,
    /// Why.
    pub(crate) decision_note: Option<String>,
    /// When.
    pub(crate) decided_at: Option<String>,
    /// Scan that saw it last.
    pub(crate) scan: String,
    /// Version of engine and catalogue.
    pub(crate) engine_version: String,
    /// First found.
    pub(crate) created_at: Option<String>,
    /// Last found or decided.
    pub(crate) updated_at: Option<String>,
    /// Changes with every change.
    pub(crate) etag: String,
}

impl From<pb::Finding> for FindingLine {
    fn from(finding: pb::Finding) -> Self {
        let state = match finding.state() {
            pb::FindingState::Applied => "applied",
            pb::FindingState::Review => "review",
            pb::FindingState::Accepted => "accepted",
            pb::FindingState::Rejected => "rejected",
            pb::FindingState::Gone => "gone",
            pb::FindingState::Unspecified => "unknown",
        };
        let path = finding.path.unwrap_or_default();
        Self {
            finding: short_id(&finding.name).to_owned(),
            state,
            source: finding.source_name,
            database: path.database,
            schema: path.schema,
            table: path.table,
            column: path.column,
            found: FoundLine::new(finding.detection.unwrap_or_default()),
            decided_by: super::some(finding.decided_by),
            decision_note: super::some(finding.decision_note),
            decided_at: super::time(finding.decide_time),
            scan: short_id(&finding.scan).to_owned(),
            engine_version: finding.engine_version,
            created_at: super::time(finding.create_time),
            updated_at: super::time(finding.update_time),
            etag: finding.etag,
        }
    }
}

impl FindingLine {
    /// `schema.table.column`, without the schema where it says nothing.
    pub(crate) fn place(&self) -> String {
        match self.schema.as_str() {
            "" | "main" | "public" => format!("{}.{}", self.table, self.column),
            schema => format!("{schema}.{}.{}", self.table, self.column),
        }
    }

    /// The strongest reason.
    fn reason(&self) -> String {
        self.found.reasons.first().cloned().unwrap_or_default()
    }

    fn label(&self) -> String {
        match self.found.kind {
            "contains" => format!("has {}", self.found.label),
            _ => self.found.label.clone(),
        }
    }

    fn decision(&self) -> Cell {
        match self.state {
            "applied" => Cell::good("yes"),
            "accepted" => Cell::good("accepted"),
            "review" => Cell::warn("review"),
            other => Cell::from(other),
        }
    }

    /// The findings of one source at the end of its scan.
    pub(crate) fn findings_table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["COLUMN", "LABEL", "INFOTYPE", "CONFIDENCE", "DECISION", "REASON"]);
        for line in lines {
            table.row([
                line.place().into(),
                line.label().into(),
                line.found.infotype.clone().into(),
                format!("{:.2}", line.found.confidence).into(),
                line.decision(),
                line.reason().into(),
            ]);
        }
        table
    }

    /// Findings of all sources, with the ids to decide by.
    pub(crate) fn list_table(lines: &[Self]) -> Table {
        let mut table = Table::new(&[
            "ID",
            "SOURCE",
            "COLUMN",
            "LABEL",
            "INFOTYPE",
            "CONFIDENCE",
            "DECISION",
        ]);
        for line in lines {
            table.row([
                line.finding.clone().into(),
                line.source.clone().into(),
                line.place().into(),
                line.label().into(),
                line.found.infotype.clone().into(),
                format!("{:.2}", line.found.confidence).into(),
                line.decision(),
            ]);
        }
        table
    }

    /// One finding with its evidence.
    pub(crate) fn text(&self) -> String {
        let found = &self.found;
        let mut text = format!(
            "{} {}\n  column      {} in {}\n  label       {} ({}{})\n  confidence  {:.3}; {:.1} % of the values match ({:.1} to {:.1} %)\n  state       {}\n",
            self.finding,
            self.label(),
            self.place(),
            self.source,
            found.label,
            found.infotype,
            found
                .subtype
                .as_ref()
                .map(|s| format!(", {s}"))
                .unwrap_or_default(),
            found.confidence,
            found.prevalence * 100.0,
            found.interval[0] * 100.0,
            found.interval[1] * 100.0,
            self.state,
        );
        if let Some(who) = &self.decided_by {
            let note = self
                .decision_note
                .as_deref()
                .map(|n| format!(": {n}"))
                .unwrap_or_default();
            text.push_str(&format!("  decided by  {who}{note}\n"));
        }
        for reason in &found.reasons {
            text.push_str(&format!("  because     {reason}\n"));
        }
        crate::output::plain(&text)
    }
}
