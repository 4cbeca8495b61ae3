//! Labels of an asset: what a finding gives, what people attach, what people take away. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whether a column is of a type or merely has some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LabelKind {
    /// The column holds this type.
    #[default]
    Is,
    /// Some rows hold it.
    Contains,
}

/// A label that a finding gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FindingLabel {
    /// Finer type.
    pub(crate) infotype: String,
    /// Is or contains.
    pub(crate) kind: LabelKind,
    /// Confidence, 0 to 1.
    pub(crate) confidence: f64,
    /// Finding behind it.
    pub(crate) finding: String,
}

/// What is known about one label of an asset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LabelState {
    /// Given by a finding.
    pub(crate) finding: Option<FindingLabel>,
    /// Attached by hand.
    pub(crate) by_hand: bool,
    /// Taken away by hand: stays away whatever later scans find.
    pub(crate) withheld: bool,
}

impl LabelState {
    /// Whether the label is in effect.
    pub(crate) fn in_effect(&self) -> bool {
        !self.withheld && (self.by_hand || self.finding.is_some())
    }
}

/// Labels of an asset by name.
pub(crate) type Labels = BTreeMap<String, LabelState>;
