//! What commands print. These fields are what scripts rely on: docs/cli.md describes them, tests hold them, and a
//! change goes by a deprecation.

mod asset;
mod audit;
mod column;
mod finding;
mod scan;
mod source;
mod token;

use std::time::Duration;

use datawave_core::Timestamp;

pub(crate) use asset::{AssetLine, VersionLine};
pub(crate) use audit::{AuditLine, VerifyLine};
pub(crate) use column::{ColumnLine, FoundLine};
pub(crate) use finding::FindingLine;
pub(crate) use scan::{ScanLine, SummaryLine, state_name};
pub(crate) use source::{SourceLine, StepLine};
pub(crate) use token::{NewTokenLine, TokenLine};

/// RFC 3339 in UTC.
fn time(time: Option<prost_types::Timestamp>) -> Option<String> {
    time.map(|t| Timestamp::from_seconds_and_nanos(t.seconds, t.nanos).to_rfc3339())
}

fn span(duration: Option<prost_types::Duration>) -> Duration {
    duration
        .and_then(|d| Duration::try_from(d).ok())
        .unwrap_or_default()
}

/// Milliseconds between two times.
fn millis_between(start: Option<prost_types::Timestamp>, end: Option<prost_types::Timestamp>) -> Option<u64> {
    let micros =
        |t: prost_types::Timestamp| Timestamp::from_seconds_and_nanos(t.seconds, t.nanos).as_micros();
    u64::try_from((micros(end?) - micros(start?)) / 1_000).ok()
}

/// An empty text is none.
fn some(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}
