//! Page tokens and walks over pages.

use std::collections::HashSet;
use std::sync::Arc;

use datawave_core::{Failure, Reason, TenantId};
use datawave_db::page::{PageRequest, PageTokens, page_size};
use datawave_db::{Db, sql};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{MIGRATIONS, SERVICE, insert_committed, tenant};

const QUERY: [u8; 32] = [7; 32];

fn tokens() -> PageTokens {
    PageTokens::new([9; 32])
}

fn is_refused(result: Result<Vec<String>, Failure>) -> bool {
    result.is_err_and(|f| f.reason() == Reason::PageTokenInvalid)
}

#[test]
fn a_size_of_nothing_is_fifty_and_the_most_is_a_thousand() {
    assert_eq!(
        [0, -3, 1, 1000, 1001, i64::MAX].map(page_size),
        [50, 50, 1, 1000, 1000, 1000]
    );
    assert_eq!(
        PageRequest::new(10, ""),
        PageRequest {
            size: 10,
            token: None
        }
    );
    assert_eq!(PageRequest::new(10_u32, "t").token.as_deref(), Some("t"));
}

#[test]
fn a_token_belongs_to_its_tenant_query_and_key() {
    let key = vec!["a".to_owned(), "b".to_owned()];
    let token = tokens().seal(&tenant(), &QUERY, &key);
    assert_eq!(tokens().open(&tenant(), &QUERY, &token).unwrap(), key);
    assert!(is_refused(tokens().open(
        &TenantId::parse("acme").unwrap(),
        &QUERY,
        &token
    )));
    assert!(is_refused(tokens().open(&tenant(), &[8; 32], &token)));
    assert!(is_refused(PageTokens::new([1; 32]).open(
        &tenant(),
        &QUERY,
        &token
    )));
}

#[test]
fn a_token_does_not_show_the_row_that_it_stands_for() {
    use base64::Engine as _;
    let token = tokens().seal(&tenant(), &QUERY, &["hidden-asset".to_owned()]);
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token)
        .unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"hidden"));
}

proptest! {
    #[test]
    fn any_key_comes_back(key in proptest::collection::vec(any::<String>(), 0..4)) {
        let token = tokens().seal(&tenant(), &QUERY, &key);
        prop_assert_eq!(tokens().open(&tenant(), &QUERY, &token).unwrap(), key);
    }

    #[test]
    fn no_changed_token_is_accepted(key in any::<String>(), at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let mut token = tokens().seal(&tenant(), &QUERY, std::slice::from_ref(&key));
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != to);
        token.replace_range(at..=at, &to);
        prop_assert!(is_refused(tokens().open(&tenant(), &QUERY, &token)));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        // An empty token is no token: the first page.
        let opened = tokens().open(&tenant(), &QUERY, &text);
        let right = if text.is_empty() { opened.unwrap().is_empty() } else { is_refused(opened) };
        prop_assert!(right);
    }
}

/// One page of things by id, and the token of the next.
async fn page(db: &Db, size: usize, token: Option<&str>) -> (Vec<String>, Option<String>) {
    let after = token.map(|t| tokens().open(&tenant(), &QUERY, t).unwrap().remove(0));
    let rows =
        sql("SELECT id FROM things WHERE tenant = $1 AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3")
            .bind(&tenant())
            .bind(after)
            .bind(i64::try_from(size).unwrap())
            .fetch_all(&mut db.read().await.unwrap())
            .await
            .unwrap();
    let ids: Vec<String> = rows.iter().map(|r| r.text("id").unwrap()).collect();
    let next = (ids.len() == size).then(|| tokens().seal(&tenant(), &QUERY, &ids[size - 1..]));
    (ids, next)
}

#[test]
fn a_walk_sees_each_item_once_while_others_are_inserted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config::with_cases(6));
    // Mixed case, digits and letters beyond ASCII: engines that sort differently would skip or repeat.
    let names = proptest::collection::hash_set("[a-zA-Z0-9äÖß_ -]{1,6}", 1..40);
    runner
        .run(&(names.clone(), names, 1_usize..9), |(before, during, size)| {
            runtime.block_on(async {
                let mut walks = Vec::new();
                for store in datawave_testkit::both(SERVICE, MIGRATIONS).await {
                    for id in &before {
                        insert_committed(&store.db, id, 1).await;
                    }
                    let (db, added) = (
                        store.db.clone(),
                        Arc::new(during.difference(&before).cloned().collect::<Vec<_>>()),
                    );
                    let inserting = tokio::spawn(async move {
                        for id in added.iter() {
                            insert_committed(&db, id, 1).await;
                        }
                    });
                    let (mut seen, mut token) = (Vec::new(), None);
                    loop {
                        let (ids, next) = page(&store.db, size, token.as_deref()).await;
                        seen.extend(ids);
                        token = next;
                        if token.is_none() {
                            break;
                        }
                    }
                    inserting.await.unwrap();
                    assert!(
                        seen.windows(2).all(|pair| pair[0] < pair[1]),
                        "in order and once: {seen:?}"
                    );
                    let set: HashSet<String> = seen.iter().cloned().collect();
                    assert!(before.is_subset(&set), "what was there all along was seen");
                    walks.push(
                        seen.into_iter()
                            .filter(|id| before.contains(id))
                            .collect::<Vec<_>>(),
                    );
                }
                assert!(
                    walks.windows(2).all(|pair| pair[0] == pair[1]),
                    "both engines page in one order"
                );
            });
            Ok(())
        })
        .unwrap();
}
