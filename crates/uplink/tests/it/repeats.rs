//! What happens while the centre is away, and what is not tried again. Time is virtual here.

use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::edge::v1::ScanAssignment;
use datawave_proto::datawave::scans::v1::ScanBudget;
use datawave_uplink::{Directive, LinkError};
use tokio::time::Instant;
use tonic::Code;

use crate::server::{lease, link, path};

#[tokio::test(start_paused = true)]
async fn a_centre_that_comes_back_is_waited_for() {
    let (server, link) = link();
    server.with(|s| {
        s.refusals
            .extend([Code::Unavailable, Code::DeadlineExceeded, Code::Unavailable])
    });
    let begun = Instant::now();
    link.finish(&lease(), None).await.unwrap();
    assert_eq!(server.with(|s| s.calls), 4);
    // 200, 400 and 800 ms.
    assert!(
        begun.elapsed() >= Duration::from_millis(1_400),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_stays_away_is_given_up_in_time() {
    let (server, link) = link();
    server.with(|s| s.refusals.extend([Code::Unavailable; 1_000]));
    let begun = Instant::now();
    let error = link.finish(&lease(), None).await.unwrap_err();
    assert!(matches!(error, LinkError::Away(_)), "{error:?}");
    assert!(
        begun.elapsed() <= Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
    let calls = server.with(|s| s.calls);
    assert!((10..=30).contains(&calls), "{calls} calls in a minute");
}

type Expected = fn(&LinkError) -> bool;

#[tokio::test(start_paused = true)]
async fn a_lost_lease_and_a_refusal_are_told_apart_and_neither_is_repeated() {
    let cases: [(Code, Expected); 3] = [
        (Code::FailedPrecondition, |e| matches!(e, LinkError::LeaseLost(_))),
        (Code::NotFound, |e| matches!(e, LinkError::LeaseLost(_))),
        (Code::InvalidArgument, |e| matches!(e, LinkError::Refused(_))),
    ];
    for (code, expected) in cases {
        let (server, link) = link();
        server.with(|s| s.refusals.extend([code; 5]));
        let failure = Failure::new(Reason::SourceTimeout, "too slow").with_remedy("later");
        let error = link.finish(&lease(), Some(&failure)).await.unwrap_err();
        assert!(expected(&error), "{error:?}");
        assert_eq!(server.with(|s| s.calls), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn renewals_and_requests_for_work_are_tried_once() {
    let (server, link) = link();
    server.with(|s| s.refusals.extend([Code::Unavailable; 2]));
    let renewed = link.renew(&lease(), Some(&path("people"))).await;
    assert!(matches!(renewed, Err(LinkError::Away(_))), "{renewed:?}");
    let leased = link
        .lease("local", "life-1", "0.1.0", Duration::from_secs(1))
        .await;
    assert_eq!(
        leased.err().map(|f| f.reason()),
        Some(Reason::DependencyUnavailable)
    );
    assert_eq!(server.with(|s| s.calls), 2);
}

#[tokio::test]
async fn a_wish_to_cancel_comes_with_every_answer_that_can_carry_it() {
    let (server, link) = link();
    assert_eq!(link.renew(&lease(), None).await.unwrap(), Directive::Continue);
    server.with(|s| s.cancel = true);
    assert_eq!(link.renew(&lease(), None).await.unwrap(), Directive::Cancel);
}

#[tokio::test]
async fn an_assignment_arrives_whole() {
    let (server, link) = link();
    let none = link
        .lease("local", "life-1", "0.1.0", Duration::ZERO)
        .await
        .unwrap();
    assert!(none.is_none());
    server.with(|s| {
        s.assignment = Some(ScanAssignment {
            scan: "scans/scn_1".into(),
            lease_id: "lse_1".into(),
            url: "sqlite:/data/shop.db".into(),
            exclude: vec!["tmp_*".into()],
            budget: Some(ScanBudget {
                rows_per_table: 10,
                statement_timeout: Some(prost_types::Duration {
                    seconds: 3,
                    nanos: 500_000_000,
                }),
                // A server may send nonsense: it counts as nothing said.
                total_timeout: Some(prost_types::Duration {
                    seconds: -1,
                    nanos: 0,
                }),
                ..ScanBudget::default()
            }),
            seed: u64::MAX,
            discovered: true,
            attempt: 3,
            ..ScanAssignment::default()
        });
    });
    let work = link
        .lease("local", "life-1", "0.1.0", Duration::ZERO)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(work.lease, lease());
    assert_eq!(work.exclude, ["tmp_*"]);
    assert_eq!(work.budget.statement_timeout, Duration::from_millis(3_500));
    assert_eq!(work.budget.total_timeout, Duration::ZERO);
    assert!(work.discovered && work.attempt == 3 && work.seed == u64::MAX);
}
