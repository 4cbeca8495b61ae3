//! Which rows of a PostgreSQL table are read, and how many.

use std::collections::BTreeSet;

use datawave_connectors::{Budget, SamplePlan};

use crate::support::server::database;
use crate::support::{numbers, plan, sample};

/// Fifty thousand rows, in the order of their numbers; some 680 blocks.
const BIG: &str = "CREATE TABLE t(n int, s text); INSERT INTO t SELECT i, repeat('x', 80) FROM generate_series(1, 50000) i;";

#[tokio::test]
async fn a_sample_covers_head_middle_and_tail() {
    let Some(database) = database().await else { return };
    for analysed in ["", "ANALYZE t"] {
        database
            .run(&format!("DROP TABLE IF EXISTS t; {BIG} {analysed}"))
            .await;
        let sample = sample(&mut database.open().await, "t", &plan(500)).await;
        assert!(sample.incomplete.is_none(), "{:?}", sample.incomplete);
        let read: BTreeSet<i64> = numbers(&sample.columns[0]).into_iter().collect();
        assert_eq!(read.len() as u64, sample.rows, "each row once");
        assert!((400..=500).contains(&read.len()), "{}", read.len());
        assert!((1..=100).all(|n| read.contains(&n)), "head");
        assert!((49_901..=50_000).all(|n| read.contains(&n)), "tail");
        let parts = (1..9)
            .filter(|i| read.range(i * 5_000..(i + 1) * 5_000).next().is_some())
            .count();
        assert!(parts >= 6, "the middle: {parts} of 8 parts");
    }
}

#[tokio::test]
async fn the_same_seed_reads_the_same_rows_and_another_reads_others() {
    let Some(database) = database().await else { return };
    database.run(BIG).await;
    let mut source = database.open().await;
    let mut read = Vec::new();
    for seed in [1, 1, 2] {
        let plan = SamplePlan { seed, ..plan(200) };
        read.push(numbers(&sample(&mut source, "t", &plan).await.columns[0]));
    }
    assert_eq!(read[0], read[1]);
    assert_ne!(read[0], read[2]);
}

#[tokio::test]
async fn a_small_table_is_read_whole() {
    let Some(database) = database().await else { return };
    for (rows, width) in [(100, 10), (500, 10), (900, 700)] {
        database
            .run(&format!(
                "DROP TABLE IF EXISTS t; CREATE TABLE t(n int, s text); \
                 INSERT INTO t SELECT i, repeat('x', {width}) FROM generate_series(1, {rows}) i"
            ))
            .await;
        let sample = sample(&mut database.open().await, "t", &plan(1_000)).await;
        let read: BTreeSet<i64> = numbers(&sample.columns[0]).into_iter().collect();
        assert_eq!(read, (1..=rows).collect(), "{rows} rows");
        assert_eq!(sample.truncated_by, None);
    }
}

#[tokio::test]
async fn the_budget_of_bytes_ends_the_reading() {
    let Some(database) = database().await else { return };
    database.run(BIG).await;
    let plan = SamplePlan {
        bytes: 10_000,
        ..plan(1_000)
    };
    let sample = sample(&mut database.open().await, "t", &plan).await;
    assert_eq!(sample.truncated_by, Some(Budget::Bytes));
    assert!(
        (10_000..10_100).contains(&sample.cost.bytes),
        "{}",
        sample.cost.bytes
    );
}

#[tokio::test]
async fn no_plan_is_overdrawn() {
    let Some(database) = database().await else { return };
    database.run(BIG).await;
    let mut source = database.open().await;
    for rows in [0, 1, 2, 3, 7, 50, 3_000] {
        let sample = sample(&mut source, "t", &plan(rows)).await;
        assert!(sample.rows <= u64::from(rows), "{rows}: {}", sample.rows);
        assert!(rows == 0 || sample.rows > 0);
    }
}

#[tokio::test]
async fn a_partitioned_table_is_sampled_across_its_parts() {
    let Some(database) = database().await else { return };
    let mut sql = String::from("CREATE TABLE t(n int, s text) PARTITION BY RANGE (n);");
    for i in 0..5 {
        sql.push_str(&format!(
            "CREATE TABLE t{i} PARTITION OF t FOR VALUES FROM ({}) TO ({});",
            i * 10_000,
            (i + 1) * 10_000
        ));
    }
    sql.push_str("INSERT INTO t SELECT i, repeat('x', 80) FROM generate_series(0, 49999) i;");
    database.run(&sql).await;
    let sample = sample(&mut database.open().await, "t", &plan(500)).await;
    let parts: BTreeSet<i64> = numbers(&sample.columns[0]).iter().map(|n| n / 10_000).collect();
    assert_eq!(parts.len(), 5);
    assert!(sample.incomplete.is_none(), "{:?}", sample.incomplete);
}

#[tokio::test]
async fn rows_deleted_at_both_ends_do_not_empty_the_sample() {
    let Some(database) = database().await else { return };
    database
        .run(&format!(
            "{BIG} DELETE FROM t WHERE n < 20000 OR n > 40000; ALTER TABLE t SET (autovacuum_enabled = off)"
        ))
        .await;
    let sample = sample(&mut database.open().await, "t", &plan(500)).await;
    assert!(sample.rows >= 200, "{}", sample.rows);
}
