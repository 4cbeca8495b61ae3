//! Include and exclude patterns.

use std::time::Duration;

use datawave_connectors::{Filter, Outcome, Pattern};
use datawave_core::Reason;
use proptest::prelude::*;

use crate::support::{SqliteFile, assert_failure, plan};

fn filter(include: &[&str], exclude: &[&str]) -> Filter {
    Filter::parse(include, exclude).unwrap()
}

#[test]
fn parts_of_a_pattern_are_table_schema_and_column() {
    for (pattern, schema, table, column, expected) in [
        ("users", "public", "users", "email", true),
        ("users", "public", "users2", "email", false),
        ("public.users", "public", "users", "email", true),
        ("public.users", "sales", "users", "email", false),
        ("public.*", "public", "a.b", "c", true),
        ("*.users.email", "sales", "users", "email", true),
        ("*.users.email", "sales", "users", "mail", false),
        ("*.*.*mail", "sales", "users", "email", true),
        ("*.u?ers.*", "sales", "users", "x", true),
        ("*.u?ers", "sales", "uers", "x", false),
        ("a\\.b", "public", "a.b", "x", true),
        ("a\\*b", "public", "a*b", "x", true),
        ("a\\*b", "public", "axb", "x", false),
        ("USERS", "public", "users", "x", true),
        ("übung", "public", "übung", "x", true),
    ] {
        let filter = filter(&[pattern], &[]);
        assert_eq!(
            filter.selects_column(schema, table, column),
            expected,
            "{pattern} {schema}.{table}.{column}"
        );
    }
}

#[test]
fn without_patterns_everything_is_read() {
    assert!(Filter::default().selects_column("a", "b", "c"));
}

#[test]
fn exclusion_wins_over_inclusion() {
    let filter = filter(&["public.*"], &["*.users", "*.*.secret"]);
    assert!(!filter.selects_table("public", "users"));
    assert!(filter.selects_table("public", "orders"));
    assert!(!filter.selects_column("public", "orders", "secret"));
    assert!(filter.selects_column("public", "orders", "total"));
}

#[test]
fn malformed_patterns_are_refused() {
    for text in ["", ".", "a..b", "a.b.c.d", "a\\", &"a".repeat(600)] {
        assert_failure(&Pattern::parse(text).unwrap_err(), Reason::InvalidRequest, &[]);
    }
}

#[tokio::test]
async fn excluded_tables_and_columns_are_listed_and_never_read() {
    let file = SqliteFile::new(
        "CREATE TABLE users(id INTEGER, email TEXT); INSERT INTO users VALUES (1, 'ann@example.org'); \
         CREATE TABLE audit(note TEXT); INSERT INTO audit VALUES ('x')",
    )
    .await;
    let mut source = file.open().await;
    let discovery = source
        .discover(&filter(&[], &["audit", "*.users.email"]))
        .await
        .unwrap();
    let [audit, users] = discovery.tables.as_slice() else {
        panic!("two tables")
    };
    assert!(audit.excluded && audit.columns[0].excluded);
    assert!(!users.excluded && !users.columns[0].excluded && users.columns[1].excluded);
    let sample = source.sample(users, &plan(10)).await.unwrap();
    assert_eq!(sample.columns[0].values().len(), 1);
    assert!(matches!(sample.columns[1], Outcome::Excluded));
    let sample = source.sample(audit, &plan(10)).await.unwrap();
    assert_eq!((sample.rows, sample.cost.statements), (0, 0));
}

/// What a pattern means, written as the definition says it.
fn reference(pattern: &[char], name: &[char]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some(('*', rest)) => (0..=name.len()).any(|skip| reference(rest, &name[skip..])),
        Some(('?', rest)) => !name.is_empty() && reference(rest, &name[1..]),
        Some((c, rest)) => name.first() == Some(c) && reference(rest, &name[1..]),
    }
}

proptest! {
    #[test]
    fn matching_agrees_with_its_definition(pattern in "[ab*?]{1,8}", name in "[ab]{0,10}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = reference(&chars(&pattern), &chars(&name));
        prop_assert_eq!(filter(&[&pattern], &[]).selects_table("public", &name), expected);
    }
}

#[test]
fn a_pattern_made_to_backtrack_ends() {
    let pattern = "*a".repeat(200);
    let name = "a".repeat(100_000);
    let begun = std::time::Instant::now();
    assert!(!filter(&[&format!("{pattern}b")], &[]).selects_table("s", &name));
    // Exponential matching would not end at all; the bound is generous for a loaded machine.
    assert!(begun.elapsed() < Duration::from_secs(60));
}
