//! What an asset is and how it changes. Pure: no store, no clock of its own, no wire types.

use std::collections::BTreeMap;

use datawave_core::{Failure, Reason, Timestamp, ids};
use serde::{Deserialize, Serialize};

pub(crate) use super::label::{FindingLabel, LabelKind, LabelState, Labels};

/// Kind of an asset; the order is the order of the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AssetKind {
    /// A governed source.
    Source,
    /// A database in it.
    Database,
    /// A schema.
    Schema,
    /// A table.
    Table,
    /// A view.
    View,
    /// A column.
    Column,
}

impl AssetKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 6] = [
        Self::Source,
        Self::Database,
        Self::Schema,
        Self::Table,
        Self::View,
        Self::Column,
    ];

    /// Name in the store and in the search index.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Table => "table",
            Self::View => "view",
            Self::Column => "column",
        }
    }

    /// Inverse of [`Self::as_str`].
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// Where an asset is in its source: identifiers, empty below its level.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Database.
    pub database: String,
    /// Schema.
    pub schema: String,
    /// Table or view.
    pub table: String,
    /// Column.
    pub column: String,
}

impl Path {
    /// The path of the asset above, and `None` above a database.
    pub(crate) fn parent(&self) -> Option<Self> {
        let mut up = self.clone();
        let parts = [&mut up.column, &mut up.table, &mut up.schema, &mut up.database];
        let lowest = parts.into_iter().find(|part| !part.is_empty())?;
        lowest.clear();
        Some(up)
    }

    fn parts(&self) -> [&str; 4] {
        [&self.database, &self.schema, &self.table, &self.column]
    }
}

/// Id of the asset at `path` in `source`: the same at every site and time, so that a site can name a column
/// before the catalog has seen it.
pub fn asset_id(source: &str, path: &Path) -> String {
    let [database, schema, table, column] = path.parts();
    ids::derived("ast", &[source, database, schema, table, column])
}

/// Readable path, `shop.main.customers.email`. The database is left out where it has the source's name;
/// parts with a dot or a quote are quoted, so that no two paths look alike.
pub fn qualified_name(source_name: &str, path: &Path) -> String {
    let mut out = quote(source_name);
    for (level, part) in path.parts().into_iter().enumerate() {
        if part.is_empty() || (level == 0 && part == source_name) {
            continue;
        }
        out.push('.');
        out.push_str(&quote(part));
    }
    out
}

fn quote(part: &str) -> String {
    if part.contains(['.', '"']) || part.is_empty() {
        format!("\"{}\"", part.replace('"', "\"\""))
    } else {
        part.to_owned()
    }
}

/// A foreign key, by identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForeignKey {
    /// Columns on this side.
    pub(crate) columns: Vec<String>,
    /// Table referred to.
    pub(crate) references: Path,
    /// Columns on the other side.
    pub(crate) referenced_columns: Vec<String>,
}

/// What the engine's catalogue says of the asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(crate) enum Details {
    /// Nothing more than its name.
    #[default]
    Container,
    /// A table or view.
    Table {
        /// Kind of relation in the engine's words.
        table_kind: String,
        /// The engine's own estimate.
        row_estimate: Option<i64>,
        /// Primary key.
        primary_key: Vec<String>,
        /// Foreign keys.
        foreign_keys: Vec<ForeignKey>,
    },
    /// A column.
    Column {
        /// Position from 1.
        ordinal: u32,
        /// Type as declared.
        declared_type: String,
        /// NULL allowed.
        nullable: bool,
        /// Generated.
        generated: bool,
        /// Unique by itself.
        unique: bool,
        /// Has a default.
        has_default: bool,
    },
}

/// An asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asset {
    /// Id, `ast_…`.
    pub(crate) id: String,
    /// Kind.
    pub(crate) kind: AssetKind,
    /// Source, `sources/src_…`.
    pub(crate) source: String,
    /// The source's display name.
    pub(crate) source_name: String,
    /// Where it is.
    pub(crate) path: Path,
    /// Readable path.
    pub(crate) qualified_name: String,
    /// Id of the asset above.
    pub(crate) parent: Option<String>,
    /// Comment from the source, cleaned.
    pub(crate) comment: String,
    /// Description by a person.
    pub(crate) description: String,
    /// Owner.
    pub(crate) owner: String,
    /// What the engine says.
    pub(crate) details: Details,
    /// Labels.
    pub(crate) labels: Labels,
    /// Version, from 1.
    pub(crate) version: i64,
    /// Created.
    pub(crate) created: Timestamp,
    /// Last changed.
    pub(crate) updated: Timestamp,
}

