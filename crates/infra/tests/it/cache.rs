use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use datawave_core::{ManualClock, TenantId, Timestamp};
use datawave_infra::cache::{Cache, MemoryCache, TenantKey};
use datawave_infra::conformance;

fn cache(capacity: u64) -> (MemoryCache, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::starting_at(Timestamp::from_micros(1_000)));
    (MemoryCache::new(capacity, Arc::clone(&clock) as _), clock)
}

fn key(name: &str) -> TenantKey {
    TenantKey::new(TenantId::default_tenant(), "test", name)
}

#[tokio::test]
async fn the_memory_cache_conforms() {
    conformance::cache::all(&cache(1 << 20).0).await;
}

#[tokio::test]
async fn a_value_is_gone_once_its_time_is_over() {
    let (cache, clock) = cache(1 << 20);
    cache
        .put(key("a"), Bytes::from_static(b"v"), Duration::from_secs(60))
        .await
        .unwrap();
    clock.advance(Duration::from_micros(59_999_999));
    assert!(cache.get(&key("a")).await.unwrap().is_some());
    clock.advance(Duration::from_micros(1));
    assert_eq!(cache.get(&key("a")).await.unwrap(), None);
    cache
        .put(key("a"), Bytes::from_static(b"w"), Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(cache.get(&key("a")).await.unwrap().as_deref(), Some(&b"w"[..]));
}

#[tokio::test]
async fn a_value_larger_than_the_cache_is_not_kept() {
    let (cache, _) = cache(10_000);
    let large = Bytes::from(vec![0; 20_000]);
    cache
        .put(key("large"), large, Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(cache.get(&key("large")).await.unwrap(), None);
}
