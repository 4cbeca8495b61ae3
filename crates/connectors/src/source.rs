//! One connection to a source, whatever its engine.

use datawave_core::Failure;

use crate::credential::Credential;
use crate::filter::Filter;
use crate::limits::Limits;
use crate::model::{Discovery, EngineInfo, Table};
use crate::postgres::Postgres;
use crate::sample::{Sample, SamplePlan};
use crate::sqlite::Sqlite;
use crate::url::{SourceUrl, Target};

/// An open, read-only session with a source.
///
/// After a statement that ran out of time the session may be lost; the next call opens another one by itself.
/// Dropping a `Source` closes its connection.
pub struct Source(Driver);

enum Driver {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

/// Opens a session. `credential` wins over a password in the address.
///
/// Errors: `SOURCE_UNREACHABLE`, `SOURCE_TLS_FAILED`, `SOURCE_LOGIN_REFUSED`, `SOURCE_GRANT_MISSING`,
/// `SOURCE_OBJECT_MISSING`, `SOURCE_TIMEOUT`, `SOURCE_BROKEN`, each with what to do next.
pub async fn connect(
    url: &SourceUrl,
    credential: Option<&Credential>,
    limits: &Limits,
) -> Result<Source, Failure> {
    let driver = match &url.target {
        Target::Sqlite(path) => Driver::Sqlite(Box::new(Sqlite::open(path, limits).await?)),
        Target::Postgres(address) => {
            let credential = credential.or_else(|| url.secret()).cloned();
            Driver::Postgres(Box::new(Postgres::connect(address, credential, limits).await?))
        }
    };
    Ok(Source(driver))
}

impl Source {
    /// Engine and version.
    pub fn engine(&self) -> EngineInfo {
        match &self.0 {
            Driver::Sqlite(driver) => driver.engine(),
            Driver::Postgres(driver) => driver.engine(),
        }
    }

    /// Reads the engine's catalogue: every table and view with its columns and keys, those that `filter` leaves
    /// out marked as excluded, and what could not be listed as problems. Reads no rows of any table.
    ///
    /// An error means that the catalogue itself could not be read.
    pub async fn discover(&mut self, filter: &Filter) -> Result<Discovery, Failure> {
        let mut discovery = match &mut self.0 {
            Driver::Sqlite(driver) => driver.discover().await?,
            Driver::Postgres(driver) => driver.discover().await?,
        };
        for table in &mut discovery.tables {
            filter.mark(table);
        }
        discovery
            .tables
            .sort_unstable_by(|left, right| left.at.cmp(&right.at));
        Ok(discovery)
    }

    /// Reads values of the columns of `table` that are not excluded, under the budgets of `plan`.
    ///
    /// `table` comes from [`discover`](Self::discover) on the same source. A column that fails does not fail the
    /// others; an error means that the table as a whole could not be read.
    pub async fn sample(&mut self, table: &Table, plan: &SamplePlan) -> Result<Sample, Failure> {
        match &mut self.0 {
            Driver::Sqlite(driver) => driver.sample(table, plan).await,
            Driver::Postgres(driver) => driver.sample(table, plan).await,
        }
    }

    /// Whether the session is encrypted; `None` where there is no network.
    pub(crate) async fn uses_tls(&mut self) -> Result<Option<bool>, Failure> {
        match &mut self.0 {
            Driver::Sqlite(_) => Ok(None),
            Driver::Postgres(driver) => driver.uses_tls().await.map(Some),
        }
    }
}
