//! Between the contract's messages and the catalog's own types, both ways.

use std::collections::BTreeMap;

use datawave_core::Failure;
use datawave_proto::datawave::catalog::v1 as pb;
use datawave_proto::datawave::common::v1 as pb_common;
use datawave_rpc::pb_time;

use crate::asset::app::{ColumnLabels, DiscoveredColumn, DiscoveredTable};
use crate::asset::model::{
    Asset, AssetChange, AssetKind, Details, FindingLabel, ForeignKey, LabelKind, LabelState, Path,
};
use crate::asset::store::{AssetFilter, AssetVersionRow};

/// Id in a resource name that the contract's pattern has accepted.
pub(crate) fn asset_id(name: &str) -> Result<&str, Failure> {
    name.strip_prefix("assets/")
        .ok_or_else(|| Failure::invalid("name", "must be assets/ast_…"))
}

pub(crate) fn kind(value: i32) -> Option<AssetKind> {
    match pb::AssetKind::try_from(value).ok()? {
        pb::AssetKind::Unspecified => None,
        pb::AssetKind::Source => Some(AssetKind::Source),
        pb::AssetKind::Database => Some(AssetKind::Database),
        pb::AssetKind::Schema => Some(AssetKind::Schema),
        pb::AssetKind::Table => Some(AssetKind::Table),
        pb::AssetKind::View => Some(AssetKind::View),
        pb::AssetKind::Column => Some(AssetKind::Column),
    }
}

fn pb_kind(kind: AssetKind) -> pb::AssetKind {
    match kind {
        AssetKind::Source => pb::AssetKind::Source,
        AssetKind::Database => pb::AssetKind::Database,
        AssetKind::Schema => pb::AssetKind::Schema,
        AssetKind::Table => pb::AssetKind::Table,
        AssetKind::View => pb::AssetKind::View,
        AssetKind::Column => pb::AssetKind::Column,
    }
}

pub(crate) fn filter(message: &pb::ListAssetsRequest) -> Result<AssetFilter, Failure> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let parent = match given(&message.parent) {
        Some(name) => Some(
            asset_id(&name)
                .map_err(|_| Failure::invalid("parent", "must be assets/ast_…"))?
                .to_owned(),
        ),
        None => None,
    };
    Ok(AssetFilter {
        source: given(&message.source),
        kind: kind(message.kind),
        parent,
        label: given(&message.label),
        prefix: given(&message.prefix),
    })
}

pub(crate) fn change(message: pb::UpdateAssetRequest) -> Result<AssetChange, Failure> {
    Ok(AssetChange {
        id: asset_id(&message.name)?.to_owned(),
        etag: message.etag,
        description: message.description,
        owner: message.owner,
        add_labels: message.add_labels,
        remove_labels: message.remove_labels,
    })
}

fn path(message: Option<pb_common::ColumnPath>, field: &str) -> Result<Path, Failure> {
    let message = message.ok_or_else(|| Failure::invalid(field, "is required"))?;
    Ok(Path {
        database: message.database,
        schema: message.schema,
        table: message.table,
        column: message.column,
    })
}

fn pb_path(path: &Path) -> pb_common::ColumnPath {
    pb_common::ColumnPath {
        database: path.database.clone(),
        schema: path.schema.clone(),
        table: path.table.clone(),
        column: path.column.clone(),
    }
}

pub(crate) fn discovered(tables: Vec<pb::DiscoveredTable>) -> Result<Vec<DiscoveredTable>, Failure> {
    let mut out = Vec::with_capacity(tables.len());
    for (i, table) in tables.into_iter().enumerate() {
        let field = |name: &str| format!("tables[{i}].{name}");
        let at = path(table.path, &field("path"))?;
        if at.table.is_empty() || !at.column.is_empty() {
            return Err(Failure::invalid(field("path"), "must name a table and no column"));
        }
        let details = table
            .details
            .ok_or_else(|| Failure::invalid(field("details"), "is required"))?;
        let foreign_keys = details.foreign_keys.into_iter().map(|key| {
            Ok(ForeignKey {
                columns: key.columns,
                references: path(key.references, &field("details.foreign_keys.references"))?,
                referenced_columns: key.referenced_columns,
            })
        });
        let mut columns = Vec::with_capacity(table.columns.len());
        for column in table.columns {
            let details = column
                .details
                .ok_or_else(|| Failure::invalid(field("columns.details"), "is required"))?;
            if column.column.is_empty() {
                return Err(Failure::invalid(field("columns.column"), "is required"));
            }
            columns.push(DiscoveredColumn {
                name: column.column,
                comment: column.comment,
                details: Details::Column {
                    ordinal: details.ordinal,
                    declared_type: details.declared_type,
                    nullable: details.nullable,
                    generated: details.generated,
                    unique: details.unique,
                    has_default: details.has_default,
                },
            });
        }
        out.push(DiscoveredTable {
            path: at,
            comment: table.comment,
            details: Details::Table {
                table_kind: details.table_kind,
                row_estimate: details.row_estimate,
                primary_key: details.primary_key,
                foreign_keys: foreign_keys.collect::<Result<_, Failure>>()?,
            },
            columns,
        });
    }
    Ok(out)
}

