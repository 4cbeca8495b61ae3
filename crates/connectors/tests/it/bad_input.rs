//! Sources that cannot be opened: a reason each, a remedy each, and no secret in the text.

use std::os::unix::fs::PermissionsExt;

use datawave_connectors::{Limits, SourceUrl, connect};
use datawave_core::Reason;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::server::database;
use crate::support::{SqliteFile, assert_failure, discover, plan, refused};

/// Parts of addresses below that no failure may repeat.
const SECRETS: &[&str] = &["hunter2", "s3cr3t"];

#[tokio::test]
async fn a_wrong_password_is_a_refused_login() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    let url = database.url(&role).replace("hunter2hunter2", "s3cr3t-and-wrong");
    let failure = refused(&url).await;
    assert_failure(&failure, Reason::SourceLoginRefused, SECRETS);
    assert!(failure.message().contains(&role));
}

#[tokio::test]
async fn no_password_where_one_is_asked_for_is_a_refused_login() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    let url = database.url(&role).replace(":hunter2hunter2", "");
    assert_failure(&refused(&url).await, Reason::SourceLoginRefused, SECRETS);
}

#[tokio::test]
async fn an_unknown_user_is_a_refused_login() {
    let Some(database) = database().await else { return };
    let failure = refused(&database.url("nobody_knows_me")).await;
    assert_failure(&failure, Reason::SourceLoginRefused, SECRETS);
}

#[tokio::test]
async fn a_credential_wins_over_the_password_of_the_address() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    let url = SourceUrl::parse(&database.url(&role).replace("hunter2hunter2", "s3cr3t")).unwrap();
    let credential = datawave_connectors::Credential::new("hunter2hunter2");
    connect(&url, Some(&credential), &Limits::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    // Bound and given back: nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let failure = refused(&format!("postgres://ann:s3cr3t@127.0.0.1:{port}/shop")).await;
    assert_failure(&failure, Reason::SourceUnreachable, SECRETS);
    assert!(failure.message().contains(&format!("127.0.0.1:{port}")));
    assert!(failure.message().contains("nothing listens"));
}

#[tokio::test]
async fn an_unknown_host_is_unreachable() {
    let failure = refused("postgres://ann:s3cr3t@no-such-host.invalid/shop").await;
    assert_failure(&failure, Reason::SourceUnreachable, SECRETS);
    assert!(failure.message().contains("no-such-host.invalid:5432"));
}

#[tokio::test]
async fn a_host_without_a_route_is_unreachable() {
    // Reserved for documentation: no route, or packets that nobody answers.
    let failure = refused("postgres://ann:s3cr3t@192.0.2.1/shop").await;
    assert_failure(&failure, Reason::SourceUnreachable, SECRETS);
    assert!(failure.message().contains("192.0.2.1:5432"));
}

#[tokio::test]
async fn a_missing_socket_is_unreachable() {
    let failure = refused("postgres://ann@/shop?host=/nowhere").await;
    assert_failure(&failure, Reason::SourceUnreachable, SECRETS);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_fails_tls() {
    let Some(database) = database().await else { return };
    for root in ["", "&sslrootcert=STRANGER"] {
        let url = format!(
            "postgres://postgres:s3cr3t@localhost:{}/{}?sslmode=verify-full{}",
            database.server.port,
            database.name,
            root.replace("STRANGER", &database.server.stranger.display().to_string())
        );
        let failure = refused(&url).await;
        assert_failure(&failure, Reason::SourceTlsFailed, SECRETS);
        assert!(failure.message().contains("not trusted"), "{failure}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_fails_tls_unless_the_name_is_not_checked() {
    let Some(database) = database().await else { return };
    let url = |mode: &str| {
        format!(
            "postgres://postgres:s3cr3t@127.0.0.1:{}/{}?sslmode={mode}&sslrootcert={}",
            database.server.port,
            database.name,
            database.server.authority.display()
        )
    };
    let failure = refused(&url("verify-full")).await;
    assert_failure(&failure, Reason::SourceTlsFailed, SECRETS);
    assert!(
        failure.message().contains("not made out to 127.0.0.1"),
        "{failure}"
    );
    let url = SourceUrl::parse(&url("verify-ca")).unwrap();
    connect(&url, None, &Limits::default()).await.unwrap();
}

#[tokio::test]
async fn a_verified_connection_reads_like_any_other() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); INSERT INTO t VALUES (1)")
        .await;
    let url = format!(
        "postgres://postgres@localhost:{}/{}?sslmode=verify-full&sslrootcert={}",
        database.server.port,
        database.name,
        database.server.authority.display()
    );
    let mut source = connect(&SourceUrl::parse(&url).unwrap(), None, &Limits::default())
        .await
        .unwrap();
    let discovery = discover(&mut source).await;
    let sample = source.sample(&discovery.tables[0], &plan(5)).await.unwrap();
    assert_eq!(sample.rows, 1);
}

#[tokio::test]
async fn a_certificate_file_that_is_not_there_fails_tls() {
    let Some(database) = database().await else { return };
    let url = format!(
        "postgres://postgres:s3cr3t@localhost:{}/x?sslmode=verify-full&sslrootcert=/nowhere.pem",
        database.server.port
    );
    assert_failure(&refused(&url).await, Reason::SourceTlsFailed, SECRETS);
}

#[tokio::test]
async fn a_server_without_tls_fails_where_tls_is_demanded() {
    let port = answering(b"N").await;
    for mode in ["require", "verify-ca", "verify-full"] {
        let failure = refused(&format!(
            "postgres://ann:s3cr3t@127.0.0.1:{port}/shop?sslmode={mode}"
        ))
        .await;
        assert_failure(&failure, Reason::SourceTlsFailed, SECRETS);
        assert!(failure.message().contains("does not offer TLS"), "{failure}");
    }
}

#[tokio::test]
async fn what_does_not_speak_the_protocol_is_broken_or_fails_tls() {
    let port = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let failure = refused(&format!(
        "postgres://ann:s3cr3t@127.0.0.1:{port}/shop?sslmode=prefer"
    ))
    .await;
    assert_failure(&failure, Reason::SourceBroken, SECRETS);
    let port = answering(b"SSH-2.0-OpenSSH\r\n").await;
    let failure = refused(&format!(
        "postgres://ann:s3cr3t@127.0.0.1:{port}/shop?sslmode=require"
    ))
    .await;
    assert_failure(&failure, Reason::SourceTlsFailed, SECRETS);
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let port = answering(b"").await;
    let failure = refused(&format!(
        "postgres://ann:s3cr3t@127.0.0.1:{port}/shop?sslmode=disable"
    ))
    .await;
    assert_failure(&failure, Reason::SourceTimeout, SECRETS);
}

/// A server that answers the first packet of each connection with these octets and then waits.
async fn answering(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut first = [0; 512];
                if socket.read(&mut first).await.unwrap_or(0) > 0 {
                    let _ = socket.write_all(answer).await;
                    while socket.read(&mut first).await.unwrap_or(0) > 0 {}
                }
            });
        }
    });
    port
}

