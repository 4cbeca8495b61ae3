//! Use cases: authorise, load, decide, write, audit, tell.

use std::sync::Arc;
use std::time::Duration;

use datawave_authz::{DEFAULT_POLICIES, Decider, ResourceRef, Snapshot};
use datawave_core::digest::sha256_parts;
use datawave_core::{
    Actor, ActorKind, AuditRecord, CallContext, Clock, Failure, IdSource, Kind, Reason, TenantId, Timestamp,
};
use datawave_db::page::{PageRequest, PageTokens};
use datawave_db::{Db, Tx};
use secrecy::{ExposeSecret, SecretString};

use crate::events::{self, BindingFact, TokenFact};
use crate::model::{self, Binding, Fingerprint, Token};
use crate::store;

/// Subject of the first token.
const FIRST_SUBJECT: &str = "user:admin";

/// The use cases with what they need.
pub(crate) struct AccessApp {
    pub(crate) db: Db,
    pub(crate) policy: Arc<Decider>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) pages: PageTokens,
}

/// A token that somebody asks for.
pub(crate) struct TokenWish {
    pub(crate) subject: String,
    pub(crate) description: String,
    pub(crate) life: Option<Duration>,
    pub(crate) roles: Vec<String>,
}

/// One page, and the token of the next; empty at the end.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: String,
}

impl AccessApp {
    /// Makes a token, and gives its subject the roles asked for. The secret exists only in the answer.
    pub(crate) async fn create_token(
        &self,
        ctx: &CallContext,
        wish: TokenWish,
    ) -> Result<(Token, SecretString), Failure> {
        self.authorize(ctx, "access.tokens.create", "subject", &wish.subject)?;
        let roles = model::people_roles(wish.roles)?;
        if !roles.is_empty() {
            // A token with roles is a binding as well: whoever may not bind may not do it this way.
            self.authorize(ctx, "access.bindings.create", "subject", &wish.subject)?;
        }
        let now = self.clock.now();
        let token = Token {
            id: self.ids.id("tok"),
            subject: wish.subject,
            description: wish.description,
            created: now,
            created_by: ctx.actor.subject.clone(),
            expires: Some(model::expiry(now, wish.life)?),
            revoked: None,
        };
        let (secret, fingerprint) = model::new_secret()?;
        let (stored, fingerprint, roles) = (&token, &fingerprint, &roles);
        self.db
            .write(|tx| {
                Box::pin(async move { self.store_token(tx, ctx, stored, fingerprint, roles, now).await })
            })
            .await?;
        Ok((token, secret))
    }

    async fn store_token(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        token: &Token,
        fingerprint: &Fingerprint,
        roles: &[String],
        now: Timestamp,
    ) -> Result<(), Failure> {
        store::add_token(tx, &ctx.tenant, token, fingerprint).await?;
        for role in roles {
            let binding = Binding {
                subject: token.subject.clone(),
                role: role.clone(),
            };
            if store::add_binding(tx, &ctx.tenant, &binding, now, &ctx.actor.subject).await? {
                let event = events::binding(self.ids.id("evt"), ctx, now, BindingFact::Created, &binding);
                tx.emit(event).await?;
            }
        }
        tx.emit(events::token(
            self.ids.id("evt"),
            ctx,
            now,
            TokenFact::Created,
            token,
        ))
        .await?;
        let record = self
            .allowed(ctx, now, "created", &token.name())
            .with_detail("subject", token.subject.as_str())
            .with_detail("roles", roles.join(","))
            .with_detail(
                "expires",
                token
                    .expires
                    .map_or_else(|| "never".to_owned(), Timestamp::to_rfc3339),
            );
        tx.audit(record).await
    }

    /// One page of tokens by name.
    pub(crate) async fn list_tokens(
        &self,
        ctx: &CallContext,
        page: PageRequest,
    ) -> Result<Page<Token>, Failure> {
        let query = sha256_parts(&[b"list_tokens"]);
        let after = self.place(ctx, &query, &page)?;
        let mut session = self.db.read().await?;
        let after = after.first().map_or("", String::as_str);
        let mut items = store::tokens(&mut session, &ctx.tenant, after, page.size).await?;
        let next = match items.last() {
            Some(last) if items.len() == page.size => {
                self.pages
                    .seal(&ctx.tenant, &query, std::slice::from_ref(&last.id))
            }
            _ => String::new(),
        };
        items.retain(|item| self.may(ctx, "access.tokens.list", "token", &item.name()));
        Ok(Page { items, next })
    }

