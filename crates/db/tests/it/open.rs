//! Opening: addresses, migrations, versions.

use std::os::unix::fs::PermissionsExt;

use datawave_core::{Failure, Reason};
use datawave_db::{Db, DbUrl, Engine, Migration, schema_of};

use crate::support::{MIGRATIONS, SERVICE, insert_committed, things};

const SECOND: Migration = Migration {
    version: 2,
    name: "colours",
    sqlite: "CREATE TABLE colours (tenant TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, id));",
    postgres: "CREATE TABLE colours (tenant TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, \
               PRIMARY KEY (tenant, id));",
};
const NEWER: &[Migration] = &[MIGRATIONS[0], SECOND];
const EDITED: &[Migration] = &[Migration {
    sqlite: "CREATE TABLE things (tenant TEXT NOT NULL);",
    postgres: "CREATE TABLE things (tenant TEXT COLLATE \"C\" NOT NULL);",
    ..MIGRATIONS[0]
}];
/// Breaks in its second statement.
const BROKEN: &[Migration] = &[
    MIGRATIONS[0],
    Migration {
        sqlite: "CREATE TABLE colours (tenant TEXT NOT NULL); INSERT INTO nowhere VALUES (1);",
        postgres: "CREATE TABLE colours (tenant TEXT NOT NULL); INSERT INTO nowhere VALUES (1);",
        ..SECOND
    },
];

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let stores = datawave_testkit::both(SERVICE, MIGRATIONS).await;
    let mut schemas = Vec::new();
    for store in &stores {
        schemas.push(schema_of(&store.db).await.unwrap());
    }
    assert!(schemas[0].contains(&("dw_outbox".to_owned(), "ordering_key".to_owned())));
    assert!(schemas[0].contains(&("things".to_owned(), "ratio".to_owned())));
    assert!(schemas.windows(2).all(|pair| pair[0] == pair[1]), "{schemas:#?}");
}

#[tokio::test]
async fn opening_again_keeps_the_data_and_adds_what_is_new() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 1).await;
        store.db.close().await;
        let db = Db::open(&store.url, SERVICE, NEWER).await.unwrap();
        assert_eq!(things(&db).await, 1);
        assert!(
            schema_of(&db)
                .await
                .unwrap()
                .contains(&("colours".to_owned(), "id".to_owned()))
        );
    }
}

#[tokio::test]
async fn a_store_written_by_a_newer_version_is_refused() {
    for store in datawave_testkit::both(SERVICE, NEWER).await {
        let failure = Db::open(&store.url, SERVICE, MIGRATIONS).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::DataDirectoryTooNew);
        assert!(failure.message().contains("version 2"), "{failure}");
        assert!(failure.remedy().is_some());
    }
}

#[tokio::test]
async fn a_schema_step_that_was_edited_after_it_was_applied_is_refused() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let failure = Db::open(&store.url, SERVICE, EDITED).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::StoreCorrupt);
    }
}

#[tokio::test]
async fn a_schema_step_that_breaks_half_way_leaves_nothing_and_can_be_run_again() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        Db::open(&store.url, SERVICE, BROKEN).await.unwrap_err();
        assert!(
            schema_of(&store.db)
                .await
                .unwrap()
                .iter()
                .all(|(table, _)| table != "colours")
        );
        Db::open(&store.url, SERVICE, NEWER).await.unwrap();
    }
}

#[tokio::test]
async fn processes_that_open_an_empty_store_at_once_take_turns() {
    for store in datawave_testkit::both("first", &[]).await {
        let dir = tempfile::tempdir().unwrap();
        // A file per service on SQLite, a schema per service in one database on PostgreSQL.
        let url = match store.engine {
            Engine::Sqlite => DbUrl::sqlite(dir.path().join("new.sqlite")),
            Engine::Postgres => store.url.clone(),
        };
        let opened = futures::future::join_all((0..4).map(|_| Db::open(&url, SERVICE, MIGRATIONS))).await;
        for db in opened {
            assert_eq!(things(&db.unwrap()).await, 0);
        }
    }
}

