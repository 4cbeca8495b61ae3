//! SQL of deliveries.

use datawave_core::{Failure, TenantId};
use datawave_db::{Session, Tx, sql};

/// Who gets a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `UpsertAssetsRequest`.
    Catalog,
    /// `SubmitResultsRequest`.
    Classification,
}

impl Target {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Classification => "classification",
        }
    }
}

/// One thing to hand on.
pub(crate) struct Delivery {
    pub(crate) sequence: i64,
    pub(crate) target: Target,
    pub(crate) payload: Vec<u8>,
}

pub(crate) async fn add(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
    sequence: i64,
    target: Target,
    payload: Vec<u8>,
) -> Result<(), Failure> {
    sql("INSERT INTO deliveries (tenant, scan, sequence, target, payload) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant)
        .bind(scan)
        .bind(sequence)
        .bind(target.as_str())
        .bind(payload)
        .execute(tx)
        .await?;
    Ok(())
}

/// Scans with something to hand on, oldest first. (tenant, scan id).
pub(crate) async fn scans_waiting(session: &mut Session) -> Result<Vec<(TenantId, String)>, Failure> {
    let rows = sql("SELECT DISTINCT tenant, scan FROM deliveries ORDER BY scan, tenant")
        .fetch_all(session)
        .await?;
    rows.iter()
        .map(|row| {
            let tenant = TenantId::parse(&row.text("tenant")?)
                .ok_or_else(|| Failure::internal("deliveries.tenant holds no tenant name"))?;
            Ok((tenant, row.text("scan")?))
        })
        .collect()
}

/// The next delivery of a scan.
pub(crate) async fn next(
    session: &mut Session,
    tenant: &TenantId,
    scan: &str,
) -> Result<Option<Delivery>, Failure> {
    let row = sql("SELECT sequence, target, payload FROM deliveries WHERE tenant = $1 AND scan = $2 ORDER BY sequence LIMIT 1")
        .bind(tenant)
        .bind(scan)
        .fetch_optional(session)
        .await?;
    row.map(|row| {
        let target = row.text("target")?;
        let target = [Target::Catalog, Target::Classification]
            .into_iter()
            .find(|t| t.as_str() == target)
            .ok_or_else(|| Failure::internal("deliveries.target holds an unknown target"))?;
        Ok(Delivery {
            sequence: row.i64("sequence")?,
            target,
            payload: row.bytes("payload")?,
        })
    })
    .transpose()
}

/// Forgets a delivery that has arrived.
pub(crate) async fn done(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
    sequence: i64,
) -> Result<(), Failure> {
    sql("DELETE FROM deliveries WHERE tenant = $1 AND scan = $2 AND sequence = $3")
        .bind(tenant)
        .bind(scan)
        .bind(sequence)
        .execute(tx)
        .await?;
    Ok(())
}
