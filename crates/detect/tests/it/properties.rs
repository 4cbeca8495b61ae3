//! What holds for any input.

use crate::support::{column, engine, judge_one, texts};
use datawave_detect::{Judgement, TableMeta, declassify};
use datawave_facts::{ColumnStatus, TablePath};
use datawave_raw::{RawCell, RawKind};
use proptest::prelude::*;

const META: TableMeta<'static> = TableMeta {
    database: "db",
    schema: "main",
    table: "customers",
    comment: None,
    row_estimate: None,
};

fn shown(judgement: &Judgement) -> String {
    let path = TablePath {
        database: "db".to_owned(),
        schema: "main".to_owned(),
        table: "customers".to_owned(),
    };
    let fact = declassify::verdict(path, "c", ColumnStatus::Ok, None, judgement);
    let against: Vec<String> = judgement.against.iter().map(|e| e.reason.to_string()).collect();
    format!(
        "{} {against:?}",
        serde_json::to_string(&fact).expect("facts are JSON")
    )
}

const NAMES: [&str; 8] = [
    "c1",
    "email",
    "notes",
    "name",
    "phone",
    "iban",
    "date_of_birth",
    "password",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_value_appears_in_a_verdict(
        seed in 0_u64..1_000_000,
        name in 0_usize..NAMES.len(),
        form in 0_usize..6,
    ) {
        let canary = format!("qzx{seed}kanarj");
        let values: Vec<String> = (0..40)
            .map(|i| match form {
                0 => format!("{canary}{i}@{canary}.example.org"),
                1 => format!("{canary} {i}"),
                2 => format!("a longer note of {i} words about {canary} and {canary}@example.org"),
                3 => format!("https://{canary}.example.org/{i}"),
                4 => format!("$2b$12${canary}{i:040}"),
                _ => format!("{canary}{i:020}"),
            })
            .collect();
        let judgement = judge_one("customers", NAMES[name], "text", &values);
        let shown = shown(&judgement);
        prop_assert!(!shown.contains("kanarj"), "{shown}");
    }

    #[test]
    fn any_octets_are_judged_without_a_panic(
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..30),
        name in ".{0,40}",
        declared in ".{0,30}",
        kind in 0_usize..4,
    ) {
        let kind = [RawKind::Text, RawKind::Binary, RawKind::Json, RawKind::Float][kind];
        let cells: Vec<Option<RawCell>> = values.into_iter().map(|v| Some(RawCell::new(kind, v))).collect();
        let judgements = engine().judge_table(&META, &[column(&name, &declared, &cells)]);
        prop_assert_eq!(judgements.len(), 1);
        let _ = declassify::type_name(&declared);
    }

    #[test]
    fn spans_are_in_order_and_on_characters(text in "[\\PC]{0,300}") {
        let mut last = (0, 0);
        for span in engine().inspect(&text) {
            prop_assert!(span.byte_start >= last.1 && span.byte_start < span.byte_end);
            prop_assert!(text.is_char_boundary(span.byte_start) && text.is_char_boundary(span.byte_end));
            prop_assert_eq!(text[..span.byte_start].chars().count(), span.start);
            prop_assert_eq!(text[..span.byte_end].chars().count(), span.end);
            last = (span.byte_start, span.byte_end);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rotation in 0_usize..50, reversed: bool) {
        let mut values: Vec<String> = (0..50).map(|i| format!("user{i}@example.org")).collect();
        values.extend((0..50).map(|i| format!("note number {i} with five words in it")));
        let straight = shown(&judge_one("customers", "c1", "text", &values));
        values.rotate_left(rotation);
        if reversed {
            values.reverse();
        }
        prop_assert_eq!(straight, shown(&judge_one("customers", "c1", "text", &values)));
    }

    #[test]
    fn null_rows_change_no_label(nulls in 0_usize..200) {
        let values: Vec<String> = (0..50).map(|i| format!("+49 30 {:07}", 1_234_567 + i * 911)).collect();
        let mut cells = texts(&values);
        cells.extend((0..nulls).map(|_| None));
        let judgements = engine().judge_table(&META, &[column("c1", "text", &cells)]);
        prop_assert_eq!(judgements[0].findings[0].label, datawave_detect::Label::Phone);
        prop_assert_eq!(judgements[0].non_null, 50);
        prop_assert_eq!(judgements[0].sampled_rows, 50 + nulls as u64);
    }
}

#[test]
fn a_value_of_a_mebibyte_and_one_of_nothing_are_judged() {
    let cells = vec![
        Some(RawCell::new(RawKind::Text, vec![b'a'; 1 << 20])),
        Some(RawCell::new(RawKind::Text, Vec::new())),
        Some(RawCell::new(RawKind::Text, vec![0; 100])),
        Some(RawCell::new(RawKind::Text, "ü".repeat(100_000).into_bytes())),
        Some(RawCell::new(RawKind::Text, vec![0xff; 5_000])),
        None,
    ];
    let judgements = engine().judge_table(&META, &[column("c", "text", &cells)]);
    assert_eq!(judgements[0].sampled_rows, 6);
    assert_eq!(judgements[0].non_null, 5);
}

#[test]
fn the_same_input_gives_the_same_answer() {
    let values: Vec<String> = (0..60).map(|i| format!("Ann Lee {i}")).collect();
    let first = shown(&judge_one("customers", "name", "text", &values));
    assert_eq!(first, shown(&judge_one("customers", "name", "text", &values)));
}
