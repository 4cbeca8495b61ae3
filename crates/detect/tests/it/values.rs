//! Verdicts by values: opaque names, lying names, dirt, neighbours.

use crate::support::{column, engine, judge_one, label_of, numbered, texts};
use datawave_detect::{FindingKind, Label, TableMeta};

fn emails() -> Vec<String> {
    numbered(100, |i| format!("user{i}@example{}.org", i % 7))
}

fn ibans() -> Vec<String> {
    // check digits computed by the rule: 98 - (bban DE00) mod 97
    numbered(60, |i| {
        let bban = format!("{:018}", 370_400_440_532_013_000_u64 + i as u64 * 7_907);
        let rest = format!("{bban}131400")
            .bytes()
            .fold(0_u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97);
        format!("DE{:02}{bban}", 98 - rest)
    })
}

#[test]
fn opaque_names_are_judged_by_values() {
    assert_eq!(label_of("t1", "c1", "text", &emails()), Some(Label::Email));
    assert_eq!(label_of("t1", "c2", "text", &ibans()), Some(Label::BankAccount));
    assert_eq!(
        label_of(
            "t1",
            "c3",
            "text",
            &numbered(50, |i| format!("192.168.{}.{}", i, i * 5 % 250))
        ),
        Some(Label::IpAddress)
    );
    assert_eq!(
        label_of(
            "t1",
            "c4",
            "text",
            &numbered(50, |i| format!("00:1b:44:11:3a:{:02x}", i))
        ),
        Some(Label::MacAddress)
    );
    assert_eq!(
        label_of(
            "t1",
            "c5",
            "text",
            &numbered(50, |i| format!("+49 30 {:07}", 1_234_567 + i * 911))
        ),
        Some(Label::Phone)
    );
}

#[test]
fn validated_values_win_over_a_lying_name() {
    let judgement = judge_one("t", "phone", "text", &emails());
    assert_eq!(judgement.findings[0].label, Label::Email);
}

#[test]
fn values_that_contradict_the_name_are_believed() {
    assert_eq!(
        label_of(
            "t",
            "email",
            "text",
            &numbered(100, |i| ["yes", "no"][i % 2].to_owned())
        ),
        None
    );
}

#[test]
fn a_tenth_of_dirt_does_not_hide_a_type() {
    let mut values = ibans();
    for value in values.iter_mut().step_by(10) {
        *value = "to be asked".to_owned();
    }
    let judgement = judge_one("t", "c1", "text", &values);
    assert_eq!(judgement.findings[0].label, Label::BankAccount);
    assert_eq!(judgement.findings[0].matched, 54);
}

#[test]
fn a_minority_is_contained_and_not_the_type() {
    let mut values = numbered(90, |i| format!("ticket {i}"));
    values.extend(emails().into_iter().take(10));
    let judgement = judge_one("t", "c1", "text", &values);
    assert_eq!(judgement.findings.len(), 1);
    assert_eq!(
        (judgement.findings[0].label, judgement.findings[0].kind),
        (Label::Email, FindingKind::Contains)
    );
    assert!((judgement.findings[0].prevalence - 0.1).abs() < 1e-9);
}

#[test]
fn a_day_beside_names_is_a_birthday_and_beside_nothing_is_not() {
    let engine = engine();
    let meta = TableMeta {
        database: "d",
        schema: "s",
        table: "t1",
        comment: None,
        row_estimate: None,
    };
    let days = texts(&numbered(80, |i| {
        format!("{}-{:02}-{:02}", 1940 + i * 7 % 60, 1 + i % 12, 1 + i % 28)
    }));
    let mails = texts(&emails()[..80]);
    let alone = engine.judge_table(&meta, &[column("c1", "text", &days)]);
    assert!(alone[0].findings.is_empty());
    let beside = engine.judge_table(
        &meta,
        &[column("c1", "text", &days), column("c2", "text", &mails)],
    );
    assert_eq!(beside[0].findings[0].label, Label::DateOfBirth);
}

#[test]
fn hashes_of_passwords_keys_and_tokens_are_secrets() {
    let bcrypt = numbered(30, |i| format!("$2b$12$abcdefghijklmnopqrstuu{:031}", i));
    assert_eq!(label_of("t", "c1", "text", &bcrypt), Some(Label::Secret));
    let keys = numbered(30, |i| format!("ghp_{:036}", i));
    assert_eq!(label_of("t", "c1", "text", &keys), Some(Label::Secret));
}

#[test]
fn unique_ids_and_digests_are_nothing() {
    assert_eq!(
        label_of(
            "t",
            "c1",
            "text",
            &numbered(50, |i| format!("{i:08x}-1234-4abc-8def-{:012x}", i * 77))
        ),
        None
    );
    assert_eq!(
        label_of(
            "t",
            "c1",
            "text",
            &numbered(50, |i| format!(
                "{:064x}",
                (i as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834)
            ))
        ),
        None
    );
}
