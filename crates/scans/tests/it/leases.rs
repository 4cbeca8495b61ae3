use std::time::Duration;

use datawave_core::Reason;
use datawave_proto::datawave::common::v1::ColumnStatus;
use datawave_proto::datawave::scans::v1::ScanState;

use crate::bench::{benches, state};

#[tokio::test]
async fn a_living_lease_is_not_given_twice_and_one_that_ran_out_is() {
    for bench in benches().await {
        bench.start().await.unwrap();
        let mut first = bench.edge("local", "i1");
        assert!(first.lease().await.is_some());
        assert!(first.look().await.is_none());
        bench.clock.advance(Duration::from_secs(31));
        assert_eq!(first.lease().await.unwrap().attempt, 2);
    }
}

#[tokio::test]
async fn a_sign_of_life_extends_the_lease() {
    for bench in benches().await {
        bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        for _ in 0..3 {
            bench.clock.advance(Duration::from_secs(20));
            edge.renew().await.unwrap();
        }
        assert!(bench.edge("local", "i1").look().await.is_none());
    }
}

#[tokio::test]
async fn an_edge_that_was_killed_goes_on_at_once_and_its_former_life_is_refused() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut before = bench.edge("local", "life-1");
        before.lease().await.unwrap();
        before.tables("b1", &["t1", "t2"], true).await.unwrap();
        before.done("t1", ColumnStatus::Ok, None).await.unwrap();
        let bench = bench.restarted().await;
        let mut after = bench.edge("local", "life-2");
        assert!(after.lease().await.unwrap().discovered);
        assert_eq!(after.pending().await, ["t2"]);
        let mut ghost = bench.edge("local", "life-1");
        (ghost.scan, ghost.lease) = (before.scan.clone(), before.lease.clone());
        assert_eq!(
            ghost
                .done("t2", ColumnStatus::Ok, None)
                .await
                .unwrap_err()
                .reason(),
            Reason::ScanStateInvalid
        );
        after.done("t2", ColumnStatus::Ok, None).await.unwrap();
        after.finish(None).await.unwrap();
        let last = bench.until_final(&scan.name).await;
        assert_eq!(
            (state(&last), last.attempts, last.progress.unwrap().columns_ok),
            (ScanState::Succeeded, 2, 2)
        );
    }
}

#[tokio::test]
async fn an_edge_gets_its_own_scans_only_and_cannot_speak_for_another() {
    for bench in benches().await {
        bench.start().await.unwrap();
        assert!(bench.edge("elsewhere", "i1").look().await.is_none());
        let mut liar = bench.edge("elsewhere", "i1");
        liar.pretend("local");
        assert_eq!(
            liar.lease_for(Duration::ZERO).await.unwrap_err().reason(),
            Reason::PermissionMissing
        );
    }
}

#[tokio::test]
async fn a_waiting_edge_is_woken_by_a_new_scan() {
    for bench in benches().await {
        let mut edge = bench.edge("local", "i1");
        let waiting = tokio::spawn(async move { edge.lease_for(Duration::from_secs(30)).await.unwrap() });
        bench.start().await.unwrap();
        assert!(waiting.await.unwrap().is_some());
    }
}
