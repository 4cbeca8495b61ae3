//! From driver errors to [`Failure`]: what the caller may know, and what only the log may.

use std::time::Duration;

use datawave_core::{Failure, Reason};

/// What a driver error means for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// A row with this key exists.
    Unique,
    /// Lost against a concurrent transaction; the same work may succeed when run again.
    Conflict,
    /// The store cannot be reached, or cannot take writes now (connection, disk, shutdown).
    Unavailable,
    /// The file or the server reports damaged data.
    Corrupt,
    /// Anything else is a defect of ours.
    Defect,
}

/// The private cause of a store failure: a driver error and what it means.
#[derive(Debug, thiserror::Error)]
#[error("{condition:?}")]
pub(crate) struct StoreError {
    pub(crate) condition: Condition,
    #[source]
    source: sqlx::Error,
}

/// A column that could not be read as asked. Names the column, never its value.
#[derive(Debug, thiserror::Error)]
#[error("column {column} cannot be read as {wanted}")]
pub(crate) struct ColumnError {
    pub(crate) column: String,
    pub(crate) wanted: &'static str,
    #[source]
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

/// Misuse of the crate by a store; a defect.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misuse(pub(crate) &'static str);

/// Whether `failure` came from a violated UNIQUE or PRIMARY KEY constraint.
///
/// Such a failure is INTERNAL unless the store turns it into what it means, usually `RESOURCE_EXISTS`.
/// The transaction in which it happened can only be rolled back, on both engines.
pub fn is_unique_violation(failure: &Failure) -> bool {
    condition(failure) == Some(Condition::Unique)
}

pub(crate) fn condition(failure: &Failure) -> Option<Condition> {
    failure.source_as::<StoreError>().map(|e| e.condition)
}

/// Turns a driver error into a failure without a word of the driver's text.
pub(crate) fn failure(service: &str, source: sqlx::Error) -> Failure {
    let condition = classify(&source);
    let error = StoreError { condition, source };
    match condition {
        Condition::Unique | Condition::Defect => Failure::internal(error),
        Condition::Conflict => busy(service).with_source(error),
        Condition::Unavailable => unavailable(service).with_source(error),
        Condition::Corrupt => Failure::new(
            Reason::StoreCorrupt,
            format!("the store of {service} reports damaged data"),
        )
        .with_remedy("stop the service, keep a copy of the store, and restore the latest backup")
        .with_source(error),
    }
}

/// The store cannot be reached.
pub(crate) fn unavailable(service: &str) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!("the store of {service} cannot be reached or takes no writes"),
    )
    .with_remedy(
        "check that the database server runs, that its address and login are right and that its disk is not \
         full; the log of the service has the cause",
    )
    .with_retry_after(Duration::from_secs(1))
}

/// The connection broke while a commit was under way.
pub(crate) fn commit_unknown(service: &str, cause: Failure) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!(
            "the store of {service} went away while it confirmed a change; the change may be there or not"
        ),
    )
    .with_remedy("read the state before you repeat the change, or repeat it with the same request id")
    .with_source(cause.source_chain())
}

fn busy(service: &str) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!("the store of {service} is busy with other changes of the same data"),
    )
    .with_remedy("try again")
    .with_retry_after(Duration::from_secs(1))
}

fn classify(error: &sqlx::Error) -> Condition {
    match error {
        sqlx::Error::Database(e) => {
            let code = e.code().unwrap_or_default();
            if e.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                postgres_condition(&code)
            } else {
                sqlite_condition(&code)
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Condition::Unavailable,
        _ => Condition::Defect,
    }
}

/// SQLSTATE, appendix A of the PostgreSQL manual.
fn postgres_condition(code: &str) -> Condition {
    match code {
        "23505" => Condition::Unique,
        "40001" | "40P01" => Condition::Conflict,
        "XX001" | "XX002" => Condition::Corrupt,
        // Connection, authorisation, resources, operator intervention, system errors; 3D000 = no such database.
        // 55P03 = a lock was waited for too long.
        "3D000" | "55P03" => Condition::Unavailable,
        _ => match code.get(..2) {
            Some("08" | "28" | "53" | "57" | "58") => Condition::Unavailable,
            _ => Condition::Defect,
        },
    }
}

/// Extended result codes of SQLite; the low byte is the primary code.
fn sqlite_condition(code: &str) -> Condition {
    let Ok(code) = code.parse::<i64>() else {
        return Condition::Defect;
    };
    match (code, code & 0xff) {
        // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID
        (1555 | 2067 | 2579, _) => Condition::Unique,
        // BUSY, LOCKED
        (_, 5 | 6) => Condition::Conflict,
        // CORRUPT, NOTADB
        (_, 11 | 26) => Condition::Corrupt,
        // PERM, NOMEM, READONLY, IOERR, FULL, CANTOPEN
        (_, 3 | 7 | 8 | 10 | 13 | 14) => Condition::Unavailable,
        _ => Condition::Defect,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_codes_fall_into_their_classes() {
        assert_eq!(sqlite_condition("2067"), Condition::Unique);
        // SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_FSYNC
        assert_eq!(sqlite_condition("517"), Condition::Conflict);
        assert_eq!(sqlite_condition("1034"), Condition::Unavailable);
        assert_eq!(sqlite_condition("1"), Condition::Defect);
        assert_eq!(postgres_condition("40P01"), Condition::Conflict);
        assert_eq!(postgres_condition("57P01"), Condition::Unavailable);
        assert_eq!(postgres_condition("42601"), Condition::Defect);
        assert_eq!(postgres_condition(""), Condition::Defect);
    }

    #[test]
    fn failures_keep_the_drivers_text_to_themselves() {
        let failure = failure("catalog", sqlx::Error::Protocol("secret value 42".to_owned()));
        assert!(!failure.message().contains("secret"));
        assert!(failure.source_chain().contains("secret value 42"));
    }
}
