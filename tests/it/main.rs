//! One binary for all cross-service tests: linking is the dear part.
