//! Conformance of [`Secrets`] together with the [`SecretStore`] behind `site:`.

use datawave_core::Reason;
use secrecy::{ExposeSecret, SecretString};

use crate::secrets::{MAX_SECRET_BYTES, SecretRef, SecretStore, Secrets};

/// Runs everything below.
pub async fn all(secrets: &dyn Secrets, store: &dyn SecretStore) {
    brings_back_what_was_stored_last(secrets, store).await;
    says_what_is_missing_without_a_value(secrets, store).await;
    refuses_names_and_sizes_out_of_bounds(store).await;
}

/// Stored, replaced, removed; the value comes back as it was, line ends inside included.
pub async fn brings_back_what_was_stored_last(secrets: &dyn Secrets, store: &dyn SecretStore) {
    for value in ["p@ss word", "new", "-----BEGIN\nkey\n-----END", "пароль🔑"] {
        let reference = store
            .put("conformance-1", SecretString::from(value))
            .await
            .unwrap();
        assert_eq!(reference.to_string(), "site:conformance-1");
        let found = secrets.resolve(&reference).await.unwrap();
        assert_eq!(found.expose_secret(), value);
    }
    assert!(store.delete("conformance-1").await.unwrap());
    assert!(!store.delete("conformance-1").await.unwrap());
    let gone = secrets
        .resolve(&SecretRef::Site("conformance-1".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(gone.reason(), Reason::SecretUnavailable);
}

/// An error names the reference and a remedy, never a value.
pub async fn says_what_is_missing_without_a_value(secrets: &dyn Secrets, store: &dyn SecretStore) {
    store
        .put("conformance-2", SecretString::from("hunter2"))
        .await
        .unwrap();
    let missing = secrets
        .resolve(&SecretRef::Site("conformance-3".to_owned()))
        .await
        .unwrap_err();
    assert!(missing.message().contains("site:conformance-3"));
    assert!(missing.remedy().is_some());
    assert!(!format!("{missing:?}").contains("hunter2"));
}

/// A name cannot leave the store, a secret is neither empty nor huge, and errors do not repeat it.
pub async fn refuses_names_and_sizes_out_of_bounds(store: &dyn SecretStore) {
    for name in ["", "..", "../x", "a/b", "A", ".hidden", "a b", "\0"] {
        let refused = store.put(name, SecretString::from("hunter2")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest, "{name}");
        assert!(!format!("{refused:?}").contains("hunter2"));
        assert!(store.delete(name).await.is_err());
    }
    for value in [String::new(), "x".repeat(MAX_SECRET_BYTES + 1)] {
        let refused = store
            .put("conformance-4", SecretString::from(value))
            .await
            .unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest);
    }
    store
        .put("conformance-4", SecretString::from("x".repeat(MAX_SECRET_BYTES)))
        .await
        .unwrap();
}
