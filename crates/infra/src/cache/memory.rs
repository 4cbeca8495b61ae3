//! The cache inside the process: moka, bounded by bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use datawave_core::{Clock, Failure, Timestamp};

use super::{Cache, TenantKey};

#[derive(Clone)]
struct Entry {
    value: Bytes,
    ttl: Duration,
    expires: Timestamp,
}

/// Frees memory of expired entries by moka's own clock. What a caller sees is decided by ours, in `get`,
/// because moka takes no clock from outside.
struct ByTtl;

impl moka::Expiry<TenantKey, Entry> for ByTtl {
    fn expire_after_create(&self, _: &TenantKey, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    fn expire_after_update(
        &self,
        _: &TenantKey,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

/// A cache in memory, shared by clones of the `Arc` it is put in.
pub struct MemoryCache {
    entries: moka::future::Cache<TenantKey, Entry>,
    capacity_bytes: u64,
    clock: Arc<dyn Clock>,
}

impl MemoryCache {
    /// A cache that holds about `capacity_bytes` of keys and values and evicts what is used least.
    pub fn new(capacity_bytes: u64, clock: Arc<dyn Clock>) -> Self {
        let entries = moka::future::Cache::builder()
            .max_capacity(capacity_bytes)
            .weigher(|key: &TenantKey, entry: &Entry| {
                u32::try_from(weight(key, &entry.value)).unwrap_or(u32::MAX)
            })
            .expire_after(ByTtl)
            .build();
        Self {
            entries,
            capacity_bytes,
            clock,
        }
    }
}

fn weight(key: &TenantKey, value: &Bytes) -> u64 {
    (key.weight() + value.len()) as u64
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &TenantKey) -> Result<Option<Bytes>, Failure> {
        let now = self.clock.now();
        Ok(self
            .entries
            .get(key)
            .await
            .filter(|entry| now < entry.expires)
            .map(|entry| entry.value))
    }

    async fn put(&self, key: TenantKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        // moka evicts what is too large only later; until then it would take the place of everything else.
        if ttl.is_zero() || weight(&key, &value) > self.capacity_bytes {
            return self.remove(&key).await;
        }
        let expires = self.clock.now().plus(ttl);
        self.entries.insert(key, Entry { value, ttl, expires }).await;
        Ok(())
    }

    async fn remove(&self, key: &TenantKey) -> Result<(), Failure> {
        self.entries.invalidate(key).await;
        Ok(())
    }
}
