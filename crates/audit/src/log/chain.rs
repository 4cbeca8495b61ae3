//! The chains of the services, followed through the log.

use std::collections::HashMap;

use super::{Entry, Hash, ProblemKind, Report};

/// The end of each service's chain.
#[derive(Default)]
pub(crate) struct Chains {
    ends: HashMap<String, End>,
    /// An entry could not be read: chains may begin in the middle.
    lost: bool,
}

struct End {
    sequence: u64,
    hash: Hash,
    index: u64,
}

impl Chains {
    /// Follows the chain of `entry` over it; reports a gap or a wrong link.
    pub(crate) fn follow(&mut self, index: u64, entry: &Entry, report: &mut Report) {
        let service = &entry.service;
        let next = End {
            sequence: entry.sequence,
            hash: entry.hash(),
            index,
        };
        match self.ends.insert(service.clone(), next) {
            None if self.lost => {}
            None => {
                if entry.sequence != 1 {
                    let what = format!(
                        "the chain of {service} begins with {}, not with 1",
                        entry.sequence
                    );
                    report.add(ProblemKind::Chain, index, index, what);
                } else if entry.previous != Hash::default() {
                    let what = format!("the first record of {service} names one before it");
                    report.add(ProblemKind::Chain, index, index, what);
                }
            }
            Some(end) if entry.sequence != end.sequence.saturating_add(1) => {
                let what = format!(
                    "the chain of {service} goes from {} to {}",
                    end.sequence, entry.sequence
                );
                report.add(ProblemKind::Chain, index, index, what);
            }
            Some(end) if entry.previous != end.hash => {
                let what = format!(
                    "record {} of {service} does not follow from the one in entry {}",
                    entry.sequence, end.index
                );
                report.add(ProblemKind::Chain, end.index, index, what);
            }
            Some(_) => {}
        }
    }

    /// An entry is missing: takes whatever comes next for each service as given.
    pub(crate) fn lose(&mut self) {
        self.ends.clear();
        self.lost = true;
    }
}
