//! The private server: there while it is needed, gone afterwards.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn the_private_server_ends_with_the_one_who_holds_it() {
    if std::env::var("DATAWAVE_TEST_SKIP_POSTGRES").is_ok_and(|v| v == "1") {
        eprintln!("NOT TESTED: DATAWAVE_TEST_SKIP_POSTGRES=1");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(script)
        .arg("run")
        .arg(dir.path().join("server"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let url = url.trim();
    PgConnection::connect(url).await.unwrap().close().await.unwrap();
    let home = std::fs::read_to_string(dir.path().join("server/home")).unwrap();
    assert!(Path::new(home.trim()).exists());
    // What the end of a process does to its pipes, however it ends.
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(
        PgConnection::connect(url).await.is_err(),
        "nobody answers any more"
    );
    assert!(!Path::new(home.trim()).exists(), "its data is gone");
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (Some(one), Some(other)) = (
        datawave_testkit::postgres().await,
        datawave_testkit::postgres().await,
    ) else {
        return;
    };
    assert_ne!(one, other);
    let mut first = PgConnection::connect(&one).await.unwrap();
    sqlx::raw_sql("CREATE TABLE mine (a TEXT)")
        .execute(&mut first)
        .await
        .unwrap();
    let mut second = PgConnection::connect(&other).await.unwrap();
    assert!(
        sqlx::raw_sql("SELECT a FROM mine")
            .execute(&mut second)
            .await
            .is_err()
    );
}
