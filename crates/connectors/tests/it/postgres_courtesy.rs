//! How a scan treats the server: read-only, short, and recognisable.

use std::time::Duration;

use datawave_connectors::{Filter, Limits};
use datawave_core::Reason;
use sqlx::Connection;

use crate::support::server::database;
use crate::support::{assert_failure, discover, numbers, plan, table};

#[tokio::test]
async fn every_statement_is_marked_and_none_counts_or_writes() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(n int, s text); INSERT INTO t SELECT i, repeat('x', 80) FROM generate_series(1, 20000) i")
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    source.sample(table(&discovery, "t"), &plan(100)).await.unwrap();
    let ours: Vec<String> = database
        .log()
        .into_iter()
        .filter(|line| line.contains("|datawave>"))
        .collect();
    let statements: Vec<&String> = ours.iter().filter(|line| line.contains("LOG:  ")).collect();
    assert!(statements.len() > 10, "{ours:#?}");
    for line in statements {
        assert!(line.contains("/* datawave */"), "{line}");
        let lower = line.to_lowercase();
        assert!(!lower.contains("count("), "{line}");
        for word in [
            "insert ", "update ", "delete ", "create ", "alter ", "drop ", "vacuum", "analyze",
        ] {
            assert!(!lower.contains(word), "{line}");
        }
    }
}

#[tokio::test]
async fn no_write_is_possible_even_from_inside_a_view() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE t(a int); \
             CREATE FUNCTION sneak() RETURNS int LANGUAGE plpgsql AS \
               $$ BEGIN INSERT INTO public.t VALUES (1); RETURN 1; END $$; \
             CREATE FUNCTION unlock() RETURNS int LANGUAGE plpgsql AS $$ BEGIN \
               SET TRANSACTION READ WRITE; INSERT INTO public.t VALUES (1); RETURN 1; END $$; \
             CREATE VIEW v AS SELECT sneak() AS a; CREATE VIEW w AS SELECT unlock() AS a",
        )
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    for name in ["v", "w"] {
        let sample = source.sample(table(&discovery, name), &plan(5)).await;
        let read = sample.map(|s| s.rows).unwrap_or(0);
        assert_eq!(read, 0, "{name}");
    }
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    assert_eq!(sample.rows, 0, "nothing was written");
}

#[tokio::test]
async fn a_function_that_poses_as_one_of_the_systems_is_not_called() {
    let Some(database) = database().await else { return };
    database
        .run(
            "CREATE TABLE t(a text); INSERT INTO t VALUES ('x'); \
             CREATE FUNCTION public.\"left\"(text, int) RETURNS text LANGUAGE sql AS $$ SELECT 'stolen' $$; \
             CREATE FUNCTION public.octet_length(text) RETURNS int LANGUAGE sql AS $$ SELECT 999999 $$; \
             CREATE TABLE public.pg_class(a int)",
        )
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    let cell = sample.columns[0].values()[0].as_ref().unwrap();
    assert_eq!((cell.expose(), cell.full_length()), (&b"x"[..], 1));
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped_and_the_next_table_is_read() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); INSERT INTO t VALUES (1); CREATE VIEW slow AS SELECT a, pg_sleep(60)::text AS b FROM t")
        .await;
    let limits = Limits {
        statement: Duration::from_millis(300),
        ..Limits::default()
    };
    let mut source = database.open_with("postgres", &limits).await;
    let discovery = discover(&mut source).await;
    let failure = source
        .sample(table(&discovery, "slow"), &plan(5))
        .await
        .err()
        .unwrap();
    assert_failure(&failure, Reason::SourceTimeout, &[]);
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [1]);
}

#[tokio::test]
async fn a_locked_table_is_given_up_soon() {
    let Some(database) = database().await else { return };
    database.run("CREATE TABLE t(a int)").await;
    let limits = Limits {
        lock: Duration::from_millis(200),
        ..Limits::default()
    };
    let mut source = database.open_with("postgres", &limits).await;
    let discovery = discover(&mut source).await;
    let mut holder = database.server.connect(&database.name).await;
    let mut transaction = holder.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let failure = source
        .sample(table(&discovery, "t"), &plan(5))
        .await
        .err()
        .unwrap();
    assert_failure(&failure, Reason::SourceTimeout, &[]);
    assert!(failure.message().contains("lock"));
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_replaced_for_the_next_table() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); INSERT INTO t VALUES (1)")
        .await;
    let mut source = database.open().await;
    let discovery = discover(&mut source).await;
    database
        .run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'datawave' \
              AND datname = current_database()",
        )
        .await;
    let failure = source
        .sample(table(&discovery, "t"), &plan(5))
        .await
        .err()
        .unwrap();
    assert_failure(&failure, Reason::SourceUnreachable, &[]);
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [1]);
}

#[tokio::test]
async fn a_scan_that_was_dropped_half_way_does_not_spoil_the_source() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); INSERT INTO t VALUES (1); CREATE VIEW slow AS SELECT a, pg_sleep(60)::text AS b FROM t")
        .await;
    let mut source = database.open().await;
    let discovery = source.discover(&Filter::default()).await.unwrap();
    let dropped = tokio::time::timeout(
        Duration::from_millis(200),
        source.sample(table(&discovery, "slow"), &plan(5)),
    )
    .await;
    assert!(dropped.is_err());
    let sample = source.sample(table(&discovery, "t"), &plan(5)).await.unwrap();
    assert_eq!(numbers(&sample.columns[0]), [1]);
}
