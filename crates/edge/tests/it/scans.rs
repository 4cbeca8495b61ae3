//! Scans that go well: what is discovered, what is delivered.

use std::collections::BTreeSet;

use datawave_proto::datawave::common::v1::{Advice, ColumnStatus, FindingKind};

use crate::rig::Rig;
use crate::sources;

const SHOP: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, note TEXT DEFAULT 'none');
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id), total REAL);
    CREATE VIEW mails AS SELECT email FROM customers;
    CREATE TABLE vacant (empty TEXT);
    WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200)
        INSERT INTO customers SELECT x, 'person' || x || '@mail.example.com', NULL FROM n;
    INSERT INTO orders SELECT id, id, id * 1.5 FROM customers;";

/// (table, column) of everything delivered.
fn visited(rig: &Rig) -> BTreeSet<(String, String)> {
    rig.centre.with(|state| {
        let results = state.results.iter().flat_map(|result| &result.results);
        results
            .map(|result| result.path.clone().unwrap())
            .map(|path| (path.table, path.column))
            .collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_of_a_sqlite_file_is_delivered_found_or_not() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "shop.db", SHOP).await;
    let finish = rig.scan(&url).await;
    assert_eq!(finish.error, None);
    let expected = [
        ("customers", "id"),
        ("customers", "email"),
        ("customers", "note"),
        ("orders", "id"),
        ("orders", "customer"),
        ("orders", "total"),
        ("mails", "email"),
        ("vacant", "empty"),
    ];
    let expected = expected.map(|(table, column)| (table.to_owned(), column.to_owned()));
    assert_eq!(visited(&rig), BTreeSet::from(expected));
    rig.centre.with(|state| {
        let email = state.column("customers", "email");
        assert_eq!(email.source, "sources/src_1");
        assert_eq!(email.status(), ColumnStatus::Ok);
        assert_eq!((email.sampled_rows, email.non_null, email.ordinal), (200, 200, 2));
        assert_eq!(email.declared_type, "TEXT");
        let found = &email.detections[0];
        assert_eq!((found.label.as_str(), found.kind()), ("email", FindingKind::Is));
        assert_eq!(found.advice(), Advice::Yes);
        assert!(!found.evidence.is_empty());
        let note = state.column("customers", "note");
        assert_eq!((note.sampled_rows, note.non_null), (200, 0));
        assert!(note.detections.is_empty());
        assert_eq!(state.column("vacant", "empty").status(), ColumnStatus::Ok);
        let cost = state.result("customers").cost.unwrap();
        assert!(cost.statements >= 1 && cost.rows >= 200);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery_tells_names_types_and_keys_and_no_default() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "shop.db", SHOP).await;
    rig.scan(&url).await;
    rig.centre.with(|state| {
        let last = state.batches.last().unwrap();
        assert!(last.last && last.source_engine.starts_with("sqlite 3."));
        assert!(!last.engine_version.is_empty() && last.cost.unwrap().statements > 0);
        let tables: Vec<_> = state.batches.iter().flat_map(|batch| &batch.tables).collect();
        let named = |name: &str| {
            *tables
                .iter()
                .find(|t| t.path.as_ref().unwrap().table == name)
                .unwrap()
        };
        let customers = named("customers");
        let path = customers.path.as_ref().unwrap();
        assert_eq!((path.database.as_str(), path.schema.as_str()), ("shop", "main"));
        let details = customers.details.as_ref().unwrap();
        assert_eq!(details.primary_key, ["id"]);
        assert_eq!(details.table_kind, "table");
        let note = customers.columns[2].details.as_ref().unwrap();
        assert!(note.has_default && note.nullable);
        let email = customers.columns[1].details.as_ref().unwrap();
        assert!(email.unique && !email.nullable && !email.has_default);
        let key = &named("orders").details.as_ref().unwrap().foreign_keys[0];
        assert_eq!(key.references.as_ref().unwrap().table, "customers");
        assert_eq!(named("mails").details.as_ref().unwrap().table_kind, "view");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_of_a_postgresql_database_is_delivered() {
    let Some(source) = sources::postgres(
        "CREATE SCHEMA hr;
         CREATE TABLE hr.people (id bigint PRIMARY KEY, mail text, born date);
         COMMENT ON COLUMN hr.people.mail IS 'like ann.smith@mail.example.com';
         INSERT INTO hr.people SELECT n, 'p' || n || '@mail.example.com', date '1980-01-01' + n::int
             FROM generate_series(1, 300) n;",
    )
    .await
    else {
        return;
    };
    let rig = Rig::new().await;
    let reference = rig.put_credential("src_1", &source.password).await;
    rig.begin(&source.url, |assignment| {
        assignment.login = source.login.clone();
        assignment.credential_ref = reference.clone();
    });
    assert_eq!(rig.finished().await.error, None);
    rig.centre.with(|state| {
        assert!(
            state
                .batches
                .last()
                .unwrap()
                .source_engine
                .starts_with("postgresql ")
        );
        let mail = state.column("people", "mail");
        assert_eq!(mail.path.as_ref().unwrap().schema, "hr");
        assert_eq!(mail.detections[0].label, "email");
        assert_eq!(mail.non_null, 300);
        let table = state
            .batches
            .iter()
            .flat_map(|batch| &batch.tables)
            .next()
            .unwrap();
        assert_eq!(table.columns[1].comment, "like <email>");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_leaves_out_is_visited_by_name_and_not_read() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "shop.db", SHOP).await;
    rig.begin(&url, |assignment| {
        assignment.exclude = vec!["orders".into(), "main.customers.email".into()];
    });
    assert_eq!(rig.finished().await.error, None);
    rig.centre.with(|state| {
        for (table, column) in [("orders", "total"), ("customers", "email")] {
            let left_out = state.column(table, column);
            assert_eq!(left_out.status(), ColumnStatus::Skipped, "{table}.{column}");
            assert_eq!(left_out.status_reason, "excluded");
            assert_eq!(left_out.sampled_rows, 0);
        }
        assert_eq!(state.column("customers", "note").status(), ColumnStatus::Ok);
        assert_eq!(state.result("orders").error, None);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_read_side_by_side_give_the_same_results() {
    let mut statements = String::new();
    for n in 0..12 {
        statements.push_str(&format!(
            "CREATE TABLE t{n} (mail TEXT, k INTEGER); INSERT INTO t{n} VALUES ('a{n}@mail.example.com', {n});"
        ));
    }
    let mut outcomes = Vec::new();
    for lanes in [1, 3] {
        let rig = Rig::with(|config| config.tables_in_parallel = lanes).await;
        let url = sources::sqlite(rig.home.path(), "many.db", &statements).await;
        assert_eq!(rig.scan(&url).await.error, None);
        let mut results = rig.centre.with(|state| std::mem::take(&mut state.results));
        results.sort_by(|a, b| a.batch_id.cmp(&b.batch_id));
        for result in &mut results {
            result.cost = None;
        }
        outcomes.push(results);
    }
    assert_eq!(outcomes[0].len(), 12);
    assert_eq!(outcomes[0], outcomes[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_kind_come_through_as_they_are() {
    let long = "n".repeat(600);
    let names = [
        "a\"b",
        "it's",
        "with space",
        "🦀 émoji",
        "x; DROP TABLE y; --",
        "select",
        "back`tick",
        "new\nline",
        "per%cent",
    ];
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let mut statements = String::new();
    for name in names.iter().copied().chain([long.as_str()]) {
        statements.push_str(&format!(
            "CREATE TABLE {q} ({q} TEXT); INSERT INTO {q} VALUES ('ann@mail.example.com');",
            q = quoted(name)
        ));
    }
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "odd 'names'.db", &statements).await;
    assert_eq!(rig.scan(&url).await.error, None);
    rig.centre.with(|state| {
        for name in names {
            let column = state.column(name, name);
            assert_eq!(column.status(), ColumnStatus::Ok, "{name}");
            assert_eq!(column.sampled_rows, 1, "{name}");
        }
        // Longer than the contract takes: its beginning and a digest, read all the same.
        let cut = state
            .results
            .iter()
            .find(|r| r.table.as_ref().unwrap().table.starts_with("nnn"))
            .unwrap();
        assert_eq!(cut.results.len(), 1);
        assert_eq!(cut.results[0].sampled_rows, 1);
        assert!(cut.table.as_ref().unwrap().table.chars().count() <= 512);
        assert_eq!(state.results.len(), names.len() + 1);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_are_asked_for_again_and_nothing_is_counted_twice() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "shop.db", SHOP).await;
    rig.centre.with(|state| state.lose_answers = 3);
    assert_eq!(rig.scan(&url).await.error, None);
    rig.centre.with(|state| {
        assert_eq!(state.results.len(), 4);
        assert_eq!(state.batches.len(), 1);
        assert_eq!(state.lose_answers, 0);
    });
}
