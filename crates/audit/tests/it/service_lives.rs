//! The service over crashes, restored stores and relays.

use std::sync::Arc;
use std::time::Duration;

use datawave_audit::log::{Entry, LogReader, SavedCheckpoint};
use datawave_audit::{Audit, MIGRATIONS, relay_sink, verify_directory};
use datawave_core::{Actor, Reason};
use datawave_db::{Db, audit_rows, relay};
use datawave_proto::datawave::audit::v1 as pb;
use datawave_testkit::sqlite_store;
use tokio_util::sync::CancellationToken;

use crate::log_fixture::record;
use crate::service_rig::{Rig, chain, rigs};

/// Entries that the files hold, whatever the rows say.
fn sealed_on_disk(rig: &Rig) -> u64 {
    SavedCheckpoint::of_directory(&rig.home.log(), 0)
        .unwrap()
        .checkpoint()
        .size
}

async fn wait_for(audit: &Audit, size: u64) {
    let mut sealed = audit.sealed();
    let reached = sealed.wait_for(|sealed| *sealed >= size);
    tokio::time::timeout(Duration::from_secs(120), reached)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_and_not_sealed_is_sealed_once_by_the_next_process() {
    for mut rig in rigs().await {
        let records = chain("catalog", 40);
        for (round, part) in records.chunks(10).enumerate() {
            rig.deliver("catalog", part).await.unwrap();
            // No job ran and nobody asked for a checkpoint: this is the moment between rows and files.
            assert_eq!(sealed_on_disk(&rig), round as u64 * 10);
            rig = rig.restart().await;
            assert_eq!(sealed_on_disk(&rig), round as u64 * 10 + 10);
        }
        let log = LogReader::new(&rig.home.log(), 40);
        let stored: Vec<Entry> = (0..40).map(|n| log.entry(n).unwrap().unwrap()).collect();
        assert_eq!(stored, records);
        assert!(rig.verify("").await.ok);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_a_restored_store_lacks_are_written_again_from_the_log() {
    for rig in rigs().await {
        rig.deliver("catalog", &chain("catalog", 30)).await.unwrap();
        let saved = rig.checkpoint().await.checkpoint;
        for statement in [
            "DELETE FROM audit_records WHERE log_index >= 11",
            "DELETE FROM audit_records",
        ] {
            let home = rig.home.url().clone();
            rig.home.meddle(statement).await;
            let report = verify_directory(&rig.home.dir(), &home, None).await.unwrap();
            assert!(!report.ok());
        }
        let rig = rig.restart().await;
        let report = rig.verify(&saved).await;
        assert!(report.ok, "{report:?}");
        assert_eq!(
            rig.deliver("catalog", &chain("catalog", 31)[30..]).await.unwrap(),
            32
        );
        assert_eq!(rig.checkpoint().await.size, 31);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_contradicts_the_log_is_not_continued() {
    for rig in rigs().await {
        rig.deliver("catalog", &chain("catalog", 5)).await.unwrap();
        rig.checkpoint().await;
        let home = rig.end();
        home.meddle("UPDATE audit_records SET action = 'read' WHERE log_index = 4")
            .await;
        let refused = home.try_start().await.err().unwrap();
        assert_eq!(refused.reason(), Reason::AuditTampered);
        assert!(refused.to_string().contains("entry 4"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_changed_before_it_was_sealed_does_not_become_the_truth() {
    for rig in rigs().await {
        let records = chain("catalog", 5);
        rig.deliver("catalog", &records).await.unwrap();
        rig.home
            .meddle("UPDATE audit_records SET subject = 'user:nobody' WHERE log_index = 2")
            .await;
        let answer = rig.admin().get_checkpoint(pb::GetCheckpointRequest {}).await;
        assert_eq!(
            datawave_rpc::failure(answer.unwrap_err()).reason(),
            Reason::AuditTampered
        );
        assert_eq!(sealed_on_disk(&rig), 0);
    }
}

/// A store of another service with `count` records in its chain.
async fn write_records(db: &Db, service: &str, from: u64, count: u64) {
    for n in from..from + count {
        db.record_audit(vec![record(n, service, "")]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_of_several_services_bring_every_record_once_and_the_log_does_not_feed_itself() {
    for rig in rigs().await {
        let stop = CancellationToken::new();
        let mut jobs = vec![rig.audit.spawn_jobs(stop.clone())];
        let catalog = sqlite_store("catalog", &[]).await;
        let scans = sqlite_store("scans", &[]).await;
        for db in [&catalog.db, &scans.db, rig.audit.db()] {
            let channel = rig.channel(Actor::service(db.service()));
            jobs.push(relay::spawn_audit(
                db.clone(),
                relay_sink(db.clone(), channel),
                stop.clone(),
            ));
        }
        tokio::join!(
            write_records(&catalog.db, "catalog", 0, 60),
            write_records(&scans.db, "scans", 100, 60)
        );
        wait_for(&rig.audit, 120).await;
        // A look at the log is one record of the log, and that is all.
        rig.list(pb::ListRecordsRequest::default()).await;
        wait_for(&rig.audit, 121).await;
        stop.cancel();
        for job in jobs {
            job.await.unwrap();
        }
        assert_eq!(sealed_on_disk(&rig), 121);
        let mut own = rig.audit.db().read().await.unwrap();
        let own = audit_rows(&mut own, 1, 100).await.unwrap();
        assert_eq!(own.len(), 1);
        let read: datawave_core::AuditRecord = serde_json::from_slice(&own[0].record).unwrap();
        assert_eq!(
            (read.action.as_str(), read.resource.as_str()),
            ("read", "audit/records")
        );
        let report = verify_directory(&rig.home.dir(), rig.home.url(), None)
            .await
            .unwrap();
        assert!(
            report.ok() && report.size == 121 && report.rows == Some(121),
            "{report:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_audit_store_is_handed_the_whole_chain_again() {
    for rig in rigs().await {
        let catalog = sqlite_store("catalog", &[]).await;
        write_records(&catalog.db, "catalog", 0, 200).await;
        let newest = audit_rows(&mut catalog.db.read().await.unwrap(), 200, 1)
            .await
            .unwrap();
        let channel = rig.channel(Actor::service("catalog"));
        relay_sink(catalog.db.clone(), channel)(newest).await.unwrap();
        assert_eq!(rig.checkpoint().await.size, 200);
        assert!(rig.verify("").await.ok);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_store_lacks_what_the_log_asks_for_says_so() {
    let rig = rigs().await.remove(0);
    let catalog = sqlite_store("catalog", &[]).await;
    write_records(&catalog.db, "catalog", 0, 3).await;
    let mut newest = audit_rows(&mut catalog.db.read().await.unwrap(), 3, 1)
        .await
        .unwrap();
    // The chain of another life: the store has three records, the relay has the ninth.
    newest[0].sequence = 9;
    let sink = relay_sink(catalog.db.clone(), rig.channel(Actor::service("catalog")));
    let refused = sink(newest).await.unwrap_err();
    assert!(
        refused.source_chain().contains("asks for record 4"),
        "{}",
        refused.source_chain()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_sealed_by_themselves_and_once_more_at_the_stop() {
    let rig = rigs().await.remove(0);
    let stop = CancellationToken::new();
    let job = rig.audit.spawn_jobs(stop.clone());
    let records = chain("catalog", 30);
    rig.deliver("catalog", &records[..10]).await.unwrap();
    wait_for(&rig.audit, 10).await;
    rig.deliver("catalog", &records[10..]).await.unwrap();
    stop.cancel();
    job.await.unwrap();
    assert_eq!(sealed_on_disk(&rig), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_files_rolled_back_together_are_found_by_a_checkpoint_kept_elsewhere() {
    for rig in rigs().await {
        let records = chain("catalog", 20);
        rig.deliver("catalog", &records).await.unwrap();
        let saved = rig.home.dir().join("saved");
        std::fs::write(&saved, rig.checkpoint().await.checkpoint).unwrap();
        let (dir, url) = (rig.home.dir(), rig.home.url().clone());
        assert!(verify_directory(&dir, &url, Some(&saved)).await.unwrap().ok());

        // Everything is put back to a younger state and signed anew with the service's own key.
        let home = rig.end();
        home.meddle("DELETE FROM audit_records").await;
        std::fs::remove_dir_all(home.log()).unwrap();
        let rig = home.start().await;
        rig.deliver("catalog", &records[..12]).await.unwrap();
        rig.checkpoint().await;
        assert!(verify_directory(&dir, &url, None).await.unwrap().ok());
        let report = verify_directory(&dir, &url, Some(&saved)).await.unwrap();
        assert_eq!(report.first_bad, Some((12, 12)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_services_deliver_at_once_and_indexes_have_no_gap() {
    for rig in rigs().await {
        let rig = Arc::new(rig);
        let mut deliveries = Vec::new();
        for service in ["a", "b", "c", "d", "e", "f"] {
            let rig = Arc::clone(&rig);
            deliveries.push(tokio::spawn(async move {
                for part in chain(service, 60).chunks(7) {
                    rig.deliver(service, part).await.unwrap();
                }
            }));
        }
        for delivery in deliveries {
            delivery.await.unwrap();
        }
        assert_eq!(rig.checkpoint().await.size, 360);
        let report = rig.verify("").await;
        assert!(report.ok, "{report:?}");
    }
}

#[test]
fn migrations_are_the_same_on_both_engines() {
    let plain = |text: &str| {
        text.replace(" COLLATE \"C\"", "")
            .replace("BYTEA", "BLOB")
            .replace("BIGINT", "INTEGER")
    };
    for migration in MIGRATIONS {
        assert_eq!(plain(migration.postgres), migration.sqlite);
    }
}
