//! The eight columns that others get wrong.

use crate::support::{judge_one, numbered};
use datawave_detect::{FindingKind, Label};

fn nothing(table: &str, name: &str, declared_type: &str, values: &[String]) {
    let judgement = judge_one(table, name, declared_type, values);
    let found: Vec<_> = judgement
        .findings
        .iter()
        .map(|f| (f.label, f.confidence))
        .collect();
    assert!(found.is_empty(), "{name}: {found:?}");
}

#[test]
fn a_sku_is_nothing() {
    nothing(
        "items",
        "sku",
        "varchar(20)",
        &numbered(200, |i| {
            format!("AB-{:04}-{}", i * 37 % 9973, ["R", "G", "B"][i % 3])
        }),
    );
}

#[test]
fn seconds_since_1970_are_no_telephone_numbers() {
    nothing(
        "events",
        "created",
        "bigint",
        &numbered(200, |i| (1_600_000_000 + i * i * 7_919 % 90_000_000).to_string()),
    );
}

#[test]
fn a_version_is_no_address_of_the_internet() {
    nothing(
        "hosts",
        "os_version",
        "text",
        &numbered(200, |i| format!("10.0.{}.{}", 17_000 + i * 13, i % 40)),
    );
    nothing(
        "hosts",
        "c3",
        "text",
        &numbered(200, |i| format!("{}.{}.{}", i % 7, i % 30, i % 11)),
    );
}

#[test]
fn a_latitude_is_a_coordinate_and_no_licence() {
    let values = numbered(200, |i| format!("{:.5}", 47.0 + i as f64 * 0.01317));
    let judgement = judge_one("places", "latitude", "double", &values);
    assert_eq!(judgement.findings[0].label, Label::GeoCoordinate);
    assert_eq!(judgement.findings[0].kind, FindingKind::Is);
}

#[test]
fn an_order_number_is_nothing() {
    nothing(
        "orders",
        "order_number",
        "varchar(12)",
        &numbered(200, |i| (4_500_000_000_u64 + i as u64 * 7_919).to_string()),
    );
}

#[test]
fn a_product_is_no_person() {
    const FIRST: [&str; 8] = [
        "Anna", "Victoria", "Oscar", "Madison", "Hugo", "Diana", "Oxford", "Berlin",
    ];
    const THING: [&str; 7] = ["Armchair", "Lamp", "Bench", "Camera", "Shirt", "Sofa", "Desk"];
    let values = numbered(120, |i| format!("{} {}", FIRST[i % 8], THING[i % 7]));
    nothing("products", "name", "varchar(100)", &values);
    nothing("products", "product_name", "varchar(100)", &values);
}

#[test]
fn an_ean_is_no_card_and_no_id() {
    let values = numbered(200, |i| {
        let front = format!("40{:010}", i as u64 * 7_654_321 % 10_000_000_000);
        let sum: u32 = front
            .bytes()
            .enumerate()
            .map(|(at, b)| u32::from(b - b'0') * if at % 2 == 0 { 1 } else { 3 })
            .sum();
        format!("{front}{}", (10 - sum % 10) % 10)
    });
    nothing("products", "ean", "char(13)", &values);
    nothing("t1", "c4", "char(13)", &values);
}

#[test]
fn one_address_in_a_thousand_notes_is_contained_with_its_interval() {
    let mut values = numbered(1_000, |i| {
        format!("Delivery {i} was late and the box was damaged at one corner")
    });
    values[617].push_str(", write to jane.roe@example.org");
    let judgement = judge_one("orders", "notes", "text", &values);
    let email = judgement
        .findings
        .iter()
        .find(|f| f.label == Label::Email)
        .expect("the address is found");
    assert_eq!(email.kind, FindingKind::Contains);
    assert_eq!(email.matched, 1);
    assert!(
        email.interval.0 > 0.0 && email.interval.1 < 0.01,
        "{:?}",
        email.interval
    );
    let is: Vec<_> = judgement
        .findings
        .iter()
        .filter(|f| f.kind == FindingKind::Is)
        .map(|f| (f.label, f.confidence))
        .collect();
    assert!(is.is_empty(), "{is:?}");
}
