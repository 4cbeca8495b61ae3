//! Scans: model (pure), store (SQL), app (use cases for people), rpc.

pub(crate) mod app;
pub(crate) mod convert;
pub(crate) mod model;
pub(crate) mod rpc;
pub(crate) mod store;
