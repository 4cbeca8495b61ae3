//! What verification found.

use super::Hash;

/// What disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// An entry is missing, unreadable or differs from its hash in the tree.
    Entry,
    /// A tile is missing or does not follow from those below it.
    Tile,
    /// The row of the SQL index is missing, surplus or differs from the entry.
    Row,
    /// The chain of a service has a gap or a wrong link.
    Chain,
    /// The log's own checkpoint is missing, not signed by the trusted key, or claims another tree.
    Checkpoint,
    /// The log is not a continuation of the saved checkpoint.
    Saved,
}

impl ProblemKind {
    /// One word for tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Tile => "tile",
            Self::Row => "row",
            Self::Chain => "chain",
            Self::Checkpoint => "checkpoint",
            Self::Saved => "saved_checkpoint",
        }
    }
}

/// One disagreement. At least one of the entries from `index` up to and with `last` is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// First entry that may be concerned.
    pub index: u64,
    /// Last entry that may be concerned; equal to `index` where the place is known exactly.
    pub last: u64,
    /// What disagrees.
    pub kind: ProblemKind,
    /// The same for people.
    pub what: String,
}

/// Result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the log, as its checkpoint has it; empty when that cannot be read.
    pub origin: String,
    /// Entries that the log's checkpoint claims.
    pub size: u64,
    /// Root of the tree over the entries as they are.
    pub root: Option<Hash>,
    /// Size of the saved checkpoint, when one was given.
    pub saved_size: Option<u64>,
    /// Rows compared, when an index was given.
    pub rows: Option<u64>,
    /// Rows behind the end of the log: accepted, and not yet under a checkpoint. A server that runs seals
    /// them within about a second.
    pub unsealed_rows: u64,
    /// What was found, by index; only the first [`Report::MAX_PROBLEMS`] are kept.
    pub problems: Vec<Problem>,
    /// How many there were.
    pub problem_count: u64,
    /// The first bad entry lies between these two, both included; they are equal where it is known exactly,
    /// and equal to the size where entries were cut off there. `None` when there is no problem.
    pub first_bad: Option<(u64, u64)>,
}

impl Report {
    /// Problems that a report keeps.
    pub const MAX_PROBLEMS: usize = 1000;

    /// Whether everything agrees with everything.
    pub fn ok(&self) -> bool {
        self.problem_count == 0
    }

    pub(crate) fn add(&mut self, kind: ProblemKind, index: u64, last: u64, what: String) {
        self.problem_count += 1;
        // Each problem says that a bad entry lies in its range, so the first lies before the end of each.
        let (first, end) = self.first_bad.unwrap_or((index, last));
        self.first_bad = Some((first.min(index), end.min(last)));
        if self.problems.len() < Self::MAX_PROBLEMS {
            self.problems.push(Problem {
                index,
                last,
                kind,
                what,
            });
        }
    }
}
