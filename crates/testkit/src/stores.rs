//! Temporary stores.

use datawave_db::{Db, DbUrl, Engine, Migration};
use sqlx::Row;
use tempfile::TempDir;

use crate::postgres::{Database, connect, database};

/// A store that is gone when this is dropped.
pub struct TestStore {
    /// The open store.
    pub db: Db,
    /// Its address, to open it again.
    pub url: DbUrl,
    /// The engine, for messages.
    pub engine: Engine,
    _place: Place,
}

enum Place {
    Folder { _dir: TempDir },
    Server { _database: Database },
}

/// An empty store of `service` on SQLite and one on PostgreSQL, migrated.
///
/// # Panics
/// When there is no PostgreSQL (unless `DATAWAVE_TEST_SKIP_POSTGRES=1`), when a migration fails, or when a
/// text column of the PostgreSQL migrations is not declared `TEXT COLLATE "C"`.
pub async fn both(service: &'static str, migrations: &'static [Migration]) -> Vec<TestStore> {
    let mut stores = vec![sqlite_store(service, migrations).await];
    stores.extend(postgres_store(service, migrations).await);
    stores
}

/// An empty store on SQLite alone, for tests in which the store is not the subject.
pub async fn sqlite_store(service: &'static str, migrations: &'static [Migration]) -> TestStore {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let url = DbUrl::sqlite(dir.path().join(format!("{service}.sqlite")));
    open(url, service, migrations, Place::Folder { _dir: dir }).await
}

async fn postgres_store(service: &'static str, migrations: &'static [Migration]) -> Option<TestStore> {
    let database = database().await?;
    let address = database.url.clone();
    let url = DbUrl::parse(&address).expect("the URL of the test server");
    let store = open(url, service, migrations, Place::Server { _database: database }).await;
    check_collation(&address, service).await;
    Some(store)
}

async fn open(
    url: DbUrl,
    service: &'static str,
    migrations: &'static [Migration],
    place: Place,
) -> TestStore {
    let db = Db::open(&url, service, migrations)
        .await
        .unwrap_or_else(|failure| {
            panic!(
                "the store {url} of {service} does not open: {failure}: {}",
                failure.source_chain()
            )
        });
    TestStore {
        engine: db.engine(),
        db,
        url,
        _place: place,
    }
}

/// The test server sorts by code point anyway; the servers of users mostly do not.
async fn check_collation(url: &str, service: &str) {
    let rows = sqlx::query(
        "SELECT table_name || '.' || column_name AS place FROM information_schema.columns \
         WHERE table_schema = $1 AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' ORDER BY 1",
    )
    .bind(service)
    .fetch_all(&mut connect(url).await)
    .await
    .expect("the columns of the store");
    let places: Vec<String> = rows.iter().map(|row| row.get("place")).collect();
    assert!(
        places.is_empty(),
        "PostgreSQL migrations of {service}: declare these columns TEXT COLLATE \"C\", so that both engines \
         sort them alike: {}",
        places.join(", ")
    );
}
