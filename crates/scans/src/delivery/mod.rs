//! Handing results on: to the catalog what exists, to classification what was found, in order per scan, until
//! everything has arrived; then the scan gets its final state.

pub(crate) mod job;
pub(crate) mod store;
