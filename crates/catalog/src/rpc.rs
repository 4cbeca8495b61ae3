//! The generated server trait: enter, convert, one call into the app, convert back. The only tonic here.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{CallContext, Failure};
use datawave_proto::datawave::catalog::v1 as pb;
use datawave_proto::datawave::catalog::v1::catalog_service_server::{CatalogService, CatalogServiceServer};
use datawave_proto::datawave::common::v1::{PageRequest, PageResponse};
use datawave_rpc::{Changes, WatchOptions, WatchStream, enter, status, watch};
use tokio::sync::watch::Receiver;
use tonic::{Request, Response, Status};

use crate::asset::app::{AssetApp, Batch};
use crate::convert;

/// How often a watcher looks for changes that another replica committed.
const POLL: Duration = Duration::from_secs(1);
/// Changes per look.
const WATCH_BATCH: usize = 200;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
pub(crate) struct CatalogRpc {
    pub(crate) app: Arc<AssetApp>,
}

impl CatalogRpc {
    pub(crate) fn server(app: Arc<AssetApp>) -> CatalogServiceServer<Self> {
        CatalogServiceServer::new(Self { app })
    }
}

fn paging(page: Option<PageRequest>) -> (i32, String) {
    page.map(|p| (p.page_size, p.page_token)).unwrap_or_default()
}

fn paged(next_page_token: String) -> Option<PageResponse> {
    Some(PageResponse { next_page_token })
}

#[tonic::async_trait]
impl CatalogService for CatalogRpc {
    async fn get_asset(&self, request: Request<pb::GetAssetRequest>) -> Answer<pb::GetAssetResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::asset_id(&message.name).map_err(status)?;
        let asset = self.app.get(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::GetAssetResponse {
            asset: Some(convert::pb_asset(&asset)),
        }))
    }

    async fn list_assets(&self, request: Request<pb::ListAssetsRequest>) -> Answer<pb::ListAssetsResponse> {
        let (ctx, message) = enter(request)?;
        let filter = convert::filter(&message).map_err(status)?;
        let (size, token) = paging(message.page);
        let page = self.app.list(&ctx, &filter, size, &token).await.map_err(status)?;
        let assets = page.items.iter().map(convert::pb_asset).collect();
        Ok(Response::new(pb::ListAssetsResponse {
            assets,
            page: paged(page.next),
        }))
    }

    async fn search_assets(
        &self,
        request: Request<pb::SearchAssetsRequest>,
    ) -> Answer<pb::SearchAssetsResponse> {
        let (ctx, message) = enter(request)?;
        let label = Some(message.label.as_str()).filter(|l| !l.is_empty());
        let kind = convert::kind(message.kind);
        let hits = self
            .app
            .search(&ctx, &message.text, kind, label, message.prefix, message.limit)
            .await
            .map_err(status)?;
        let hits = hits
            .iter()
            .map(|(asset, score)| pb::SearchHit {
                asset: Some(convert::pb_asset(asset)),
                score: *score,
            })
            .collect();
        Ok(Response::new(pb::SearchAssetsResponse { hits }))
    }

    async fn list_asset_versions(
        &self,
        request: Request<pb::ListAssetVersionsRequest>,
    ) -> Answer<pb::ListAssetVersionsResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::asset_id(&message.name).map_err(status)?;
        let (size, token) = paging(message.page);
        let page = self.app.versions(&ctx, id, size, &token).await.map_err(status)?;
        let versions = page.items.iter().map(convert::pb_version).collect();
        Ok(Response::new(pb::ListAssetVersionsResponse {
            versions,
            page: paged(page.next),
        }))
    }

    async fn update_asset(
        &self,
        request: Request<pb::UpdateAssetRequest>,
    ) -> Answer<pb::UpdateAssetResponse> {
        let (ctx, message) = enter(request)?;
        let change = convert::change(message).map_err(status)?;
        let asset = self.app.update(&ctx, &change).await.map_err(status)?;
        Ok(Response::new(pb::UpdateAssetResponse {
            asset: Some(convert::pb_asset(&asset)),
        }))
    }

    type WatchAssetsStream = WatchStream<pb::WatchAssetsResponse>;

    async fn watch_assets(
        &self,
        request: Request<pb::WatchAssetsRequest>,
    ) -> Answer<Self::WatchAssetsStream> {
        let (ctx, message) = enter(request)?;
        let changes = AssetChanges::begin(Arc::clone(&self.app), ctx.clone(), message)
            .await
            .map_err(status)?;
        let options = WatchOptions::until(self.app.stop.clone());
        Ok(Response::new(watch(&ctx, changes, String::new(), options)))
    }

    async fn upsert_assets(
        &self,
        request: Request<pb::UpsertAssetsRequest>,
    ) -> Answer<pb::UpsertAssetsResponse> {
        let (ctx, message) = enter(request)?;
        let tables = convert::discovered(message.tables).map_err(status)?;
        let batch = Batch {
            id: &message.batch_id,
            source: &message.source,
        };
        let (created, changed) = self
            .app
            .upsert(&ctx, batch, &message.source_name, &tables)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::UpsertAssetsResponse { created, changed }))
    }

    async fn apply_labels(
        &self,
        request: Request<pb::ApplyLabelsRequest>,
    ) -> Answer<pb::ApplyLabelsResponse> {
        let (ctx, message) = enter(request)?;
        let columns = convert::column_labels(message.columns).map_err(status)?;
        let batch = Batch {
            id: &message.batch_id,
            source: &message.source,
        };
        let (changed, unknown) = self
            .app
            .apply_labels(&ctx, batch, &columns)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::ApplyLabelsResponse { changed, unknown }))
    }
}

