//! The edge's side of a scan: leases, tables, results, the end. Every delivery has its effect once.

pub(crate) mod app;
pub(crate) mod rpc;
