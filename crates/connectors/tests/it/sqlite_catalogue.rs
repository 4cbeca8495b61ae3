//! What a SQLite file is said to hold.

use std::collections::BTreeSet;
use std::process::Command;

use datawave_connectors::{Engine, Filter, TableKind};

use crate::support::{SqliteFile, discover, plan, table, texts};

#[tokio::test]
async fn tables_columns_types_keys_and_defaults_are_read() {
    let file = SqliteFile::new(
        "CREATE TABLE city(id INTEGER PRIMARY KEY, name TEXT UNIQUE); \
         CREATE TABLE person(code VARCHAR(12) NOT NULL, part INT, town INTEGER DEFAULT 7 REFERENCES city, \
           mail TEXT DEFAULT 'ann@example.org', up TEXT AS (upper(mail)), kept TEXT AS (lower(mail)) STORED, bare, \
           PRIMARY KEY(part, code), FOREIGN KEY(code, part) REFERENCES other(x, y)); \
         CREATE UNIQUE INDEX both ON person(mail, town); CREATE UNIQUE INDEX some ON person(bare) WHERE bare > 0;",
    )
    .await;
    let mut source = file.open().await;
    let engine = source.engine();
    assert_eq!(engine.engine, Engine::Sqlite);
    assert!(engine.version.starts_with("3."));
    let discovery = discover(&mut source).await;
    let person = table(&discovery, "person");
    assert_eq!(
        (person.at.schema.as_str(), person.kind),
        ("main", TableKind::Table)
    );
    let columns: Vec<_> = person
        .columns
        .iter()
        .map(|c| {
            (
                c.name.as_str(),
                c.declared_type.as_str(),
                c.ordinal,
                c.nullable,
                c.generated,
            )
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("code", "VARCHAR(12)", 1, false, false),
            ("part", "INT", 2, true, false),
            ("town", "INTEGER", 3, true, false),
            ("mail", "TEXT", 4, true, false),
            ("up", "TEXT", 5, true, true),
            ("kept", "TEXT", 6, true, true),
            ("bare", "", 7, true, false),
        ]
    );
    assert_eq!(person.primary_key, ["part", "code"]);
    assert_eq!(
        person.columns[3].default.as_ref().unwrap().expose(),
        "'ann@example.org'"
    );
    assert!(person.columns.iter().all(|c| !c.unique));
    let mut keys: Vec<_> = person
        .foreign_keys
        .iter()
        .map(|k| {
            (
                k.columns.join(","),
                k.references.table.as_str(),
                k.referenced_columns.join(","),
            )
        })
        .collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            ("code,part".to_owned(), "other", "x,y".to_owned()),
            ("town".to_owned(), "city", String::new())
        ]
    );
    let city = table(&discovery, "city");
    assert!(city.columns.iter().all(|c| c.unique));
}

#[tokio::test]
async fn defaults_and_comments_cannot_be_printed_by_accident() {
    let file = SqliteFile::new("CREATE TABLE t(a TEXT DEFAULT 'ann@example.org')").await;
    let discovery = discover(&mut file.open().await).await;
    assert!(!format!("{discovery:?}").contains("ann@"));
}

#[tokio::test]
async fn every_kind_of_table_is_listed() {
    let file = SqliteFile::new(
        "CREATE TABLE plain(a); CREATE TABLE keyed(a PRIMARY KEY) WITHOUT ROWID; CREATE VIEW seen AS SELECT a FROM plain; \
         CREATE VIRTUAL TABLE found USING fts5(body); CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT); \
         INSERT INTO counted DEFAULT VALUES; ANALYZE",
    )
    .await;
    let discovery = discover(&mut file.open().await).await;
    let kind = |name| table(&discovery, name).kind;
    assert_eq!(kind("plain"), TableKind::Table);
    assert_eq!(kind("keyed"), TableKind::Table);
    assert_eq!(kind("seen"), TableKind::View);
    assert_eq!(kind("found"), TableKind::VirtualTable);
    // The tables that keep the index of the virtual one hold its text.
    assert_eq!(kind("found_content"), TableKind::Table);
    assert!(
        discovery
            .tables
            .iter()
            .all(|t| !t.at.table.starts_with("sqlite_"))
    );
    let columns: Vec<_> = table(&discovery, "found")
        .columns
        .iter()
        .map(|c| &c.name)
        .collect();
    assert_eq!(columns, ["body"]);
}

