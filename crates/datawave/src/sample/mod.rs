//! The sample estate: a small invented company as SQLite databases, for the demo and the documentation.
//!
//! Deterministic: equal seeds give equal rows. Each database draws from a stream of random numbers of its own, so
//! that a change in one leaves the others as they are. What is in the folder: README.md.

mod calendar;
mod clinic;
mod crm;
mod database;
mod hr;
mod ids;
mod locales;
mod people;
mod rng;
mod shop;
mod telemetry;

use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason};

use self::database::Database;
use self::rng::Rng;

/// Seed used when none is given.
pub(crate) const DEFAULT_SEED: u64 = 20;

/// Makes a database from its own random numbers.
type Build = fn(Rng) -> Database;

/// The databases, in the order in which they are written.
const DATABASES: [(&str, Build); 5] = [
    ("crm", crm::database),
    ("hr", hr::database),
    ("clinic", clinic::database),
    ("shop", shop::database),
    ("telemetry", telemetry::database),
];

/// Writes the five databases into `dir`, which is created when it does not exist, and returns their paths.
///
/// # Errors
/// `RESOURCE_EXISTS` when one of the files is there already: nothing of the caller's is ever overwritten.
/// `INVALID_REQUEST` when the folder cannot be written.
pub(crate) async fn write_estate(dir: &Path, seed: u64) -> Result<Vec<PathBuf>, Failure> {
    std::fs::create_dir_all(dir).map_err(|cause| cannot_write(dir).with_source(cause))?;
    let paths: Vec<PathBuf> = DATABASES
        .iter()
        .map(|(name, _)| dir.join(format!("{name}.sqlite")))
        .collect();
    if let Some(taken) = paths.iter().find(|path| path.exists()) {
        return Err(Failure::new(
            Reason::ResourceExists,
            format!("{} exists; nothing was written", taken.display()),
        )
        .with_remedy("give an empty or a new folder"));
    }
    for ((name, build), path) in DATABASES.iter().zip(&paths) {
        let database = build(Rng::new(seed, name));
        database
            .write(path)
            .await
            .map_err(|cause| cannot_write(path).with_source(cause))?;
    }
    Ok(paths)
}

fn cannot_write(path: &Path) -> Failure {
    Failure::new(
        Reason::InvalidRequest,
        format!("{} cannot be written", path.display()),
    )
    .with_remedy("give a folder that you may write to, on a disk with 10 MB to spare")
}

#[cfg(test)]
mod tests;
