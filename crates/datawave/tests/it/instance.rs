//! Starting, attaching, carrying, stopping; tokens and the audit log.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::rig::{Home, Instance, PEOPLE, lines, shared};

#[test]
fn up_prints_one_ready_line_and_writes_the_token_to_a_private_file_only() {
    let home = Home::new();
    let instance = Instance::start(&home);
    let ready = &instance.ready;
    let keys: Vec<&String> = ready.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["event", "grpc", "metrics", "ready_ms"],
        "the order of fields is free, their names are not"
    );
    assert_eq!(ready["event"], "ready");
    assert!(
        ready["grpc"]
            .as_str()
            .is_some_and(|u| u.starts_with("https://127.0.0.1:"))
    );
    assert!(
        ready["metrics"]
            .as_str()
            .is_some_and(|u| u.starts_with("http://127.0.0.1:"))
    );
    assert!(ready["ready_ms"].is_u64());

    let token_file = home.data().join("admin.token");
    let token = std::fs::read_to_string(&token_file).expect("the token");
    let token = token.trim();
    assert!(token.len() > 20);
    assert_eq!(mode(&token_file), 0o600);
    assert_eq!(mode(&home.data()), 0o700);
    let log = std::fs::read_to_string(home.path().join("up.log")).expect("the log");
    assert!(
        !instance.first_line.contains(token) && !log.contains(token),
        "the token is on a stream"
    );
    assert!(
        log.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok()),
        "{log}"
    );
    instance.stop();
    assert!(
        !home.data().join("endpoint.json").exists(),
        "it is gone and says so"
    );
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn commands_attach_to_the_instance_and_carry_one_where_there_is_none() {
    let home = Home::new();
    let url = home.sqlite("shop.db", PEOPLE);
    // Nobody serves: the command does it all by itself.
    let carried = home.run(&["scan", &url, "-o", "jsonl"]);
    assert_eq!(carried.code, 0, "{}", carried.stderr);
    assert!(!home.data().join("endpoint.json").exists());
    // Somebody serves: what the first command did is there.
    let instance = Instance::start(&home);
    let sources = home.json(&["source", "list"]);
    assert_eq!(sources[0]["source"], "shop");
    let second = home.run(&["up", "--listen", "127.0.0.1:0", "-o", "json"]);
    assert_eq!(second.code, 6, "{}", second.stderr);
    assert!(second.stderr.contains("DATA_DIRECTORY_BUSY"), "{}", second.stderr);
    // By endpoint, from another home, with the files of the first.
    let other = Home::new();
    let endpoint = instance.ready["grpc"].as_str().expect("an address").to_owned();
    let mut command = other.command(&["source", "list", "-o", "json"]);
    command
        .env("DATAWAVE_ENDPOINT", endpoint)
        .env("DATAWAVE_TOKEN_FILE", home.data().join("admin.token"))
        .env("DATAWAVE_CA_FILE", home.data().join("tls/roots.pem"));
    let answer = command.output().expect("the binary starts");
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&answer.stdout).expect("JSON"),
        sources
    );
    assert!(!other.data().exists(), "a client makes no data directory");
    instance.stop();
}

#[test]
fn two_commands_at_once_on_a_fresh_directory_share_one_instance() {
    let home = Home::new();
    let url = home.sqlite("a.db", PEOPLE);
    let other = home.sqlite("b.db", PEOPLE);
    let first = home.start(&["scan", &url, "-o", "jsonl"]);
    let second = home.start(&["scan", &other, "-o", "jsonl"]);
    for done in [first.end(), second.end()] {
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert_eq!(
            lines(&done.stdout).len(),
            4,
            "three columns and the summary: {}",
            done.stdout
        );
    }
    assert_eq!(home.json(&["source", "list"]).as_array().map(Vec::len), Some(2));
}

