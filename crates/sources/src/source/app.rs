//! What the registry does with sources.

use std::sync::Arc;

use datawave_authz::{Decider, ResourceRef};
use datawave_core::{AuditRecord, CallContext, Clock, Failure, IdSource, Reason, digest};
use datawave_db::page::{self, PageTokens};
use datawave_db::{Db, Idempotency, Tx};

use super::model::{Location, Source, SourceChange, check_etag};
use super::store;
use crate::events;

/// The use cases.
pub(crate) struct SourceApp {
    pub(crate) db: Db,
    pub(crate) policy: Arc<Decider>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) pages: PageTokens,
    pub(crate) default_edge: String,
}

/// A source to register.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSource {
    pub(crate) url: String,
    pub(crate) display_name: String,
    pub(crate) credential_ref: String,
    pub(crate) login: String,
    pub(crate) edge: String,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

impl SourceApp {
    /// Registers a source; one with the same identity is answered unchanged. The second value says whether
    /// it is new.
    pub(crate) async fn create(&self, ctx: &CallContext, new: &NewSource) -> Result<(Source, bool), Failure> {
        let location = Location::parse(&new.url)?;
        let id = location.id();
        let payload = digest::sha256_parts(&[
            location.url.as_bytes(),
            new.display_name.as_bytes(),
            new.login.as_bytes(),
        ]);
        let (location, id, payload) = (&location, &id, &payload);
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    if let Idempotency::Repeat(_) = tx.idempotent(ctx, payload, now).await?
                        && let Some(source) = store::by_id(tx, &ctx.tenant, id).await?
                    {
                        return Ok((source, true));
                    }
                    if let Some(source) = store::by_id(tx, &ctx.tenant, id).await? {
                        tx.remember(ctx, &source.name()).await?;
                        self.audit(tx, ctx, "unchanged", &source.name()).await?;
                        return Ok((source, false));
                    }
                    let display_name = self
                        .free_name(tx, ctx, &new.display_name, &location.derived_name)
                        .await?;
                    let source = Source {
                        id: id.clone(),
                        display_name,
                        engine: location.engine.to_owned(),
                        url: location.url.clone(),
                        credential_ref: new.credential_ref.clone(),
                        login: new.login.clone(),
                        edge: if new.edge.is_empty() {
                            self.default_edge.clone()
                        } else {
                            new.edge.clone()
                        },
                        include: new.include.clone(),
                        exclude: new.exclude.clone(),
                        version: 1,
                        created: now,
                        updated: now,
                    };
                    store::put(tx, &ctx.tenant, &source).await?;
                    tx.remember(ctx, &source.name()).await?;
                    tx.emit(events::changed(
                        self.ids.id("evt"),
                        ctx,
                        "source_created",
                        &source,
                    ))
                    .await?;
                    self.audit(tx, ctx, "created", &source.name()).await?;
                    Ok((source, true))
                })
            })
            .await
    }

    /// A given name must be free; a derived one gets a number when it is not.
    async fn free_name(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        given: &str,
        derived: &str,
    ) -> Result<String, Failure> {
        let given = given.trim();
        if !given.is_empty() {
            return match store::by_display_name(tx, &ctx.tenant, given).await? {
                None => Ok(given.to_owned()),
                Some(other) => Err(name_taken(given, &other)),
            };
        }
        for number in 1_u32..10_000 {
            let name = if number == 1 {
                derived.to_owned()
            } else {
                format!("{derived}-{number}")
            };
            if store::by_display_name(tx, &ctx.tenant, &name).await?.is_none() {
                return Ok(name);
            }
        }
        Err(Failure::invalid(
            "display_name",
            "thousands of sources have this name; give one",
        ))
    }

    /// One source, by id or display name.
    pub(crate) async fn get(&self, ctx: &CallContext, name: &str) -> Result<Source, Failure> {
        let mut session = self.db.read().await?;
        let source = match name.strip_prefix("sources/") {
            Some(id) => store::by_id(&mut session, &ctx.tenant, id).await?,
            None => store::by_display_name(&mut session, &ctx.tenant, name).await?,
        };
        source
            .filter(|s| self.may(ctx, "sources.sources.get", s))
            .ok_or_else(|| not_found(name))
    }

    /// One page by display name, and the token of the next.
    pub(crate) async fn list(
        &self,
        ctx: &CallContext,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Source>, String), Failure> {
        let query = digest::sha256(b"list_sources");
        let after = self
            .pages
            .open(&ctx.tenant, &query, token)?
            .into_iter()
            .next()
            .unwrap_or_default();
        let size = page::page_size(size);
        let mut session = self.db.read().await?;
        let mut items = store::list(&mut session, &ctx.tenant, &after, size).await?;
        let next = match items.last() {
            Some(last) if items.len() == size => {
                self.pages
                    .seal(&ctx.tenant, &query, std::slice::from_ref(&last.display_name))
            }
            _ => String::new(),
        };
        items.retain(|s| self.may(ctx, "sources.sources.list", s));
        Ok((items, next))
    }

    /// Changes a source.
    pub(crate) async fn update(&self, ctx: &CallContext, change: &SourceChange) -> Result<Source, Failure> {
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let before = self
                        .visible(tx, ctx, &change.id, "sources.sources.update")
                        .await?;
                    let (after, fields) = change.apply(&before, self.clock.now())?;
                    if fields.contains(&"display_name")
                        && let Some(other) =
                            store::by_display_name(tx, &ctx.tenant, &after.display_name).await?
                    {
                        return Err(name_taken(&after.display_name, &other));
                    }
                    if !fields.is_empty() {
                        store::put(tx, &ctx.tenant, &after).await?;
                        tx.emit(events::changed(self.ids.id("evt"), ctx, "source_updated", &after))
                            .await?;
                    }
                    let action = if fields.is_empty() { "unchanged" } else { "updated" };
                    let record = AuditRecord::allowed(
                        self.ids.id("aud"),
                        self.clock.now(),
                        "sources",
                        ctx,
                        action,
                        &after.name(),
                    );
                    tx.audit(record.with_detail("fields", fields.join(","))).await?;
                    Ok(after)
                })
            })
            .await
    }

    /// Removes a source from the registry.
    pub(crate) async fn delete(&self, ctx: &CallContext, id: &str, etag: &str) -> Result<(), Failure> {
        self.db
            .write(|tx| {
                Box::pin(async move {
                    let source = self.visible(tx, ctx, id, "sources.sources.delete").await?;
                    if !etag.is_empty() {
                        check_etag(&source, etag)?;
                    }
                    store::delete(tx, &ctx.tenant, id).await?;
                    tx.emit(events::changed(
                        self.ids.id("evt"),
                        ctx,
                        "source_deleted",
                        &source,
                    ))
                    .await?;
                    self.audit(tx, ctx, "deleted", &source.name()).await
                })
            })
            .await
    }

    async fn visible(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        id: &str,
        permission: &str,
    ) -> Result<Source, Failure> {
        let source = store::by_id(tx, &ctx.tenant, id).await?;
        let name = format!("sources/{id}");
        let source = source
            .filter(|s| self.may(ctx, "sources.sources.get", s))
            .ok_or_else(|| not_found(&name))?;
        if !self.may(ctx, permission, &source) {
            return Err(Failure::new(
                Reason::PermissionMissing,
                "you may not change this source",
            ));
        }
        Ok(source)
    }

    fn may(&self, ctx: &CallContext, permission: &str, source: &Source) -> bool {
        let resource = ResourceRef::new("source", &source.id, &ctx.tenant);
        self.policy
            .decide(&ctx.tenant, &ctx.actor, permission, &resource)
            .allowed
    }

    async fn audit(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        action: &str,
        resource: &str,
    ) -> Result<(), Failure> {
        tx.audit(AuditRecord::allowed(
            self.ids.id("aud"),
            self.clock.now(),
            "sources",
            ctx,
            action,
            resource,
        ))
        .await
    }
}

fn not_found(name: &str) -> Failure {
    Failure::new(Reason::ResourceNotFound, format!("there is no source {name}"))
        .with_remedy("see `datawave source list`, or register it with `datawave source add URL`")
        .with_metadata("resource", name)
}

fn name_taken(name: &str, other: &Source) -> Failure {
    Failure::new(Reason::ResourceExists, format!("another source is called {name}"))
        .with_remedy("choose another name with --name")
        .with_metadata("resource", other.name())
}
