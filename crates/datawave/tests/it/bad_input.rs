//! Bad input: each kind has its own reason, remedy and exit code, and no secret in the text.

use std::net::TcpListener;

use serde_json::Value;

use crate::rig::{Done, Home, shared};
use crate::server::{PASSWORD, server};

/// The error object of `-o json`, checked for its parts and for the absence of the password.
fn error(done: &Done) -> Value {
    for text in [&done.stdout, &done.stderr] {
        assert!(!text.contains("hunter2"), "the password is shown: {text}");
    }
    let line = done.stderr.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {}", done.stderr));
    assert_eq!(error["code"], done.code);
    assert!(
        error["message"].as_str().is_some_and(|m| !m.is_empty()),
        "{error}"
    );
    assert!(error["remedy"].as_str().is_some_and(|m| !m.is_empty()), "{error}");
    error
}

fn scan_fails(url: &str, code: i32, reason: &str) {
    let done = shared().run(&["scan", url, "-o", "jsonl"]);
    assert_eq!(done.code, code, "{}", done.stderr);
    assert_eq!(error(&done)["reason"], reason);
    // What scripts read is whole all the same: no columns, and the summary.
    if !done.stdout.is_empty() {
        let summary: Value = serde_json::from_str(done.stdout.lines().last().expect("a line")).expect("JSON");
        assert_eq!(summary["event"], "summary");
        assert_eq!(summary["state"], "failed");
    }
}

#[test]
fn an_unknown_scheme_is_a_usage_error_and_lists_the_known_ones() {
    let done = shared().run(&["scan", "oracle://ann:hunter2@db/shop", "-o", "json"]);
    assert_eq!(done.code, 2);
    let error = error(&done);
    assert_eq!(error["reason"], "SOURCE_SCHEME_UNKNOWN");
    assert!(
        error["remedy"]
            .as_str()
            .is_some_and(|r| r.contains("sqlite:") && r.contains("postgres:"))
    );
}

#[test]
fn a_malformed_address_is_a_usage_error() {
    let done = shared().run(&["source", "add", "postgres:ann:hunter2@db", "-o", "json"]);
    assert_eq!(done.code, 2);
    assert_eq!(error(&done)["reason"], "SOURCE_URL_INVALID");
}

#[test]
fn a_missing_file_is_not_found_and_not_made() {
    let path = shared().path().join("missing.db");
    scan_fails(&format!("sqlite:{}", path.display()), 3, "SOURCE_OBJECT_MISSING");
    assert!(!path.exists());
}

#[test]
fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    scan_fails(
        &format!("postgres://ann:hunter2@127.0.0.1:{port}/closed"),
        7,
        "SOURCE_UNREACHABLE",
    );
}

#[test]
fn an_unknown_host_is_unreachable() {
    scan_fails(
        "postgres://ann:hunter2@no-such-host.invalid/unknown",
        7,
        "SOURCE_UNREACHABLE",
    );
}

#[test]
fn a_wrong_password_is_a_refused_login() {
    let Some(server) = server() else { return };
    server.run(
        "postgres",
        &[
            &format!("create role wrong_password login password '{PASSWORD}'"),
            "create database wrong_password",
        ],
    );
    scan_fails(
        &server.url("wrong_password", "hunter2wrong", "wrong_password"),
        4,
        "SOURCE_LOGIN_REFUSED",
    );
}

#[test]
fn a_server_without_tls_fails_where_tls_is_demanded() {
    let Some(server) = server() else { return };
    server.run("postgres", &["create database without_tls"]);
    let url = format!(
        "{}?sslmode=verify-full",
        server.url("ann", "hunter2", "without_tls")
    );
    scan_fails(&url, 7, "SOURCE_TLS_FAILED");
}

#[test]
fn a_missing_grant_ends_the_test_with_the_statement_that_gives_it() {
    let Some(server) = server() else { return };
    server.run(
        "postgres",
        &[
            &format!("create role missing_grant login password '{PASSWORD}'"),
            "create database missing_grant",
        ],
    );
    server.run("missing_grant", &["create table secrets (email text)"]);
    let url = server.url("missing_grant", PASSWORD, "missing_grant");
    let done = shared().run(&["source", "test", &url, "-o", "jsonl"]);
    assert_eq!(done.code, 5, "{}", done.stderr);
    assert!(!done.stdout.contains("hunter2") && !done.stderr.contains("hunter2"));
    let grants = crate::rig::lines(&done.stdout)
        .into_iter()
        .find(|step| step["step"] == "grants")
        .expect("the step of the grants");
    assert_eq!(grants["reason"], "SOURCE_GRANT_MISSING");
    let remedy = grants["remedy"].as_str().expect("a remedy");
    assert!(
        remedy.to_uppercase().contains("GRANT SELECT") && remedy.contains("secrets"),
        "{remedy}"
    );
}

