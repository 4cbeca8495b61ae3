//! Which rows of a SQLite table are read, and how many.

use std::collections::BTreeSet;

use datawave_connectors::{Budget, SamplePlan};
use proptest::prelude::*;

use crate::support::{SqliteFile, discover, numbers, plan, sample, table};

async fn counted(rows: u32, options: &str) -> SqliteFile {
    SqliteFile::new(&format!(
        "CREATE TABLE t(n INTEGER PRIMARY KEY, s TEXT) {options}; \
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {rows}) \
         INSERT INTO t SELECT i, printf('%0100d', i) FROM c"
    ))
    .await
}

#[tokio::test]
async fn a_sample_covers_head_middle_and_tail() {
    let file = counted(50_000, "").await;
    let sample = sample(&mut file.open().await, "t", &plan(500)).await;
    let read: BTreeSet<i64> = numbers(&sample.columns[0]).into_iter().collect();
    assert_eq!(read.len(), 500, "each row once");
    assert!((1..=100).all(|n| read.contains(&n)), "head");
    assert!((49_901..=50_000).all(|n| read.contains(&n)), "tail");
    for tenth in 1..9 {
        let (low, high) = (tenth * 5_000, (tenth + 1) * 5_000);
        assert!(
            read.range(low..high).next().is_some(),
            "nothing from {low} to {high}"
        );
    }
    assert_eq!(sample.truncated_by, Some(Budget::Rows));
    assert!(sample.incomplete.is_none());
}

#[tokio::test]
async fn the_same_seed_reads_the_same_rows_and_another_reads_others() {
    let file = counted(50_000, "").await;
    let mut source = file.open().await;
    let mut read = Vec::new();
    for seed in [1, 1, 2] {
        let plan = SamplePlan { seed, ..plan(200) };
        read.push(numbers(&sample(&mut source, "t", &plan).await.columns[0]));
    }
    assert_eq!(read[0], read[1]);
    assert_ne!(read[0], read[2]);
}

#[tokio::test]
async fn a_small_table_is_read_whole_in_one_statement() {
    let file = counted(100, "").await;
    let sample = sample(&mut file.open().await, "t", &plan(1_000)).await;
    assert_eq!(numbers(&sample.columns[0]), (1..=100).collect::<Vec<i64>>());
    assert_eq!(sample.truncated_by, None);
    assert_eq!(sample.cost.rows, 101, "the rows and the ends");
    assert_eq!(sample.cost.statements, 2);
}

#[tokio::test]
async fn the_budget_of_bytes_ends_the_reading() {
    let file = counted(5_000, "").await;
    let plan = SamplePlan {
        bytes: 10_000,
        ..plan(1_000)
    };
    let sample = sample(&mut file.open().await, "t", &plan).await;
    assert_eq!(sample.truncated_by, Some(Budget::Bytes));
    assert!(
        (10_000..10_200).contains(&sample.cost.bytes),
        "{}",
        sample.cost.bytes
    );
    assert!(sample.rows < 110);
}

#[tokio::test]
async fn tables_without_row_ids_and_views_give_their_head() {
    let file = counted(5_000, "WITHOUT ROWID").await;
    file.run("CREATE VIEW v AS SELECT n FROM t").await;
    let mut source = file.open().await;
    for name in ["t", "v"] {
        let sample = sample(&mut source, name, &plan(50)).await;
        assert_eq!(numbers(&sample.columns[0]), (1..=50).collect::<Vec<i64>>());
    }
}

#[tokio::test]
async fn a_column_that_hides_the_row_id_does_not_confuse_the_sampler() {
    let file = SqliteFile::new(
        "CREATE TABLE one(rowid TEXT, v INT); CREATE TABLE all_three(RowId TEXT, _rowid_ TEXT, oid TEXT, v INT); \
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 900) \
         INSERT INTO one SELECT 'same', i FROM c; INSERT INTO all_three SELECT 'x', 'y', 'z', v FROM one",
    )
    .await;
    let mut source = file.open().await;
    let read = sample(&mut source, "one", &plan(100)).await;
    let values = numbers(&read.columns[1]);
    assert_eq!(values.len(), 100);
    assert!(values.contains(&900));
    let read = sample(&mut source, "all_three", &plan(100)).await;
    assert_eq!(numbers(&read.columns[3]), (1..=100).collect::<Vec<i64>>());
}

#[tokio::test]
async fn row_ids_at_the_ends_of_their_range_are_read() {
    let file = SqliteFile::new(
        "CREATE TABLE t(n INTEGER PRIMARY KEY); \
         INSERT INTO t VALUES (-9223372036854775808), (-5), (0), (5), (9223372036854775807)",
    )
    .await;
    let sample = sample(&mut file.open().await, "t", &plan(4)).await;
    let read = numbers(&sample.columns[0]);
    assert!(read.contains(&i64::MIN) && read.contains(&i64::MAX), "{read:?}");
    assert_eq!(read.len(), 4);
}

#[tokio::test]
async fn an_empty_table_has_columns_without_values() {
    let file = SqliteFile::new("CREATE TABLE t(a, b)").await;
    let sample = sample(&mut file.open().await, "t", &plan(10)).await;
    assert_eq!(
        (sample.rows, sample.columns.len(), sample.truncated_by),
        (0, 2, None)
    );
}

#[tokio::test]
async fn a_plan_of_no_rows_reads_nothing_of_a_column_that_is_wanted() {
    let file = counted(3, "").await;
    let mut source = file.open().await;
    let discovery = discover(&mut source).await;
    let plan = SamplePlan {
        rows: 0,
        bytes: u64::MAX,
        seed: 7,
    };
    let sample = source.sample(table(&discovery, "t"), &plan).await.unwrap();
    assert!(numbers(&sample.columns[0]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_plan_is_overdrawn_and_no_row_is_read_twice(rows in 0u32..700, budget in 0u32..300, seed: u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let file = counted(rows.max(1), "").await;
            let mut source = file.open().await;
            let discovery = discover(&mut source).await;
            let plan = SamplePlan { rows: budget, bytes: u64::MAX, seed };
            let sample = source.sample(table(&discovery, "t"), &plan).await.unwrap();
            let read = numbers(&sample.columns[0]);
            let distinct: BTreeSet<_> = read.iter().collect();
            assert_eq!(read.len(), distinct.len());
            assert_eq!(read.len(), budget.min(rows.max(1)) as usize);
        });
    }
}
