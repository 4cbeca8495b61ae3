//! Events: written with the change, delivered at least once and in order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use datawave_core::EventRecord;
use datawave_db::relay::{Sink, spawn_outbox};
use datawave_db::{Db, sql};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::support::{MIGRATIONS, SERVICE, count_of, event, insert_committed, number, record, refused};

/// Changes the counter of `key` and tells its new value.
async fn change(db: &Db, key: &str) {
    let key = key.to_owned();
    db.write(move |tx| {
        let key = key.clone();
        Box::pin(async move {
            let count = count_of(tx, &key).await? + 1;
            sql("UPDATE things SET count = $1 WHERE id = $2")
                .bind(count)
                .bind(&key)
                .execute(tx)
                .await?;
            tx.emit(event(&format!("evt_{key}_{count}"), &key, &count.to_be_bytes()))
                .await
        })
    })
    .await
    .unwrap();
}

fn value(event: &EventRecord) -> i64 {
    i64::from_be_bytes(event.payload.as_slice().try_into().unwrap())
}

/// A sink that hands batches on, except that `refuses(call)` says no.
fn sink(
    refuses: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> (Sink<EventRecord>, mpsc::UnboundedReceiver<Vec<EventRecord>>) {
    let (sent, came) = mpsc::unbounded_channel();
    let calls = AtomicUsize::new(0);
    let sink: Sink<EventRecord> = Arc::new(move |batch| {
        let refused_now = refuses(calls.fetch_add(1, Ordering::SeqCst));
        let sent = sent.clone();
        Box::pin(async move {
            if refused_now {
                return Err(refused());
            }
            // A test that has seen enough has dropped its end.
            let _ = sent.send(batch);
            Ok(())
        })
    });
    (sink, came)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn events_of_a_key_arrive_in_commit_order_from_eight_writers_through_a_sink_that_fails() {
    const WRITERS: usize = 8;
    const CHANGES: usize = 12;
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        for key in ["a", "b"] {
            insert_committed(&store.db, key, 0).await;
        }
        let (sink, mut came) = sink(|call| call < 2 || call % 4 == 0);
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), sink, stop.clone());
        let writers = (0..WRITERS).map(|w| {
            let db = store.db.clone();
            tokio::spawn(async move {
                for _ in 0..CHANGES {
                    change(&db, if w % 2 == 0 { "a" } else { "b" }).await;
                }
            })
        });
        for done in futures::future::join_all(writers).await {
            done.unwrap();
        }
        let mut last: HashMap<String, i64> = HashMap::new();
        let mut ids = HashSet::new();
        while ids.len() < WRITERS * CHANGES {
            for event in came.recv().await.unwrap() {
                if ids.insert(event.id.clone()) {
                    let last = last.entry(event.key.clone()).or_default();
                    assert_eq!(value(&event), *last + 1, "{:?}", store.engine);
                    *last = value(&event);
                }
            }
        }
        stop.cancel();
        relay.await.unwrap();
        assert_eq!(number(&store.db, "SELECT count(*) AS n FROM dw_outbox").await, 0);
    }
}

#[tokio::test]
async fn events_of_one_transaction_keep_the_order_in_which_they_were_told() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        store
            .db
            .write(|tx| {
                Box::pin(async move {
                    for n in 0_i64..20 {
                        tx.emit(event(
                            &format!("evt_{n}"),
                            &format!("key{}", 5 - n % 5),
                            &n.to_be_bytes(),
                        ))
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        let (sink, mut came) = sink(|_| false);
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), sink, stop.clone());
        let batch = came.recv().await.unwrap();
        assert_eq!(
            batch.iter().map(value).collect::<Vec<_>>(),
            (0..20).collect::<Vec<_>>()
        );
        assert_eq!(
            batch[0],
            event("evt_0", "key5", &0_i64.to_be_bytes()),
            "every field comes back"
        );
        stop.cancel();
        relay.await.unwrap();
    }
}

#[tokio::test]
async fn a_commit_wakes_the_relay_and_what_it_left_the_next_one_delivers() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 0).await;
        let (first, mut came) = sink(|_| false);
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), first, stop.clone());
        for n in 1..=3 {
            // Each is awaited before the next is made: a relay that sleeps through a commit never gets here.
            change(&store.db, "a").await;
            assert_eq!(
                came.recv().await.unwrap().iter().map(value).collect::<Vec<_>>(),
                [n]
            );
        }
        stop.cancel();
        relay.await.unwrap();
        change(&store.db, "a").await;
        let (second, mut came) = sink(|_| false);
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), second, stop.clone());
        assert_eq!(came.recv().await.unwrap().last().map(value), Some(4));
        stop.cancel();
        relay.await.unwrap();
    }
}

