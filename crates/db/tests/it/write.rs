//! Transactions: all or nothing, and losers try again.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datawave_core::{Failure, Reason};
use datawave_db::{Db, Engine, audit_rows, is_unique_violation, sql};
use tokio::sync::{Barrier, Notify};

use crate::support::{
    MIGRATIONS, SERVICE, count_of, event, insert, insert_committed, number, record, refused, tenant, things,
};

async fn claim(db: &Db, worker: String) -> Option<String> {
    db.write(move |tx| {
        let worker = worker.clone();
        Box::pin(async move {
            let job = sql(
                "SELECT id FROM jobs WHERE tenant = $1 AND owner IS NULL ORDER BY id LIMIT 1 \
                 {for_update_skip_locked}",
            )
            .bind(&tenant())
            .fetch_optional(tx)
            .await?;
            let Some(job) = job else { return Ok(None) };
            let id = job.text("id")?;
            sql("UPDATE jobs SET owner = $1 WHERE tenant = $2 AND id = $3")
                .bind(worker)
                .bind(&tenant())
                .bind(&id)
                .execute(tx)
                .await?;
            Ok(Some(id))
        })
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_workers_claim_every_job_once() {
    const JOBS: usize = 60;
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        store
            .db
            .write(|tx| {
                Box::pin(async move {
                    for n in 0..JOBS {
                        sql("INSERT INTO jobs (tenant, id) VALUES ($1, $2)")
                            .bind(&tenant())
                            .bind(format!("job{n:03}"))
                            .execute(tx)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        let workers = (0..8).map(|w| {
            let db = store.db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(job) = claim(&db, format!("worker{w}")).await {
                    mine.push(job);
                }
                mine
            })
        });
        let claimed: Vec<String> = futures::future::join_all(workers)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        assert_eq!(claimed.len(), JOBS, "{:?}", store.engine);
        assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), JOBS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost_between_eight_writers() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "x", 0).await;
        let writers = (0..8).map(|_| {
            let db = store.db.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    db.write(|tx| {
                        Box::pin(async move {
                            let count = count_of(tx, "x").await?;
                            sql("UPDATE things SET count = $1 WHERE id = 'x'")
                                .bind(count + 1)
                                .execute(tx)
                                .await
                        })
                    })
                    .await
                    .unwrap();
                }
            })
        });
        for done in futures::future::join_all(writers).await {
            done.unwrap();
        }
        assert_eq!(number(&store.db, "SELECT count AS n FROM things").await, 80);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_transactions_that_wait_for_each_other_the_loser_runs_again() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        // SQLite begins with the write lock: nobody can wait in a circle.
        if store.engine != Engine::Postgres {
            continue;
        }
        insert_committed(&store.db, "a", 0).await;
        insert_committed(&store.db, "b", 0).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let met = Arc::new(Barrier::new(2));
        let both = [["a", "b"], ["b", "a"]].map(|order| {
            let (db, runs, met) = (store.db.clone(), Arc::clone(&runs), Arc::clone(&met));
            tokio::spawn(async move {
                db.write(move |tx| {
                    let (runs, met) = (Arc::clone(&runs), Arc::clone(&met));
                    Box::pin(async move {
                        let add = "UPDATE things SET count = count + 1 WHERE id = $1";
                        sql(add).bind(order[0]).execute(tx).await?;
                        if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                            met.wait().await;
                        }
                        // The store puts its own words on the failure; the retry must not depend on them.
                        sql(add).bind(order[1]).execute(tx).await.map_err(|_| refused())
                    })
                })
                .await
            })
        });
        for done in futures::future::join_all(both).await {
            done.unwrap().unwrap();
        }
        assert!(runs.load(Ordering::SeqCst) >= 3);
        assert_eq!(
            number(&store.db, "SELECT CAST(sum(count) AS BIGINT) AS n FROM things").await,
            4
        );
    }
}

#[tokio::test]
async fn a_failure_of_the_work_undoes_rows_events_and_audit_records() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let failure = store
            .db
            .write(|tx| {
                Box::pin(async move {
                    insert(tx, "a", 1).await?;
                    tx.emit(event("evt_1", "a", b"")).await?;
                    tx.audit(record("aud_1")).await?;
                    Err::<(), _>(Failure::new(Reason::EtagMismatch, "changed"))
                })
            })
            .await
            .unwrap_err();
        assert_eq!(failure.reason(), Reason::EtagMismatch);
        assert_eq!(things(&store.db).await, 0);
        assert_eq!(number(&store.db, "SELECT count(*) AS n FROM dw_outbox").await, 0);
        assert!(
            audit_rows(&mut store.db.read().await.unwrap(), 1, 10)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn work_whose_caller_goes_away_is_undone() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let (written, db) = (Arc::new(Notify::new()), store.db.clone());
        let signal = Arc::clone(&written);
        let task = tokio::spawn(async move {
            db.write(move |tx| {
                let signal = Arc::clone(&signal);
                Box::pin(async move {
                    insert(tx, "a", 1).await?;
                    signal.notify_one();
                    std::future::pending::<Result<(), Failure>>().await
                })
            })
            .await
        });
        written.notified().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        insert_committed(&store.db, "b", 1).await;
        assert_eq!(things(&store.db).await, 1);
    }
}

#[tokio::test]
async fn work_that_panics_is_undone_and_the_store_lives_on() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let db = store.db.clone();
        let task = tokio::spawn(async move {
            db.write(|tx| {
                Box::pin(async move {
                    insert(tx, "a", 1).await?;
                    if tx.service() == SERVICE {
                        panic!("a defect");
                    }
                    Ok(())
                })
            })
            .await
        });
        assert!(task.await.unwrap_err().is_panic());
        insert_committed(&store.db, "b", 1).await;
        assert_eq!(things(&store.db).await, 1);
    }
}

#[tokio::test]
async fn a_swallowed_failure_does_not_commit_the_other_half() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 1).await;
        let done = store
            .db
            .write(|tx| {
                Box::pin(async move {
                    insert(tx, "b", 1).await?;
                    let _ = insert(tx, "a", 2).await;
                    Ok(())
                })
            })
            .await;
        assert_eq!(done.unwrap_err().reason(), Reason::Internal);
        assert_eq!(things(&store.db).await, 1, "{:?}", store.engine);
    }
}

#[tokio::test]
async fn a_key_that_exists_is_told_from_other_failures() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 1).await;
        let twice = store
            .db
            .write(|tx| Box::pin(async move { insert(tx, "a", 2).await }))
            .await
            .unwrap_err();
        assert!(is_unique_violation(&twice));
        assert_eq!(twice.reason(), Reason::Internal);
        let broken = store
            .db
            .write(|tx| {
                Box::pin(async move { sql("INSERT INTO things (tenant) VALUES ('t')").execute(tx).await })
            })
            .await
            .unwrap_err();
        assert!(!is_unique_violation(&broken), "NOT NULL is another matter");
        assert!(!is_unique_violation(&refused()));
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        insert_committed(&store.db, "a", 1).await;
        store.db.close().await;
        assert_eq!(
            store.db.read().await.err().map(|f| f.reason()),
            Some(Reason::DependencyUnavailable),
            "closed is closed"
        );
        assert_eq!(
            things(&Db::open(&store.url, SERVICE, MIGRATIONS).await.unwrap()).await,
            1
        );
    }
}
