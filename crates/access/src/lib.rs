//! Access: tokens, role bindings, policy snapshots.
