//! Tests of the detection engine through its public interface.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod coincidences;
mod declassify;
mod hard_columns;
mod inspect;
mod names;
mod properties;
mod support;
mod validators;
mod values;
