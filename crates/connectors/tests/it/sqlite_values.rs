//! Values of a SQLite file: every type, any octets, any size, and no change to the file.

use datawave_connectors::{Limits, connect};
use datawave_raw::{RawCell, RawKind};

use crate::support::{SqliteFile, discover, failure_of, numbers, plan, sample, table, texts};

fn only(outcome: &datawave_connectors::Outcome) -> &RawCell {
    let [Some(cell)] = outcome.values() else {
        panic!("one value: {:?}", failure_of(outcome))
    };
    cell
}

#[tokio::test]
async fn every_storage_class_is_read_as_what_it_is() {
    let file = SqliteFile::new(
        "CREATE TABLE t(i, r, s, b, n, big, neg, e); \
         INSERT INTO t VALUES (42, 1.5, 'text', x'00ff', NULL, 9223372036854775807, -9223372036854775808, '')",
    )
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let kinds: Vec<_> = sample
        .columns
        .iter()
        .map(|c| {
            c.values()[0]
                .as_ref()
                .map(|cell| (cell.kind(), cell.expose().to_vec()))
        })
        .collect();
    let some = |kind, bytes: &[u8]| Some((kind, bytes.to_vec()));
    assert_eq!(kinds[0], some(RawKind::Integer, b"42"));
    assert_eq!(kinds[1], some(RawKind::Float, b"1.5"));
    assert_eq!(kinds[2], some(RawKind::Text, b"text"));
    assert_eq!(kinds[3], some(RawKind::Binary, b"\x00\xff"));
    assert_eq!(kinds[4], None);
    assert_eq!(kinds[5], some(RawKind::Integer, b"9223372036854775807"));
    assert_eq!(kinds[6], some(RawKind::Integer, b"-9223372036854775808"));
    assert_eq!(kinds[7], some(RawKind::Text, b""));
}

#[tokio::test]
async fn declared_types_promise_nothing_about_values() {
    let file = SqliteFile::new(
        "CREATE TABLE t(d DATETIME, j JSON, b BOOLEAN, c CHARACTER(3), n NUMERIC(8, 2), f FLOAT, bl BLOB); \
         INSERT INTO t VALUES ('2024-02-30', '{\"a\":1}', 1, 'much longer', 'not a number', 'x', 'text in a blob')",
    )
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let values: Vec<_> = sample
        .columns
        .iter()
        .map(|c| texts(c).remove(0).unwrap())
        .collect();
    assert_eq!(
        values,
        [
            "2024-02-30",
            "{\"a\":1}",
            "1",
            "much longer",
            "not a number",
            "x",
            "text in a blob"
        ]
    );
}

#[tokio::test]
async fn values_with_invalid_utf8_arrive_as_their_octets() {
    let file =
        SqliteFile::new("CREATE TABLE t(a TEXT); INSERT INTO t VALUES (CAST(x'61fffe62' AS TEXT))").await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let cell = only(&sample.columns[0]);
    assert_eq!(cell.expose(), b"a\xff\xfeb");
    assert_eq!(cell.kind(), RawKind::Text);
    assert!(cell.expose_text().is_none());
}

#[tokio::test]
async fn values_with_nul_are_not_cut_there() {
    let long = "x".repeat(9_000);
    let file = SqliteFile::new(&format!(
        "CREATE TABLE t(a TEXT, b TEXT); INSERT INTO t VALUES (CAST(x'610062' AS TEXT), CAST(x'6100' AS TEXT) || '{long}')"
    ))
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    assert_eq!(only(&sample.columns[0]).expose(), b"a\0b");
    let cut = only(&sample.columns[1]);
    assert_eq!((cut.expose().len(), cut.is_truncated()), (8_192, true));
    assert!(cut.expose().starts_with(b"a\0xxx"));
}

#[tokio::test]
async fn a_value_of_100_mib_is_cut_at_the_source_and_keeps_its_length() {
    let file = SqliteFile::new(
        "CREATE TABLE t(b BLOB, s TEXT); INSERT INTO t VALUES (zeroblob(104857600), NULL); \
         INSERT INTO t SELECT NULL, CAST(b AS TEXT) FROM t",
    )
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let blob = sample.columns[0].values()[0].as_ref().unwrap();
    let text = sample.columns[1].values()[1].as_ref().unwrap();
    for (cell, kind) in [(blob, RawKind::Binary), (text, RawKind::Text)] {
        assert_eq!((cell.kind(), cell.full_length()), (kind, 104_857_600));
        assert_eq!(cell.expose().len(), 8_192);
        assert!(cell.is_truncated());
    }
    assert_eq!(sample.cost.bytes, 2 * 8_192);
}

#[tokio::test]
async fn a_value_that_would_fill_the_memory_is_known_by_its_length_only() {
    let file = SqliteFile::new("CREATE TABLE t(b BLOB); INSERT INTO t VALUES (zeroblob(200000000))").await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let cell = only(&sample.columns[0]);
    assert_eq!((cell.expose().len(), cell.full_length()), (0, 200_000_000));
}

