//! Idempotency keys: the effect of a request happens once, however often it is sent.

use std::time::Duration;

use datawave_core::{CallContext, Failure, Reason, Timestamp};

use crate::error::Misuse;
use crate::query::sql;
use crate::session::Tx;

/// How long a key is remembered.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Expired keys that each first use removes: more than it adds, so the table stays as large as one day.
const SWEPT: i64 = 4;

/// What an idempotency key says about this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// The caller gave no key: do the work.
    NoKey,
    /// The key is new: do the work and call [`Tx::remember`].
    First,
    /// The work was done before, on this resource: answer from its current state.
    Repeat(String),
}

impl Tx<'_> {
    /// Looks the call's idempotency key up and takes it, in this transaction.
    ///
    /// A key belongs to a tenant and a method and is kept for 24 hours. While one transaction holds a new
    /// key, others with the same key wait for it. After [`Idempotency::First`] the transaction commits only
    /// when [`Tx::remember`] was called.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` when the key came before with another payload.
    pub async fn idempotent(
        &mut self,
        ctx: &CallContext,
        payload_digest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Idempotency, Failure> {
        let Some(key) = ctx.idempotency_key.as_deref() else {
            return Ok(Idempotency::NoKey);
        };
        let expired = Timestamp::from_micros(
            now.as_micros()
                .saturating_sub(i64::try_from(KEPT.as_micros()).unwrap_or(i64::MAX)),
        );
        let taken = sql(
            "INSERT INTO dw_idempotency (tenant, method, key, digest, resource, created) \
             VALUES ($1, $2, $3, $4, NULL, $5) \
             ON CONFLICT (tenant, method, key) DO UPDATE \
             SET digest = excluded.digest, resource = NULL, created = excluded.created \
             WHERE dw_idempotency.created <= $6",
        )
        .bind(&ctx.tenant)
        .bind(&ctx.method)
        .bind(key)
        .bind(payload_digest)
        .bind(now)
        .bind(expired)
        .execute(self)
        .await?;
        if taken == 1 {
            self.owes_answer = true;
            self.sweep(ctx, expired).await?;
            return Ok(Idempotency::First);
        }
        let row =
            sql("SELECT digest, resource FROM dw_idempotency WHERE tenant = $1 AND method = $2 AND key = $3")
                .bind(&ctx.tenant)
                .bind(&ctx.method)
                .bind(key)
                .fetch_one(self)
                .await?;
        if row.digest("digest")? != *payload_digest {
            return Err(Failure::new(
                Reason::RequestIdReused,
                "this request id was used before with another request",
            )
            .with_remedy("use a new request id for a new request; repeat a request unchanged"));
        }
        Ok(Idempotency::Repeat(row.text("resource")?))
    }

    /// Stores the name of the resource from which a repeat can derive its answer. Does nothing without a key.
    pub async fn remember(&mut self, ctx: &CallContext, resource: &str) -> Result<(), Failure> {
        let Some(key) = ctx.idempotency_key.as_deref() else {
            return Ok(());
        };
        let stored =
            sql("UPDATE dw_idempotency SET resource = $1 WHERE tenant = $2 AND method = $3 AND key = $4")
                .bind(resource)
                .bind(&ctx.tenant)
                .bind(&ctx.method)
                .bind(key)
                .execute(self)
                .await?;
        if stored != 1 {
            return Err(Failure::internal(Misuse(
                "an answer was remembered for a key that was not taken",
            )));
        }
        self.owes_answer = false;
        Ok(())
    }

    async fn sweep(&mut self, ctx: &CallContext, expired: Timestamp) -> Result<(), Failure> {
        sql(
            "DELETE FROM dw_idempotency WHERE tenant = $1 AND (method, key) IN ( \
             SELECT method, key FROM dw_idempotency WHERE tenant = $1 AND created <= $2 \
             ORDER BY created LIMIT $3 {for_update_skip_locked})",
        )
        .bind(&ctx.tenant)
        .bind(expired)
        .bind(SWEPT)
        .execute(self)
        .await?;
        Ok(())
    }
}
