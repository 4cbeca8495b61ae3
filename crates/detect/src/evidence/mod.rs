//! Collecting evidence on one column: from names, from values, and against.

mod births;
mod chance;
mod contained;
mod counter;
mod dictionary;
mod identifiers;
mod names;
mod repeated;
mod second_look;
mod values;

pub(crate) use chance::of_code as chance_of_code;
pub(crate) use contained::contained;
pub(crate) use counter::counter;
pub(crate) use identifiers::RuleIndex;
pub(crate) use names::from_names;
pub(crate) use second_look::Seen;
pub(crate) use values::from_values;