pub(crate) fn column_labels(columns: Vec<pb::ColumnLabels>) -> Result<ColumnLabels, Failure> {
    columns
        .into_iter()
        .enumerate()
        .map(|(i, column)| {
            let at = path(column.path, &format!("columns[{i}].path"))?;
            let labels: BTreeMap<String, FindingLabel> = column
                .labels
                .into_iter()
                .map(|label| {
                    let kind = match pb_common::FindingKind::try_from(label.kind) {
                        Ok(pb_common::FindingKind::Contains) => LabelKind::Contains,
                        _ => LabelKind::Is,
                    };
                    let found = FindingLabel {
                        infotype: label.infotype,
                        kind,
                        confidence: label.confidence,
                        finding: label.finding,
                    };
                    (label.label, found)
                })
                .collect();
            Ok((at, labels))
        })
        .collect()
}

pub(crate) fn pb_asset(asset: &Asset) -> pb::Asset {
    let (table, column) = match &asset.details {
        Details::Container => (None, None),
        Details::Table {
            table_kind,
            row_estimate,
            primary_key,
            foreign_keys,
        } => {
            let foreign_keys = foreign_keys
                .iter()
                .map(|key| pb::ForeignKey {
                    columns: key.columns.clone(),
                    references: Some(pb_path(&key.references)),
                    referenced_columns: key.referenced_columns.clone(),
                })
                .collect();
            let table = pb::TableDetails {
                table_kind: table_kind.clone(),
                row_estimate: *row_estimate,
                primary_key: primary_key.clone(),
                foreign_keys,
            };
            (Some(table), None)
        }
        Details::Column {
            ordinal,
            declared_type,
            nullable,
            generated,
            unique,
            has_default,
        } => {
            let column = pb::ColumnDetails {
                ordinal: *ordinal,
                declared_type: declared_type.clone(),
                nullable: *nullable,
                generated: *generated,
                unique: *unique,
                has_default: *has_default,
            };
            (None, Some(column))
        }
    };
    pb::Asset {
        name: asset.name(),
        kind: pb_kind(asset.kind).into(),
        source: asset.source.clone(),
        source_name: asset.source_name.clone(),
        path: Some(pb_path(&asset.path)),
        qualified_name: asset.qualified_name.clone(),
        parent: asset
            .parent
            .as_ref()
            .map(|id| format!("assets/{id}"))
            .unwrap_or_default(),
        comment: asset.comment.clone(),
        description: asset.description.clone(),
        owner: asset.owner.clone(),
        labels: asset
            .labels
            .iter()
            .filter(|(_, s)| s.in_effect())
            .map(|(name, s)| pb_label(name, s))
            .collect(),
        table,
        column,
        version: asset.version,
        etag: asset.etag(),
        create_time: Some(pb_time(asset.created)),
        update_time: Some(pb_time(asset.updated)),
    }
}

/// A label attached by hand shows as such, also where a finding gives it too.
fn pb_label(label: &str, state: &LabelState) -> pb::AssetLabel {
    let finding = state.finding.as_ref();
    let kind = match finding.map(|f| f.kind) {
        Some(LabelKind::Contains) if !state.by_hand => pb_common::FindingKind::Contains,
        _ => pb_common::FindingKind::Is,
    };
    pb::AssetLabel {
        label: label.to_owned(),
        infotype: finding.map(|f| f.infotype.clone()).unwrap_or_default(),
        origin: if state.by_hand {
            pb::LabelOrigin::Person
        } else {
            pb::LabelOrigin::Finding
        }
        .into(),
        kind: kind.into(),
        confidence: if state.by_hand {
            1.0
        } else {
            finding.map_or(1.0, |f| f.confidence)
        },
        finding: finding.map(|f| f.finding.clone()).unwrap_or_default(),
    }
}

pub(crate) fn pb_version(row: &AssetVersionRow) -> pb::AssetVersion {
    pb::AssetVersion {
        version: row.version,
        asset: Some(pb_asset(&row.asset)),
        changed_by: row.changed_by.clone(),
        change_time: Some(pb_time(row.changed)),
    }
}
