//! What the tests share: databases to read, and ways to look at what was read.

pub(crate) mod server;

use std::path::PathBuf;

use datawave_connectors::{
    Discovery, Filter, Limits, Outcome, Sample, SamplePlan, Source, SourceUrl, Table, connect,
};
use datawave_core::{Failure, Reason};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

/// A SQLite file in a folder of its own.
pub(crate) struct SqliteFile {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl SqliteFile {
    /// A database made by these statements.
    pub(crate) async fn new(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Self {
            path: folder.path().join("shop.db"),
            _folder: folder,
        };
        file.run(sql).await;
        file
    }

    pub(crate) async fn run(&self, sql: &str) {
        let mut writer = self.writer().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut writer)
            .await
            .unwrap();
        writer.close().await.unwrap();
    }

    pub(crate) async fn writer(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true)
            .foreign_keys(false);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    pub(crate) fn url(&self) -> SourceUrl {
        SourceUrl::parse(&format!("sqlite:{}", self.path.display())).unwrap()
    }

    pub(crate) async fn open(&self) -> Source {
        connect(&self.url(), None, &Limits::default()).await.unwrap()
    }
}

/// The whole catalogue, which must have no problems.
pub(crate) async fn discover(source: &mut Source) -> Discovery {
    let discovery = source.discover(&Filter::default()).await.unwrap();
    assert!(discovery.problems.is_empty(), "{:?}", discovery.problems);
    discovery
}

pub(crate) fn table<'a>(discovery: &'a Discovery, name: &str) -> &'a Table {
    discovery
        .tables
        .iter()
        .find(|table| table.at.table == name)
        .unwrap_or_else(|| panic!("no table {name}"))
}

/// Discovers, then samples one table.
pub(crate) async fn sample(source: &mut Source, name: &str, plan: &SamplePlan) -> Sample {
    let discovery = discover(source).await;
    source.sample(table(&discovery, name), plan).await.unwrap()
}

pub(crate) fn plan(rows: u32) -> SamplePlan {
    SamplePlan {
        rows,
        bytes: u64::MAX,
        seed: 7,
    }
}

/// The values of a column as text; NULL is `None`. The column must have been read.
pub(crate) fn texts(outcome: &Outcome) -> Vec<Option<String>> {
    let Outcome::Read(values) = outcome else {
        panic!("the column was not read: {:?}", failure_of(outcome));
    };
    values
        .iter()
        .map(|cell| {
            cell.as_ref()
                .map(|cell| String::from_utf8_lossy(cell.expose()).into_owned())
        })
        .collect()
}

/// The values of a column as numbers.
pub(crate) fn numbers(outcome: &Outcome) -> Vec<i64> {
    texts(outcome)
        .into_iter()
        .map(|text| text.unwrap().parse().unwrap())
        .collect()
}

pub(crate) fn failure_of(outcome: &Outcome) -> Option<&Failure> {
    match outcome {
        Outcome::Failed(failure) => Some(failure),
        Outcome::Read(_) | Outcome::Excluded => None,
    }
}

/// What every failure owes its reader: the reason, a remedy, and none of the secrets, in no part of it.
pub(crate) fn assert_failure(failure: &Failure, reason: Reason, secrets: &[&str]) {
    assert_eq!(failure.reason(), reason, "{failure:?}");
    let remedy = failure.remedy().unwrap_or_default();
    assert!(!remedy.is_empty(), "{failure:?}");
    let everything = format!("{failure:?} {failure} {remedy} {}", failure.source_chain());
    for secret in secrets {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
}

/// The failure of a connection that must not come about.
pub(crate) async fn refused(url: &str) -> Failure {
    let url = SourceUrl::parse(url).unwrap();
    let limits = Limits {
        connect: std::time::Duration::from_secs(3),
        ..Limits::default()
    };
    match connect(&url, None, &limits).await {
        Ok(_) => panic!("{url} was opened"),
        Err(failure) => failure,
    }
}