#[tokio::test]
async fn row_estimates_come_from_statistics_or_row_ids() {
    let file = SqliteFile::new(
        "CREATE TABLE analysed(a); CREATE INDEX i ON analysed(a); \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO analysed SELECT i FROM n; \
         ANALYZE; \
         CREATE TABLE fresh(a); \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) INSERT INTO fresh SELECT i FROM n; \
         CREATE TABLE empty(a); CREATE VIEW seen AS SELECT 1 AS a",
    )
    .await;
    let discovery = discover(&mut file.open().await).await;
    let estimate = |name| table(&discovery, name).row_estimate;
    assert_eq!(estimate("analysed"), Some(500));
    assert_eq!(estimate("fresh"), Some(90));
    assert_eq!(estimate("empty"), Some(0));
    assert_eq!(estimate("seen"), None);
}

#[tokio::test]
async fn a_broken_view_is_reported_and_the_rest_is_listed() {
    let file = SqliteFile::new(
        "CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t RENAME TO kept; \
         CREATE TABLE gone(b); CREATE VIEW broken AS SELECT b FROM gone; DROP TABLE gone;",
    )
    .await;
    let mut source = file.open().await;
    let discovery = source.discover(&Filter::default()).await.unwrap();
    let [problem] = discovery.problems.as_slice() else {
        panic!("{:?}", discovery.problems)
    };
    assert_eq!(problem.object, "main.broken");
    assert!(problem.failure.remedy().is_some());
    assert!(table(&discovery, "broken").columns.is_empty());
    let sample = source.sample(table(&discovery, "kept"), &plan(5)).await.unwrap();
    assert_eq!(texts(&sample.columns[0]), [Some("1".to_owned())]);
}

#[tokio::test]
async fn a_database_in_utf16_reads_like_any_other() {
    let file = SqliteFile::new(
        "PRAGMA encoding = 'UTF-16be'; CREATE TABLE \"tä\"(\"ßpalte\" TEXT DEFAULT 'é'); INSERT INTO \"tä\" VALUES ('Zoë 🦀')",
    )
    .await;
    let mut source = file.open().await;
    let discovery = discover(&mut source).await;
    let table = table(&discovery, "tä");
    assert_eq!(table.columns[0].name, "ßpalte");
    assert_eq!(table.columns[0].default.as_ref().unwrap().expose(), "'é'");
    let sample = source.sample(table, &plan(5)).await.unwrap();
    assert_eq!(texts(&sample.columns[0]), [Some("Zoë 🦀".to_owned())]);
}

#[tokio::test]
async fn the_columns_are_those_of_the_engines_own_shell() {
    let mut sql = String::from("CREATE VIEW v AS SELECT * FROM t3;");
    for i in 0..30 {
        sql.insert_str(
            0,
            &format!("CREATE TABLE t{i}(a{i} INT, \"b {i}\" TEXT, c AS (a{i} + 1));"),
        );
    }
    let file = SqliteFile::new(&sql).await;
    let discovery = discover(&mut file.open().await).await;
    let ours: BTreeSet<String> = discovery
        .tables
        .iter()
        .flat_map(|t| {
            t.columns
                .iter()
                .map(move |c| format!("{}|{}", t.at.table, c.name))
        })
        .collect();
    let query = "SELECT m.name, x.name FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type IN ('table','view')";
    let Ok(shell) = Command::new("sqlite3").arg(&file.path).arg(query).output() else {
        eprintln!("NOT TESTED: the sqlite3 shell is not installed");
        return;
    };
    let theirs: BTreeSet<String> = String::from_utf8(shell.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 93);
}

#[tokio::test]
async fn a_catalogue_beyond_the_limit_is_reported_table_by_table() {
    let file = SqliteFile::new("CREATE TABLE a(x, y); CREATE TABLE b(x); CREATE TABLE c(x)").await;
    let limits = datawave_connectors::Limits {
        catalogue_columns: 2,
        ..Default::default()
    };
    let mut source = datawave_connectors::connect(&file.url(), None, &limits)
        .await
        .unwrap();
    let discovery = source.discover(&Filter::default()).await.unwrap();
    assert_eq!(discovery.tables.len(), 1);
    let objects: Vec<_> = discovery.problems.iter().map(|p| p.object.as_str()).collect();
    assert_eq!(objects, ["main.b", "main.c"]);
}
