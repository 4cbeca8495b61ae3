//! Collecting evidence on one column: from names, from values, and against.

mod counter;
mod dictionary;
mod identifiers;
mod names;
mod values;

pub(crate) use counter::counter;
pub(crate) use identifiers::RuleIndex;
pub(crate) use names::from_names;
pub(crate) use values::from_values;
