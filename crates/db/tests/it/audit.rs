//! The audit chain: gap-free, linked, and shared by many callers.

use std::collections::HashSet;
use std::sync::Arc;

use datawave_core::{AuditRecord, Reason};
use datawave_db::{ChainedRecord, Db, Engine, GENESIS, audit_rows};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::support::{MIGRATIONS, SERVICE, insert, number, record, refused};

async fn chain(db: &Db) -> Vec<ChainedRecord> {
    audit_rows(&mut db.read().await.unwrap(), 1, 10_000)
        .await
        .unwrap()
}

fn assert_linked(rows: &[ChainedRecord]) {
    let mut previous = GENESIS;
    for (row, sequence) in rows.iter().zip(1..) {
        assert_eq!(row.sequence, sequence, "no gap");
        assert_eq!(row.previous, previous);
        assert!(row.is_consistent());
        assert_eq!(row.service, SERVICE);
        previous = row.hash;
    }
}

fn ids(rows: &[ChainedRecord]) -> Vec<String> {
    rows.iter()
        .map(|r| serde_json::from_slice::<AuditRecord>(&r.record).unwrap().id)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_chain_has_no_gaps_under_eight_writers_some_of_which_fail() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let writers = (0..8).map(|w| {
            let db = store.db.clone();
            tokio::spawn(async move {
                for n in 0..10 {
                    let done = db
                        .write(move |tx| {
                            Box::pin(async move {
                                insert(tx, &format!("{w}-{n}"), n).await?;
                                tx.audit(record(&format!("aud_{w}_{n}"))).await?;
                                if n % 3 == 0 { Err(refused()) } else { Ok(()) }
                            })
                        })
                        .await;
                    assert_eq!(done.is_err(), n % 3 == 0);
                    db.record_audit(vec![record(&format!("read_{w}_{n}"))])
                        .await
                        .unwrap();
                }
            })
        });
        for done in futures::future::join_all(writers).await {
            done.unwrap();
        }
        let rows = chain(&store.db).await;
        assert_eq!(rows.len(), 8 * (6 + 10), "{:?}", store.engine);
        assert_linked(&rows);
        assert_eq!(ids(&rows).into_iter().collect::<HashSet<_>>().len(), rows.len());
    }
}

#[tokio::test]
async fn a_record_is_appended_once_however_often_it_is_sent() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        store
            .db
            .record_audit(vec![record("aud_1"), record("aud_2"), record("aud_1")])
            .await
            .unwrap();
        store
            .db
            .record_audit(vec![record("aud_2"), record("aud_3")])
            .await
            .unwrap();
        store
            .db
            .write(|tx| Box::pin(async move { tx.audit(record("aud_3")).await }))
            .await
            .unwrap();
        let rows = chain(&store.db).await;
        assert_eq!(ids(&rows), ["aud_1", "aud_2", "aud_3"]);
        assert_linked(&rows);
    }
}

