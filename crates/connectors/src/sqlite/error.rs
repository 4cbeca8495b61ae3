//! SQLite's errors in our words. Its own texts quote values and SQL, so they go nowhere, not even into the
//! private cause: that holds the result code only.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use datawave_core::{Failure, Reason};

/// What was being done, for the text of a failure.
pub(crate) enum Doing<'a> {
    Open(&'a Path),
    Session,
    /// Reading the description of an object.
    Describe(&'a str),
    /// Reading rows of a table.
    Read(&'a str),
}

impl fmt::Display for Doing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(path) => write!(f, "opening {}", path.display()),
            Self::Session => f.write_str("reading the catalogue"),
            Self::Describe(object) => write!(f, "describing {object}"),
            Self::Read(object) => write!(f, "reading {object}"),
        }
    }
}

/// Private cause: the engine's result code.
#[derive(Debug, thiserror::Error)]
#[error("SQLite result code {0}")]
struct ResultCode(i32);

/// Private cause: something of the driver, without its text.
#[derive(Debug, thiserror::Error)]
#[error("the SQLite driver failed: {0}")]
struct DriverFault(&'static str);

/// Tells apart what the engine would call "unable to open database file".
pub(super) fn check_file(path: &Path) -> Result<(), Failure> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|cause| file_failure(path, cause))?;
    if !metadata.is_file() {
        return Err(Failure::new(
            Reason::SourceObjectMissing,
            format!("{shown} is not a regular file"),
        )
        .with_remedy("give the path of the database file itself"));
    }
    std::fs::File::open(path).map_err(|cause| file_failure(path, cause))?;
    Ok(())
}

fn file_failure(path: &Path, cause: io::Error) -> Failure {
    let shown = path.display();
    let failure = match cause.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Failure::new(Reason::SourceObjectMissing, format!("there is no file {shown}"))
                .with_remedy("check the path; a relative one starts at the directory of the command")
        }
        io::ErrorKind::PermissionDenied => Failure::new(
            Reason::SourceGrantMissing,
            format!("this user may not read {shown}"),
        )
        .with_remedy("let the user that runs the edge read the file and enter its directories"),
        _ => Failure::new(Reason::SourceBroken, format!("{shown} cannot be opened"))
            .with_remedy("check the disk and the path with `ls -l` as the user that runs the edge"),
    };
    failure.with_source(cause)
}

/// The failure for an error of the driver.
pub(crate) fn failure(cause: &sqlx::Error, doing: &Doing<'_>) -> Failure {
    let code = match cause {
        sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<i32>().ok()),
        _ => None,
    };
    let Some(code) = code else {
        return Failure::new(Reason::SourceBroken, format!("{doing} failed inside the driver"))
            .with_remedy("check that the file is complete and that the disk works")
            .with_source(DriverFault(kind_of(cause)));
    };
    let failure = |reason, what: &str, remedy: &str| {
        Failure::new(reason, format!("{doing} failed: {what}")).with_remedy(remedy)
    };
    // The low byte is the primary result code, the rest refines it.
    let failure = match code & 0xff {
        3 | 23 => failure(
            Reason::SourceGrantMissing,
            "access was denied",
            "let the user that runs the edge read the file and its directory",
        ),
        5 | 6 => failure(
            Reason::SourceTimeout,
            "another process holds a lock on the database",
            "scan again when that process has finished its write",
        ),
        7 | 18 => failure(
            Reason::SourceBroken,
            "a value or row is too large",
            "exclude the column with the largest values",
        ),
        8 | 14 => failure(
            Reason::SourceGrantMissing,
            "the engine could not open the file, its journal or its shared memory",
            "a database in WAL mode needs a writable directory for its -shm file: grant that, or scan a copy made \
             with the sqlite3 command .backup",
        ),
        9 => failure(
            Reason::SourceTimeout,
            "it took longer than one statement may",
            "raise the limit of a statement, or exclude the object",
        ),
        10 => failure(
            Reason::SourceBroken,
            "the disk reported an error",
            "check the disk and the file system",
        ),
        11 => failure(
            Reason::SourceBroken,
            "the file is damaged",
            "run PRAGMA integrity_check with the sqlite3 shell and restore the file from a backup",
        ),
        26 => failure(
            Reason::SourceBroken,
            "the file is not a SQLite database, or it is encrypted",
            "give the path of a SQLite 3 file; encrypted files must be decrypted first",
        ),
        _ => failure(
            Reason::SourceBroken,
            "the engine refused the statement",
            "select from the object with the sqlite3 shell to see the engine's own message; a view may refer to what \
             is gone, or a virtual table to a module that is not built in",
        ),
    };
    failure.with_source(ResultCode(code))
}

/// The engine did not give up by itself.
pub(super) fn too_slow(doing: &str, limit: Duration) -> Failure {
    Failure::new(
        Reason::SourceTimeout,
        format!("{doing} took longer than {} s", limit.as_secs_f32()),
    )
    .with_remedy("raise the limit of a statement, or exclude the object")
}

/// The session went with an earlier statement.
pub(super) fn lost() -> Failure {
    Failure::new(
        Reason::SourceTimeout,
        "the session was lost with an earlier statement",
    )
    .with_remedy("scan the table again")
}

fn kind_of(cause: &sqlx::Error) -> &'static str {
    match cause {
        sqlx::Error::Io(_) => "input or output",
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decoding",
        sqlx::Error::Configuration(_) => "configuration",
        sqlx::Error::WorkerCrashed => "its thread ended",
        _ => "other",
    }
}
