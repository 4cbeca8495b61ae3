//! Collecting evidence on one column: from names, from values, and against.

mod counter;
mod names;
mod values;

pub(crate) use counter::counter;
pub(crate) use names::from_names;
pub(crate) use values::from_values;
