//! Pure authorisation decisions: Cedar policies over a snapshot. No I/O.
