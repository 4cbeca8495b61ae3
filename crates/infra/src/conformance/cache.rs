//! Conformance of [`Cache`].

use std::time::Duration;

use bytes::Bytes;
use datawave_core::TenantId;

use crate::cache::{Cache, TenantKey};

const LONG: Duration = Duration::from_secs(3600);

fn key(tenant: &str, space: &'static str, key: &str) -> TenantKey {
    TenantKey::new(TenantId::parse(tenant).expect("a tenant name"), space, key)
}

/// Runs everything below.
pub async fn all(cache: &dyn Cache) {
    brings_back_what_was_put_last(cache).await;
    keeps_tenants_and_spaces_apart(cache).await;
    forgets_what_is_removed(cache).await;
    treats_a_ttl_of_zero_as_removal(cache).await;
}

/// The last put wins; values are bytes of any kind.
pub async fn brings_back_what_was_put_last(cache: &dyn Cache) {
    let name = key("acme", "conformance.put", "ключ\0:\n");
    assert_eq!(cache.get(&name).await.unwrap(), None);
    for value in [&b"first"[..], &[0, 255, 0], b""] {
        cache
            .put(name.clone(), Bytes::copy_from_slice(value), LONG)
            .await
            .unwrap();
        assert_eq!(cache.get(&name).await.unwrap().as_deref(), Some(value));
    }
}

/// The same key of another tenant or another space is another key, whatever signs are in it.
pub async fn keeps_tenants_and_spaces_apart(cache: &dyn Cache) {
    let keys = [
        key("acme", "conformance.a", "x"),
        key("acme", "conformance.b", "x"),
        key("zeta", "conformance.a", "x"),
        key("a", "conformance.a", "b:x"),
        key("a", "conformance.a", "b/x"),
    ];
    for (number, name) in (0_u8..).zip(&keys) {
        cache
            .put(name.clone(), Bytes::from(vec![number]), LONG)
            .await
            .unwrap();
    }
    for (number, name) in (0_u8..).zip(&keys) {
        assert_eq!(
            cache.get(name).await.unwrap().as_deref(),
            Some(&[number][..]),
            "{name:?}"
        );
    }
}

/// Removed is gone at once; removing what is missing is fine.
pub async fn forgets_what_is_removed(cache: &dyn Cache) {
    let (gone, stays) = (
        key("acme", "conformance.rm", "1"),
        key("acme", "conformance.rm", "2"),
    );
    cache.remove(&gone).await.unwrap();
    cache
        .put(gone.clone(), Bytes::from_static(b"v"), LONG)
        .await
        .unwrap();
    cache
        .put(stays.clone(), Bytes::from_static(b"v"), LONG)
        .await
        .unwrap();
    cache.remove(&gone).await.unwrap();
    assert_eq!(cache.get(&gone).await.unwrap(), None);
    assert!(cache.get(&stays).await.unwrap().is_some());
}

/// A value that may not live is not kept, and does not leave the old one either.
pub async fn treats_a_ttl_of_zero_as_removal(cache: &dyn Cache) {
    let name = key("acme", "conformance.ttl", "0");
    cache
        .put(name.clone(), Bytes::from_static(b"old"), LONG)
        .await
        .unwrap();
    cache
        .put(name.clone(), Bytes::from_static(b"new"), Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(cache.get(&name).await.unwrap(), None);
}
