//! Scans that do not go their way: a second one, Ctrl-C, a kill.

use crate::rig::{Home, PEOPLE, lines, sql};

/// A view that takes longer than any test, on a machine of any speed.
const SLOW: &str = "create view slow as with recursive c (x) as (select 1 union all select x + 1 from c)
    select max(x) as n from c;";
/// Settings under which nobody gives up on it.
const PATIENT: &str = "[edge]\ntable_timeout = \"1h\"\n";

struct Slow {
    home: Home,
    url: String,
}

impl Slow {
    fn new() -> Self {
        let home = Home::new();
        let url = home.sqlite("slow.db", &format!("{PEOPLE}{SLOW}"));
        std::fs::write(home.path().join("patient.toml"), PATIENT).expect("the settings");
        Self { home, url }
    }

    /// A scan that is in the middle of its tables and does not get on.
    fn stuck(&self) -> crate::rig::Running {
        let mut scan = self.home.start(&["scan", &self.url, "--config", "patient.toml"]);
        scan.hears("reading");
        scan
    }
}

#[test]
fn the_second_scan_of_a_source_is_refused_with_the_first() {
    let slow = Slow::new();
    let first = slow.stuck();
    let second = slow.home.run(&["scan", &slow.url, "-o", "json"]);
    assert_eq!(second.code, 6, "{}", second.stderr);
    assert!(
        second.stderr.contains("SCAN_ALREADY_RUNNING"),
        "{}",
        second.stderr
    );
    assert!(
        second.stderr.contains("scn_"),
        "it names the first: {}",
        second.stderr
    );
    first.signal("INT");
    assert_eq!(first.end().code, 130);
}

#[test]
fn ctrl_c_ends_a_scan_in_order_and_says_how_to_go_on() {
    let slow = Slow::new();
    let scan = slow.stuck();
    scan.signal("INT");
    let done = scan.end();
    assert_eq!(done.code, 130, "{}", done.stderr);
    assert!(
        done.stderr.contains("datawave scan resume scn_"),
        "{}",
        done.stderr
    );
    let scans = slow.home.json(&["scan", "list"]);
    assert_eq!(scans[0]["state"], "cancelled");

    sql(
        &slow.home.path().join("slow.db"),
        "drop view slow; create view slow as select 1 as n;",
    );
    let id = scans[0]["scan"].as_str().expect("an id");
    let resumed = slow.home.run(&["scan", "resume", id, "-o", "jsonl"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    let all = lines(&resumed.stdout);
    assert_eq!(
        all.len(),
        5,
        "three columns, the view's, the summary: {}",
        resumed.stdout
    );
    assert_eq!(all[4]["scan"], id);
}

#[test]
fn a_killed_command_leaves_a_scan_that_the_next_one_takes_up_where_it_stopped() {
    let slow = Slow::new();
    let mut scan = slow.stuck();
    scan.child.kill().expect("it runs");
    scan.child.wait().expect("it ends");
    sql(
        &slow.home.path().join("slow.db"),
        "drop view slow; create view slow as select 1 as n;",
    );
    let next = slow.home.run(&["scan", &slow.url, "-o", "jsonl"]);
    assert_eq!(next.code, 0, "{}", next.stderr);
    assert!(next.stderr.contains("taking up scan scn_"), "{}", next.stderr);
    let all = lines(&next.stdout);
    let summary = all.last().expect("a summary");
    assert_eq!(summary["state"], "succeeded");
    assert_eq!(summary["attempts"], 2);
    assert_eq!(summary["columns"]["visited"], 4);
    assert_eq!(
        slow.home.json(&["scan", "list"]).as_array().map(Vec::len),
        Some(1)
    );
}
