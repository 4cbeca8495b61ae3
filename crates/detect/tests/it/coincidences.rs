//! What chance explains is no finding: dates inside running numbers, single hits of weak check digits.

use crate::support::{judge_one, numbered};
use datawave_detect::{Decision, Judgement, Label};

fn shown(judgement: &Judgement) -> Vec<(Label, &'static str, f64)> {
    judgement
        .findings
        .iter()
        .map(|f| (f.label, f.infotype, f.confidence))
        .collect()
}

fn has(judgement: &Judgement, label: Label) -> bool {
    judgement.findings.iter().any(|f| f.label == label)
}

/// Digits that look random and are the same in every run.
fn scattered(i: usize, below: u64) -> u64 {
    let mut state = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (state ^ (state >> 31)) % below
}

fn luhn(front: &str) -> String {
    let sum: u32 = front
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| {
            let d = u32::from(b - b'0') * if at % 2 == 0 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    format!("{front}{}", (10 - sum % 10) % 10)
}

#[test]
fn order_numbers_that_begin_like_a_date_are_nothing() {
    // Year of two digits, a series and a running number: the first six digits are a day that exists.
    for name in ["order_no", "c1"] {
        let values = numbered(1_000, |i| format!("26100{:05}", 1_000 + i * 23));
        let judgement = judge_one("order", name, "varchar(12)", &values);
        assert!(judgement.findings.is_empty(), "{name}: {:?}", shown(&judgement));
    }
}

#[test]
fn delivery_numbers_of_recent_days_are_no_birthdays() {
    let values = numbered(500, |i| {
        format!(
            "{:02}{:02}{}{:04}",
            1 + i * 7 % 28,
            1 + i % 12,
            24 + i % 3,
            scattered(i, 10_000)
        )
    });
    let judgement = judge_one("t1", "c1", "varchar(12)", &values);
    assert!(
        judgement.findings.iter().all(|f| f.decision != Decision::Yes),
        "{:?}",
        shown(&judgement)
    );
}

#[test]
fn dates_that_are_spread_like_birthdays_still_carry_an_id_without_a_check() {
    let values = numbered(500, |i| {
        let day = 1 + scattered(i, 28);
        let month = 1 + scattered(i + 1_000, 12);
        format!(
            "{day:02}{month:02}{:02}{:04}",
            scattered(i + 2_000, 80) + 20,
            scattered(i + 3_000, 10_000)
        )
    });
    let judgement = judge_one("t1", "c1", "char(10)", &values);
    assert_eq!(
        judgement.findings[0].infotype,
        "dk_cpr",
        "{:?}",
        shown(&judgement)
    );
}

#[test]
fn one_string_in_many_texts_is_one_match() {
    let values = numbered(1_000, |i| {
        if i % 11 == 0 {
            format!("customer {i} was sent 2 samples, order 2026-00417 pending")
        } else {
            format!("customer {i} called back and wants an offer by Monday")
        }
    });
    for name in ["comment", "c1"] {
        let judgement = judge_one("review", name, "text", &values);
        assert!(judgement.findings.is_empty(), "{name}: {:?}", shown(&judgement));
    }
}

#[test]
fn one_address_repeated_makes_no_column_of_personal_texts() {
    let texts = |different: bool| {
        numbered(1_000, |i| {
            let box_name = if different { i } else { 0 };
            if i % 20 == 0 {
                format!("ticket {i} was answered from desk{box_name}@example.org on Monday")
            } else {
                format!("ticket {i} was answered on the telephone on Monday")
            }
        })
    };
    for (different, decision) in [(false, Decision::Review), (true, Decision::Yes)] {
        let judgement = judge_one("tickets", "log", "text", &texts(different));
        let text = judgement.findings.iter().find(|f| f.label == Label::FreeTextPii);
        assert_eq!(
            text.map(|f| f.decision),
            Some(decision),
            "{:?}",
            shown(&judgement)
        );
        let email = judgement.findings.iter().find(|f| f.label == Label::Email);
        assert_eq!(email.map(|f| f.matched), Some(50), "{:?}", shown(&judgement));
    }
}

#[test]
fn a_single_text_marks_a_bare_number_as_doubtful() {
    for (text, certain) in [
        ("order 2026-00417 pending", false),
        ("parcel 39053344705 has left", false),
        ("his CPF is 39053344705", true),
        ("CPF 39053344705", true),
        ("RUT 12.531.909-2", true),
        ("to DE89 3704 0044 0532 0130 00", true),
    ] {
        let spans = crate::support::engine().inspect(text);
        let sure = spans.iter().any(|span| span.confidence >= 0.8);
        assert_eq!(sure, certain, "{text}: {spans:?}");
    }
}

#[test]
fn reference_numbers_in_texts_that_pass_a_check_by_chance_are_nothing() {
    let texts = numbered(1_000, |i| {
        format!(
            "parcel {} left the depot and should arrive within {} days",
            10_000_000_000 + scattered(i, 89_000_000_000),
            i % 9
        )
    });
    let judgement = judge_one("events", "message", "text", &texts);
    assert!(judgement.findings.is_empty(), "{:?}", shown(&judgement));
    let texts = numbered(500, |i| {
        format!(
            "unit {} of the hall in Block {:05}-{:04} near the gate",
            i,
            scattered(i, 100_000),
            scattered(i + 7, 10_000)
        )
    });
    let judgement = judge_one("halls", "remark", "text", &texts);
    assert!(!has(&judgement, Label::TaxId), "{:?}", shown(&judgement));
    assert!(!has(&judgement, Label::NationalId), "{:?}", shown(&judgement));
}

#[test]
fn long_numbers_of_which_a_few_look_like_cards_are_nothing_until_one_is_named() {
    let mut texts = numbered(600, |i| {
        format!(
            "shipment {} left the depot and should arrive within {} days",
            1_000_000_000_000_000 + scattered(i, 8_999_999_999_999_999),
            i % 9
        )
    });
    let judgement = judge_one("events", "message", "text", &texts);
    assert!(judgement.findings.is_empty(), "{:?}", shown(&judgement));
    for (named, label) in [
        (
            "was paid with credit card 4111111111111111 and not in cash",
            Label::CreditCard,
        ),
        (
            "his CPF is 39053344705 as told on the telephone today",
            Label::NationalId,
        ),
    ] {
        texts[300] = named.to_owned();
        let judgement = judge_one("events", "message", "text", &texts);
        assert!(has(&judgement, label), "{named}: {:?}", shown(&judgement));
    }
}

#[test]
fn many_different_hits_of_a_weak_check_are_more_than_chance() {
    let check = |front: &str| {
        // CPF: two digits modulo 11.
        let digit = |digits: &str| {
            let sum: usize = digits
                .bytes()
                .rev()
                .enumerate()
                .map(|(at, b)| usize::from(b - b'0') * (at + 2))
                .sum();
            match sum % 11 {
                0 | 1 => 0,
                rest => 11 - rest,
            }
        };
        let first = digit(front);
        let second = digit(&format!("{front}{first}"));
        format!("{front}{first}{second}")
    };
    let texts = numbered(300, |i| {
        if i % 10 == 0 {
            format!(
                "asked the buyer {} to come back tomorrow morning",
                check(&(100_000_000 + scattered(i, 899_999_999)).to_string())
            )
        } else {
            format!("nothing to report about visit number {i} of that week")
        }
    });
    let judgement = judge_one("visits", "remark", "text", &texts);
    let found = judgement.findings.iter().find(|f| f.infotype == "br_cpf");
    assert_eq!(found.map(|f| f.matched), Some(30), "{:?}", shown(&judgement));
}

#[test]
fn a_word_or_the_written_form_makes_one_weak_hit_enough() {
    for sentence in [
        "his CPF is 39053344705 as told on the telephone today",
        "told us 390.533.447-05 and wants to be called again",
    ] {
        let mut texts = numbered(200, |i| {
            format!("nothing to report about visit number {i} of that week")
        });
        texts[77] = sentence.to_owned();
        let judgement = judge_one("visits", "remark", "text", &texts);
        assert!(
            has(&judgement, Label::NationalId),
            "{sentence}: {:?}",
            shown(&judgement)
        );
    }
}

#[test]
fn one_account_or_card_in_a_text_is_enough() {
    for (sentence, label) in [
        (
            "please pay to GB82 WEST 1234 5698 7654 32 by Monday next",
            Label::BankAccount,
        ),
        (
            "was paid with 4111 1111 1111 1111 and not with the voucher",
            Label::CreditCard,
        ),
    ] {
        let mut texts = numbered(200, |i| {
            format!("nothing to report about visit number {i} of that week")
        });
        texts[77] = sentence.to_owned();
        let judgement = judge_one("visits", "remark", "text", &texts);
        assert!(has(&judgement, label), "{sentence}: {:?}", shown(&judgement));
    }
}

#[test]
fn card_numbers_are_certain_whatever_else_their_name_means() {
    let values = numbered(1_000, |i| match i % 3 {
        0 => luhn(&format!("4{:014}", scattered(i, 100_000_000_000_000))),
        1 => luhn(&format!("53{:013}", scattered(i, 10_000_000_000_000))),
        _ => luhn(&format!("37{:012}", scattered(i, 1_000_000_000_000))),
    });
    for name in ["pan", "c1", "card_number"] {
        let judgement = judge_one("payment", name, "varchar(19)", &values);
        let found = &judgement.findings[0];
        assert_eq!(found.label, Label::CreditCard, "{name}");
        assert_eq!(found.decision, Decision::Yes, "{name}");
        assert!(found.confidence >= 0.97, "{name}: {}", found.confidence);
    }
}