#[test]
fn a_revoked_token_is_refused_and_a_viewer_may_look_but_not_scan() {
    let home = shared();
    let url = home.sqlite("viewed.db", PEOPLE);
    let token = home.json(&[
        "token",
        "create",
        "ann",
        "--role",
        "viewer",
        "--file",
        "ann.token",
    ]);
    assert!(
        token.get("secret").is_none(),
        "the secret went to the file: {token}"
    );
    assert_eq!(mode(&home.path().join("ann.token")), 0o600);
    assert_eq!(home.run(&["source", "list", "--token-file", "ann.token"]).code, 0);
    let refused = home.run(&["scan", &url, "--token-file", "ann.token", "-o", "json"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("PERMISSION_MISSING"),
        "{}",
        refused.stderr
    );
    let denials = home.json(&["audit", "list", "--denied", "--subject", "user:ann"]);
    assert!(
        denials.as_array().is_some_and(|d| !d.is_empty()),
        "the denial is on record"
    );
    let id = token["token"].as_str().expect("an id");
    assert_eq!(home.run(&["token", "revoke", id]).code, 0);
    assert_eq!(home.run(&["source", "list", "--token-file", "ann.token"]).code, 4);
}

#[test]
fn the_audit_log_verifies_against_a_checkpoint_kept_elsewhere() {
    let home = Home::new();
    let url = home.sqlite("shop.db", PEOPLE);
    assert_eq!(home.run(&["scan", &url]).code, 0);
    assert_eq!(home.run(&["audit", "checkpoint", "kept"]).code, 0);
    assert_eq!(
        home.run(&["asset", "update", "shop.main.people", "--owner", "ann"])
            .code,
        0
    );
    let verified = home.json(&["audit", "verify", "--checkpoint", "kept"]);
    assert_eq!(verified["ok"], true);
    assert!(verified["size"].as_u64().is_some_and(|n| n > 3), "{verified}");
    let offline = home.json(&["audit", "verify", "--checkpoint", "kept", "--offline"]);
    assert_eq!(offline["ok"], true);
    // One byte of one entry.
    let entries = home.data().join("audit/log/tile/entries");
    let bundle = bundles(&entries).pop().expect("a bundle of entries");
    let mut bytes = std::fs::read(&bundle).expect("the bundle");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&bundle, bytes).expect("the edit");
    let done = home.run(&[
        "audit",
        "verify",
        "--checkpoint",
        "kept",
        "--offline",
        "-o",
        "json",
    ]);
    assert_eq!(done.code, 1, "{}", done.stdout);
    let report: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(report["ok"], false);
    assert!(report["first_bad_index"].is_u64(), "{report}");
}

/// Files of entries, the largest last.
fn bundles(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)
        .expect("the folder")
        .map(|e| e.expect("an entry"))
    {
        if entry.path().is_dir() {
            found.extend(bundles(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort_by_key(|path| std::fs::metadata(path).expect("it is there").len());
    found
}

#[test]
fn doctor_finds_a_directory_that_others_can_read() {
    let home = Home::new();
    assert_eq!(home.run(&["source", "list"]).code, 0);
    let checks = home.json(&["doctor"]);
    let status = |checks: &Value, name: &str| {
        let all = checks.as_array().expect("a list").clone();
        all.into_iter().find(|c| c["check"] == name).expect("the check")["status"].clone()
    };
    for check in [
        "data directory",
        "permissions",
        "version",
        "certificates",
        "stores",
        "audit log",
    ] {
        assert_eq!(status(&checks, check), "ok", "{checks}");
    }
    std::fs::set_permissions(home.data(), std::fs::Permissions::from_mode(0o755)).expect("loosened");
    let done = home.run(&["doctor", "-o", "json"]);
    assert_eq!(done.code, 1);
    let checks: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(status(&checks, "permissions"), "fail");
}

#[test]
fn output_has_four_forms_and_nothing_but_data_on_standard_output() {
    let home = shared();
    let url = home.sqlite("forms.db", PEOPLE);
    assert_eq!(home.run(&["scan", &url]).code, 0);
    let table = home.run(&["finding", "list", "--source", "forms"]);
    assert!(table.stdout.contains("people.email"), "{}", table.stdout);
    assert!(
        !table.stdout.contains('\u{1b}'),
        "no colours where no terminal is"
    );
    let json = home.json(&["finding", "list", "--source", "forms"]);
    let jsonl = home.run(&["finding", "list", "--source", "forms", "-o", "jsonl"]);
    assert_eq!(json, Value::Array(lines(&jsonl.stdout)));
    let yaml = home.run(&["finding", "list", "--source", "forms", "-o", "yaml"]);
    assert!(yaml.stdout.contains("label: email"), "{}", yaml.stdout);
}

#[test]
fn the_stores_can_be_on_postgresql() {
    let Some(server) = crate::server::server() else {
        return;
    };
    server.run("postgres", &["create database stores"]);
    let home = Home::new();
    let url = home.sqlite("shop.db", PEOPLE);
    let store = format!(
        "postgres://postgres@127.0.0.1:{}/stores?sslmode=disable",
        server.port
    );
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        let output = command
            .env("DATAWAVE__STORE", &store)
            .output()
            .expect("the binary starts");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };
    let scanned = run(&["scan", &url, "-o", "jsonl"]);
    assert_eq!(lines(&scanned).len(), 4, "{scanned}");
    // Another process finds it there: nothing of it is in this one's files.
    let asset: Value =
        serde_json::from_str(&run(&["asset", "show", "shop.main.people.email", "-o", "json"])).expect("JSON");
    assert_eq!(asset["labels"][0]["label"], "email");
    assert!(!home.data().join("db/catalog.sqlite").exists());
    run(&["audit", "verify", "--offline"]);
    run(&["doctor"]);
}
