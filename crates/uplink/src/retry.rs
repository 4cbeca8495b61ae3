//! How long, and how often, a call is repeated while the centre is away.

use std::time::Duration;

/// Pauses double from `first` to `longest`; no repeat begins later than `give_up_after` from the first try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Pause before the first repeat. Default 200 ms.
    pub first: Duration,
    /// Longest pause. Default 5 s.
    pub longest: Duration,
    /// How long a call is repeated. Default 2 minutes: a restart of the centre passes unnoticed.
    pub give_up_after: Duration,
    /// How long one try may take. Default 30 s.
    pub call_timeout: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
            give_up_after: Duration::from_secs(120),
            call_timeout: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Pause before repeat number `repeat` (from 0); what the centre asks for wins when it is longer.
    pub(crate) fn pause(&self, repeat: u32, asked: Option<Duration>) -> Duration {
        let doubled = self
            .first
            .saturating_mul(1_u32.checked_shl(repeat).unwrap_or(u32::MAX));
        doubled.min(self.longest).max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_heed_the_centre() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.pause(0, None), Duration::from_millis(200));
        assert_eq!(policy.pause(3, None), Duration::from_millis(1_600));
        assert_eq!(policy.pause(400, None), policy.longest);
        assert_eq!(
            policy.pause(0, Some(Duration::from_secs(9))),
            Duration::from_secs(9)
        );
    }
}
