//! Tests of the detection engine through its public interface.

mod coincidences;
mod declassify;
mod hard_columns;
mod inspect;
mod names;
mod properties;
mod support;
mod validators;
mod values;