    /// Revokes a token; no call that begins after this returned is let in with it. Revoking it again
    /// changes nothing.
    pub(crate) async fn revoke_token(&self, ctx: &CallContext, id: &str) -> Result<Token, Failure> {
        self.authorize(ctx, "access.tokens.revoke", "token", &format!("tokens/{id}"))?;
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    store::lock_admins(tx, &ctx.tenant).await?;
                    let token = store::token(tx, &ctx.tenant, id)
                        .await?
                        .ok_or_else(|| token_missing(id))?;
                    if token.revoked.is_some() {
                        tx.audit(self.allowed(ctx, now, "unchanged", &token.name()))
                            .await?;
                        return Ok(token);
                    }
                    let admins = store::live_admin_tokens(tx, &ctx.tenant, now).await?;
                    store::revoke_token(tx, &ctx.tenant, id, now).await?;
                    self.keep_an_admin(tx, ctx, admins, now).await?;
                    let token = Token {
                        revoked: Some(now),
                        ..token
                    };
                    tx.emit(events::token(
                        self.ids.id("evt"),
                        ctx,
                        now,
                        TokenFact::Revoked,
                        &token,
                    ))
                    .await?;
                    let record = self
                        .allowed(ctx, now, "revoked", &token.name())
                        .with_detail("subject", token.subject.as_str());
                    tx.audit(record).await?;
                    Ok(token)
                })
            })
            .await
    }

    /// Gives a role. Giving it again changes nothing.
    pub(crate) async fn create_binding(&self, ctx: &CallContext, binding: &Binding) -> Result<(), Failure> {
        self.authorize(ctx, "access.bindings.create", "subject", &binding.subject)?;
        model::people_roles(vec![binding.role.clone()])?;
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    let new = store::add_binding(tx, &ctx.tenant, binding, now, &ctx.actor.subject).await?;
                    if new {
                        let id = self.ids.id("evt");
                        tx.emit(events::binding(id, ctx, now, BindingFact::Created, binding))
                            .await?;
                    }
                    let action = if new { "created" } else { "unchanged" };
                    tx.audit(self.allowed(ctx, now, action, &binding.name())).await
                })
            })
            .await
    }

    /// Takes a role away, effective on the next call. Taking it again changes nothing.
    pub(crate) async fn delete_binding(&self, ctx: &CallContext, binding: &Binding) -> Result<(), Failure> {
        self.authorize(ctx, "access.bindings.delete", "subject", &binding.subject)?;
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    store::lock_admins(tx, &ctx.tenant).await?;
                    let admins = store::live_admin_tokens(tx, &ctx.tenant, now).await?;
                    let gone = store::delete_binding(tx, &ctx.tenant, binding).await?;
                    self.keep_an_admin(tx, ctx, admins, now).await?;
                    if gone {
                        let id = self.ids.id("evt");
                        tx.emit(events::binding(id, ctx, now, BindingFact::Deleted, binding))
                            .await?;
                    }
                    let action = if gone { "deleted" } else { "unchanged" };
                    tx.audit(self.allowed(ctx, now, action, &binding.name())).await
                })
            })
            .await
    }

    /// Refuses what would leave nobody who can give rights: there would be no way back. `before` is the
    /// number of live tokens of administrators before the change.
    async fn keep_an_admin(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        before: i64,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if before == 0 || store::live_admin_tokens(tx, &ctx.tenant, now).await? > 0 {
            return Ok(());
        }
        Err(Failure::new(
            Reason::InvalidRequest,
            "this would leave no administrator with a valid token",
        )
        .with_kind(Kind::FailedPrecondition)
        .with_remedy("first make a token for another administrator: `datawave token create --role admin`"))
    }

    /// One page of bindings by subject and role.
    pub(crate) async fn list_bindings(
        &self,
        ctx: &CallContext,
        page: PageRequest,
    ) -> Result<Page<Binding>, Failure> {
        let query = sha256_parts(&[b"list_bindings"]);
        let after = match self.place(ctx, &query, &page)?.as_slice() {
            [subject, role] => Binding {
                subject: subject.clone(),
                role: role.clone(),
            },
            _ => Binding {
                subject: String::new(),
                role: String::new(),
            },
        };
        let mut session = self.db.read().await?;
        let mut items = store::bindings(&mut session, &ctx.tenant, &after, page.size).await?;
        let next = match items.last() {
            Some(last) if items.len() == page.size => {
                self.pages
                    .seal(&ctx.tenant, &query, &[last.subject.clone(), last.role.clone()])
            }
            _ => String::new(),
        };
        items.retain(|item| self.may(ctx, "access.bindings.list", "subject", &item.subject));
        Ok(Page { items, next })
    }

    /// The policies in force.
    pub(crate) fn policies(&self, ctx: &CallContext) -> Result<Arc<Snapshot>, Failure> {
        self.authorize(ctx, "access.policies.get", "policies", "policies")?;
        Ok(self.policy.snapshot())
    }

    /// The subject behind a token, for services that authenticate callers.
    pub(crate) async fn resolve_for(
        &self,
        ctx: &CallContext,
        secret: &str,
    ) -> Result<(TenantId, Actor), Failure> {
        self.authorize(ctx, "access.tokens.resolve", "area", "access")?;
        self.resolve(secret).await
    }

    /// Tenant and caller behind a token, as the store says now.
    ///
    /// Unknown, expired and revoked tokens are refused with the same words: what a token was is nobody's
    /// business who does not hold a valid one.
    pub(crate) async fn resolve(&self, secret: &str) -> Result<(TenantId, Actor), Failure> {
        let fingerprint = Fingerprint::of(secret).ok_or_else(token_refused)?;
        let mut session = self.db.read().await?;
        let found = store::token_by_lookup(&mut session, &fingerprint.lookup)
            .await?
            .filter(|found| fingerprint.matches(&found.digest))
            .filter(|found| found.token.is_live(self.clock.now()))
            .ok_or_else(token_refused)?;
        let roles = store::roles(&mut session, &found.tenant, &found.token.subject).await?;
        let actor = Actor {
            subject: found.token.subject,
            kind: ActorKind::User,
            roles,
            origin: None,
        };
        Ok((found.tenant, actor))
    }

    /// See [`crate::Access::bootstrap_admin`].
    pub(crate) async fn bootstrap_admin(
        &self,
        keep: impl FnOnce(&str) -> Result<(), Failure> + Send,
    ) -> Result<bool, Failure> {
        if store::has_tokens(&mut self.db.read().await?).await? {
            return Ok(false);
        }
        let (secret, fingerprint) = model::new_secret()?;
        keep(secret.expose_secret())?;
        let ctx = &CallContext::background(TenantId::default_tenant(), "access", "bootstrap");
        let now = self.clock.now();
        let token = &Token {
            id: self.ids.id("tok"),
            subject: FIRST_SUBJECT.to_owned(),
            description: "made by the first start".to_owned(),
            created: now,
            created_by: ctx.actor.subject.clone(),
            expires: None,
            revoked: None,
        };
        let (fingerprint, roles) = (&fingerprint, &["admin".to_owned()]);
        self.db
            .write(|tx| {
                Box::pin(async move {
                    // Another process may have been first.
                    if store::has_tokens(tx).await? {
                        return Ok(false);
                    }
                    self.store_token(tx, ctx, token, fingerprint, roles, now).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// Puts the newest stored policies in force, after storing those of this version when they differ.
    ///
    /// Nothing edits policies yet but a new version, so a difference is an upgrade.
    pub(crate) async fn load_policies(&self) -> Result<(), Failure> {
        let ctx = &CallContext::background(TenantId::default_tenant(), "access", "policies");
        let (revision, text) = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let newest = store::policies(tx, &ctx.tenant).await?;
                    let revision = match newest {
                        Some((revision, text)) if text == DEFAULT_POLICIES => return Ok((revision, text)),
                        Some((revision, _)) => revision + 1,
                        None => 1,
                    };
                    let now = self.clock.now();
                    let by = ctx.actor.subject.as_str();
                    if !store::add_policies(tx, &ctx.tenant, revision, DEFAULT_POLICIES, now, by).await? {
                        let stored = store::policies(tx, &ctx.tenant).await?;
                        return stored.ok_or_else(|| Failure::internal("stored policies are not there"));
                    }
                    let record = self
                        .allowed(ctx, now, "published", "policies")
                        .with_detail("revision", revision.to_string());
                    tx.audit(record).await?;
                    Ok((revision, DEFAULT_POLICIES.to_owned()))
                })
            })
            .await?;
        let snapshot = Snapshot::compile(&text, u64::try_from(revision).unwrap_or(0)).map_err(|failure| {
            Failure::new(Reason::StoreCorrupt, "the stored policies are not valid")
                .with_remedy("restore the access store from a backup, or start the version that wrote it")
                .with_source(failure)
        })?;
        self.policy.publish(snapshot);
        Ok(())
    }

    /// Sort key of the last row of the page before; empty for the first page.
    fn place(&self, ctx: &CallContext, query: &[u8; 32], page: &PageRequest) -> Result<Vec<String>, Failure> {
        match &page.token {
            Some(token) => self.pages.open(&ctx.tenant, query, token),
            None => Ok(Vec::new()),
        }
    }

    fn may(&self, ctx: &CallContext, permission: &str, kind: &str, name: &str) -> bool {
        let resource = ResourceRef::new(kind, name, &ctx.tenant);
        self.policy
            .decide(&ctx.tenant, &ctx.actor, permission, &resource)
            .allowed
    }

    fn authorize(&self, ctx: &CallContext, permission: &str, kind: &str, name: &str) -> Result<(), Failure> {
        if self.may(ctx, permission, kind, name) {
            return Ok(());
        }
        Err(Failure::new(
            Reason::PermissionMissing,
            format!("{permission} on this {kind} is not permitted"),
        )
        .with_remedy("ask an administrator for a role that has it: `datawave token whoami` shows yours"))
    }

    fn allowed(&self, ctx: &CallContext, now: Timestamp, action: &str, resource: &str) -> AuditRecord {
        AuditRecord::allowed(self.ids.id("aud"), now, self.db.service(), ctx, action, resource)
    }
}

fn token_missing(id: &str) -> Failure {
    Failure::new(Reason::ResourceNotFound, format!("there is no token tokens/{id}"))
        .with_remedy("list tokens with `datawave token list`")
        .with_metadata("resource", format!("tokens/{id}"))
}

fn token_refused() -> Failure {
    Failure::new(
        Reason::CredentialsInvalid,
        "the token is unknown, expired or revoked",
    )
    .with_remedy(
        "use a valid token: --token-file FILE or DATAWAVE_TOKEN_FILE; the first start of a data directory \
         writes one to admin.token in it",
    )
}