/// What one watcher sees: the changes of its tenant after a revision.
struct AssetChanges {
    app: Arc<AssetApp>,
    commits: Receiver<u64>,
    ctx: CallContext,
    source: String,
    query: [u8; 32],
    revision: i64,
    /// The first message is the position alone, so that a client that loses the stream at once can resume.
    greeted: bool,
}

impl AssetChanges {
    async fn begin(
        app: Arc<AssetApp>,
        ctx: CallContext,
        message: pb::WatchAssetsRequest,
    ) -> Result<Self, Failure> {
        let query = datawave_core::digest::sha256_parts(&[b"watch_assets", message.source.as_bytes()]);
        let at = app.pages.open(&ctx.tenant, &query, &message.resume_token)?;
        let revision = match at.first().and_then(|v| v.parse().ok()) {
            Some(revision) => revision,
            None => app.revision(&ctx.tenant).await?,
        };
        let commits = app.commits.subscribe();
        Ok(Self {
            app,
            commits,
            ctx,
            source: message.source,
            query,
            revision,
            greeted: false,
        })
    }

    fn message(&self, asset: Option<pb::Asset>) -> (pb::WatchAssetsResponse, String) {
        let token = self
            .app
            .pages
            .seal(&self.ctx.tenant, &self.query, &[self.revision.to_string()]);
        (
            pb::WatchAssetsResponse {
                asset,
                resume_token: token.clone(),
            },
            token,
        )
    }
}

#[tonic::async_trait]
impl Changes for AssetChanges {
    type Message = pb::WatchAssetsResponse;

    /// The position is kept here and not read from the token: changes that the caller may not see move it too.
    async fn after(&mut self, _token: &str) -> Result<datawave_rpc::Batch<Self::Message>, Failure> {
        let mut messages = Vec::new();
        if !self.greeted {
            self.greeted = true;
            messages.push(self.message(None));
        }
        self.commits.mark_unchanged();
        while messages.is_empty() {
            let changes = self
                .app
                .changes_after(&self.ctx, self.revision, WATCH_BATCH)
                .await?;
            if changes.is_empty() {
                break;
            }
            for (revision, asset) in changes {
                self.revision = revision;
                let wanted = self.source.is_empty() || asset.source == self.source;
                if wanted && self.app.may(&self.ctx, "catalog.assets.watch", &asset) {
                    messages.push(self.message(Some(convert::pb_asset(&asset))));
                }
            }
        }
        Ok(datawave_rpc::Batch {
            messages,
            finished: false,
        })
    }

    async fn changed(&mut self) {
        let _ = tokio::time::timeout(POLL, self.commits.changed()).await;
    }

    fn heartbeat(&self, _token: &str) -> Self::Message {
        self.message(None).0
    }
}
