//! Scans that are cut off: children killed, nodes stopped, leases lost, cancelled by a person.

use std::collections::BTreeMap;

use datawave_proto::datawave::edge::v1::SubmitTableResultRequest;

use crate::rig::{Rig, kill, seconds, until};
use crate::sources;

/// Tables `a…`, the endless view in the middle, tables `z…`.
fn tables() -> String {
    let mut statements = sources::ENDLESS.to_owned();
    for name in ["a1", "a2", "z1", "z2"] {
        statements.push_str(&format!(
            "CREATE TABLE {name} (mail TEXT); INSERT INTO {name} VALUES ('{name}@mail.example.com');"
        ));
    }
    statements
}

async fn at_the_endless_view(rig: &Rig) {
    rig.centre
        .until("the endless view", |state| {
            (state.current == "main.endless").then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_whose_child_is_killed_twice_fails_and_the_others_do_not_notice() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "t.db", &tables()).await;
    rig.begin(&url, |assignment| {
        assignment.budget.get_or_insert_default().statement_timeout = Some(seconds(600));
    });
    at_the_endless_view(&rig).await;
    let first = rig.child_other_than(&[]).await;
    kill(first);
    // The table is tried once more, by another child.
    let second = rig.child_other_than(&[first]).await;
    kill(second);
    assert_eq!(rig.finished().await.error, None);
    rig.centre.with(|state| {
        assert_eq!(state.results.len(), 5);
        assert_eq!(state.table_reason("endless"), "SCAN_WORKER_LOST");
        let error = state.result("endless").error.as_ref().unwrap();
        assert!(!error.message.is_empty() && !error.remedy.is_empty());
        let column = state.column("endless", "x");
        assert_eq!(column.status_reason, "SCAN_WORKER_LOST");
        for table in ["a1", "a2", "z1", "z2"] {
            assert_eq!(state.table_reason(table), "", "{table}");
            assert_eq!(state.column(table, "mail").sampled_rows, 1);
        }
    });
    until("no child is left", || rig.children().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_takes_too_long_fails_with_a_timeout_and_the_others_are_read() {
    let rig = Rig::with(|config| config.table_timeout = std::time::Duration::from_secs(2)).await;
    let url = sources::sqlite(rig.home.path(), "t.db", sources::ENDLESS).await;
    rig.begin(&url, |assignment| {
        assignment.budget.get_or_insert_default().statement_timeout = Some(seconds(600));
    });
    assert_eq!(rig.finished().await.error, None);
    rig.centre
        .with(|state| assert_eq!(state.table_reason("endless"), "SOURCE_TIMEOUT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_scan_ends_its_child_and_says_so() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "t.db", &tables()).await;
    rig.begin(&url, |assignment| {
        assignment.budget.get_or_insert_default().statement_timeout = Some(seconds(600));
    });
    at_the_endless_view(&rig).await;
    assert_eq!(rig.children().len(), 1);
    rig.centre.with(|state| state.cancel = true);
    assert_eq!(rig.reason().await, "CANCELLED");
    until("no child is left", || rig.children().is_empty().then_some(())).await;
    rig.centre.with(|state| {
        let left: Vec<_> = state
            .pending
            .iter()
            .map(|t| t.path.clone().unwrap().table)
            .collect();
        assert_eq!(left, ["endless", "z1", "z2"]);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_hands_its_scan_back_without_a_failure() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "t.db", &tables()).await;
    rig.begin(&url, |assignment| {
        assignment.budget.get_or_insert_default().statement_timeout = Some(seconds(600));
    });
    at_the_endless_view(&rig).await;
    rig.stop.cancel();
    assert_eq!(rig.finished().await.error, None);
    until("no child is left", || rig.children().is_empty().then_some(())).await;
    until("the job has ended", || rig.job.is_finished().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_whose_lease_is_lost_is_dropped_without_a_word() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "t.db", &tables()).await;
    rig.begin(&url, |assignment| {
        assignment.lease_time = Some(seconds(3));
        assignment.budget.get_or_insert_default().statement_timeout = Some(seconds(600));
    });
    at_the_endless_view(&rig).await;
    rig.centre.with(|state| state.lease = "lse_2".into());
    until("no child is left", || rig.children().is_empty().then_some(())).await;
    // The node asks for other work; what it did before stands.
    rig.centre
        .until("the next request", |state| (state.leases.len() > 1).then_some(()))
        .await;
    rig.centre.with(|state| {
        assert!(state.finished.is_empty());
        assert_eq!(state.results.len(), 2);
    });
}

/// Results by table, without what depends on time.
fn comparable(results: &[SubmitTableResultRequest]) -> BTreeMap<String, SubmitTableResultRequest> {
    let plain = |result: &SubmitTableResultRequest| SubmitTableResultRequest {
        cost: None,
        lease_id: String::new(),
        ..result.clone()
    };
    results
        .iter()
        .map(|result| (result.table.clone().unwrap().table, plain(result)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_attempt_reads_what_is_left_and_the_whole_equals_an_undisturbed_scan() {
    let statements: String = (0..20)
        .map(|n| {
            format!(
                "CREATE TABLE t{n:02} (mail TEXT, k INTEGER); INSERT INTO t{n:02} VALUES ('p{n}@mail.example.com', {n});"
            )
        })
        .collect();
    let undisturbed = Rig::new().await;
    let url = sources::sqlite(undisturbed.home.path(), "twenty.db", &statements).await;
    assert_eq!(undisturbed.scan(&url).await.error, None);

    // The first life of a node ends in the middle, without a word: its job and its children are gone at once.
    let rig = Rig::new().await;
    rig.begin(&url, |_| {});
    rig.centre
        .until("some tables", |state| (state.results.len() >= 5).then_some(()))
        .await;
    rig.job.abort();
    until("no child is left", || rig.children().is_empty().then_some(())).await;
    let first_half = rig.centre.with(|state| std::mem::take(&mut state.results));
    let (pending, discovered) = rig.centre.with(|state| (state.pending.clone(), state.discovered));
    assert!(discovered && !pending.is_empty() && pending.len() + first_half.len() == 20);

    let next = Rig::new().await;
    next.centre.with(|state| state.pending = pending);
    next.begin(&url, |assignment| {
        assignment.lease_id = "lse_2".into();
        assignment.discovered = true;
        assignment.attempt = 2;
    });
    assert_eq!(next.finished().await.error, None);
    let second_half = next.centre.with(|state| {
        assert!(
            state.batches.is_empty(),
            "what is discovered is not discovered again"
        );
        std::mem::take(&mut state.results)
    });
    let whole = [first_half, second_half].concat();
    assert_eq!(whole.len(), 20);
    let expected = undisturbed.centre.with(|state| comparable(&state.results));
    assert_eq!(comparable(&whole), expected);
}
