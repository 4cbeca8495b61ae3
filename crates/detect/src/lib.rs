//! Detection engine: values and metadata in, evidence and verdicts out. Pure, no I/O.
