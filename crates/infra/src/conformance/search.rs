//! Conformance of [`SearchIndex`]. The index must be empty at the start of each function.

use datawave_core::{Reason, TenantId};

use crate::search::{Document, Filter, IndexBatch, Match, SearchIndex, SearchQuery};

/// A tenant by name.
pub fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("a tenant name")
}

/// A document of `owner` without aliases, text and filters.
pub fn document(owner: &str, id: &str, name: &str) -> Document {
    Document {
        tenant: tenant(owner),
        id: id.to_owned(),
        name: name.to_owned(),
        aliases: Vec::new(),
        text: String::new(),
        filters: Vec::new(),
    }
}

/// A search of `owner` for `text`, without filters.
pub fn query(owner: &str, text: &str) -> SearchQuery {
    SearchQuery {
        tenant: tenant(owner),
        text: text.to_owned(),
        filters: Vec::new(),
        prefix: false,
        limit: 50,
        after: None,
    }
}

async fn fill(index: &dyn SearchIndex, documents: Vec<Document>) {
    index.clear().await.unwrap();
    index
        .apply(IndexBatch {
            revision: 1,
            upserts: documents,
            deletes: Vec::new(),
        })
        .await
        .unwrap();
}

async fn ids(index: &dyn SearchIndex, query: SearchQuery) -> Vec<String> {
    let page = index.search(query).await.unwrap();
    page.hits.into_iter().map(|hit| hit.id).collect()
}

/// Runs everything below, clearing the index before each.
pub async fn all(index: &dyn SearchIndex) {
    orders_exact_prefix_word_and_part(index).await;
    finds_names_however_they_are_written(index).await;
    finds_nothing_of_another_tenant(index).await;
    keeps_what_every_filter_accepts(index).await;
    pages_without_repeating_or_missing(index).await;
    replaces_and_removes_by_tenant_and_id(index).await;
    ignores_a_repeated_batch(index).await;
    takes_any_text_as_a_query(index).await;
    refuses_ids_with_control_characters(index).await;
}

/// A better kind of match comes first; inside one kind the order is by name, then id.
pub async fn orders_exact_prefix_word_and_part(index: &dyn SearchIndex) {
    let mut by_text = document("acme", "text", "zeta");
    by_text.text = "the email of somebody".to_owned();
    fill(
        index,
        vec![
            document("acme", "part", "myemailbox"),
            document("acme", "word", "customer_email"),
            by_text,
            document("acme", "prefix-b", "email_b"),
            document("acme", "prefix-a", "EMAIL_a"),
            document("acme", "exact-2", "email"),
            document("acme", "exact-1", "Email"),
            document("acme", "none", "phone"),
        ],
    )
    .await;
    let page = index.search(query("acme", "eMail")).await.unwrap();
    let found: Vec<_> = page
        .hits
        .iter()
        .map(|hit| (hit.id.as_str(), hit.matched))
        .collect();
    assert_eq!(
        found,
        [
            ("exact-1", Match::Exact),
            ("exact-2", Match::Exact),
            ("prefix-a", Match::Prefix),
            ("prefix-b", Match::Prefix),
            ("word", Match::Word),
            ("text", Match::Word),
            ("part", Match::Part),
        ]
    );
    let only_prefixes = SearchQuery {
        prefix: true,
        ..query("acme", "email")
    };
    assert_eq!(
        ids(index, only_prefixes).await,
        ["exact-1", "exact-2", "prefix-a", "prefix-b"]
    );
}

