//! Tests of the detection engine through its public interface.

mod declassify;
mod support;
