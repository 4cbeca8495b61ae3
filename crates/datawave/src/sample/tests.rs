//! The estate is deterministic, whole, and never overwrites anything.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use super::*;

/// Every row of every table and view of a database as text, in order.
async fn content(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .connect()
        .await
        .expect("the file opens");
    let objects = sqlx::query("select name from sqlite_schema where type in ('table', 'view') order by name")
        .fetch_all(&mut connection)
        .await
        .expect("the schema");
    let mut found = BTreeMap::new();
    for object in objects {
        let name: String = object.get(0);
        let columns =
            sqlx::query("select group_concat('quote(\"' || name || '\")', '||') from pragma_table_info(?)")
                .bind(&name)
                .fetch_one(&mut connection)
                .await
                .expect("the columns");
        let columns: String = columns.get(0);
        let rows = sqlx::query(AssertSqlSafe(format!("select {columns} from \"{name}\"")))
            .fetch_all(&mut connection)
            .await
            .expect("every table and view can be read");
        found.insert(name, rows.iter().map(|row| row.get::<String, _>(0)).collect());
    }
    found
}

async fn estate(seed: u64) -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().expect("a folder");
    let paths = write_estate(dir.path(), seed)
        .await
        .expect("the estate is written");
    (dir, paths)
}

#[tokio::test]
async fn equal_seeds_give_equal_rows_and_other_seeds_other_rows() {
    let ((_a, first), (_b, second), (_c, other)) = (estate(7).await, estate(7).await, estate(8).await);
    assert_eq!(first.len(), 5);
    for at in 0..first.len() {
        let rows = content(&first[at]).await;
        assert!(
            rows == content(&second[at]).await,
            "{} differs",
            first[at].display()
        );
        assert!(
            rows != content(&other[at]).await,
            "{} does not depend on the seed",
            first[at].display()
        );
    }
}

#[tokio::test]
async fn the_estate_is_whole_and_small() {
    let (_dir, paths) = estate(DEFAULT_SEED).await;
    let mut bytes = 0;
    for path in &paths {
        bytes += std::fs::metadata(path).expect("the file").len();
        for (name, rows) in content(path).await {
            assert!(!rows.is_empty(), "{name} of {} is empty", path.display());
        }
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .connect()
            .await
            .expect("the file opens");
        let broken = sqlx::query("select * from pragma_foreign_key_check")
            .fetch_all(&mut connection)
            .await
            .expect("the check runs");
        assert!(
            broken.is_empty(),
            "{}: {} rows point nowhere",
            path.display(),
            broken.len()
        );
    }
    assert!(bytes < 8_000_000, "{bytes} bytes");
}

#[tokio::test]
async fn one_note_in_a_thousand_names_somebody() {
    let (_dir, paths) = estate(DEFAULT_SEED).await;
    let notes = &content(&paths[0]).await["note"];
    let with_mail = notes.iter().filter(|note| note.contains('@')).count();
    assert_eq!((with_mail, notes.len()), (4, 4_000));
}

#[tokio::test]
async fn files_that_are_there_are_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("shop.sqlite"), b"mine").expect("a file of the caller's");
    let refused = write_estate(dir.path(), 1)
        .await
        .expect_err("nothing is overwritten");
    assert_eq!(refused.reason(), Reason::ResourceExists);
    assert_eq!(
        std::fs::read(dir.path().join("shop.sqlite")).expect("still there"),
        b"mine"
    );
    assert!(!dir.path().join("crm.sqlite").exists());
}
