//! Scans that fail: each with its own reason, a remedy, and without the secret.

use std::time::Duration;

use datawave_proto::datawave::edge::v1::ScanAssignment;
use datawave_proto::datawave::scans::v1::ScanError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::rig::{Rig, seconds, until};
use crate::sources;

/// Scans and returns why that failed; nothing that was sent holds the secret.
async fn failure(rig: &Rig, url: &str, secret: &str, change: impl FnOnce(&mut ScanAssignment)) -> ScanError {
    let reference = rig.put_credential("src_1", secret).await;
    rig.begin(url, |assignment| {
        assignment.credential_ref = reference.clone();
        change(assignment);
    });
    let error = rig.finished().await.error.expect("it fails");
    assert!(!error.remedy.is_empty(), "{error:?}");
    rig.centre.with(|state| {
        let sent = String::from_utf8_lossy(&state.wire).into_owned();
        assert!(secret.is_empty() || !sent.contains(secret), "the secret was sent");
    });
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_cannot_be_opened_have_distinct_reasons() {
    let home = tempfile::tempdir().unwrap();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let no_database = home.path().join("text.db");
    std::fs::write(
        &no_database,
        "this is a text and no database, however it is called; it is long enough to tell",
    )
    .unwrap();
    let cases = [
        (
            format!("sqlite:{}", home.path().join("missing.db").display()),
            "SOURCE_OBJECT_MISSING",
        ),
        (format!("sqlite:{}", no_database.display()), "SOURCE_BROKEN"),
        (
            format!("postgres://ann@127.0.0.1:{closed}/shop"),
            "SOURCE_UNREACHABLE",
        ),
        (
            "postgres://ann@no-such-host.invalid/shop".to_owned(),
            "SOURCE_UNREACHABLE",
        ),
        ("oracle://ann@db.example/shop".to_owned(), "SOURCE_SCHEME_UNKNOWN"),
        (
            "postgres://ann@db.example/shop?sslmod=require".to_owned(),
            "SOURCE_URL_INVALID",
        ),
    ];
    for (url, reason) in cases {
        let rig = Rig::new().await;
        let error = failure(&rig, &url, "hunter2-canary", |_| {}).await;
        assert_eq!(error.reason, reason, "{url}: {}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_told_without_the_password() {
    let Some(source) = sources::postgres("SELECT 1").await else {
        return;
    };
    let rig = Rig::new().await;
    let error = failure(&rig, &source.url, "wrong-hunter2", |assignment| {
        assignment.login = "no_such_role".into();
    })
    .await;
    assert_eq!(error.reason, "SOURCE_LOGIN_REFUSED", "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_grant_fails_alone_and_names_the_grant() {
    let role = format!("edge_partial_{}", std::process::id());
    let Some(source) = sources::postgres(&format!(
        "DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN PASSWORD 'partial';
         CREATE TABLE open (a text); CREATE TABLE closed (a text);
         INSERT INTO open VALUES ('x'); GRANT SELECT ON open TO {role};"
    ))
    .await
    else {
        return;
    };
    let rig = Rig::new().await;
    let reference = rig.put_credential("src_1", "partial").await;
    rig.begin(&source.url, |assignment| {
        assignment.login = role;
        assignment.credential_ref = reference.clone();
    });
    assert_eq!(rig.finished().await.error, None);
    rig.centre.with(|state| {
        assert_eq!(state.column("open", "a").sampled_rows, 1);
        assert_eq!(state.column("closed", "a").status_reason, "SOURCE_GRANT_MISSING");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_is_not_at_this_site_is_told_by_its_reference() {
    let rig = Rig::new().await;
    rig.begin("postgres://ann@127.0.0.1/shop", |assignment| {
        assignment.credential_ref = "site:src_unknown".into();
    });
    let error = rig.finished().await.error.unwrap();
    assert_eq!(error.reason, "SECRET_UNAVAILABLE");
    assert!(error.message.contains("site:src_unknown") && !error.remedy.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_is_none_is_refused() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "a.db", "CREATE TABLE t (a TEXT);").await;
    let error = failure(&rig, &url, "", |assignment| {
        assignment.exclude = vec!["a.b.c.d".into()]
    })
    .await;
    assert_eq!(error.reason, "INVALID_REQUEST");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_takes_too_long_as_a_whole_says_so() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "a.db", sources::ENDLESS).await;
    let error = failure(&rig, &url, "", |assignment| {
        let budget = assignment.budget.get_or_insert_default();
        budget.statement_timeout = Some(seconds(600));
        budget.total_timeout = Some(seconds(3));
    })
    .await;
    assert_eq!(error.reason, "SCAN_BUDGET_EXCEEDED");
    until("no child is left", || rig.children().is_empty().then_some(())).await;
}

/// A PostgreSQL server that says `says` to whoever greets it, and nothing more.
async fn rogue(says: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "postgres://ann@{}/shop?sslmode=disable",
        listener.local_addr().unwrap()
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let says = says.clone();
            tokio::spawn(async move {
                let mut greeting = [0; 1024];
                let _ = stream.read(&mut greeting).await;
                let _ = stream.write_all(&says).await;
                // Held open: whoever waits for the rest has to give up by itself.
                std::future::pending::<()>().await;
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_announces_more_than_memory_holds_takes_down_its_own_child_only() {
    // A message of 1 GiB, of which nothing comes.
    let url = rogue([&b"R"[..], &0x4000_0000_u32.to_be_bytes(), b"abc"].concat()).await;
    let rig = Rig::new().await;
    let error = failure(&rig, &url, "hunter2-canary", |_| {}).await;
    assert_eq!(error.reason, "SCAN_WORKER_LOST", "{}", error.message);
    assert!(error.message.contains("512 MiB"), "{}", error.message);
    // The node is well: the next scan goes through.
    let url = sources::sqlite(rig.home.path(), "a.db", "CREATE TABLE t (a TEXT);").await;
    rig.centre.with(|state| state.finished.clear());
    assert_eq!(rig.scan(&url).await.error, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_or_nonsense_is_left_in_time() {
    let cases = [
        (Vec::new(), "SOURCE_TIMEOUT"),
        (b"E\0\0\0\x05\0".to_vec(), "SOURCE_BROKEN"),
        // Read as a message of PostgreSQL, this announces more than a gigabyte.
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "SCAN_WORKER_LOST"),
    ];
    for (says, reason) in cases {
        let url = rogue(says).await;
        let rig = Rig::with(|config| config.connect_timeout = Duration::from_secs(2)).await;
        let error = failure(&rig, &url, "hunter2-canary", |_| {}).await;
        assert_eq!(error.reason, reason, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_child_of_ours_is_not_believed() {
    let cases: [(&str, &[&str], &str); 4] = [
        // Gives the order back as its answer.
        ("/bin/sh", &["-c", "exec cat"], "sent what no child sends"),
        // Announces four gigabytes.
        (
            "/bin/sh",
            &["-c", "printf '\\377\\377\\377\\377'; exec sleep 600"],
            "sent what no child sends",
        ),
        ("/bin/sh", &["-c", "exit 3"], "died"),
        ("/nowhere/datawave", &[], "could not be started"),
    ];
    for (executable, arguments, what) in cases {
        let rig = Rig::launching(executable, arguments, |_| {}).await;
        let error = failure(&rig, "sqlite:/data/shop.db", "hunter2-canary", |_| {}).await;
        assert_eq!(error.reason, "SCAN_WORKER_LOST", "{executable} {arguments:?}");
        assert!(error.message.contains(what), "{}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_says_nothing_is_left_in_time() {
    let rig = Rig::launching("/bin/sh", &["-c", "exec sleep 600"], |config| {
        config.start_timeout = Duration::from_millis(300);
    })
    .await;
    let error = failure(&rig, "sqlite:/data/shop.db", "", |_| {}).await;
    assert_eq!(error.reason, "SOURCE_TIMEOUT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_100_mib_fits_the_default_memory_and_costs_its_table_alone_where_there_is_less() {
    let statements = "
        CREATE TABLE big (v TEXT); INSERT INTO big VALUES (hex(zeroblob(52428800)));
        CREATE TABLE small (mail TEXT); INSERT INTO small VALUES ('ann@mail.example.com');";
    for (memory, fits) in [(512 << 20, true), (64 << 20, false)] {
        let rig = Rig::with(|config| config.child_memory_bytes = memory).await;
        let url = sources::sqlite(rig.home.path(), "big.db", statements).await;
        assert_eq!(rig.scan(&url).await.error, None);
        rig.centre.with(|state| {
            assert_eq!(state.column("small", "mail").sampled_rows, 1);
            let big = state.column("big", "v");
            if fits {
                assert_eq!((big.sampled_rows, big.status_reason.as_str()), (1, ""));
            } else {
                assert_eq!(big.sampled_rows, 0);
                assert!(
                    ["SCAN_WORKER_LOST", "SOURCE_BROKEN"].contains(&big.status_reason.as_str()),
                    "{}",
                    big.status_reason
                );
            }
        });
    }
}
