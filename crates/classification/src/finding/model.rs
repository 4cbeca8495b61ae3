//! What a finding is, what a rescan and what a person do to it. Pure.

use datawave_core::{Failure, Reason, Timestamp, digest, ids};
use serde::{Deserialize, Serialize};

/// A column of a source: identifiers only.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ColumnPath {
    pub(crate) database: String,
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) column: String,
}

impl ColumnPath {
    /// Key of the column within its source.
    pub(crate) fn key(&self) -> String {
        let parts = [&self.database, &self.schema, &self.table, &self.column].map(|p| p.as_bytes());
        digest::hex(&digest::sha256_parts(&parts)[..16])
    }

    /// Sorts by source name, table and position in the table. U+0001 sorts before every character that a name
    /// can begin with and cannot be in text that stores hold as a separator, so prefixes sort first.
    pub(crate) fn sort_key(&self, source_name: &str, ordinal: u32) -> String {
        let Self {
            database,
            schema,
            table,
            column,
        } = self;
        format!("{source_name}\u{1}{database}\u{1}{schema}\u{1}{table}\u{1}{ordinal:06}\u{1}{column}")
    }
}

/// Is or contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FindingKind {
    Is,
    Contains,
}

/// What the engine advises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Advice {
    Yes,
    Review,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    pub(crate) kind: String,
    pub(crate) weight: f64,
    pub(crate) support: u64,
    pub(crate) total: u64,
    pub(crate) reason: String,
}

/// One type that the engine found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Detection {
    pub(crate) label: String,
    pub(crate) infotype: String,
    pub(crate) subtype: String,
    pub(crate) category: String,
    pub(crate) kind: FindingKind,
    pub(crate) advice: Advice,
    pub(crate) confidence: f64,
    pub(crate) prevalence: f64,
    pub(crate) interval: (f64, f64),
    pub(crate) evidence: Vec<Evidence>,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FindingState {
    /// The engine is certain; the label is in effect.
    Applied,
    /// Waits for a person.
    Review,
    /// A person accepted it; the label is in effect.
    Accepted,
    /// A person rejected it.
    Rejected,
    /// The last scan did not find it any more.
    Gone,
}

impl FindingState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Review => "review",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Gone => "gone",
        }
    }
}

/// What a person may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    Accept,
    Reject,
    /// Takes a former decision back.
    Clear,
}

/// A person's decision. Outlives rescans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Review {
    pub(crate) accepted: bool,
    pub(crate) by: String,
    pub(crate) note: String,
    pub(crate) at: Timestamp,
}

/// A type found in a column, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) source_name: String,
    pub(crate) path: ColumnPath,
    pub(crate) ordinal: u32,
    pub(crate) detection: Detection,
    pub(crate) review: Option<Review>,
    /// Whether the last scan of the column found it.
    pub(crate) present: bool,
    pub(crate) scan: String,
    pub(crate) engine_version: String,
    pub(crate) version: i64,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// Id of the finding of `infotype` in a column: the same in every scan, so that decisions stick.
pub(crate) fn finding_id(source: &str, path: &ColumnPath, infotype: &str) -> String {
    ids::derived(
        "fnd",
        &[
            source,
            &path.database,
            &path.schema,
            &path.table,
            &path.column,
            infotype,
        ],
    )
}

impl Finding {
    pub(crate) fn name(&self) -> String {
        format!("findings/{}", self.id)
    }

    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// A person's word stands above the engine's, and above its silence.
    pub(crate) fn state(&self) -> FindingState {
        match (&self.review, self.present, self.detection.advice) {
            (Some(review), _, _) if review.accepted => FindingState::Accepted,
            (Some(_), _, _) => FindingState::Rejected,
            (None, false, _) => FindingState::Gone,
            (None, true, Advice::Yes) => FindingState::Applied,
            (None, true, Advice::Review) => FindingState::Review,
        }
    }

    /// Whether its label is in effect.
    pub(crate) fn labels(&self) -> bool {
        matches!(self.state(), FindingState::Applied | FindingState::Accepted)
    }

    /// The finding after a scan that found it again.
    pub(crate) fn seen_again(&self, fresh: &Finding, now: Timestamp) -> Self {
        let mut after = Self {
            review: self.review.clone(),
            version: self.version,
            created: self.created,
            updated: self.updated,
            ..fresh.clone()
        };
        let only_scan_differs = Self {
            scan: self.scan.clone(),
            ..after.clone()
        } == *self;
        if !only_scan_differs {
            after.version += 1;
            after.updated = now;
        }
        after
    }

