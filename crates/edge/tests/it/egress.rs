//! Nothing leaves a site but facts: values are drawn at random, put everywhere a source can hold one, read by a
//! scan, and searched for in everything that comes out of the child and of the node.

use base64::Engine as _;
use datawave_core::{Failure, Reason};
use datawave_edge::wire::{Frame, FrameWriter, Order};
use datawave_facts::{
    CleanText, ColumnStatus, EvidenceFact, EvidenceKind, Fact, FindingFact, FindingKind, TablePath,
    VerdictFact,
};

use crate::canary::{Canaries, Search};
use crate::children::{Child, SITE_KEY, job};
use crate::rig::Rig;
use crate::sources;

const ROWS: usize = 900;

/// A database with a canary in every cell, default, check and comment; 5,400 cells.
fn sqlite_statements(canaries: &mut Canaries) -> String {
    let mut text = format!(
        "CREATE TABLE people (
            name TEXT DEFAULT '{}', mail TEXT, card TEXT CHECK (card <> '{}'), blob BLOB, doc TEXT, num INTEGER);",
        canaries.word(),
        canaries.word()
    );
    text.push_str(&format!(
        "CREATE VIEW one AS SELECT * FROM people WHERE name <> '{}';",
        canaries.word()
    ));
    for _ in 0..ROWS {
        text.push_str(&format!(
            "INSERT INTO people VALUES ('{}', '{}@{}.example', '{}', x'{}', '{{\"k\": \"{}\"}}', {});",
            canaries.word(),
            canaries.word(),
            canaries.word(),
            canaries.digits(),
            hex(canaries.word().as_bytes()),
            canaries.word(),
            canaries.digits(),
        ));
    }
    // A value that makes an error of the engine, with the value in its text.
    text.push_str(&format!(
        "CREATE TABLE odd (v TEXT); INSERT INTO odd VALUES ('{w}');
         CREATE VIEW broken AS SELECT json_extract(v, '$.{w}') AS v FROM odd;",
        w = canaries.word()
    ));
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Scans with a child of our own; returns the bodies of its frames and its standard error.
async fn all_that_a_child_says(url: &str) -> (Vec<Vec<u8>>, Vec<u8>, u64) {
    let mut child = Child::begun(512 << 20).await;
    child.order(&Order::Open { job: job(url) }, &[SITE_KEY]).await;
    let mut rows = 0;
    let mut tables = Vec::new();
    for frame in child.order(&Order::Discover { report: true }, &[]).await {
        if let Frame::Fact {
            fact: Fact::Table(table),
        } = frame
        {
            tables.push(table.path);
        }
    }
    assert!(!tables.is_empty());
    for path in tables {
        for frame in child.order(&Order::Read { path }, &[]).await {
            if let Frame::Fact {
                fact: Fact::Verdict(verdict),
            } = frame
            {
                rows += verdict.non_null;
            }
        }
    }
    let (said, errors) = child.end().await;
    (said, errors, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_a_sqlite_file_comes_out_of_a_child() {
    let home = tempfile::tempdir().unwrap();
    let mut canaries = Canaries::new(1);
    let url = sources::sqlite(home.path(), "c.db", &sqlite_statements(&mut canaries)).await;
    let search = Search::new(&canaries.drawn);
    let (said, errors, read) = all_that_a_child_says(&url).await;
    assert!(
        canaries.drawn.len() > 5_000 && read as usize >= 6 * ROWS,
        "{read} cells were read"
    );
    for body in &said {
        assert_eq!(search.hits_in_json(body), 0, "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(search.hits(&errors), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_a_postgresql_database_comes_out_of_a_child() {
    let mut canaries = Canaries::new(2);
    let mut text = format!(
        "CREATE TYPE mood AS ENUM ('{}', '{}');
         CREATE TABLE people (name text DEFAULT '{}', mail text, m mood, doc jsonb, raw bytea, n bigint);
         CREATE TABLE parts (k text) PARTITION BY LIST (k);
         CREATE TABLE part_one PARTITION OF parts FOR VALUES IN ('{}');
         CREATE VIEW failing AS SELECT (name || '{}')::int AS n FROM people;
         CREATE INDEX partial ON people (n) WHERE name = '{}';",
        canaries.word(),
        canaries.word(),
        canaries.word(),
        canaries.word(),
        canaries.word(),
        canaries.word(),
    );
    let mood = canaries.drawn[0].clone();
    for _ in 0..ROWS {
        text.push_str(&format!(
            "INSERT INTO people VALUES ('{}', '{}@{}.example', '{mood}', '{{\"k\": \"{}\"}}', '\\x{}', {});",
            canaries.word(),
            canaries.word(),
            canaries.word(),
            canaries.word(),
            hex(canaries.word().as_bytes()),
            canaries.digits(),
        ));
    }
    let Some(source) = sources::postgres(&text).await else {
        return;
    };
    let search = Search::new(&canaries.drawn);
    let mut url = url::Url::parse(&source.url).unwrap();
    url.query_pairs_mut()
        .append_pair("user", &source.login)
        .append_pair("password", &source.password);
    let (said, errors, read) = all_that_a_child_says(url.as_str()).await;
    assert!(read as usize >= 6 * ROWS, "{read} cells were read");
    for body in &said {
        assert_eq!(search.hits_in_json(body), 0, "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(search.hits(&errors), 0);
    // The view whose cast fails quotes a value in the server's own error: the reason got through, the text not.
    let all: String = said
        .iter()
        .map(|body| String::from_utf8_lossy(body).into_owned())
        .collect();
    assert!(
        all.contains("failing") && all.contains("SOURCE_BROKEN"),
        "the failing view was read"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_in_anything_that_a_node_delivers() {
    let rig = Rig::new().await;
    let mut canaries = Canaries::new(3);
    let secret = canaries.word();
    let url = sources::sqlite(rig.home.path(), "c.db", &sqlite_statements(&mut canaries)).await;
    let reference = rig.put_credential("src_1", &secret).await;
    rig.begin(&url, |assignment| assignment.credential_ref = reference.clone());
    assert_eq!(rig.finished().await.error, None);
    let search = Search::new(&canaries.drawn);
    rig.centre.with(|state| {
        assert!(state.results.len() >= 4 && state.column("people", "mail").sampled_rows as usize == ROWS);
        assert_eq!(search.hits(&state.wire), 0);
    });
    // Nor in a file of the node, the credential's own apart.
    for entry in std::fs::read_dir(rig.home.path().join("edge")).unwrap().flatten() {
        assert_eq!(
            search.hits(&std::fs::read(entry.path()).unwrap()),
            0,
            "{:?}",
            entry.path()
        );
    }
}

/// A frame that holds `leak` in one of the texts that frames have.
fn frames_with(leak: &str) -> Vec<(&'static str, Vec<u8>)> {
    let path = TablePath {
        database: "d".into(),
        schema: "s".into(),
        table: "t".into(),
    };
    let verdict = |reason: &str, subtype: &str| VerdictFact {
        path: path.clone(),
        column: "c".into(),
        status: ColumnStatus::Ok,
        status_reason: None,
        sampled_rows: 1,
        non_null: 1,
        engine_version: "1".into(),
        findings: vec![FindingFact {
            label: "email".into(),
            infotype: "email".into(),
            subtype: Some(subtype.into()),
            category: "contact".into(),
            kind: FindingKind::Is,
            decision: datawave_facts::Decision::Yes,
            confidence: 1.0,
            prevalence: 1.0,
            interval: (0.0, 1.0),
            evidence: vec![EvidenceFact {
                kind: EvidenceKind::Format,
                weight: 1.0,
                support: 1,
                total: 1,
                reason: reason.into(),
            }],
        }],
    };
    let table = |comment: &str, declared_type: &str| {
        Fact::Table(datawave_facts::TableFact {
            path: path.clone(),
            kind: datawave_facts::TableKind::Table,
            row_estimate: None,
            comment: Some(CleanText::from_declassified(comment.into())),
            columns: vec![datawave_facts::ColumnFact {
                name: "c".into(),
                ordinal: 1,
                declared_type: declared_type.into(),
                nullable: true,
                comment: None,
                default: None,
                generated: false,
                unique: false,
            }],
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
        })
    };
    let written = |write: &dyn Fn(&mut FrameWriter<&mut Vec<u8>>)| {
        let mut bytes = Vec::new();
        write(&mut FrameWriter::new(&mut bytes));
        bytes.split_off(4)
    };
    let fact = |fact: Fact| written(&|writer| writer.fact(fact.clone()).unwrap());
    vec![
        ("evidence", fact(Fact::Verdict(verdict(leak, "")))),
        ("subtype", fact(Fact::Verdict(verdict("", leak)))),
        ("comment", fact(table(leak, "text"))),
        ("type", fact(table("", leak))),
        (
            "trouble",
            written(&|writer| {
                writer
                    .done(Some(&Failure::new(Reason::SourceBroken, leak)))
                    .unwrap()
            }),
        ),
    ]
}

#[test]
fn a_planted_leak_is_found_wherever_it_is_and_however_it_is_written() {
    let mut canaries = Canaries::new(4);
    let canary = canaries.word();
    let search = Search::new(&canaries.drawn);
    let utf16: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(search.hits(&utf16) > 0);
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let disguises = [
        ("plain", canary.clone()),
        ("a piece", format!("…{}…", &canary[3..11])),
        ("upper case", canary.to_uppercase()),
        ("backwards", canary.chars().rev().collect()),
        ("hexadecimal", hex(canary.as_bytes())),
        ("base64", base64(&canary)),
        ("base64, one off", base64(&format!("x{canary}"))),
        ("base64, two off", base64(&format!("xy{canary}z"))),
        ("behind escapes", format!("\"\n\u{1}{canary}\\")),
    ];
    for (disguise, text) in &disguises {
        for (place, frame) in frames_with(text) {
            assert!(search.hits_in_json(&frame) > 0, "{disguise} in {place}");
        }
    }
    for (place, frame) in frames_with("nothing of interest") {
        assert_eq!(search.hits_in_json(&frame), 0, "{place}");
    }
}
