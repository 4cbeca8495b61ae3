use std::sync::atomic::Ordering;

use datawave_proto::datawave::common::v1::ColumnStatus;
use datawave_proto::datawave::scans::v1::ScanState;

use crate::bench::{benches, state};

#[tokio::test]
async fn every_batch_arrives_once_and_in_order_however_often_it_is_sent() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        for _ in 0..3 {
            edge.tables("b1", &["t1"], false).await.unwrap();
        }
        edge.tables("b2", &["t2"], true).await.unwrap();
        for _ in 0..3 {
            edge.done("t1", ColumnStatus::Ok, None).await.unwrap();
        }
        edge.done("t2", ColumnStatus::Skipped, None).await.unwrap();
        edge.finish(None).await.unwrap();
        edge.finish(None).await.expect("the end may be said twice");
        let last = bench.until_final(&scan.name).await;
        let progress = last.progress.clone().unwrap();
        assert_eq!(
            (state(&last), progress.tables_total, progress.columns),
            (ScanState::Succeeded, 2, 2)
        );
        let name = &scan.name;
        let wanted = [
            "assets/b1".to_owned(),
            "assets/b2".to_owned(),
            format!("results/{name}/t1/1"),
            format!("results/{name}/t2/1"),
        ];
        assert_eq!(*bench.neighbours.arrived.lock().await, wanted);
    }
}

#[tokio::test]
async fn a_scan_is_not_done_before_its_results_have_arrived() {
    for bench in benches().await {
        bench.neighbours.away.store(true, Ordering::SeqCst);
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1"], true).await.unwrap();
        edge.done("t1", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        assert_eq!(state(&bench.get(&scan.name).await), ScanState::Delivering);
        bench.neighbours.away.store(false, Ordering::SeqCst);
        assert_eq!(state(&bench.until_final(&scan.name).await), ScanState::Succeeded);
        assert_eq!(bench.neighbours.arrived.lock().await.len(), 2);
    }
}

#[tokio::test]
async fn results_that_were_received_before_a_crash_are_handed_on_after_it() {
    for bench in benches().await {
        bench.neighbours.away.store(true, Ordering::SeqCst);
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1"], true).await.unwrap();
        edge.done("t1", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        let bench = bench.restarted().await;
        assert_eq!(state(&bench.until_final(&scan.name).await), ScanState::Succeeded);
        assert_eq!(bench.neighbours.arrived.lock().await.len(), 2);
    }
}