impl Asset {
    /// Resource name.
    pub(crate) fn name(&self) -> String {
        format!("assets/{}", self.id)
    }

    /// Etag of this version.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Names of the labels in effect.
    pub(crate) fn effective_labels(&self) -> impl Iterator<Item = &str> {
        self.labels
            .iter()
            .filter(|(_, state)| state.in_effect())
            .map(|(name, _)| name.as_str())
    }
}

/// A change that a person asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AssetChange {
    /// Id of the asset.
    pub(crate) id: String,
    /// Etag that was read.
    pub(crate) etag: String,
    /// New description.
    pub(crate) description: Option<String>,
    /// New owner.
    pub(crate) owner: Option<String>,
    /// Labels to attach.
    pub(crate) add_labels: Vec<String>,
    /// Labels to take away.
    pub(crate) remove_labels: Vec<String>,
}

/// What became different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Fields that changed.
    pub(crate) fields: Vec<&'static str>,
    /// Labels that came into effect.
    pub(crate) added: Vec<String>,
    /// Labels that went out of effect.
    pub(crate) removed: Vec<String>,
}

impl Difference {
    /// Compares two versions of one asset.
    pub(crate) fn between(before: &Asset, after: &Asset) -> Self {
        let mut out = Self::default();
        let mut note = |name, changed: bool| {
            if changed {
                out.fields.push(name);
            }
        };
        note("kind", before.kind != after.kind);
        note("source_name", before.source_name != after.source_name);
        note("comment", before.comment != after.comment);
        note("description", before.description != after.description);
        note("owner", before.owner != after.owner);
        note("details", before.details != after.details);
        note("labels", before.labels != after.labels);
        let (old, new): (Vec<_>, Vec<_>) = (
            before.effective_labels().collect(),
            after.effective_labels().collect(),
        );
        out.added = new
            .iter()
            .filter(|l| !old.contains(l))
            .map(|l| (*l).to_owned())
            .collect();
        out.removed = old
            .iter()
            .filter(|l| !new.contains(l))
            .map(|l| (*l).to_owned())
            .collect();
        out
    }

    /// Whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl AssetChange {
    /// The asset after this change.
    ///
    /// # Errors
    /// `ETAG_MISMATCH` with the current etag when `asset` is not the version that was read;
    /// `INVALID_REQUEST` when a label is both attached and taken away.
    pub(crate) fn apply(&self, asset: &Asset, now: Timestamp) -> Result<Asset, Failure> {
        if self.etag != asset.etag() {
            return Err(
                Failure::new(Reason::EtagMismatch, "the asset changed since it was read")
                    .with_remedy("read it again and repeat the change with its new etag")
                    .with_metadata("current_etag", asset.etag())
                    .with_metadata("resource", asset.name()),
            );
        }
        if let Some(both) = self.add_labels.iter().find(|l| self.remove_labels.contains(l)) {
            return Err(Failure::invalid(
                "remove_labels",
                format!("label {both} is also in add_labels"),
            ));
        }
        let mut after = asset.clone();
        if let Some(description) = &self.description {
            after.description.clone_from(description);
        }
        if let Some(owner) = &self.owner {
            after.owner.clone_from(owner);
        }
        for label in &self.add_labels {
            let state = after.labels.entry(label.clone()).or_default();
            state.by_hand = true;
            state.withheld = false;
        }
        for label in &self.remove_labels {
            let state = after.labels.entry(label.clone()).or_default();
            state.by_hand = false;
            state.withheld = true;
        }
        Ok(next_version(asset, after, now))
    }
}