#[test]
fn a_table_without_a_grant_fails_alone_and_the_scan_says_so() {
    let Some(server) = server() else { return };
    server.run(
        "postgres",
        &[
            &format!("create role some_grants login password '{PASSWORD}'"),
            "create database some_grants",
        ],
    );
    server.run(
        "some_grants",
        &[
            "create table open_table (email text)",
            "insert into open_table select 'a' || n || '@example.org' from generate_series(1, 20) n",
            "create table closed_table (email text)",
            "grant select on open_table to some_grants",
        ],
    );
    let url = server.url("some_grants", PASSWORD, "some_grants");
    let done = shared().run(&["scan", &url, "-o", "jsonl"]);
    assert_eq!(done.code, 9, "{}", done.stderr);
    assert!(!done.stdout.contains("hunter2") && !done.stderr.contains("hunter2"));
    let all = crate::rig::lines(&done.stdout);
    let status = |table: &str| {
        let line = all
            .iter()
            .find(|line| line["table"] == table)
            .expect("a line for every column");
        (line["status"].clone(), line["status_reason"].clone())
    };
    assert_eq!(status("open_table"), ("ok".into(), Value::Null));
    assert_eq!(
        status("closed_table"),
        ("failed".into(), "SOURCE_GRANT_MISSING".into())
    );
    let summary = all.last().expect("a summary");
    assert_eq!(summary["state"], "partial");
    assert_eq!(summary["columns"]["failed"], 1);
}

#[test]
fn the_password_of_an_address_stays_at_the_site() {
    let Some(server) = server() else { return };
    let home = shared();
    // Nobody else has this one.
    let password = "hunter2-at-the-site";
    server.run(
        "postgres",
        &[
            &format!("create role at_the_site login password '{password}'"),
            "create database at_the_site",
        ],
    );
    server.run(
        "at_the_site",
        &["create table t (email text)", "grant select on t to at_the_site"],
    );
    let done = home.run(&["scan", &server.url("at_the_site", password, "at_the_site")]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    // By name: the password is found where the site keeps it.
    assert_eq!(home.run(&["scan", "at_the_site"]).code, 0);
    let source = home.json(&["source", "show", "at_the_site"]);
    assert_eq!(source["login"], "at_the_site");
    assert!(
        source["credential_ref"]
            .as_str()
            .is_some_and(|r| r.starts_with("site:src_")),
        "{source}"
    );
    let holders = files_with(&home.data(), password.as_bytes());
    assert_eq!(holders.len(), 1, "{holders:?}");
    assert!(
        holders[0].starts_with(home.data().join("edge/credentials")),
        "{holders:?}"
    );
    assert!(
        files_with(home.path(), password.as_bytes()).len() == 1,
        "the log holds the password"
    );
    // Removing the source removes it.
    assert_eq!(home.run(&["source", "remove", "at_the_site"]).code, 0);
    assert!(files_with(&home.data(), password.as_bytes()).is_empty());
}

/// Files below `dir` that hold `needle`.
fn files_with(dir: &std::path::Path, needle: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|w| w == needle)) {
            found.push(path);
        }
    }
    found
}

#[test]
fn an_unknown_key_of_the_configuration_is_named_and_nothing_starts() {
    let home = Home::new();
    std::fs::write(
        home.path().join("datawave.toml"),
        "[listen]\ngrcp = \"127.0.0.1:1\"\n",
    )
    .expect("a file");
    let done = home.run(&["up", "--config", "datawave.toml", "-o", "json"]);
    assert_eq!(done.code, 2);
    let error = error(&done);
    assert_eq!(error["reason"], "CONFIG_INVALID");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|m| m.contains("listen.grcp") && m.contains("datawave.toml"))
    );
    assert!(
        error["remedy"]
            .as_str()
            .is_some_and(|r| r.contains("listen.grpc"))
    );
    assert!(!home.data().exists());
}

#[test]
fn a_data_directory_of_a_newer_version_is_refused_with_the_version_it_needs() {
    let home = Home::new();
    assert_eq!(home.run(&["source", "list"]).code, 0);
    std::fs::write(home.data().join("VERSION"), "99.1.0\n").expect("a newer version");
    let done = home.run(&["source", "list", "-o", "json"]);
    assert_eq!(done.code, 1);
    let error = error(&done);
    assert_eq!(error["reason"], "DATA_DIRECTORY_TOO_NEW");
    assert!(error["remedy"].as_str().is_some_and(|r| r.contains("99.1.0")));
}

#[test]
fn a_token_that_is_not_known_is_a_refused_login() {
    let home = Home::new();
    std::fs::write(home.path().join("token"), "dwt_nonsense\n").expect("a file");
    let endpoint = std::fs::read(shared().data().join("endpoint.json")).expect("an endpoint");
    let endpoint: Value = serde_json::from_slice(&endpoint).expect("JSON");
    let text = |name: &str| endpoint[name].as_str().expect("a text").to_owned();
    let (grpc, ca) = (text("grpc"), text("ca_file"));
    let arguments = [
        "source",
        "list",
        "-o",
        "json",
        "--endpoint",
        &grpc,
        "--ca-file",
        &ca,
        "--token-file",
        "token",
    ];
    let done = home.run(&arguments);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert_eq!(error(&done)["reason"], "CREDENTIALS_INVALID");
}

#[test]
fn wrong_ids_and_unknown_ones_are_told_apart() {
    let done = shared().run(&["scan", "show", "scn_1", "-o", "json"]);
    assert_eq!(
        (done.code, error(&done)["reason"].as_str()),
        (2, Some("INVALID_REQUEST"))
    );
    let done = shared().run(&["scan", "show", "scn_00000000000000000000000000", "-o", "json"]);
    assert_eq!(
        (done.code, error(&done)["reason"].as_str()),
        (3, Some("RESOURCE_NOT_FOUND"))
    );
    assert!(
        error(&done)["request_id"]
            .as_str()
            .is_some_and(|id| id.starts_with("req_"))
    );
}
