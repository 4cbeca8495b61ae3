//! kill -9 in the middle of a scan: the next scan goes on, and what it finds is what an undisturbed one finds.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{Place, database};

const TABLES: usize = 50;

/// 50 tables; before every second one stands a view that takes a moment to read, so that there is time to kill.
fn slow_estate(path: &Path) {
    let mut statements = Vec::new();
    for i in 0..TABLES {
        statements.push(format!(
            "CREATE TABLE t{i:02}_people (id INTEGER PRIMARY KEY, email TEXT, note TEXT)"
        ));
        let rows: Vec<String> = (0..20)
            .map(|row| format!("({row}, 'person{row}.{i}@example.org', 'row {row}')"))
            .collect();
        statements.push(format!("INSERT INTO t{i:02}_people VALUES {}", rows.join(",")));
        if i % 2 == 0 {
            statements.push(format!(
                "CREATE VIEW t{i:02}_slow AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 400000) \
                 SELECT count(*) AS total FROM c"
            ));
        }
    }
    database(path, &statements);
}

/// Lines of columns, without the summary; sorted, so that only what was found counts.
fn columns(mut lines: Vec<Value>) -> Vec<String> {
    lines.retain(|line| line.get("event").is_none());
    let mut out: Vec<String> = lines.iter().map(Value::to_string).collect();
    out.sort();
    out
}

/// Tables done of the one scan there is, as another process sees it; `None` when it cannot be asked.
fn tables_done(place: &Place) -> Option<u64> {
    let output = place.run(&["scan", "list", "-o", "jsonl"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line: Value = serde_json::from_str(text.lines().next()?).ok()?;
    line.pointer("/progress/tables_done")
        .or_else(|| line.get("tables_done"))?
        .as_u64()
}

#[test]
fn a_scan_that_is_killed_again_and_again_finds_what_an_undisturbed_one_finds() {
    let undisturbed = Place::new();
    let file = undisturbed.beside("estate.db");
    slow_estate(&file);
    let url = format!("sqlite:{}", file.display());
    let scan = ["scan", url.as_str(), "--seed", "7", "-o", "jsonl"];
    let expected = columns(undisturbed.lines(&scan));
    assert_eq!(expected.len(), TABLES * 3 + TABLES / 2);

    let place = Place::new();
    let (mut kills, mut seen) = (0, 0);
    for target in [5, 20, 40, 60] {
        let mut running = place.start(&scan);
        let begun = Instant::now();
        let done = loop {
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "no progress past {seen} tables"
            );
            if running.has_ended() {
                break None;
            }
            match tables_done(&place) {
                Some(done) if done >= target => break Some(done),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        running.kill();
        let Some(done) = done else { break };
        assert!(
            done < (TABLES + TABLES / 2) as u64,
            "killed after the last table proves nothing"
        );
        assert!(
            done >= seen,
            "{done} tables done after {seen} were: work was lost"
        );
        (kills, seen) = (kills + 1, done);
    }
    assert!(kills >= 2, "the scan ended before it could be killed twice");
    let output = place.run(&scan);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("taking up scan"));
    assert_eq!(columns(crate::process::parse(&output.stdout)), expected);
    let verified = place.run(&["audit", "verify"]);
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}
