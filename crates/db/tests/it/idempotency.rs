//! Idempotency keys: one effect, however often a request comes.

use std::time::Duration;

use datawave_core::{CallContext, Failure, Reason, TenantId, Timestamp};
use datawave_db::{Db, Idempotency, sql};

use crate::support::{MIGRATIONS, SERVICE, context, now, number, things};

fn with_key(key: &str) -> CallContext {
    CallContext {
        idempotency_key: Some(key.to_owned()),
        ..context()
    }
}

/// A use case that creates a thing; the id of the thing, made or remembered.
async fn create(
    db: &Db,
    ctx: &CallContext,
    payload: [u8; 32],
    id: &str,
    at: Timestamp,
) -> Result<String, Failure> {
    let (ctx, id) = (ctx.clone(), id.to_owned());
    db.write(move |tx| {
        let (ctx, id) = (ctx.clone(), id.clone());
        Box::pin(async move {
            if let Idempotency::Repeat(resource) = tx.idempotent(&ctx, &payload, at).await? {
                return Ok(resource);
            }
            sql("INSERT INTO things (tenant, id, count) VALUES ($1, $2, 1)")
                .bind(&ctx.tenant)
                .bind(&id)
                .execute(tx)
                .await?;
            tx.remember(&ctx, &id).await?;
            Ok(id)
        })
    })
    .await
}

#[tokio::test]
async fn a_repeat_gives_the_first_answer_and_another_payload_is_refused() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let (db, ctx) = (&store.db, with_key("k"));
        assert_eq!(create(db, &ctx, [1; 32], "a", now()).await.unwrap(), "a");
        assert_eq!(create(db, &ctx, [1; 32], "b", now()).await.unwrap(), "a");
        let failure = create(db, &ctx, [2; 32], "c", now()).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::RequestIdReused);
        assert_eq!(things(db).await, 1);
    }
}

#[tokio::test]
async fn keys_of_other_tenants_methods_and_calls_without_a_key_are_apart() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let db = &store.db;
        let other_tenant = CallContext {
            tenant: TenantId::parse("acme").unwrap(),
            ..with_key("k")
        };
        let other_method = CallContext {
            method: "other".to_owned(),
            ..with_key("k")
        };
        for (ctx, id) in [
            (with_key("k"), "a"),
            (other_tenant, "b"),
            (other_method, "c"),
            (context(), "d"),
            (context(), "e"),
        ] {
            assert_eq!(create(db, &ctx, [1; 32], id, now()).await.unwrap(), id);
        }
        assert_eq!(things(db).await, 5);
    }
}

#[tokio::test]
async fn a_key_is_kept_for_a_day_and_swept_after_it() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let db = &store.db;
        let just_before = Timestamp::from_micros(now().plus(DAY).as_micros() - 1);
        for key in ["k", "old1", "old2"] {
            create(db, &with_key(key), [1; 32], key, now()).await.unwrap();
        }
        assert_eq!(
            create(db, &with_key("k"), [1; 32], "x", just_before)
                .await
                .unwrap(),
            "k"
        );
        assert_eq!(
            create(db, &with_key("k"), [2; 32], "new", now().plus(DAY))
                .await
                .unwrap(),
            "new"
        );
        assert_eq!(number(db, "SELECT count(*) AS n FROM dw_idempotency").await, 1);
    }
}

#[tokio::test]
async fn work_that_failed_gives_its_key_back() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let (db, ctx) = (&store.db, with_key("k"));
        create(db, &context(), [1; 32], "a", now()).await.unwrap();
        create(db, &ctx, [1; 32], "a", now()).await.unwrap_err();
        assert_eq!(create(db, &ctx, [1; 32], "b", now()).await.unwrap(), "b");
    }
}

#[tokio::test]
async fn a_new_key_without_a_remembered_answer_does_not_commit() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let done = store
            .db
            .write(|tx| {
                Box::pin(async move { tx.idempotent(&with_key("k"), &[1; 32], now()).await.map(drop) })
            })
            .await;
        assert_eq!(done.unwrap_err().reason(), Reason::Internal);
        assert_eq!(
            number(&store.db, "SELECT count(*) AS n FROM dw_idempotency").await,
            0
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn duplicates_that_come_at_once_have_one_effect() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let calls = (0..24).map(|n| {
            let db = store.db.clone();
            tokio::spawn(async move { create(&db, &with_key("k"), [1; 32], &format!("id{n}"), now()).await })
        });
        let mut answers: Vec<String> = futures::future::join_all(calls)
            .await
            .into_iter()
            .map(|a| a.unwrap().unwrap())
            .collect();
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(things(&store.db).await, 1);
    }
}