#[tokio::test]
async fn an_event_that_is_always_refused_does_not_hold_up_those_before_it() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 0).await;
        for _ in 0..6 {
            change(&store.db, "a").await;
        }
        let (sent, mut came) = mpsc::unbounded_channel();
        let sink: Sink<EventRecord> = Arc::new(move |batch| {
            let sent = sent.clone();
            Box::pin(async move {
                if batch.iter().any(|e| value(e) == 6) {
                    return Err(refused());
                }
                batch.iter().for_each(|e| sent.send(value(e)).unwrap());
                Ok(())
            })
        });
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), sink, stop.clone());
        for n in 1..6 {
            assert_eq!(came.recv().await, Some(n));
        }
        stop.cancel();
        relay.await.unwrap();
        assert!(number(&store.db, "SELECT count(*) AS n FROM dw_outbox").await >= 1);
    }
}

#[tokio::test]
async fn a_delivery_under_way_is_finished_before_the_relay_stops() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 0).await;
        change(&store.db, "a").await;
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (has_begun, may_end) = (Arc::clone(&begun), Arc::clone(&release));
        let sink: Sink<EventRecord> = Arc::new(move |_| {
            let (has_begun, may_end) = (Arc::clone(&has_begun), Arc::clone(&may_end));
            Box::pin(async move {
                has_begun.notify_one();
                may_end.notified().await;
                Ok(())
            })
        });
        let stop = CancellationToken::new();
        let relay = spawn_outbox(store.db.clone(), sink, stop.clone());
        begun.notified().await;
        stop.cancel();
        release.notify_one();
        relay.await.unwrap();
        assert_eq!(number(&store.db, "SELECT count(*) AS n FROM dw_outbox").await, 0);
    }
}

/// Waits until `count` connections to this database wait for a lock.
async fn lock_waiters(db: &Db, count: i64) {
    let text = "SELECT count(*) AS n FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while number(db, text).await < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_later_event_of_a_key_cannot_overtake_one_whose_commit_is_under_way() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        // On SQLite the second transaction begins after the first has ended.
        if store.engine != datawave_db::Engine::Postgres {
            continue;
        }
        let db = &store.db;
        // Holds the audit chain: a transaction that audits stands still after it has written its event.
        let (holding, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (holds, released, holder) = (Arc::clone(&holding), Arc::clone(&release), db.clone());
        let holder = tokio::spawn(async move {
            holder
                .write(move |tx| {
                    let (holds, released) = (Arc::clone(&holds), Arc::clone(&released));
                    Box::pin(async move {
                        sql("UPDATE dw_audit_head SET id = id").execute(tx).await?;
                        holds.notify_one();
                        released.notified().await;
                        Ok(())
                    })
                })
                .await
        });
        holding.notified().await;
        let first = db.clone();
        let first = tokio::spawn(async move {
            first
                .write(|tx| {
                    Box::pin(async move {
                        tx.emit(event("evt_1", "a", &1_i64.to_be_bytes())).await?;
                        tx.audit(record("aud_1")).await
                    })
                })
                .await
        });
        lock_waiters(db, 1).await;
        let second = db.clone();
        let mut second = tokio::spawn(async move {
            second
                .write(|tx| Box::pin(async move { tx.emit(event("evt_2", "a", &2_i64.to_be_bytes())).await }))
                .await
        });
        tokio::select! {
            _ = &mut second => panic!("the second event was committed before the first"),
            () = lock_waiters(db, 2) => {}
        }
        release.notify_one();
        for done in [holder, first, second] {
            done.await.unwrap().unwrap();
        }
        let (sink, mut came) = sink(|_| false);
        let stop = CancellationToken::new();
        let relay = spawn_outbox(db.clone(), sink, stop.clone());
        assert_eq!(
            came.recv().await.unwrap().iter().map(value).collect::<Vec<_>>(),
            [1, 2]
        );
        stop.cancel();
        relay.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn relays_of_several_processes_take_turns() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        // An SQLite store belongs to one process.
        if store.engine != datawave_db::Engine::Postgres {
            continue;
        }
        insert_committed(&store.db, "a", 0).await;
        let (sent, mut came) = mpsc::unbounded_channel();
        let busy = Arc::new(AtomicBool::new(false));
        let sink: Sink<EventRecord> = Arc::new(move |batch| {
            let (sent, busy) = (sent.clone(), Arc::clone(&busy));
            Box::pin(async move {
                assert!(!busy.swap(true, Ordering::SeqCst), "two relays deliver at once");
                tokio::task::yield_now().await;
                busy.store(false, Ordering::SeqCst);
                batch.iter().for_each(|e| sent.send(value(e)).unwrap());
                Ok(())
            })
        });
        let stop = CancellationToken::new();
        let other = Db::open(&store.url, SERVICE, MIGRATIONS).await.unwrap();
        let relays = [
            spawn_outbox(store.db.clone(), Arc::clone(&sink), stop.clone()),
            spawn_outbox(other.clone(), sink, stop.clone()),
        ];
        for n in 0..40 {
            change(if n % 2 == 0 { &store.db } else { &other }, "a").await;
        }
        for n in 1..=40 {
            assert_eq!(came.recv().await, Some(n));
        }
        stop.cancel();
        for relay in relays {
            relay.await.unwrap();
        }
    }
}
