//! Signed notes and checkpoints: the format of others, and nothing but it.

use datawave_audit::log::note::NoteError;
use datawave_audit::log::{Checkpoint, Signer, Verifier, load_or_create_signer};
use datawave_core::Reason;
use proptest::prelude::*;
use std::os::unix::fs::PermissionsExt as _;

/// The example of the format's first implementation (golang.org/x/mod/sumdb/note).
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n";
const SIGNED: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn signs_and_opens_the_published_note() {
    let signer = Signer::parse(PRIVATE).unwrap();
    assert_eq!(signer.verifier().to_string(), KEY);
    assert_eq!(signer.sign(TEXT), SIGNED);
    assert_eq!(Verifier::parse(KEY).unwrap().open(SIGNED), Ok(TEXT));
}

#[test]
fn signatures_of_strangers_are_neither_needed_nor_enough() {
    let (stranger, _) = Signer::generate("witness.example").unwrap();
    let (namesake, _) = Signer::generate("PeterNeumann").unwrap();
    let known = Verifier::parse(KEY).unwrap();
    for other in [&stranger, &namesake] {
        let line = other.sign(TEXT).rsplit_once("\n\n").unwrap().1.to_owned();
        assert_eq!(known.open(&format!("{SIGNED}{line}")), Ok(TEXT));
        assert!(matches!(
            known.open(&other.sign(TEXT)),
            Err(NoteError::NotSignedBy(_))
        ));
    }
}

#[test]
fn what_is_not_a_note_is_refused() {
    let key = Verifier::parse(KEY).unwrap();
    for bad in [
        "",
        "\n\n",
        TEXT,
        &SIGNED.replace('\u{2014}', "-"),
        &SIGNED.replace("nAM=", "nAN="),
        &SIGNED.replace("If", "\u{7}If"),
        SIGNED.trim_end(),
        &format!("{SIGNED}\n"),
        &"a".repeat(100_000),
    ] {
        assert!(matches!(key.open(bad), Err(NoteError::Malformed(_))), "{bad}");
    }
    for bad in [
        "",
        "a+b",
        "a+00000000+AAAA",
        &KEY.replace("c74f20a3", "c74f20a4"),
        &KEY.replace("Peter", "P "),
    ] {
        assert!(Verifier::parse(bad).is_err(), "{bad}");
    }
    for bad in [
        "",
        "PRIVATE+KEY+a+b",
        &PRIVATE.replace("c74f", "C74F"),
        &PRIVATE.replace("AYEK", "AYEL"),
    ] {
        assert!(Signer::parse(bad).is_err(), "{bad}");
    }
    assert!(Signer::generate("two words").is_err() && Signer::generate("a+b").is_err());
}

proptest! {
    #[test]
    fn a_note_with_any_byte_changed_does_not_open(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = SIGNED.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(Verifier::parse(KEY).unwrap().open(&text).is_err());
        }
    }
}

#[test]
fn checkpoints_come_back_and_are_read_strictly() {
    let checkpoint = Checkpoint {
        origin: "audit.test".to_owned(),
        size: 70_000,
        root: [7; 32],
    };
    let text = checkpoint.to_text();
    assert_eq!(
        text,
        "audit.test\n70000\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
    );
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint.clone()));
    assert_eq!(
        Checkpoint::parse(&format!("{text}an extension\n")),
        Ok(checkpoint)
    );
    for bad in [
        text.replace("70000", "070000"),
        text.replace("70000", "+70000"),
        text.replace("70000", "-1"),
        text.replace("Bwc=", "Bwd="),
        text.replace("audit.test", ""),
        text.trim_end().to_owned(),
        String::new(),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
}

#[test]
fn the_key_is_made_once_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit/signer.key");
    let made = load_or_create_signer(&path, None).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let read = load_or_create_signer(&path, Some("another.name")).unwrap();
    assert_eq!(made.verifier(), read.verifier());
    let other = load_or_create_signer(&folder.path().join("other.key"), None).unwrap();
    assert_ne!(made.verifier().name(), other.verifier().name());

    std::fs::write(&path, "PRIVATE+KEY+nonsense").unwrap();
    let failure = load_or_create_signer(&path, None).err().unwrap();
    assert_eq!(failure.reason(), Reason::StoreCorrupt);
    assert!(!failure.to_string().contains("nonsense"));
    let failure = load_or_create_signer(&folder.path().join("c"), Some("a b"))
        .err()
        .unwrap();
    assert_eq!(failure.reason(), Reason::ConfigInvalid);
}
