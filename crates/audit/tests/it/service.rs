//! Deliveries, lists, checkpoints and verification through the contract, on both engines.

use datawave_audit::log::{Entry, SavedCheckpoint};
use datawave_core::{Actor, Reason};
use datawave_db::audit_rows;
use datawave_proto::datawave::audit::v1 as pb;
use datawave_proto::datawave::common::v1::PageRequest;
use datawave_rpc::failure;

use crate::log_fixture::{chained, record};
use crate::service_rig::{chain, pb_record, rigs};

fn indexes(answer: &pb::ListRecordsResponse) -> Vec<i64> {
    answer.entries.iter().map(|entry| entry.index).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_listed_newest_first_page_by_page() {
    for rig in rigs().await {
        let records = chain("catalog", 7);
        assert_eq!(rig.deliver("catalog", &records).await.unwrap(), 8);
        let page = |token: String| PageRequest {
            page_size: 3,
            page_token: token,
        };
        let mut found = Vec::new();
        let mut token = String::new();
        loop {
            let request = pb::ListRecordsRequest {
                page: Some(page(token)),
                ..Default::default()
            };
            let answer = rig.list(request).await;
            found.extend(indexes(&answer));
            token = answer.page.unwrap().next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(found, [6, 5, 4, 3, 2, 1, 0]);

        let first = rig
            .list(pb::ListRecordsRequest::default())
            .await
            .entries
            .pop()
            .unwrap();
        let original = record(0, "catalog", "");
        assert_eq!(
            (
                first.id,
                first.subject,
                first.method,
                first.verdict.as_str(),
                first.policy_revision
            ),
            (original.id, original.subject, original.method, "deny", 3)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_by_subject_resource_verdict_and_time() {
    for rig in rigs().await {
        rig.deliver("catalog", &chain("catalog", 30)).await.unwrap();
        let list = |change: fn(&mut pb::ListRecordsRequest)| {
            let mut request = pb::ListRecordsRequest::default();
            change(&mut request);
            rig.list(request)
        };
        assert_eq!(
            indexes(&list(|r| r.subject = "user:u3".to_owned()).await),
            [24, 17, 10, 3]
        );
        assert_eq!(
            indexes(&list(|r| r.resource = "things/thi_4".to_owned()).await),
            [26, 15, 4]
        );
        assert_eq!(
            indexes(&list(|r| r.verdict = "deny".to_owned()).await),
            [25, 20, 15, 10, 5, 0]
        );
        let both = list(|r| {
            r.verdict = "deny".to_owned();
            r.resource = "things/thi_4".to_owned();
        });
        assert_eq!(indexes(&both.await), [15]);
        let at = |n: i64| {
            let (seconds, nanos) = record(n as u64, "catalog", "").time.seconds_and_nanos();
            Some(prost_types::Timestamp { seconds, nanos })
        };
        let request = pb::ListRecordsRequest {
            start_time: at(10),
            end_time: at(13),
            ..Default::default()
        };
        assert_eq!(indexes(&rig.list(request).await), [12, 11, 10]);
        assert!(
            list(|r| r.subject = "user:nobody".to_owned())
                .await
                .entries
                .is_empty()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_sees_its_own_records_only() {
    for rig in rigs().await {
        let of_tenant = |n: u64, tenant: &str| {
            let mut record = record(n, "catalog", "");
            record.tenant = tenant.to_owned();
            ("catalog".to_owned(), record.canonical_bytes())
        };
        let records = chained(&[
            of_tenant(0, "default"),
            of_tenant(1, "other"),
            of_tenant(2, "default"),
        ]);
        rig.deliver("catalog", &records).await.unwrap();
        let mut request = tonic::Request::new(pb::ListRecordsRequest::default());
        assert_eq!(
            indexes(&rig.list(pb::ListRecordsRequest::default()).await),
            [2, 0]
        );
        request
            .metadata_mut()
            .insert("x-datawave-tenant", "other".parse().unwrap());
        assert_eq!(
            indexes(&rig.admin().list_records(request).await.unwrap().into_inner()),
            [1]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_comes_again_in_whole_or_in_part_has_no_effect() {
    for rig in rigs().await {
        let records = chain("catalog", 20);
        assert_eq!(rig.deliver("catalog", &records[..10]).await.unwrap(), 11);
        assert_eq!(rig.deliver("catalog", &records[..10]).await.unwrap(), 11);
        assert_eq!(rig.deliver("catalog", &records[4..7]).await.unwrap(), 11);
        assert_eq!(rig.deliver("catalog", &records[5..15]).await.unwrap(), 16);
        assert_eq!(rig.deliver("catalog", &records[15..]).await.unwrap(), 21);
        let checkpoint = rig.checkpoint().await;
        assert_eq!(checkpoint.size, 20);
        let report = rig.verify(&checkpoint.checkpoint).await;
        assert!(report.ok, "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_gap_nothing_is_taken_and_the_answer_says_where_to_begin() {
    for rig in rigs().await {
        let records = chain("catalog", 20);
        assert_eq!(rig.deliver("catalog", &records[3..]).await.unwrap(), 1);
        rig.deliver("catalog", &records[..5]).await.unwrap();
        assert_eq!(rig.deliver("catalog", &records[6..]).await.unwrap(), 6);
        assert_eq!(rig.checkpoint().await.size, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_history_of_a_service_is_refused() {
    for rig in rigs().await {
        let records = chain("catalog", 10);
        rig.deliver("catalog", &records).await.unwrap();
        let other = |n: u64| {
            (
                "catalog".to_owned(),
                record(n, "catalog", "-other").canonical_bytes(),
            )
        };
        let fork = chained(&(0..12).map(other).collect::<Vec<_>>());
        for delivery in [&fork[..4], &fork[8..12], &fork[10..]] {
            let refused = rig.deliver("catalog", delivery).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::AuditTampered);
            assert!(refused.remedy().is_some());
        }
        assert_eq!(rig.checkpoint().await.size, 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_are_not_a_chain_are_refused_whole_with_the_record_named() {
    for rig in rigs().await {
        let records = chain("catalog", 5);
        let refused = |change: fn(&mut Vec<pb::ChainedRecord>)| {
            let mut records: Vec<_> = records.iter().map(pb_record).collect();
            change(&mut records);
            let client = rig.client(Actor::service("catalog"));
            async move {
                let mut client = client;
                let answer = client.append_records(pb::AppendRecordsRequest { records }).await;
                let failure = failure(answer.unwrap_err());
                assert_eq!(failure.reason(), Reason::InvalidRequest, "{failure}");
                failure.violations().first().unwrap().field.clone()
            }
        };
        assert_eq!(refused(|r| r[2].record[20] ^= 1).await, "records[2].hash");
        assert_eq!(refused(|r| r[3].hash[0] ^= 1).await, "records[3].hash");
        assert_eq!(refused(|r| drop(r.remove(1))).await, "records[1].sequence");
        assert_eq!(refused(|r| r.swap(0, 1)).await, "records[1].sequence");
        assert_eq!(refused(|r| r[4].sequence = 4).await, "records[4].sequence");
        assert_eq!(
            refused(|r| r[1].service = "scans".to_owned()).await,
            "records[1].service"
        );
        assert_eq!(
            refused(|r| r[1].previous.truncate(31)).await,
            "records[1].previous"
        );
        let text = |r: &mut Vec<pb::ChainedRecord>| {
            let entry = Entry {
                service: "catalog".to_owned(),
                sequence: 1,
                previous: [0; 32],
                record: b"not a record".to_vec(),
            };
            *r = vec![pb_record(&entry)];
        };
        assert_eq!(refused(text).await, "records[0].record");
        assert_eq!(rig.checkpoint().await.size, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_services_and_edges_hand_over_and_each_its_own_chain() {
    for rig in rigs().await {
        let records: Vec<_> = chain("catalog", 2).iter().map(pb_record).collect();
        let request = || pb::AppendRecordsRequest {
            records: records.clone(),
        };
        for actor in [Actor::user("admin", &["admin"]), Actor::user("mallory", &[])] {
            let answer = rig.client(actor).append_records(request()).await;
            assert_eq!(failure(answer.unwrap_err()).reason(), Reason::PermissionMissing);
        }
        let answer = rig
            .client(Actor::service("scans"))
            .append_records(request())
            .await;
        assert_eq!(failure(answer.unwrap_err()).reason(), Reason::InvalidRequest);
        // Both denials lie in the service's own store, for its relay.
        let mut session = rig.audit.db().read().await.unwrap();
        assert_eq!(audit_rows(&mut session, 1, 10).await.unwrap().len(), 2);
        drop(session);

        // Two nodes call their chain the same, and have a chain each.
        let records: Vec<_> = chain("edge", 2).iter().map(pb_record).collect();
        for node in ["berlin", "lyon"] {
            let request = pb::AppendRecordsRequest {
                records: records.clone(),
            };
            let answer = rig
                .client(Actor::edge(node))
                .append_records(request)
                .await
                .unwrap();
            assert_eq!(answer.into_inner().next_sequence, 3);
        }
        assert_eq!(rig.checkpoint().await.size, 4);
        assert!(rig.verify("").await.ok);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_covers_what_was_accepted_before_and_outlives_growth() {
    for rig in rigs().await {
        let records = chain("catalog", 300);
        rig.deliver("catalog", &records[..270]).await.unwrap();
        let early = rig.checkpoint().await;
        assert_eq!(early.size, 270);
        let saved = SavedCheckpoint::parse(&early.checkpoint).unwrap();
        assert!(saved.key().unwrap().open(saved.note()).is_ok());
        rig.deliver("catalog", &records[270..]).await.unwrap();
        let report = rig.verify(&early.checkpoint).await;
        assert!(report.ok, "{report:?}");
        assert_eq!((report.size, report.unsealed), (270, 30));
        assert_eq!(rig.checkpoint().await.size, 300);
        let report = rig.verify(&early.checkpoint).await;
        assert!(
            report.ok && report.size == 300 && report.root.len() == 64,
            "{report:?}"
        );
        // Nothing new, no new checkpoint.
        assert_eq!(rig.checkpoint().await, rig.checkpoint().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn meddling_with_rows_is_named_by_verification() {
    for rig in rigs().await {
        rig.deliver("catalog", &chain("catalog", 50)).await.unwrap();
        let saved = rig.checkpoint().await.checkpoint;
        rig.home
            .meddle("UPDATE audit_records SET subject = 'user:nobody' WHERE log_index = 31")
            .await;
        let report = rig.verify(&saved).await;
        assert!(!report.ok);
        assert_eq!(
            (report.first_bad_index, report.first_bad_last_index),
            (Some(31), Some(31))
        );
        assert_eq!(
            (report.problems[0].kind.as_str(), report.problem_count),
            ("row", 1)
        );
        rig.home
            .meddle("DELETE FROM audit_records WHERE log_index = 12")
            .await;
        assert_eq!(rig.verify("").await.first_bad_index, Some(12));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_saved_checkpoint_is_refused_with_the_field_named() {
    let rig = rigs().await.remove(0);
    let request = pb::VerifyLogRequest {
        checkpoint: "abc".to_owned(),
    };
    let refused = failure(rig.admin().verify_log(request).await.unwrap_err());
    assert_eq!(refused.reason(), Reason::InvalidRequest);
    assert_eq!(refused.violations()[0].field, "checkpoint");
}
