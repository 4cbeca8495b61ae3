//! Nothing but facts leaves.

use crate::support::{engine, judge_one};
use datawave_detect::declassify;
use datawave_facts::{ColumnStatus, TablePath};

#[test]
fn a_type_loses_its_literals() {
    for (declared, expected) in [
        ("enum('new','paid')", "enum"),
        ("ENUM('it''s', 'b\\'c)', \"x\")", "ENUM"),
        ("varchar(255)", "varchar(255)"),
        ("numeric(10, 2)", "numeric(10,2)"),
        ("character varying(20)", "character varying(20)"),
        ("INT UNSIGNED", "INT UNSIGNED"),
        ("\"Mood\"", "Mood"),
        ("nvarchar(max)", "nvarchar(max)"),
        ("text[]", "text[]"),
        ("foo(john smith)", "foo"),
        ("'alice@example.org'", ""),
        ("", ""),
    ] {
        assert_eq!(declassify::type_name(declared), expected, "{declared}");
    }
}

#[test]
fn a_comment_loses_personal_data_and_control_characters() {
    let engine = engine();
    let clean = declassify::comment(engine, "owner:\u{202e} ann.lee@example.org\r\n asks");
    assert_eq!(clean.as_str(), "owner: <email> asks");
}

#[test]
fn a_comment_is_bounded() {
    let engine = engine();
    let clean = declassify::comment(engine, &"ä ".repeat(100_000));
    assert!(clean.as_str().chars().count() <= declassify::COMMENT_LIMIT);
}

#[test]
fn an_expression_leaves_as_length_class_and_keyed_digest() {
    let one = declassify::expression(b"key", "'alice'::text");
    assert_eq!(one.length_class, 16);
    assert_eq!(one.keyed_digest.len(), 32);
    assert_eq!(one, declassify::expression(b"key", "'alice'::text"));
    assert_ne!(one, declassify::expression(b"other", "'alice'::text"));
}

#[test]
fn a_verdict_carries_the_counts_and_the_version() {
    let judgement = judge_one("t", "c", "text", &["ann@example.org", "bob@example.org"]);
    let path = TablePath {
        database: "db".to_owned(),
        schema: "main".to_owned(),
        table: "t".to_owned(),
    };
    let fact = declassify::verdict(path, "c", ColumnStatus::Ok, None, &judgement);
    assert_eq!((fact.sampled_rows, fact.non_null), (2, 2));
    assert_eq!(fact.engine_version, engine().version());
    assert_eq!(fact.findings[0].label, "email");
    assert_eq!(fact.findings[0].prevalence, 1.0);
}