#[tokio::test]
async fn a_cut_does_not_split_a_character() {
    for (encoding, text) in [("UTF-8", "aé🦀"), ("UTF-16le", "aé🦀"), ("UTF-16be", "漢字")] {
        let long = text.repeat(4_000);
        let file = SqliteFile::new(&format!(
            "PRAGMA encoding = '{encoding}'; CREATE TABLE t(a TEXT); INSERT INTO t VALUES ('{long}')"
        ))
        .await;
        let sample = sample(&mut file.open().await, "t", &plan(10)).await;
        let cell = only(&sample.columns[0]);
        assert!(cell.is_truncated(), "{encoding}");
        let read = cell.expose_text().unwrap();
        assert!(read.len() > 4_000, "{encoding}");
        assert!(long.starts_with(read.trim_end_matches('\u{fffd}')), "{encoding}");
    }
}

#[tokio::test]
async fn a_column_that_fails_does_not_fail_the_others() {
    // json_extract of what is not JSON is an error as soon as a row is computed.
    let file = SqliteFile::new(
        "CREATE TABLE t(a, b); INSERT INTO t VALUES ('not json', 'fine'); \
         CREATE VIEW v AS SELECT json_extract(a, '$.x') AS bad, b AS good FROM t",
    )
    .await;
    let sample = sample(&mut file.open().await, "v", &plan(10)).await;
    let failure = failure_of(&sample.columns[0]).unwrap();
    crate::support::assert_failure(failure, datawave_core::Reason::SourceBroken, &["not json"]);
    assert_eq!(texts(&sample.columns[1]), [Some("fine".to_owned())]);
}

#[tokio::test]
async fn a_name_that_is_no_column_is_never_taken_for_a_text() {
    // SQLite reads "name" as the text 'name' where no such column is. The view loses its column after discovery.
    let file = SqliteFile::new("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)").await;
    let mut source = file.open().await;
    let discovery = discover(&mut source).await;
    file.run("ALTER TABLE t DROP COLUMN b").await;
    let sample = source.sample(table(&discovery, "t"), &plan(10)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [1]);
    assert!(failure_of(&sample.columns[1]).is_some());
}

#[tokio::test]
async fn wide_tables_are_read_to_the_last_column() {
    let columns: Vec<String> = (0..1_500).map(|i| format!("c{i}")).collect();
    let values: Vec<String> = (0..1_500).map(|i| i.to_string()).collect();
    let file = SqliteFile::new(&format!(
        "CREATE TABLE t({}); INSERT INTO t VALUES ({})",
        columns.join(","),
        values.join(",")
    ))
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    let read: Vec<i64> = sample.columns.iter().map(|c| numbers(c)[0]).collect();
    assert_eq!(read, (0..1_500).collect::<Vec<i64>>());
}

#[tokio::test]
async fn reading_changes_nothing_in_the_file() {
    for mode in ["DELETE", "WAL"] {
        let file = SqliteFile::new(&format!(
            "PRAGMA journal_mode = {mode}; CREATE TABLE t(a); INSERT INTO t VALUES (1)"
        ))
        .await;
        let before = std::fs::read(&file.path).unwrap();
        let mut source = file.open().await;
        sample(&mut source, "t", &plan(10)).await;
        drop(source);
        assert_eq!(std::fs::read(&file.path).unwrap(), before, "{mode}");
    }
}

#[tokio::test]
async fn a_view_with_a_side_effect_is_refused() {
    // writefile and load_extension are what a hostile schema would call; neither exists in a session of ours.
    let file = SqliteFile::new(
        "CREATE TABLE t(a); INSERT INTO t VALUES (1); \
         CREATE VIEW v AS SELECT load_extension('/tmp/x.so') AS bad, a FROM t",
    )
    .await;
    let mut source = file.open().await;
    let discovery = source.discover(&Default::default()).await.unwrap();
    let described = discovery.problems.is_empty();
    let sample = source.sample(table(&discovery, "v"), &plan(5)).await;
    let read = sample.is_ok_and(|s| {
        s.columns
            .iter()
            .any(|c| !c.values().is_empty() && failure_of(c).is_none())
    });
    assert!(!described || !read);
}

#[tokio::test]
async fn statements_that_run_away_are_stopped() {
    let file = SqliteFile::new(
        "CREATE TABLE t(a); INSERT INTO t VALUES (1); \
         CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
           SELECT max(i) AS a FROM n",
    )
    .await;
    let limits = Limits {
        statement: std::time::Duration::from_millis(200),
        ..Limits::default()
    };
    let mut source = connect(&file.url(), None, &limits).await.unwrap();
    let discovery = discover(&mut source).await;
    let failure = source
        .sample(table(&discovery, "endless"), &plan(5))
        .await
        .err()
        .unwrap();
    crate::support::assert_failure(&failure, datawave_core::Reason::SourceTimeout, &[]);
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [1], "the next table is read");
}
