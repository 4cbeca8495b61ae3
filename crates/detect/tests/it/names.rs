//! Verdicts by names: empty tables, languages, misleading words.

use crate::support::{column, engine, label_of};
use datawave_detect::{Label, TableMeta};

const EMPTY: [&str; 0] = [];

#[test]
fn names_in_many_languages_are_understood() {
    for (name, label) in [
        ("first_name", Label::PersonName),
        ("EmailAddress", Label::Email),
        ("Geburtsdatum", Label::DateOfBirth),
        ("código_postal", Label::Postcode),
        ("Straße", Label::Address),
        ("numéro_sécurité_sociale", Label::NationalId),
        ("電話番号", Label::Phone),
        ("фамилия", Label::PersonName),
        ("homephone", Label::Phone),
        ("kundenname", Label::PersonName),
        ("CURP", Label::NationalId),
        ("PSTLZ", Label::Postcode),
        ("STCD1", Label::TaxId),
        ("pwd_hash", Label::Secret),
        ("religion", Label::SpecialCategory),
    ] {
        assert_eq!(label_of("t", name, "varchar(50)", &EMPTY), Some(label), "{name}");
    }
}

#[test]
fn facts_about_a_thing_are_not_the_thing() {
    for name in [
        "email_sent",
        "phone_verified",
        "num_addresses",
        "password_reset_count",
        "iban_valid",
        "phone_model",
        "address_label_size",
        "user_count",
        "passport_expiry_date",
        "card_brand",
        "email_template_id",
        "country_id",
        "is_phone_confirmed",
        "product_name",
        "company_name",
        "user_agent",
        "created_by",
        "sent_via",
        "market_cap",
        "time_zone",
        "screen_orientation",
    ] {
        assert_eq!(label_of("t", name, "varchar(50)", &EMPTY), None, "{name}");
    }
}

#[test]
fn the_declared_type_excludes_what_it_cannot_hold() {
    assert_eq!(label_of("t", "email", "boolean", &EMPTY), None);
    assert_eq!(label_of("t", "first_name", "int", &EMPTY), None);
    assert_eq!(label_of("t", "dob", "date", &EMPTY), Some(Label::DateOfBirth));
}

#[test]
fn a_name_is_what_its_table_is_about() {
    assert_eq!(
        label_of("countries", "name", "text", &EMPTY),
        Some(Label::Country)
    );
    assert_eq!(
        label_of("employees", "name", "text", &EMPTY),
        Some(Label::PersonName)
    );
    assert_eq!(label_of("products", "name", "text", &EMPTY), None);
}

#[test]
fn what_only_names_say_is_capped_and_marked() {
    let engine = engine();
    let meta = TableMeta {
        database: "d",
        schema: "s",
        table: "customers",
        comment: None,
        row_estimate: None,
    };
    let judgements = engine.judge_table(&meta, &[column("email", "text", &[])]);
    let finding = &judgements[0].findings[0];
    assert!(finding.confidence <= 0.93);
    assert!(
        finding
            .evidence
            .iter()
            .any(|e| e.reason.to_string().contains("names alone"))
    );
}
