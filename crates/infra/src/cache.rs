//! A cache of small encoded values. Every key belongs to a tenant by its type.

mod memory;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use datawave_core::{Failure, TenantId};

pub use memory::MemoryCache;

/// Key of a cached value. The tenant is part of it, so no caller can forget it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TenantKey {
    tenant: TenantId,
    space: &'static str,
    key: String,
}

impl TenantKey {
    /// The key `key` of `tenant` in `space`, a fixed name for one kind of value (`access.tokens`).
    pub fn new(tenant: TenantId, space: &'static str, key: impl Into<String>) -> Self {
        Self {
            tenant,
            space,
            key: key.into(),
        }
    }

    /// Tenant that the value belongs to.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Kind of value.
    pub fn space(&self) -> &'static str {
        self.space
    }

    /// Name inside tenant and space.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Bytes that the key itself takes, about.
    fn weight(&self) -> usize {
        self.tenant.as_str().len() + self.key.len() + 64
    }
}

/// A cache: what is put may be gone at the next look, but what comes back is what was put last.
///
/// A failure means that the backend is away. A caller treats it like a miss and goes to the source;
/// it must not be the reason for refusing a call.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// The value, unless it expired, was evicted, or never was.
    async fn get(&self, key: &TenantKey) -> Result<Option<Bytes>, Failure>;

    /// Stores `value` for at most `ttl`, replacing what was there. A `ttl` of zero, or a value that is larger
    /// than the cache, removes the key.
    async fn put(&self, key: TenantKey, value: Bytes, ttl: Duration) -> Result<(), Failure>;

    /// Forgets the value; a `get` that begins after this returned does not see it. Missing is fine.
    async fn remove(&self, key: &TenantKey) -> Result<(), Failure>;
}
