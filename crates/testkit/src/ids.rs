//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use datawave_core::IdSource;

/// Counts up from 1 under a seed: ids differ between seeds and sort in the order they were made.
#[derive(Debug, Default)]
pub struct FixedIds {
    seed: u64,
    made: AtomicU64,
}

impl FixedIds {
    /// Ids of this seed.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            made: AtomicU64::new(0),
        }
    }
}

impl IdSource for FixedIds {
    fn next(&self) -> u128 {
        let count = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        (u128::from(self.seed) << 64) | u128::from(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sources_of_one_seed_agree() {
        let (a, b, other) = (FixedIds::new(1), FixedIds::new(1), FixedIds::new(2));
        assert_eq!(a.id("ast"), b.id("ast"));
        assert_ne!(a.id("ast"), other.id("ast"));
        assert!(a.id("ast") < a.id("ast"));
    }
}