#[tokio::test]
async fn rows_are_read_from_where_the_reader_wants() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        // More than fit in one INSERT.
        let records = (0..250).map(|n| record(&format!("aud_{n:03}"))).collect();
        store.db.record_audit(records).await.unwrap();
        let rows = audit_rows(&mut store.db.read().await.unwrap(), 101, 3)
            .await
            .unwrap();
        assert_eq!(
            rows.iter().map(|r| r.sequence).collect::<Vec<_>>(),
            [101, 102, 103]
        );
        assert_eq!(ids(&rows), ["aud_100", "aud_101", "aud_102"]);
        assert_linked(&chain(&store.db).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_that_come_together_share_a_transaction_and_are_durable() {
    const CALLS: usize = 200;
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        // A writer that holds the chain, so that all calls have come before the first is written.
        let (holding, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (holds, released, db) = (Arc::clone(&holding), Arc::clone(&release), store.db.clone());
        let holder = tokio::spawn(async move {
            db.write(move |tx| {
                let (holds, released) = (Arc::clone(&holds), Arc::clone(&released));
                Box::pin(async move {
                    datawave_db::sql("UPDATE dw_audit_head SET id = id")
                        .execute(tx)
                        .await?;
                    holds.notify_one();
                    released.notified().await;
                    Ok(())
                })
            })
            .await
        });
        holding.notified().await;
        let (sent, mut came) = mpsc::channel(CALLS);
        let calls: Vec<_> = (0..CALLS)
            .map(|n| {
                let (db, sent) = (store.db.clone(), sent.clone());
                tokio::spawn(async move {
                    let call = db.record_audit(vec![record(&format!("aud_{n:03}"))]);
                    tokio::pin!(call);
                    // Once polled, the record stands in the queue.
                    assert!(futures::poll!(&mut call).is_pending());
                    sent.send(()).await.unwrap();
                    call.await
                })
            })
            .collect();
        for _ in 0..CALLS {
            came.recv().await.unwrap();
        }
        release.notify_one();
        holder.await.unwrap().unwrap();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        store.db.close().await;
        let db = Db::open(&store.url, SERVICE, MIGRATIONS).await.unwrap();
        let rows = chain(&db).await;
        assert_eq!(rows.len(), CALLS);
        assert_linked(&rows);
        if store.engine == Engine::Postgres {
            let text = "SELECT count(DISTINCT CAST(xmin AS TEXT)) AS n FROM dw_audit_rows";
            let transactions = number(&db, text).await;
            assert!(transactions <= 3, "{transactions} transactions for {CALLS} calls");
        }
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_stored_does_not_spoil_the_others() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let (bad, good) = tokio::join!(
            store.db.record_audit(vec![record("aud_\0")]),
            store.db.record_audit(vec![record("aud_1")])
        );
        assert_eq!(bad.unwrap_err().reason(), Reason::InvalidRequest);
        good.unwrap();
        assert_eq!(chain(&store.db).await.len(), 1);
    }
}

#[tokio::test]
async fn a_record_longer_than_the_log_takes_is_refused_before_it_can_stop_the_relay() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let long = record("aud_1").with_detail("fields", "x".repeat(60_000));
        let alone = store.db.record_audit(vec![long.clone()]).await;
        assert_eq!(alone.unwrap_err().reason(), Reason::TooLarge);
        let with_a_change = store.db.write(|tx| {
            let long = long.clone();
            Box::pin(async move { tx.audit(long).await })
        });
        assert_eq!(with_a_change.await.unwrap_err().reason(), Reason::TooLarge);
        assert!(chain(&store.db).await.is_empty());
    }
}

#[tokio::test]
async fn without_a_store_no_audit_record_is_acknowledged() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        store.db.close().await;
        let failure = store.db.record_audit(vec![record("aud_1")]).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::AuditUnavailable);
    }
}

#[tokio::test]
async fn the_relay_delivers_the_chain_in_order_through_failures_and_goes_on_where_it_stopped() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let mut all: Vec<ChainedRecord> = Vec::new();
        for run in 0..2 {
            let (sent, mut came) = mpsc::unbounded_channel();
            let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
            let sink: datawave_db::relay::Sink<ChainedRecord> = Arc::new(move |batch| {
                let (sent, call) = (
                    sent.clone(),
                    calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst),
                );
                Box::pin(async move {
                    if call < 2 {
                        return Err(refused());
                    }
                    sent.send(batch).unwrap();
                    Ok(())
                })
            });
            let stop = CancellationToken::new();
            let relay = datawave_db::relay::spawn_audit(store.db.clone(), sink, stop.clone());
            for n in 0..30 {
                store
                    .db
                    .record_audit(vec![record(&format!("aud_{run}_{n}"))])
                    .await
                    .unwrap();
            }
            while all.len() < (run + 1) * 30 {
                let batch: Vec<ChainedRecord> = came.recv().await.unwrap();
                // At least once: what is delivered again has been seen.
                all.extend(
                    batch
                        .into_iter()
                        .filter(|r| all.last().is_none_or(|l| r.sequence > l.sequence))
                        .collect::<Vec<_>>(),
                );
            }
            stop.cancel();
            relay.await.unwrap();
        }
        assert_linked(&all);
        assert_eq!(all, chain(&store.db).await);
    }
}
