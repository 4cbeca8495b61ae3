//! Source drivers: SQLite and PostgreSQL. The only maker of `RawCell`.
//!
//! ```text
//! SourceUrl::parse -> connect -> Source::discover -> Source::sample (per table)
//! ```
//!
//! Promises, each held by a test in `tests/it`:
//!
//! - **Nothing is written.** Sessions are read-only at the source, twice over.
//! - **Little is taken.** Values are cut at the source, rows and bytes have budgets, statements and locks have
//!   time limits, row counts come from the engine's own estimates.
//! - **Nothing is dropped silently.** What the catalogue has and cannot be read is reported with its reason.
//! - **Nothing leaks.** Failures hold no secret, no value and no text of the engine; see `Failure`s made in
//!   `sqlite::error` and `postgres::error`.
//!
//! A `Source` is one connection and does one thing at a time. Every statement starts with `/* datawave */`, so
//! that a database's owner finds us in the server's logs and statistics.

mod credential;
mod filter;
mod limits;
mod model;
mod postgres;
mod probe;
pub mod quote;
mod sample;
mod source;
mod sqlite;
mod url;

pub use credential::Credential;
pub use filter::{Filter, Pattern};
pub use limits::Limits;
pub use model::{
    Column, Cost, Discovery, Engine, EngineInfo, ForeignKey, Problem, SchemaText, Table, TableKind, TableRef,
};
pub use postgres::address::{PostgresAddress, TlsMode};
pub use probe::{Step, StepName, StepOutcome, test_source};
pub use sample::{Budget, Outcome, Sample, SamplePlan};
pub use source::{Source, connect};
pub use url::SourceUrl;

/// Marks our statements in the logs and statistics of a source.
const TAG: &str = "/* datawave */ ";
