//! Addresses of sources: what is the same source, what is refused, what is never shown.

use std::path::Path;

use datawave_connectors::{Engine, SourceUrl};
use datawave_core::Reason;
use proptest::prelude::*;

use crate::support::assert_failure;

fn parse(text: &str) -> SourceUrl {
    SourceUrl::parse_in(text, Path::new("/data")).unwrap()
}

#[test]
fn one_file_has_one_identity_however_it_is_written() {
    for text in [
        "sqlite:/data/shop.db",
        "sqlite:///data/shop.db",
        "sqlite:shop.db",
        "sqlite:./x/../shop.db",
        "SQLite:shop.db",
        "sqlite://shop.db",
    ] {
        let url = parse(text);
        assert_eq!(url.identity(), "sqlite:/data/shop.db", "{text}");
        assert_eq!((url.name().as_str(), url.engine()), ("shop", Engine::Sqlite));
    }
}

#[test]
fn a_link_to_a_file_is_that_file() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real.db");
    std::fs::write(&real, "").unwrap();
    std::os::unix::fs::symlink(&real, folder.path().join("link.db")).unwrap();
    let by_link = SourceUrl::parse_in("sqlite:link.db", folder.path()).unwrap();
    let by_name = SourceUrl::parse_in("sqlite:real.db", folder.path()).unwrap();
    assert_eq!(by_link.identity(), by_name.identity());
}

#[test]
fn one_database_has_one_identity_whoever_logs_in() {
    for text in [
        "postgres://ann:secret@DB.Example.org/shop",
        "postgresql://bob@db.example.org.:5432/shop?sslmode=require",
        "postgres://db.example.org/?user=ann&dbname=shop",
        "postgres://ann@ignored/shop?host=db.example.org",
    ] {
        let url = parse(text);
        assert_eq!(url.identity(), "postgres://db.example.org:5432/shop", "{text}");
        assert_eq!((url.name().as_str(), url.engine()), ("shop", Engine::Postgres));
    }
    assert_ne!(
        parse("postgres://ann@h/shop").identity(),
        parse("postgres://ann@h:5433/shop").identity()
    );
}

#[test]
fn the_database_is_the_users_where_none_is_named() {
    assert_eq!(parse("postgres://ann@h").identity(), "postgres://h:5432/ann");
}

#[test]
fn a_password_is_taken_out_once_and_never_shown() {
    let mut url = parse("postgres://ann:p%40ss%2Fword@h/shop");
    for shown in [
        format!("{url:?}"),
        url.to_string(),
        url.identity(),
        url.without_secret(),
    ] {
        assert!(!shown.contains("p%40ss") && !shown.contains("p@ss"), "{shown}");
    }
    let secret = url.take_secret().unwrap();
    assert_eq!(secret.expose(), "p@ss/word");
    assert!(!format!("{secret:?}").contains("p@ss"));
    assert!(url.take_secret().is_none());
}

#[test]
fn a_password_in_the_parameters_counts_as_one() {
    let mut url = parse("postgres://ann@h/shop?password=hunter2");
    assert!(!format!("{url:?}").contains("hunter2"));
    assert_eq!(url.take_secret().unwrap().expose(), "hunter2");
}

#[test]
fn a_connection_that_leaves_the_machine_is_verified_unless_the_address_says_otherwise() {
    use datawave_connectors::TlsMode;
    for (text, expected) in [
        ("postgres://a@db.example.org/x", TlsMode::VerifyFull),
        ("postgres://a@192.0.2.1/x", TlsMode::VerifyFull),
        ("postgres://a@db.example.org/x?sslmode=disable", TlsMode::Disable),
        ("postgres://a@localhost/x", TlsMode::Prefer),
        ("postgres://a@127.0.0.1/x", TlsMode::Prefer),
        ("postgres://a@[::1]/x", TlsMode::Prefer),
        ("postgres://a@/x?host=/run/postgresql", TlsMode::Prefer),
        ("postgres://a@localhost/x?sslmode=verify-ca", TlsMode::VerifyCa),
    ] {
        assert_eq!(parse(text).tls_mode(), Some(expected), "{text}");
    }
}

#[test]
fn an_unknown_scheme_is_answered_with_the_schemes_there_are() {
    let secrets = ["hunter2", "ann"];
    for text in ["mongodb://ann:hunter2@h/x", "hunter2:x", "ann:hunter2@h/x"] {
        let failure = SourceUrl::parse(text).unwrap_err();
        assert_failure(&failure, Reason::SourceSchemeUnknown, &secrets);
        for scheme in ["sqlite:", "postgres:"] {
            assert!(failure.remedy().unwrap().contains(scheme));
        }
    }
}

#[test]
fn a_malformed_address_is_refused_without_being_repeated() {
    for text in [
        "shop.db",
        "",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:a\0b",
        "postgres:ann:hunter2@h/x",
        "postgres://ann:hunter2@/x",
        "postgres://ann:hunter2@h:99999/x",
        "postgres://ann:hun#ter2@h/x",
        "postgres://ann:hunter2@h/x#y",
        "postgres://ann:hunter%2@h/x",
        "postgres://ann:hunter%ff@h/x",
        "postgres://h/x",
        "postgres://ann:hunter2@h/x?sslmode=full",
        "postgres://ann:hunter2@h/x?sslmod=verify-full",
        "postgres://ann:hunter2@h/x?HUNTER2=1",
        "postgres://ann:hunter2@h/x?sslcert=/c.pem",
        "postgres://ann:hunter2@h1,h2/x",
        "postgres://ann:hunter2@h/a%00b",
    ] {
        let failure = SourceUrl::parse(text).unwrap_err();
        assert_failure(&failure, Reason::SourceUrlInvalid, &["hunter", "HUNTER", "ter2"]);
    }
}

proptest! {
    #[test]
    fn an_address_without_its_secret_parses_back_to_the_same(
        host in prop_oneof![
            Just("db.example.org".to_owned()), Just("10.0.0.7".to_owned()), Just("[2001:db8::1]".to_owned()),
            Just("/run/a b".to_owned()),
        ],
        user in "[^\0]{1,12}",
        database in "[^\0]{1,12}",
        password in "[^\0]{1,12}",
        mode in prop::option::of(prop::sample::select(vec!["disable", "require", "verify-full"])),
    ) {
        let encode = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let authority = if host.starts_with('/') { String::new() } else { host.clone() };
        let mut text = format!("postgres://{authority}?user={}&dbname={}", encode(&user), encode(&database));
        if authority.is_empty() {
            text = text.replace("postgres://", "postgres:///");
            text.push_str(&format!("&host={}", encode(&host)));
        }
        text.push_str(&format!("&password={}", encode(&password)));
        if let Some(mode) = mode {
            text.push_str(&format!("&sslmode={mode}"));
        }
        let url = parse(&text);
        let again = parse(&url.without_secret());
        prop_assert_eq!(again.identity(), url.identity());
        prop_assert_eq!(again.without_secret(), url.without_secret());
        prop_assert_eq!(again.name(), database);
        let mut url = url;
        let secret = url.take_secret();
        prop_assert_eq!(secret.as_ref().map(|s| s.expose()), Some(password.as_str()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(sqlite|postgres)?:?/{0,2}.{0,40}") {
        let _ = SourceUrl::parse(&text);
    }
}