/// `after` with the next version number when it differs from `before`, else `before` itself.
pub(crate) fn next_version(before: &Asset, mut after: Asset, now: Timestamp) -> Asset {
    if Difference::between(before, &after).is_empty() {
        return before.clone();
    }
    after.version = before.version + 1;
    after.updated = now;
    after
}

/// `asset` with exactly these labels from findings; what people attached or took away stays.
pub(crate) fn with_finding_labels(
    asset: &Asset,
    found: &BTreeMap<String, FindingLabel>,
    now: Timestamp,
) -> Asset {
    let mut after = asset.clone();
    for state in after.labels.values_mut() {
        state.finding = None;
    }
    for (label, finding) in found {
        after.labels.entry(label.clone()).or_default().finding = Some(finding.clone());
    }
    after
        .labels
        .retain(|_, state| state.by_hand || state.withheld || state.finding.is_some());
    next_version(asset, after, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column() -> Asset {
        let path = Path {
            database: "shop".into(),
            schema: "main".into(),
            table: "t".into(),
            column: "c".into(),
        };
        Asset {
            id: asset_id("sources/src_1", &path),
            kind: AssetKind::Column,
            source: "sources/src_1".into(),
            source_name: "shop".into(),
            qualified_name: qualified_name("shop", &path),
            path,
            parent: None,
            comment: String::new(),
            description: String::new(),
            owner: String::new(),
            details: Details::Container,
            labels: Labels::new(),
            version: 1,
            created: Timestamp(1),
            updated: Timestamp(1),
        }
    }

    fn found(label: &str) -> BTreeMap<String, FindingLabel> {
        let finding = FindingLabel {
            infotype: label.into(),
            kind: LabelKind::Is,
            confidence: 0.9,
            finding: "findings/fnd_1".into(),
        };
        BTreeMap::from([(label.to_owned(), finding)])
    }

    #[test]
    fn refuses_a_stale_etag_and_names_the_current_one() {
        let change = AssetChange {
            etag: "v7".into(),
            ..Default::default()
        };
        let failure = change.apply(&column(), Timestamp(2)).unwrap_err();
        assert_eq!(failure.reason(), Reason::EtagMismatch);
        assert_eq!(failure.metadata()["current_etag"], "v1");
    }

    #[test]
    fn a_label_taken_away_by_hand_survives_later_scans() {
        let labelled = with_finding_labels(&column(), &found("email"), Timestamp(2));
        assert_eq!(labelled.effective_labels().collect::<Vec<_>>(), ["email"]);
        let change = AssetChange {
            etag: labelled.etag(),
            remove_labels: vec!["email".into()],
            ..Default::default()
        };
        let cleared = change.apply(&labelled, Timestamp(3)).unwrap();
        assert_eq!(cleared.effective_labels().count(), 0);
        let rescanned = with_finding_labels(&cleared, &found("email"), Timestamp(4));
        assert_eq!(rescanned.effective_labels().count(), 0);
    }

    #[test]
    fn a_label_attached_by_hand_survives_scans_that_do_not_find_it() {
        let change = AssetChange {
            etag: "v1".into(),
            add_labels: vec!["health".into()],
            ..Default::default()
        };
        let labelled = change.apply(&column(), Timestamp(2)).unwrap();
        let rescanned = with_finding_labels(&labelled, &found("email"), Timestamp(3));
        assert_eq!(
            rescanned.effective_labels().collect::<Vec<_>>(),
            ["email", "health"]
        );
    }

    #[test]
    fn a_change_that_changes_nothing_makes_no_version() {
        let change = AssetChange {
            etag: "v1".into(),
            owner: Some(String::new()),
            ..Default::default()
        };
        assert_eq!(change.apply(&column(), Timestamp(9)).unwrap(), column());
    }

    #[test]
    fn names_with_dots_cannot_be_mistaken_for_paths() {
        let a = Path {
            database: "d".into(),
            schema: "a.b".into(),
            table: "c".into(),
            ..Default::default()
        };
        let b = Path {
            database: "d".into(),
            schema: "a".into(),
            table: "b.c".into(),
            ..Default::default()
        };
        assert_ne!(qualified_name("s", &a), qualified_name("s", &b));
        assert_eq!(qualified_name("d", &a), "d.\"a.b\".c");
    }
}