#[tokio::test]
async fn a_missing_database_is_a_missing_object() {
    let Some(database) = database().await else { return };
    let url = database
        .url("postgres")
        .replace(&database.name, "no_such_database");
    let failure = refused(&url).await;
    assert_failure(&failure, Reason::SourceObjectMissing, SECRETS);
    assert!(failure.message().contains("no_such_database"));
}

#[tokio::test]
async fn a_missing_right_to_connect_names_the_grant() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    let name = &database.name;
    database
        .run(&format!("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC"))
        .await;
    let failure = refused(&database.url(&role)).await;
    assert_failure(&failure, Reason::SourceGrantMissing, SECRETS);
    let grant = format!("GRANT CONNECT ON DATABASE \"{name}\" TO \"{role}\";");
    assert!(failure.remedy().unwrap().contains(&grant), "{failure:?}");
    database.run(&grant).await;
    database.open_as(&role).await;
}

#[tokio::test]
async fn a_missing_file_is_a_missing_object_and_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone.db");
    let failure = refused(&format!("sqlite:{}", path.display())).await;
    assert_failure(&failure, Reason::SourceObjectMissing, &[]);
    assert!(failure.message().contains("gone.db"));
    assert!(!path.exists());
}

#[tokio::test]
async fn a_folder_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let failure = refused(&format!("sqlite:{}", folder.path().display())).await;
    assert_failure(&failure, Reason::SourceObjectMissing, &[]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "ann@example.org, not a database at all. ".repeat(100)).unwrap();
    let failure = refused(&format!("sqlite:{}", path.display())).await;
    assert_failure(&failure, Reason::SourceBroken, &["ann@"]);
    assert!(failure.message().contains("not a SQLite database"), "{failure}");
}

#[tokio::test]
async fn a_file_that_may_not_be_read_names_the_missing_right() {
    let file = SqliteFile::new("CREATE TABLE t(a)").await;
    std::fs::set_permissions(&file.path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&file.path).is_ok() {
        eprintln!("NOT TESTED: this user may read every file");
        return;
    }
    let failure = refused(&format!("sqlite:{}", file.path.display())).await;
    assert_failure(&failure, Reason::SourceGrantMissing, &[]);
}

#[tokio::test]
async fn a_damaged_file_fails_what_is_damaged_without_a_panic() {
    let file = SqliteFile::new(
        "CREATE TABLE t(a TEXT); \
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2000) \
         INSERT INTO t SELECT printf('secret %0200d', i) FROM c",
    )
    .await;
    let mut bytes = std::fs::read(&file.path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[4096..].iter_mut().take(200).for_each(|b| *b = 0xee);
    bytes[middle..middle + 4096].fill(0xff);
    std::fs::write(&file.path, bytes).unwrap();
    let mut source = file.open().await;
    let discovery = source.discover(&Default::default()).await.unwrap();
    for table in &discovery.tables {
        if let Err(failure) = source.sample(table, &plan(1_000)).await {
            assert_failure(&failure, Reason::SourceBroken, &["secret"]);
        }
    }
}
