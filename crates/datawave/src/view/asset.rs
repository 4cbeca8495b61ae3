//! Catalogued things.

use datawave_proto::datawave::catalog::v1 as pb;
use datawave_proto::datawave::common::v1::FindingKind;
use serde::Serialize;

use crate::output::{Table, short_id};

/// An asset, as `asset list` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct AssetLine {
    /// Id, ast_….
    pub(crate) asset: String,
    /// source, database, schema, table, view or column.
    pub(crate) kind: &'static str,
    /// Readable path.
    pub(crate) qualified_name: String,
    /// Name of the source.
    pub(crate) source: String,
    /// Database.
    pub(crate) database: Option<String>,
    /// Schema.
    pub(crate) schema: Option<String>,
    /// Table or view.
    pub(crate) table: Option<String>,
    /// Column.
    pub(crate) column: Option<String>,
    /// Type as declared; null unless it is a column.
    pub(crate) declared_type: Option<String>,
    /// The engine's own estimate; null unless it is a table.
    pub(crate) row_estimate: Option<i64>,
    /// Labels in effect.
    pub(crate) labels: Vec<LabelLine>,
    /// Comment from the source.
    pub(crate) comment: Option<String>,
    /// Description by a person.
    pub(crate) description: Option<String>,
    /// Owner.
    pub(crate) owner: Option<String>,
    /// Version, from 1.
    pub(crate) version: i64,
    /// Changes with every change.
    pub(crate) etag: String,
    /// First catalogued.
    pub(crate) created_at: Option<String>,
    /// Last changed.
    pub(crate) updated_at: Option<String>,
}

/// A label attached to an asset.
#[derive(Debug, Serialize)]
pub(crate) struct LabelLine {
    /// Label of the taxonomy.
    pub(crate) label: String,
    /// Finer type; null when attached by hand.
    pub(crate) infotype: Option<String>,
    /// finding or person.
    pub(crate) origin: &'static str,
    /// is or contains.
    pub(crate) kind: &'static str,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// Id of the finding behind it.
    pub(crate) finding: Option<String>,
}

impl From<pb::Asset> for AssetLine {
    fn from(asset: pb::Asset) -> Self {
        let kind = match asset.kind() {
            pb::AssetKind::Source => "source",
            pb::AssetKind::Database => "database",
            pb::AssetKind::Schema => "schema",
            pb::AssetKind::Table => "table",
            pb::AssetKind::View => "view",
            pb::AssetKind::Column => "column",
            pb::AssetKind::Unspecified => "unknown",
        };
        let path = asset.path.unwrap_or_default();
        Self {
            asset: short_id(&asset.name).to_owned(),
            kind,
            qualified_name: asset.qualified_name,
            source: asset.source_name,
            database: super::some(path.database),
            schema: super::some(path.schema),
            table: super::some(path.table),
            column: super::some(path.column),
            declared_type: asset.column.map(|c| c.declared_type),
            row_estimate: asset.table.and_then(|t| t.row_estimate),
            labels: asset.labels.into_iter().map(LabelLine::from).collect(),
            comment: super::some(asset.comment),
            description: super::some(asset.description),
            owner: super::some(asset.owner),
            version: asset.version,
            etag: asset.etag,
            created_at: super::time(asset.create_time),
            updated_at: super::time(asset.update_time),
        }
    }
}

impl From<pb::AssetLabel> for LabelLine {
    fn from(label: pb::AssetLabel) -> Self {
        let origin = match label.origin() {
            pb::LabelOrigin::Person => "person",
            pb::LabelOrigin::Finding | pb::LabelOrigin::Unspecified => "finding",
        };
        let kind = match label.kind() {
            FindingKind::Contains => "contains",
            FindingKind::Is | FindingKind::Unspecified => "is",
        };
        Self {
            label: label.label,
            infotype: super::some(label.infotype),
            origin,
            kind,
            confidence: label.confidence,
            finding: super::some(short_id(&label.finding).to_owned()),
        }
    }
}

impl AssetLine {
    fn label_names(&self) -> String {
        let names: Vec<&str> = self.labels.iter().map(|l| l.label.as_str()).collect();
        names.join(", ")
    }

    /// Assets by qualified name.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["NAME", "KIND", "TYPE", "LABELS", "ID"]);
        for line in lines {
            table.row([
                line.qualified_name.clone().into(),
                line.kind.into(),
                line.declared_type.clone().unwrap_or_default().into(),
                line.label_names().into(),
                line.asset.clone().into(),
            ]);
        }
        table
    }

    /// One asset.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} ({})\n  kind         {}\n",
            self.qualified_name, self.asset, self.kind
        );
        let rows = self.row_estimate.map(|n| n.to_string());
        for (name, value) in [
            ("type         ", &self.declared_type),
            ("rows, about  ", &rows),
            ("comment      ", &self.comment),
            ("description  ", &self.description),
            ("owner        ", &self.owner),
        ] {
            if let Some(value) = value.as_ref().filter(|v| !v.is_empty()) {
                text.push_str(&format!("  {name}{value}\n"));
            }
        }
        for label in &self.labels {
            let how = match label.origin {
                "person" => "by hand".to_owned(),
                _ => format!(
                    "{} {:.2}",
                    label.infotype.as_deref().unwrap_or_default(),
                    label.confidence
                ),
            };
            text.push_str(&format!("  label        {} ({how})\n", label.label));
        }
        text.push_str(&format!("  version      {} (etag {})\n", self.version, self.etag));
        crate::output::plain(&text)
    }
}

/// An asset as it was.
#[derive(Debug, Serialize)]
pub(crate) struct VersionLine {
    /// Version, from 1.
    pub(crate) version: i64,
    /// Who changed it.
    pub(crate) changed_by: String,
    /// When.
    pub(crate) changed_at: Option<String>,
    /// The asset in this version.
    pub(crate) asset: AssetLine,
}

impl From<pb::AssetVersion> for VersionLine {
    fn from(version: pb::AssetVersion) -> Self {
        Self {
            version: version.version,
            changed_by: version.changed_by,
            changed_at: super::time(version.change_time),
            asset: version.asset.unwrap_or_default().into(),
        }
    }
}

impl VersionLine {
    /// Versions, newest first.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["VERSION", "WHEN", "WHO", "LABELS", "OWNER", "DESCRIPTION"]);
        for line in lines {
            table.row([
                line.version.to_string().into(),
                line.changed_at.clone().unwrap_or_default().into(),
                line.changed_by.clone().into(),
                line.asset.label_names().into(),
                line.asset.owner.clone().unwrap_or_default().into(),
                line.asset.description.clone().unwrap_or_default().into(),
            ]);
        }
        table
    }
}
