//! What goes in comes out, on both engines; what cannot is refused alike.

use datawave_core::{Reason, Timestamp};
use datawave_db::{Db, Row, Value, placeholders, sql, sql_owned};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{MIGRATIONS, SERVICE, insert_committed, tenant, things};

const HOSTILE: &[&str] = &[
    "",
    " ",
    "'; DROP TABLE things; --",
    "\"quoted\" and \\back\\slashed\\",
    "$1 {for_update} %s ?",
    "🦀 zero\u{200b}width, right-to-left \u{202e}, combining e\u{301}",
    "\u{ffff}\u{10ffff}\u{feff}",
    "tab\tline\nreturn\r\u{1}\u{7f}",
];

async fn stored(db: &Db, name: Value, count: Value, ratio: Value, flag: Value, data: Value) -> Row {
    let row = db
        .write(move |tx| {
            let (name, count, ratio) = (name.clone(), count.clone(), ratio.clone());
            let (flag, data) = (flag.clone(), data.clone());
            Box::pin(async move {
                sql(
                    "INSERT INTO things (tenant, id, name, count, ratio, flag, data, at) \
                     VALUES ($1, 'x', $2, $3, $4, $5, $6, $3) \
                     ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, count = excluded.count, \
                     ratio = excluded.ratio, flag = excluded.flag, data = excluded.data, at = excluded.at",
                )
                .bind(&tenant())
                .bind(name)
                .bind(count)
                .bind(ratio)
                .bind(flag)
                .bind(data)
                .execute(tx)
                .await?;
                sql("SELECT name, count, ratio, flag, data, at FROM things WHERE id = 'x'")
                    .fetch_one(tx)
                    .await
            })
        })
        .await;
    row.unwrap()
}

#[tokio::test]
async fn hostile_texts_round_trip() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        for text in HOSTILE {
            let found = store
                .db
                .write(|tx| {
                    Box::pin(async move {
                        sql("SELECT CAST($1 AS TEXT) AS text")
                            .bind(*text)
                            .fetch_one(tx)
                            .await?
                            .text("text")
                    })
                })
                .await
                .unwrap();
            assert_eq!(found, *text);
            let row = stored(
                &store.db,
                Value::from(*text),
                Value::I64(None),
                Value::F64(None),
                Value::Bool(None),
                Value::from(text.as_bytes()),
            )
            .await;
            assert_eq!(row.text("name").unwrap(), *text);
            assert_eq!(row.bytes("data").unwrap(), text.as_bytes());
        }
    }
}

#[test]
fn every_value_round_trips() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stores = runtime.block_on(datawave_testkit::both(SERVICE, MIGRATIONS));
    let text = proptest::option::of("\\PC*".prop_map(|s: String| s.replace('\0', "")));
    let values = (
        text,
        any::<Option<i64>>(),
        any::<Option<f64>>().prop_filter("a number", |v| v.is_none_or(|v| !v.is_nan())),
        any::<Option<bool>>(),
        any::<Option<Vec<u8>>>(),
    );
    let mut runner = TestRunner::new(Config::with_cases(64));
    runner
        .run(&values, |(text, integer, number, flag, bytes)| {
            for store in &stores {
                let row = runtime.block_on(stored(
                    &store.db,
                    text.clone().into(),
                    integer.into(),
                    number.into(),
                    flag.into(),
                    bytes.clone().into(),
                ));
                prop_assert_eq!(row.opt_text("name").unwrap(), text.clone());
                prop_assert_eq!(row.opt_i64("count").unwrap(), integer);
                prop_assert_eq!(row.opt_f64("ratio").unwrap(), number);
                prop_assert_eq!(row.bool("flag").ok(), flag);
                prop_assert_eq!(row.opt_bytes("data").unwrap(), bytes.clone());
                prop_assert_eq!(row.opt_time("at").unwrap(), integer.map(Timestamp::from_micros));
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn what_one_engine_cannot_hold_both_refuse_and_the_transaction_lives_on() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let reasons = store
            .db
            .write(|tx| {
                Box::pin(async move {
                    let mut reasons = Vec::new();
                    for value in [Value::from("a\0b"), Value::from(f64::NAN)] {
                        let done = sql("INSERT INTO things (tenant, id) VALUES ('t', $1)").bind(value);
                        reasons.push(done.execute(tx).await.unwrap_err().reason());
                    }
                    crate::support::insert(tx, "after", 1).await?;
                    Ok(reasons)
                })
            })
            .await
            .unwrap();
        assert_eq!(reasons, [Reason::InvalidRequest; 2]);
        assert_eq!(things(&store.db).await, 1);
    }
}

#[tokio::test]
async fn a_column_that_cannot_be_read_is_named_and_its_value_is_not() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let mut session = store.db.read().await.unwrap();
        let row = sql("SELECT 'hunter2' AS secret, CAST(NULL AS TEXT) AS absent, 7 AS seven")
            .fetch_one(&mut session)
            .await
            .unwrap();
        assert_eq!(row.i64("seven").unwrap(), 7);
        let failures = [
            ("secret", row.i64("secret").unwrap_err()),
            ("secret", row.json::<u8>("secret").unwrap_err()),
            ("absent", row.text("absent").unwrap_err()),
            ("nowhere", row.text("nowhere").unwrap_err()),
        ];
        for (column, failure) in failures {
            assert_eq!(failure.reason(), Reason::Internal);
            assert!(
                failure.source_chain().contains(column),
                "{}",
                failure.source_chain()
            );
            assert!(
                !failure.source_chain().contains("hunter2"),
                "{}",
                failure.source_chain()
            );
        }
        assert!(!format!("{row:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn lists_expand_to_placeholders_and_an_empty_list_matches_nothing() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        for id in ["a", "b", "c"] {
            insert_committed(&store.db, id, 1).await;
        }
        for (ids, expected) in [(vec!["a", "c", "z"], 2), (vec![], 0)] {
            let rows = sql_owned(format!(
                "SELECT id FROM things WHERE tenant = $1 AND id IN ({})",
                placeholders(2, ids.len())
            ))
            .bind(&tenant())
            .bind_all(ids)
            .fetch_all(&mut store.db.read().await.unwrap())
            .await
            .unwrap();
            assert_eq!(rows.len(), expected);
        }
    }
}

#[tokio::test]
async fn a_read_session_cannot_write() {
    for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
        let mut session = store.db.read().await.unwrap();
        let failure = sql("INSERT INTO jobs (tenant, id) VALUES ('t', 'x')")
            .execute(&mut session)
            .await;
        assert!(failure.is_err(), "{:?}", store.engine);
    }
}
