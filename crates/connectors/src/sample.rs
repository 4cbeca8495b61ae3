//! What a sample is, and the budgets it is read under.

use std::collections::HashSet;

use datawave_core::Failure;
use datawave_raw::RawCell;

use crate::limits::Limits;
use crate::model::Cost;

/// How much to read of one table, and the seed that decides which rows.
///
/// A fifth of the rows comes from the head of the table, a fifth from its tail, the rest from blocks drawn in
/// between. Where only the head can be reached (views, foreign and virtual tables), all come from there. The
/// same seed on unchanged data gives the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePlan {
    /// Rows to read at most.
    pub rows: u32,
    /// Bytes of values to read at most; the value that crosses the limit is the last one read.
    pub bytes: u64,
    /// Seed of the draw.
    pub seed: u64,
}

impl SamplePlan {
    /// The plan that the limits allow.
    pub fn new(limits: &Limits, seed: u64) -> Self {
        Self {
            rows: limits.sample_rows,
            bytes: limits.sample_bytes,
            seed,
        }
    }

    /// The part of the bytes that `columns` of `all` columns may take.
    pub(crate) fn byte_share(&self, columns: usize, all: usize) -> u64 {
        let share = u128::from(self.bytes) * columns as u128 / all.max(1) as u128;
        u64::try_from(share).unwrap_or(u64::MAX)
    }

    /// Rows from the head, from blocks in between, from the tail.
    pub(crate) fn parts(&self) -> (u32, u32, u32) {
        let edge = (self.rows / 5).max(1).min(self.rows);
        let tail = edge.min(self.rows - edge);
        (edge, self.rows - edge - tail, tail)
    }
}

/// A budget that ended the reading of a sample before the table's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// The rows of the plan.
    Rows,
    /// The bytes of the plan.
    Bytes,
}

/// Values of one table.
pub struct Sample {
    /// One entry per column of the table, in its order.
    pub columns: Vec<Outcome>,
    /// Rows read: the longest of the columns.
    pub rows: u64,
    /// What it cost the source.
    pub cost: Cost,
    /// The budget that ended the reading; `None` when the whole table was read.
    pub truncated_by: Option<Budget>,
    /// A later part of the sample failed; what was read before it stands.
    pub incomplete: Option<Failure>,
}

impl Sample {
    /// Takes over what was read for some columns; `failed` ended it early.
    pub(crate) fn keep(&mut self, indices: &[usize], (gather, failed): (Gather, Option<Failure>)) {
        self.rows = self.rows.max(gather.rows);
        self.truncated_by = match (self.truncated_by, gather.stopped) {
            (Some(Budget::Bytes), _) | (_, Some(Budget::Bytes)) => Some(Budget::Bytes),
            (earlier, now) => now.or(earlier),
        };
        if failed.is_some() {
            self.incomplete = failed;
        }
        for (index, values) in indices.iter().zip(gather.columns) {
            if let Some(outcome) = self.columns.get_mut(*index) {
                *outcome = Outcome::Read(values);
            }
        }
    }
}

/// What became of one column.
pub enum Outcome {
    /// Its values, `None` for NULL. Columns that were read together have their values in the same order.
    Read(Vec<Option<RawCell>>),
    /// Left out by the filter.
    Excluded,
    /// The source refused it or broke on it; the other columns are not affected.
    Failed(Failure),
}

impl Outcome {
    /// The values, or none.
    pub fn values(&self) -> &[Option<RawCell>] {
        match self {
            Self::Read(values) => values,
            Self::Excluded | Self::Failed(_) => &[],
        }
    }
}

/// Collects rows under the budgets of a plan; the same row is taken once, however many parts deliver it.
pub(crate) struct Gather {
    pub(crate) columns: Vec<Vec<Option<RawCell>>>,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) stopped: Option<Budget>,
    seen: HashSet<Vec<u8>>,
    max_rows: u64,
    max_bytes: u64,
}

impl Gather {
    /// For `columns` columns, with a share of the plan's bytes.
    pub(crate) fn new(columns: usize, max_rows: u32, max_bytes: u64) -> Self {
        Self {
            columns: (0..columns).map(|_| Vec::new()).collect(),
            rows: 0,
            bytes: 0,
            stopped: None,
            seen: HashSet::new(),
            max_rows: u64::from(max_rows),
            max_bytes,
        }
    }

    /// Whether a budget is used up; nothing more may be asked for then.
    pub(crate) fn is_full(&self) -> bool {
        self.stopped.is_some()
    }

    /// Rows that still fit.
    pub(crate) fn room(&self) -> u32 {
        u32::try_from(self.max_rows.saturating_sub(self.rows)).unwrap_or(u32::MAX)
    }

    /// Takes a row; `key` is its address where the engine gives one.
    pub(crate) fn take(&mut self, key: Option<Vec<u8>>, cells: Vec<Option<RawCell>>) {
        if self.is_full() || key.is_some_and(|key| !self.seen.insert(key)) {
            return;
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += cell.as_ref().map_or(0, |c| c.expose().len() as u64);
            column.push(cell);
        }
        self.rows += 1;
        if self.bytes >= self.max_bytes {
            self.stopped = Some(Budget::Bytes);
        } else if self.rows >= self.max_rows {
            self.stopped = Some(Budget::Rows);
        }
    }
}

/// SplitMix64: a small, well-mixed generator whose stream follows from its seed on every platform.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `low..=high`; the bias of the remainder is below 2^-32 for spans that fit 32 bits and
    /// without consequence here for longer ones.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.wrapping_sub(low) as u64;
        let offset = match span.checked_add(1) {
            Some(count) => self.next() % count,
            None => self.next(),
        };
        low.wrapping_add(offset as i64)
    }
}
