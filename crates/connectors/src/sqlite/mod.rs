//! SQLite: a file on the edge's own machine.

mod catalogue;
pub(crate) mod error;
mod sampling;
mod session;

use std::path::{Path, PathBuf};

use datawave_core::Failure;

use crate::limits::Limits;
use crate::model::{Discovery, Engine, EngineInfo, Table};
use crate::sample::{Sample, SamplePlan};
use session::Session;

/// An open database file.
pub(crate) struct Sqlite {
    path: PathBuf,
    limits: Limits,
    version: String,
    /// Text is stored as UTF-16, which matters for text that was cut as octets.
    utf16: Utf16,
    session: Option<Session>,
}

/// Encoding of the text inside a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Utf16 {
    No,
    Little,
    Big,
}

impl Sqlite {
    /// Opens the file and reads its header.
    pub(crate) async fn open(path: &Path, limits: &Limits) -> Result<Self, Failure> {
        let mut session = Session::open(path, limits).await?;
        let version = session.first_text("SELECT sqlite_version()").await?;
        // Reads the first page: a file that is not a database is refused here.
        session
            .first_text("SELECT name FROM sqlite_schema LIMIT 1")
            .await?;
        let utf16 = match session.first_text("PRAGMA encoding").await?.as_str() {
            "UTF-16le" => Utf16::Little,
            "UTF-16be" => Utf16::Big,
            _ => Utf16::No,
        };
        Ok(Self {
            path: path.to_owned(),
            limits: limits.clone(),
            version,
            utf16,
            session: Some(session),
        })
    }

    pub(crate) fn engine(&self) -> EngineInfo {
        EngineInfo {
            engine: Engine::Sqlite,
            version: self.version.clone(),
        }
    }

    pub(crate) async fn discover(&mut self) -> Result<Discovery, Failure> {
        let mut session = self.session().await?;
        let result = catalogue::discover(&mut session, &self.limits).await;
        self.put_back(session);
        let (tables, problems, cost) = result?;
        Ok(Discovery {
            tables,
            problems,
            cost,
        })
    }

    pub(crate) async fn sample(&mut self, table: &Table, plan: &SamplePlan) -> Result<Sample, Failure> {
        let mut session = self.session().await?;
        let result = sampling::sample(&mut session, self.utf16, &self.limits, table, plan).await;
        self.put_back(session);
        result
    }

    /// Takes the session out for one operation. When the operation's future is dropped half-way, the session
    /// goes with it and the next operation opens another.
    async fn session(&mut self) -> Result<Session, Failure> {
        match self.session.take() {
            Some(session) => Ok(session),
            None => Session::open(&self.path, &self.limits).await,
        }
    }

    fn put_back(&mut self, mut session: Session) {
        session.take_cost();
        if !session.is_lost() {
            self.session = Some(session);
        }
    }
}