    /// The finding after a scan that did not find it.
    pub(crate) fn gone(&self, scan: &str, now: Timestamp) -> Self {
        if !self.present {
            return self.clone();
        }
        Self {
            present: false,
            scan: scan.to_owned(),
            version: self.version + 1,
            updated: now,
            ..self.clone()
        }
    }

    /// The finding after a person's decision.
    ///
    /// # Errors
    /// `ETAG_MISMATCH` when `etag` is given and not the finding's own.
    pub(crate) fn decided(
        &self,
        decision: Decision,
        by: &str,
        note: &str,
        etag: &str,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        if !etag.is_empty() && etag != self.etag() {
            return Err(
                Failure::new(Reason::EtagMismatch, "the finding changed since it was read")
                    .with_remedy("read it again and decide on what it is now")
                    .with_metadata("current_etag", self.etag())
                    .with_metadata("resource", self.name()),
            );
        }
        let review = match decision {
            Decision::Clear => None,
            Decision::Accept | Decision::Reject => Some(Review {
                accepted: decision == Decision::Accept,
                by: by.to_owned(),
                note: note.to_owned(),
                at: now,
            }),
        };
        let same = match (&self.review, &review) {
            (None, None) => true,
            (Some(a), Some(b)) => a.accepted == b.accepted && a.note == b.note,
            _ => false,
        };
        if same {
            return Ok(self.clone());
        }
        Ok(Self {
            review,
            version: self.version + 1,
            updated: now,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(advice: Advice) -> Finding {
        let path = ColumnPath {
            table: "t".into(),
            column: "c".into(),
            ..Default::default()
        };
        Finding {
            id: finding_id("sources/src_1", &path, "email"),
            source: "sources/src_1".into(),
            source_name: "shop".into(),
            path,
            ordinal: 1,
            detection: Detection {
                label: "email".into(),
                infotype: "email".into(),
                subtype: String::new(),
                category: "contact".into(),
                kind: FindingKind::Is,
                advice,
                confidence: 0.9,
                prevalence: 1.0,
                interval: (0.9, 1.0),
                evidence: Vec::new(),
            },
            review: None,
            present: true,
            scan: "scans/scn_1".into(),
            engine_version: "detect-1".into(),
            version: 1,
            created: Timestamp(1),
            updated: Timestamp(1),
        }
    }

    #[test]
    fn a_rejection_outlives_rescans() {
        let rejected = finding(Advice::Yes)
            .decided(Decision::Reject, "user:ann", "a SKU", "", Timestamp(2))
            .unwrap();
        assert!(!rejected.labels());
        let mut fresh = finding(Advice::Yes);
        fresh.scan = "scans/scn_2".into();
        fresh.detection.confidence = 0.99;
        let again = rejected.seen_again(&fresh, Timestamp(3));
        assert_eq!(again.state(), FindingState::Rejected);
        assert_eq!(again.detection.confidence, 0.99);
    }

    #[test]
    fn an_acceptance_outlives_a_scan_that_finds_nothing() {
        let accepted = finding(Advice::Review)
            .decided(Decision::Accept, "user:ann", "", "", Timestamp(2))
            .unwrap();
        assert!(accepted.gone("scans/scn_2", Timestamp(3)).labels());
    }

    #[test]
    fn clearing_a_decision_gives_the_word_back_to_the_engine() {
        let rejected = finding(Advice::Yes)
            .decided(Decision::Reject, "user:ann", "", "", Timestamp(2))
            .unwrap();
        let cleared = rejected
            .decided(Decision::Clear, "user:ann", "", "", Timestamp(3))
            .unwrap();
        assert_eq!(cleared.state(), FindingState::Applied);
    }

    #[test]
    fn a_scan_that_finds_the_same_makes_no_new_version() {
        let mut fresh = finding(Advice::Yes);
        fresh.scan = "scans/scn_2".into();
        let again = finding(Advice::Yes).seen_again(&fresh, Timestamp(9));
        assert_eq!((again.version, again.scan.as_str()), (1, "scans/scn_2"));
    }

    #[test]
    fn a_stale_etag_is_refused() {
        let failure = finding(Advice::Yes)
            .decided(Decision::Accept, "user:ann", "", "v9", Timestamp(2))
            .unwrap_err();
        assert_eq!(failure.reason(), Reason::EtagMismatch);
    }
}
