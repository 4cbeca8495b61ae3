//! Spans in text.

use crate::support::engine;
use datawave_detect::Label;

#[test]
fn spans_carry_code_points_and_bytes() {
    let text = "Ärger: schreibe an jürgen@example.org über 192.168.0.1";
    let spans = engine().inspect(text);
    let email = spans.iter().find(|s| s.label == Label::Email).expect("email");
    assert_eq!(&text[email.byte_start..email.byte_end], "jürgen@example.org");
    let by_chars: String = text
        .chars()
        .skip(email.start)
        .take(email.end - email.start)
        .collect();
    assert_eq!(by_chars, "jürgen@example.org");
    assert!(spans.iter().any(|s| s.label == Label::IpAddress));
}

#[test]
fn persons_cards_and_accounts_are_found_in_prose() {
    let engine = engine();
    for (text, label) in [
        ("Please call Maria Rossi tomorrow.", Label::PersonName),
        ("paid with 4111 1111 1111 1111 yesterday", Label::CreditCard),
        ("to GB82 WEST 1234 5698 7654 32 please", Label::BankAccount),
        ("her number is (030) 1234-5678", Label::Phone),
        ("lives at 221 Baker Street since May", Label::Address),
        ("SSN 078-05-1120 on file", Label::NationalId),
    ] {
        let found: Vec<_> = engine.inspect(text).iter().map(|s| s.label).collect();
        assert!(found.contains(&label), "{text}: {found:?}");
    }
}

#[test]
fn clean_text_has_no_span() {
    let engine = engine();
    for text in [
        "The shipment of version 10.0.19041.1 left the warehouse in Hamburg.",
        "Total: 1,234.56 EUR for 12 items, order 4500012345",
        "2024-01-15 10:22:33 INFO started in 1234 ms",
        "",
    ] {
        assert!(
            engine.inspect(text).is_empty(),
            "{text}: {:?}",
            engine.inspect(text)
        );
    }
}
