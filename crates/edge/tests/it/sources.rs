//! Sources to scan.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

/// A view that never ends.
pub(crate) const ENDLESS: &str = "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS x FROM n;";

/// A SQLite file made by `statements`; returns its address.
pub(crate) async fn sqlite(folder: &Path, name: &str, statements: &str) -> String {
    let path = folder.join(name);
    let mut connection = open(&path).await;
    run_sqlite(&mut connection, statements).await;
    connection.close().await.unwrap();
    format!("sqlite:{}", path.display())
}

pub(crate) async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .disable_statement_logging();
    options.connect().await.unwrap()
}

pub(crate) async fn run_sqlite(connection: &mut SqliteConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}

/// A PostgreSQL database made by `statements`; `None` where there is no server.
pub(crate) async fn postgres(statements: &str) -> Option<Postgres> {
    let url = url::Url::parse(&datawave_testkit::postgres().await?).unwrap();
    let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let login = url.username().to_owned();
    let password = url.password().unwrap_or_default().to_owned();
    let mut bare = url;
    bare.set_username("").unwrap();
    bare.set_password(None).unwrap();
    Some(Postgres {
        url: bare.to_string(),
        login,
        password,
    })
}

/// A database and who may read it.
pub(crate) struct Postgres {
    /// Without credentials.
    pub(crate) url: String,
    pub(crate) login: String,
    pub(crate) password: String,
}