#[tokio::test]
async fn services_in_one_database_do_not_see_each_other() {
    for store in datawave_testkit::both("first", &[]).await {
        if store.engine == Engine::Postgres {
            let db = Db::open(&store.url, SERVICE, MIGRATIONS).await.unwrap();
            insert_committed(&db, "a", 1).await;
            assert!(
                schema_of(&store.db)
                    .await
                    .unwrap()
                    .iter()
                    .all(|(table, _)| table != "things")
            );
        }
    }
}

#[tokio::test]
async fn the_file_of_a_store_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&DbUrl::sqlite(dir.path().join("a.sqlite")), SERVICE, MIGRATIONS)
        .await
        .unwrap();
    insert_committed(&db, "a", 1).await;
    let mut seen = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{:?}",
            entry.path()
        );
        seen += 1;
    }
    assert!(seen >= 2, "the store has its log beside it");
}

#[tokio::test]
async fn a_store_in_a_missing_folder_is_refused_with_its_place() {
    let failure = Db::open(&DbUrl::sqlite("/nonexistent/a.sqlite"), SERVICE, MIGRATIONS)
        .await
        .unwrap_err();
    assert_eq!(failure.reason(), Reason::DependencyUnavailable);
    assert!(failure.message().contains("/nonexistent/a.sqlite"));
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    std::fs::write(&path, "x".repeat(5000)).unwrap();
    let failure = Db::open(&DbUrl::sqlite(&path), SERVICE, MIGRATIONS)
        .await
        .unwrap_err();
    assert_eq!(failure.reason(), Reason::StoreCorrupt);
}

#[tokio::test]
async fn a_server_that_is_away_is_named_without_the_drivers_words() {
    // Port 1 of loopback: refused at once.
    let url = DbUrl::parse("postgres://ann:hunter2@127.0.0.1:1/x").unwrap();
    let failure = Db::open(&url, SERVICE, MIGRATIONS).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::DependencyUnavailable);
    let told = format!("{} {:?}", failure.message(), failure.remedy());
    assert!(
        !told.contains("hunter2") && !told.to_lowercase().contains("refused"),
        "{told}"
    );
}

#[test]
fn addresses_show_no_password() {
    for text in [
        "postgres://ann:hunter2@db.example/x",
        "postgres://ann@db.example/x?password=hunter2",
        "postgres://ann:hunter2@db.example/x?statement-cache-capacity=0",
    ] {
        let url = DbUrl::parse(text).unwrap();
        assert!(!format!("{url} {url:?}").contains("hunter2"));
        assert!(url.to_string().contains("db.example"));
    }
}

#[test]
fn wrong_addresses_are_refused_without_being_quoted() {
    for text in [
        "",
        "hunter2",
        "mysql://ann:hunter2@h/x",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:/a?mode=hunter2",
        "postgres://ann:hunter2@h:port/x",
        "postgres://ann:hunter2@h/x?sslmode=hunter2",
        "postgres://ann@h/x?passwrd=hunter2",
    ] {
        let failure: Failure = DbUrl::parse(text).unwrap_err();
        assert_eq!(failure.reason(), Reason::ConfigInvalid, "{text}");
        let told = format!(
            "{} {:?} {}",
            failure.message(),
            failure.remedy(),
            failure.source_chain()
        );
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn behind_a_pooler_no_statement_is_prepared_under_a_name() {
    let Some(url) = datawave_testkit::postgres().await else {
        return;
    };
    let mark = if url.contains('?') { '&' } else { '?' };
    let text = "SELECT count(*) AS n FROM pg_prepared_statements";
    for (parameters, expected) in [
        (String::new(), 1),
        (format!("{mark}statement-cache-capacity=0"), 0),
    ] {
        let url = DbUrl::parse(&format!("{url}{parameters}")).unwrap();
        let db = Db::open(&url, SERVICE, MIGRATIONS).await.unwrap();
        let mut session = db.read().await.unwrap();
        for _ in 0..2 {
            let row = datawave_db::sql(text).fetch_one(&mut session).await.unwrap();
            assert_eq!(row.i64("n").unwrap(), expected);
        }
    }
}
