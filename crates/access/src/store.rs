//! SQL of tokens, bindings and policies. Every statement but one is inside one tenant: a bearer token is
//! looked up before its tenant is known.

use datawave_core::{Failure, TenantId, Timestamp};
use datawave_db::{Row, Session, Tx, sql};

use crate::model::{Binding, Fingerprint, Token};

/// A token found by what a caller sent.
pub(crate) struct Found {
    pub(crate) tenant: TenantId,
    pub(crate) token: Token,
    pub(crate) digest: Vec<u8>,
}

pub(crate) async fn token_by_lookup(session: &mut Session, lookup: &str) -> Result<Option<Found>, Failure> {
    let Some(row) = sql("SELECT * FROM tokens WHERE lookup = $1")
        .bind(lookup)
        .fetch_optional(session)
        .await?
    else {
        return Ok(None);
    };
    let tenant = TenantId::parse(&row.text("tenant")?)
        .ok_or_else(|| Failure::internal("a stored tenant has not the form of one"))?;
    Ok(Some(Found {
        tenant,
        token: token_from(&row)?,
        digest: row.bytes("digest")?,
    }))
}

pub(crate) async fn token(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Token>, Failure> {
    sql("SELECT * FROM tokens WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .fetch_optional(session)
        .await?
        .map(|row| token_from(&row))
        .transpose()
}

/// One page by id, after `after`.
pub(crate) async fn tokens(
    session: &mut Session,
    tenant: &TenantId,
    after: &str,
    limit: usize,
) -> Result<Vec<Token>, Failure> {
    let rows = sql("SELECT * FROM tokens WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(tenant)
        .bind(after)
        .bind(limit as i64)
        .fetch_all(session)
        .await?;
    rows.iter().map(token_from).collect()
}

pub(crate) async fn has_tokens(session: &mut Session) -> Result<bool, Failure> {
    let row = sql("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM tokens LIMIT 1) AS first")
        .fetch_one(session)
        .await?;
    Ok(row.i64("n")? > 0)
}

pub(crate) async fn add_token(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    token: &Token,
    fingerprint: &Fingerprint,
) -> Result<(), Failure> {
    sql("INSERT INTO tokens \
         (tenant, id, lookup, digest, subject, description, created, created_by, expires, revoked) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(tenant)
    .bind(token.id.as_str())
    .bind(fingerprint.lookup.as_str())
    .bind(&fingerprint.digest[..])
    .bind(token.subject.as_str())
    .bind(token.description.as_str())
    .bind(token.created)
    .bind(token.created_by.as_str())
    .bind(token.expires)
    .bind(token.revoked)
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets the time of revocation, unless there is one.
pub(crate) async fn revoke_token(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    id: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    sql("UPDATE tokens SET revoked = $1 WHERE tenant = $2 AND id = $3 AND revoked IS NULL")
        .bind(now)
        .bind(tenant)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Roles of a subject, sorted.
pub(crate) async fn roles(
    session: &mut Session,
    tenant: &TenantId,
    subject: &str,
) -> Result<Vec<String>, Failure> {
    let rows = sql("SELECT role FROM bindings WHERE tenant = $1 AND subject = $2 ORDER BY role")
        .bind(tenant)
        .bind(subject)
        .fetch_all(session)
        .await?;
    rows.iter().map(|row| row.text("role")).collect()
}

/// One page by subject and role, after `after`.
pub(crate) async fn bindings(
    session: &mut Session,
    tenant: &TenantId,
    after: &Binding,
    limit: usize,
) -> Result<Vec<Binding>, Failure> {
    let rows = sql("SELECT subject, role FROM bindings WHERE tenant = $1 \
                    AND (subject > $2 OR (subject = $2 AND role > $3)) ORDER BY subject, role LIMIT $4")
    .bind(tenant)
    .bind(after.subject.as_str())
    .bind(after.role.as_str())
    .bind(limit as i64)
    .fetch_all(session)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Binding {
                subject: row.text("subject")?,
                role: row.text("role")?,
            })
        })
        .collect()
}

/// Whether it is new.
pub(crate) async fn add_binding(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    binding: &Binding,
    now: Timestamp,
    by: &str,
) -> Result<bool, Failure> {
    let added = sql(
        "INSERT INTO bindings (tenant, subject, role, created, created_by) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, subject, role) DO NOTHING",
    )
    .bind(tenant)
    .bind(binding.subject.as_str())
    .bind(binding.role.as_str())
    .bind(now)
    .bind(by)
    .execute(tx)
    .await?;
    Ok(added > 0)
}

/// Whether it was there.
pub(crate) async fn delete_binding(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    binding: &Binding,
) -> Result<bool, Failure> {
    let deleted = sql("DELETE FROM bindings WHERE tenant = $1 AND subject = $2 AND role = $3")
        .bind(tenant)
        .bind(binding.subject.as_str())
        .bind(binding.role.as_str())
        .execute(tx)
        .await?;
    Ok(deleted > 0)
}

/// Makes transactions that may take the last administrator away wait for one another.
pub(crate) async fn lock_admins(tx: &mut Tx<'_>, tenant: &TenantId) -> Result<(), Failure> {
    sql("SELECT subject FROM bindings WHERE tenant = $1 AND role = 'admin' ORDER BY subject {for_update}")
        .bind(tenant)
        .fetch_all(tx)
        .await?;
    Ok(())
}

/// Tokens that are live at `now` and whose subject has role admin.
pub(crate) async fn live_admin_tokens(
    session: &mut Session,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<i64, Failure> {
    sql(
        "SELECT COUNT(*) AS n FROM tokens t JOIN bindings b ON b.tenant = t.tenant AND b.subject = t.subject \
         WHERE t.tenant = $1 AND b.role = 'admin' AND t.revoked IS NULL \
         AND (t.expires IS NULL OR t.expires > $2)",
    )
    .bind(tenant)
    .bind(now)
    .fetch_one(session)
    .await?
    .i64("n")
}

/// The newest policies, if any: revision and text.
pub(crate) async fn policies(
    session: &mut Session,
    tenant: &TenantId,
) -> Result<Option<(i64, String)>, Failure> {
    let row = sql("SELECT revision, text FROM policies WHERE tenant = $1 ORDER BY revision DESC LIMIT 1")
        .bind(tenant)
        .fetch_optional(session)
        .await?;
    row.map(|row| Ok((row.i64("revision")?, row.text("text")?)))
        .transpose()
}

/// Whether it was added; not when another replica added this revision meanwhile.
pub(crate) async fn add_policies(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    revision: i64,
    text: &str,
    now: Timestamp,
    by: &str,
) -> Result<bool, Failure> {
    let added = sql(
        "INSERT INTO policies (tenant, revision, text, created, created_by) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, revision) DO NOTHING",
    )
    .bind(tenant)
    .bind(revision)
    .bind(text)
    .bind(now)
    .bind(by)
    .execute(tx)
    .await?;
    Ok(added > 0)
}

fn token_from(row: &Row) -> Result<Token, Failure> {
    Ok(Token {
        id: row.text("id")?,
        subject: row.text("subject")?,
        description: row.text("description")?,
        created: row.time("created")?,
        created_by: row.text("created_by")?,
        expires: row.opt_time("expires")?,
        revoked: row.opt_time("revoked")?,
    })
}
