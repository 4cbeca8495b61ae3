//! Any name works, and names what it names and nothing else.

use datawave_connectors::{Filter, quote};
use datawave_core::Reason;
use proptest::prelude::*;

use crate::support::server::database;
use crate::support::{SqliteFile, assert_failure, discover, numbers, plan, table};

/// Names that break who builds SQL by hand.
const HOSTILE: &[&str] = &[
    "a\"b",
    "\"",
    "\"\"",
    "\"; DROP TABLE victim; --",
    "'; DROP TABLE victim; --",
    "a'b",
    "with space",
    " ",
    "tab\there",
    "line\nbreak",
    "semi;colon",
    "back\\slash",
    "dot.ted",
    "per%cent",
    "dollar$1",
    "question?",
    "colon:name",
    "at@sign",
    "`tick`",
    "[bracket]",
    "/* comment */",
    "-- comment",
    "select",
    "SELECT 1",
    "naïve",
    "表",
    "🦀🦀",
    "e\u{301}",
    "\u{202e}rtl",
    "\u{feff}bom",
    "null",
    "*",
    "U&\"\\0061\"",
];

/// A table and a column of this name, a row in it, read back; the bystander stays.
async fn read_back_sqlite(name: &str) {
    let quoted = quote::sqlite(name).unwrap();
    let file = SqliteFile::new(&format!(
        "CREATE TABLE victim(v); CREATE TABLE {quoted}({quoted} INT, other INT); INSERT INTO {quoted} VALUES (41, 1)"
    ))
    .await;
    let mut source = file.open().await;
    let discovery = discover(&mut source).await;
    assert_eq!(discovery.tables.len(), 2, "{name:?}");
    let found = table(&discovery, name);
    assert_eq!(found.columns[0].name, name);
    let sample = source.sample(found, &plan(5)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [41], "{name:?}");
}

#[tokio::test]
async fn hostile_names_are_read_on_sqlite() {
    for name in HOSTILE {
        read_back_sqlite(name).await;
    }
    read_back_sqlite(&"long ".repeat(2_000)).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_name_can_be_read_on_sqlite(name in "[^\0]{1,40}") {
        // The engine keeps these for itself, and compares names without case.
        prop_assume!(!name.to_ascii_lowercase().starts_with("sqlite_"));
        prop_assume!(!["victim", "other"].contains(&name.to_ascii_lowercase().as_str()));
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
            .block_on(read_back_sqlite(&name));
    }

    #[test]
    fn a_quoted_name_is_one_token_that_says_the_name(name in "[^\0]{0,60}") {
        for quoted in [quote::sqlite(&name).unwrap(), quote::postgres(&name).unwrap()] {
            let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).unwrap();
            // What remains when each doubled quote is one: the name, and no quote stands alone.
            prop_assert_eq!(inner.replace("\"\"", "\u{1}").contains('"'), false);
            prop_assert_eq!(inner.replace("\"\"", "\""), name.clone());
        }
    }
}

#[test]
fn a_name_with_nul_is_refused() {
    for quoted in [quote::sqlite("a\0b"), quote::postgres("a\0b")] {
        assert_failure(&quoted.unwrap_err(), Reason::SourceBroken, &[]);
    }
}

#[tokio::test]
async fn hostile_names_and_those_at_the_limit_are_read_on_postgresql() {
    let Some(database) = database().await else { return };
    // 63 octets are the engine's limit, also where they end inside a row of wide characters.
    let at_limit = [
        "n".repeat(63),
        "é".repeat(31) + "x",
        "🦀".repeat(15) + "abc",
        "\"".repeat(63),
    ];
    let names: Vec<&str> = HOSTILE
        .iter()
        .copied()
        .chain(at_limit.iter().map(String::as_str))
        .collect();
    let mut sql = String::from("CREATE TABLE victim(v int);");
    for (number, name) in names.iter().enumerate() {
        let quoted = quote::postgres(name).unwrap();
        sql.push_str(&format!(
            "CREATE SCHEMA IF NOT EXISTS {quoted}; CREATE TABLE {quoted}.{quoted}({quoted} int, other int); \
             INSERT INTO {quoted}.{quoted} VALUES ({number}, 0); \
             COMMENT ON COLUMN {quoted}.{quoted}.{quoted} IS 'number {number}';"
        ));
    }
    database.run(&sql).await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    assert_eq!(discovery.tables.len(), names.len() + 1);
    for (number, name) in names.iter().enumerate() {
        let found = table(&discovery, name);
        assert_eq!((&*found.at.schema, &*found.columns[0].name), (*name, *name));
        let comment = found.columns[0].comment.as_ref().unwrap();
        assert_eq!(comment.expose(), format!("number {number}"));
        let sample = source.sample(found, &plan(5)).await.unwrap();
        assert_eq!(numbers(&sample.columns[0]), [number as i64], "{name:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn every_set_of_names_can_be_read_on_postgresql(
        names in prop::collection::btree_set("[^\0]{1,15}", 1..25)
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let Some(database) = database().await else { return };
            let mut sql = String::new();
            for (number, name) in names.iter().enumerate() {
                let quoted = quote::postgres(name).unwrap();
                sql.push_str(&format!(
                    "CREATE TABLE {quoted}({quoted} int); INSERT INTO {quoted} VALUES ({number});"
                ));
            }
            database.run(&sql).await;
            let mut source = database.open().await;
            let discovery = source.discover(&Filter::default()).await.unwrap();
            assert_eq!(discovery.tables.len(), names.len());
            for (number, name) in names.iter().enumerate() {
                let sample = source.sample(table(&discovery, name), &plan(5)).await.unwrap();
                assert_eq!(numbers(&sample.columns[0]), [number as i64], "{name:?}");
            }
        });
    }
}