/// Snake case, camel case, digits, full names and other scripts.
pub async fn finds_names_however_they_are_written(index: &dyn SearchIndex) {
    let mut full = document("acme", "full", "billing_addr2");
    full.aliases = vec!["shop.public.orders.billing_addr2".to_owned()];
    fill(
        index,
        vec![
            document("acme", "camel", "customerBirthDate"),
            document("acme", "snake", "customer_birth_date"),
            full,
            document("acme", "greek", "Όνομα_πελάτη"),
            document("acme", "han", "顧客番号"),
            document("acme", "quoted", "weird \"name\"; DROP TABLE x --"),
        ],
    )
    .await;
    for (text, expected) in [
        ("birth date", vec!["snake", "camel"]),
        ("BirthDate", vec!["snake", "camel"]),
        ("birth", vec!["snake", "camel"]),
        ("irthda", vec!["snake", "camel"]),
        ("shop.public.orders.billing_addr2", vec!["full"]),
        ("shop.public.ord", vec!["full"]),
        ("addr2", vec!["full"]),
        ("orders", vec!["full"]),
        ("πελάτη", vec!["greek"]),
        ("ΌΝΟΜΑ", vec!["greek"]),
        ("番号", vec!["han"]),
        ("drop table", vec!["quoted"]),
        ("birth phone", vec![]),
    ] {
        let mut found = ids(index, query("acme", text)).await;
        let mut expected = expected;
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

/// Not by any text, filter or page.
pub async fn finds_nothing_of_another_tenant(index: &dyn SearchIndex) {
    fill(
        index,
        vec![
            document("acme", "1", "email"),
            document("zeta", "1", "email"),
            document("zeta", "2", "secret"),
        ],
    )
    .await;
    assert_eq!(ids(index, query("acme", "email")).await, ["1"]);
    assert_eq!(ids(index, query("acme", "")).await, ["1"]);
    assert!(ids(index, query("acme", "secret")).await.is_empty());
    assert!(ids(index, query("zet", "email")).await.is_empty());
    let first = index
        .search(SearchQuery {
            limit: 1,
            ..query("zeta", "")
        })
        .await
        .unwrap();
    let stolen = SearchQuery {
        after: first.next,
        ..query("acme", "")
    };
    assert!(ids(index, stolen).await.iter().all(|id| id == "1"));
}

/// Filters narrow; values of one filter widen; a filter that accepts nothing finds nothing.
pub async fn keeps_what_every_filter_accepts(index: &dyn SearchIndex) {
    let with = |id: &str, filters: &[(&str, &str)]| Document {
        filters: filters
            .iter()
            .map(|(f, v)| ((*f).to_owned(), (*v).to_owned()))
            .collect(),
        ..document("acme", id, "email")
    };
    fill(
        index,
        vec![
            with(
                "1",
                &[("kind", "column"), ("label", "EMAIL"), ("label", "PERSON")],
            ),
            with("2", &[("kind", "column"), ("label", "PHONE")]),
            with("3", &[("kind", "table"), ("label", "EMAIL")]),
        ],
    )
    .await;
    let filter = |field: &str, any_of: &[&str]| Filter {
        field: field.to_owned(),
        any_of: any_of.iter().map(|value| (*value).to_owned()).collect(),
    };
    for (filters, expected) in [
        (vec![filter("kind", &["column"])], vec!["1", "2"]),
        (
            vec![filter("kind", &["column"]), filter("label", &["EMAIL"])],
            vec!["1"],
        ),
        (vec![filter("label", &["PERSON", "PHONE"])], vec!["1", "2"]),
        (vec![filter("label", &["column"])], vec![]),
        (vec![filter("kind", &[])], vec![]),
        (vec![filter("other", &["EMAIL"])], vec![]),
    ] {
        for text in ["email", ""] {
            let found = ids(
                index,
                SearchQuery {
                    filters: filters.clone(),
                    ..query("acme", text)
                },
            )
            .await;
            assert_eq!(found, expected, "{filters:?} {text}");
        }
    }
}

/// Walking the pages brings what one large page brings, also when documents come and go in between.
pub async fn pages_without_repeating_or_missing(index: &dyn SearchIndex) {
    let names = ["id", "id_a", "id_b", "user_id", "an_id", "valid", "hidden", "id"];
    let documents = (0..)
        .zip(names)
        .map(|(number, name)| document("acme", &format!("d{number}"), name));
    fill(index, documents.collect()).await;
    let whole = ids(index, query("acme", "id")).await;
    assert_eq!(whole.len(), names.len());
    for limit in 1..=names.len() + 1 {
        let (mut walked, mut after, mut revision) = (Vec::new(), None, 1);
        loop {
            let page = index
                .search(SearchQuery {
                    limit,
                    after,
                    ..query("acme", "id")
                })
                .await
                .unwrap();
            assert!(page.hits.len() <= limit);
            walked.extend(page.hits.into_iter().map(|hit| hit.id));
            // Another document of the first tier comes and goes: what was not yet shown must not move.
            revision += 1;
            let extra = document("acme", "a-extra", "ID");
            let batch = if revision % 2 == 0 {
                IndexBatch {
                    revision,
                    upserts: vec![extra],
                    ..IndexBatch::default()
                }
            } else {
                IndexBatch {
                    revision,
                    deletes: vec![(extra.tenant, extra.id)],
                    ..IndexBatch::default()
                }
            };
            index.apply(batch).await.unwrap();
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        walked.retain(|id| id != "a-extra");
        assert_eq!(walked, whole, "limit {limit}");
        let documents = (0..)
            .zip(names)
            .map(|(number, name)| document("acme", &format!("d{number}"), name));
        fill(index, documents.collect()).await;
    }
    let damaged = SearchQuery {
        after: Some("?".to_owned()),
        ..query("acme", "id")
    };
    assert_eq!(
        index.search(damaged).await.unwrap_err().reason(),
        Reason::InvalidRequest
    );
}

/// An upsert replaces the whole document; the same id of another tenant is another document.
pub async fn replaces_and_removes_by_tenant_and_id(index: &dyn SearchIndex) {
    fill(
        index,
        vec![document("acme", "1", "before"), document("zeta", "1", "before")],
    )
    .await;
    let renamed = document("acme", "1", "after");
    index
        .apply(IndexBatch {
            revision: 2,
            upserts: vec![renamed],
            ..IndexBatch::default()
        })
        .await
        .unwrap();
    assert!(ids(index, query("acme", "before")).await.is_empty());
    assert_eq!(ids(index, query("acme", "after")).await, ["1"]);
    assert_eq!(ids(index, query("zeta", "before")).await, ["1"]);
    let deletes = vec![
        (tenant("acme"), "1".to_owned()),
        (tenant("acme"), "missing".to_owned()),
    ];
    index
        .apply(IndexBatch {
            revision: 3,
            deletes,
            ..IndexBatch::default()
        })
        .await
        .unwrap();
    assert!(ids(index, query("acme", "")).await.is_empty());
    assert_eq!(ids(index, query("zeta", "")).await, ["1"]);
    assert_eq!(index.last_revision().await.unwrap(), 3);
}

/// A batch at or below the last revision changes nothing.
pub async fn ignores_a_repeated_batch(index: &dyn SearchIndex) {
    index.clear().await.unwrap();
    assert_eq!(index.last_revision().await.unwrap(), 0);
    let batch = |revision, name: &str| IndexBatch {
        revision,
        upserts: vec![document("acme", "1", name)],
        deletes: Vec::new(),
    };
    index.apply(batch(5, "new")).await.unwrap();
    index.apply(batch(5, "old")).await.unwrap();
    index.apply(batch(4, "old")).await.unwrap();
    assert_eq!(index.last_revision().await.unwrap(), 5);
    assert_eq!(ids(index, query("acme", "new")).await, ["1"]);
    index.clear().await.unwrap();
    assert_eq!(index.last_revision().await.unwrap(), 0);
    assert!(ids(index, query("acme", "")).await.is_empty());
}

/// A query is text, not a language: no sign in it has a meaning or breaks anything.
pub async fn takes_any_text_as_a_query(index: &dyn SearchIndex) {
    fill(
        index,
        vec![document("acme", "1", "a*b"), document("acme", "2", "axb")],
    )
    .await;
    assert_eq!(
        ids(index, query("acme", "a*b")).await.first().map(String::as_str),
        Some("1")
    );
    let long = "x".repeat(100_000);
    for text in [
        "*",
        "a*",
        "\"",
        "(",
        "tenant:zeta",
        "-a",
        "a AND",
        "\0",
        "'; --",
        "🦀",
        "[a TO b]",
        &long,
    ] {
        index.search(query("acme", text)).await.unwrap();
        index
            .search(SearchQuery {
                prefix: true,
                ..query("acme", text)
            })
            .await
            .unwrap();
    }
    let long_name = document("acme", "3", &"n".repeat(100_000));
    index
        .apply(IndexBatch {
            revision: 2,
            upserts: vec![long_name],
            ..IndexBatch::default()
        })
        .await
        .unwrap();
    assert_eq!(ids(index, query("acme", "nnn")).await, ["3"]);
}

/// Such an id could be read as another one; nothing of the batch is applied.
pub async fn refuses_ids_with_control_characters(index: &dyn SearchIndex) {
    index.clear().await.unwrap();
    let long = "x".repeat(300);
    for id in ["", "a\0b", "a\nb", &long] {
        let upserts = vec![document("acme", "good", "name"), document("acme", id, "name")];
        let refused = index
            .apply(IndexBatch {
                revision: 1,
                upserts,
                deletes: Vec::new(),
            })
            .await;
        assert_eq!(refused.unwrap_err().reason(), Reason::InvalidRequest);
    }
    assert!(ids(index, query("acme", "name")).await.is_empty());
    assert_eq!(index.last_revision().await.unwrap(), 0);
}
