//! The types that something speaks for, with all evidence on each.

use crate::catalogue::InfoType;
use crate::judgement::Evidence;
use crate::reasons::Reason;
use datawave_facts::EvidenceKind;

/// One type under consideration.
pub(crate) struct Candidate {
    /// The type.
    pub(crate) infotype: &'static str,
    /// Index into the engine's catalogue.
    pub(crate) entry: InfoType,
    /// For and against.
    pub(crate) evidence: Vec<Evidence>,
    /// Rows that match by value; `None` when no value test applies.
    pub(crate) matched: Option<u64>,
    /// Whether something in the values speaks for it.
    pub(crate) by_value: bool,
}

impl Candidate {
    /// Sum of the weights.
    pub(crate) fn score(&self) -> f64 {
        self.evidence.iter().map(|e| e.weight).sum()
    }
}

/// All types under consideration for one column.
#[derive(Default)]
pub(crate) struct Candidates {
    list: Vec<Candidate>,
}

impl Candidates {
    /// The candidate for `entry`, made when it is not there yet.
    pub(crate) fn of(&mut self, entry: InfoType) -> &mut Candidate {
        let at = match self.list.iter().position(|c| c.infotype == entry.id) {
            Some(at) => at,
            None => {
                self.list.push(Candidate {
                    infotype: entry.id,
                    entry,
                    evidence: Vec::new(),
                    matched: None,
                    by_value: false,
                });
                self.list.len() - 1
            }
        };
        &mut self.list[at]
    }

    /// All of them.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Candidate> {
        self.list.iter_mut()
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Candidate> {
        self.list.iter()
    }

    /// Gives a type that values speak for what the name says of another type of the same label: a column
    /// named `national_id` whose values pass the check of PESEL is named well.
    pub(crate) fn share_names(&mut self) {
        for at in 0..self.list.len() {
            if !self.list[at].by_value || has_name(&self.list[at]) {
                continue;
            }
            let label = self.list[at].entry.label;
            let named = self.list.iter().find(|c| c.entry.label == label && has_name(c));
            let shared: Vec<Evidence> = named
                .map(|c| c.evidence.iter().filter(|e| says_name(e)).cloned().collect())
                .unwrap_or_default();
            self.list[at].evidence.extend(shared);
        }
    }

    /// Takes them out.
    pub(crate) fn into_list(self) -> Vec<Candidate> {
        self.list
    }
}

fn says_name(evidence: &Evidence) -> bool {
    matches!(
        evidence.kind,
        EvidenceKind::ColumnName | EvidenceKind::Comment | EvidenceKind::TableContext
    )
}

fn has_name(candidate: &Candidate) -> bool {
    candidate.evidence.iter().any(says_name)
}

impl Candidate {
    /// Adds evidence without values.
    pub(crate) fn say(&mut self, kind: EvidenceKind, weight: f64, reason: Reason) {
        self.count(kind, weight, 0, 0, reason);
    }

    /// Adds evidence with counts.
    pub(crate) fn count(
        &mut self,
        kind: EvidenceKind,
        weight: f64,
        support: u64,
        total: u64,
        reason: Reason,
    ) {
        if weight != 0.0 {
            self.evidence.push(Evidence {
                kind,
                weight,
                support,
                total,
                reason,
            });
        }
    }
}
