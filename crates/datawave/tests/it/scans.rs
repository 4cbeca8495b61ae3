//! What a scan prints, and what becomes of its findings.

use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::rig::{PEOPLE, lines, shared, wait_for};

/// Names that a catalogue may hold.
const ODD: &str =
    "create table \"it's \"\"quoted\"\"\" (\"a b\" text, \"😀\" blob, \"select * from x; --\" int);
    create table empty_one (x, y varchar(10) not null default 'n');
    create view seen as select email, 'constant' as fixed from people;
    create table keyed (a int, b int, primary key (a, b)) without rowid;
    insert into keyed values (1, 2);";

const FIELDS: [&str; 13] = [
    "source",
    "database",
    "schema",
    "table",
    "column",
    "declared_type",
    "row_estimate",
    "sampled_rows",
    "non_null",
    "status",
    "status_reason",
    "findings",
    "engine_version",
];
const FINDING_FIELDS: [&str; 10] = [
    "label",
    "infotype",
    "subtype",
    "category",
    "kind",
    "decision",
    "confidence",
    "prevalence",
    "interval",
    "reasons",
];

fn fields(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn jsonl_has_a_line_for_every_column_of_the_engines_own_catalogue() {
    let home = shared();
    let url = home.sqlite("odd.db", &format!("{PEOPLE}{ODD}"));
    let path = home.path().join("odd.db");
    let catalogue: BTreeSet<(String, String)> = wait_for(async {
        let options = SqliteConnectOptions::new().filename(&path);
        let mut connection = options.connect().await.expect("the file opens");
        let rows = sqlx::query(
            "select m.name as \"table\", c.name as \"column\" from sqlite_schema m, pragma_table_xinfo(m.name) c \
             where m.type in ('table', 'view') and m.name not like 'sqlite\\_%' escape '\\'",
        )
        .fetch_all(&mut connection)
        .await
        .expect("the catalogue");
        rows.iter()
            .map(|row| (row.get("table"), row.get("column")))
            .collect()
    });

    let done = home.run(&["scan", &url, "-o", "jsonl"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let mut all = lines(&done.stdout);
    let summary = all.pop().expect("a summary");
    let text = |line: &Value, field: &str| line[field].as_str().expect("a text").to_owned();
    let printed: Vec<(String, String)> = all
        .iter()
        .map(|l| (text(l, "table"), text(l, "column")))
        .collect();
    assert_eq!(printed.len(), catalogue.len(), "each column once");
    assert_eq!(printed.into_iter().collect::<BTreeSet<_>>(), catalogue);

    for line in &all {
        assert_eq!(fields(line), FIELDS.into_iter().collect(), "{line}");
        assert_eq!(line["source"], "odd");
        assert_eq!(line["database"], "odd");
        assert_eq!(line["schema"], "main");
        assert!(["ok", "skipped", "failed"].contains(&line["status"].as_str().expect("a status")));
        for finding in line["findings"].as_array().expect("a list") {
            assert_eq!(fields(finding), FINDING_FIELDS.into_iter().collect(), "{finding}");
        }
    }
    let email = all
        .iter()
        .find(|l| l["table"] == "people" && l["column"] == "email")
        .expect("the column");
    assert_eq!(email["non_null"], 6);
    assert_eq!(email["findings"][0]["label"], "email");
    assert_eq!(email["findings"][0]["kind"], "is");
    assert!(
        email["findings"][0]["confidence"]
            .as_f64()
            .is_some_and(|c| (0.0..=1.0).contains(&c))
    );

    assert_eq!(summary["event"], "summary");
    assert_eq!(summary["state"], "succeeded");
    assert_eq!(summary["columns"]["visited"], catalogue.len());
    assert_eq!(
        summary["columns"]["ok"]
            .as_u64()
            .zip(summary["columns"]["skipped"].as_u64())
            .map(|(a, b)| a + b),
        Some(catalogue.len() as u64)
    );
    assert!(summary["duration_ms"].is_u64());
    assert!(summary["cost"]["statements"].as_u64().is_some_and(|n| n > 0));
}

#[test]
fn a_rejected_finding_stays_rejected_and_gives_no_label_after_another_scan() {
    let home = shared();
    let url = home.sqlite("sticky.db", PEOPLE);
    assert_eq!(home.run(&["scan", &url]).code, 0);
    let finding = || {
        let all = home.json(&["finding", "list", "--source", "sticky", "--label", "email"]);
        all.as_array()
            .expect("a list")
            .iter()
            .find(|f| f["column"] == "email")
            .expect("the finding")
            .clone()
    };
    let labels = || home.json(&["asset", "show", "sticky.main.people.email"])["labels"].clone();
    assert_eq!(finding()["state"], "applied");
    assert_eq!(labels()[0]["label"], "email");

    let id = finding()["finding"].as_str().expect("an id").to_owned();
    assert_eq!(
        home.run(&["finding", "reject", &id, "--note", "a test address"])
            .code,
        0
    );
    assert_eq!(
        home.run(&["scan", &url, "--fail-on", "email"]).code,
        0,
        "a rejected finding fails nothing"
    );
    let after = finding();
    assert_eq!(after["state"], "rejected");
    assert_eq!(after["decided_by"], "user:admin");
    assert_eq!(after["decision_note"], "a test address");
    assert_eq!(labels(), Value::Array(Vec::new()));

    assert_eq!(home.run(&["finding", "clear", &id]).code, 0);
    assert_eq!(finding()["state"], "applied");
}

#[test]
fn fail_on_ends_with_its_code_only_when_the_label_was_found() {
    let home = shared();
    let url = home.sqlite("fails.db", PEOPLE);
    let found = home.run(&["scan", &url, "--fail-on", "email"]);
    assert_eq!(found.code, 8, "{}", found.stderr);
    assert!(found.stdout.contains("people.email"), "{}", found.stdout);
    assert_eq!(home.run(&["scan", &url, "--fail-on", "phone"]).code, 0);
    let misspelt = home.run(&["scan", &url, "--fail-on", "emial"]);
    assert_eq!(
        misspelt.code, 2,
        "a misspelt label would pass for ever: {}",
        misspelt.stderr
    );
}

#[test]
fn a_label_by_hand_is_kept_and_a_stale_etag_refused() {
    let home = shared();
    let url = home.sqlite("hand.db", PEOPLE);
    assert_eq!(home.run(&["scan", &url]).code, 0);
    let before = home.json(&["asset", "show", "hand.main.people.note"]);
    let etag = before["etag"].as_str().expect("an etag");
    let name = "hand.main.people.note";
    let update = [
        "asset",
        "update",
        name,
        "--add-label",
        "person_name",
        "--description",
        "who it was",
        "--etag",
        etag,
    ];
    let after = home.json(&update);
    assert_eq!(after["labels"][0]["origin"], "person");
    assert_eq!(home.run(&update).code, 6, "the etag is stale now");
    assert_eq!(home.run(&["scan", &url]).code, 0);
    let after = home.json(&["asset", "show", name]);
    assert_eq!(after["labels"][0]["label"], "person_name");
    assert_eq!(after["description"], "who it was");
    let history = home.json(&["asset", "history", name]);
    assert_eq!(history[0]["asset"]["description"], "who it was");
    assert_eq!(history[0]["changed_by"], "user:admin");
    let found = home.json(&["asset", "search", "hand.main.people.note"]);
    assert_eq!(found[0]["qualified_name"], name);
}
