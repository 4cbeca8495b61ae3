//! Assets: model and label (pure), store (SQL), app (use cases).

pub(crate) mod app;
pub(crate) mod label;
pub(crate) mod model;
pub(crate) mod store;
