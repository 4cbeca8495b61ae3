//! `datawave asset`: the catalog.

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::catalog::v1::{
    AssetKind, ListAssetVersionsRequest, ListAssetsRequest, SearchAssetsRequest, UpdateAssetRequest,
};
use datawave_rpc::failure;

use super::{Context, names, paging};
use crate::attach::Session;
use crate::cli::{AssetCommand, AssetKindArg};
use crate::output::exit;
use crate::view::{AssetLine, VersionLine};

pub(super) async fn run(context: &Context, session: &Session, command: AssetCommand) -> Result<u8, Failure> {
    let output = &context.output;
    let mut client = CatalogServiceClient::new(session.channel.clone());
    match command {
        AssetCommand::List {
            source,
            kind,
            label,
            prefix,
            limit,
        } => {
            let request = ListAssetsRequest {
                page: None,
                source: names::source_filter(session, source.as_deref()).await?,
                kind: kind_of(kind),
                parent: String::new(),
                label: label.unwrap_or_default(),
                prefix: prefix.unwrap_or_default(),
            };
            let assets = paging::all(limit, async |page| {
                let request = ListAssetsRequest {
                    page: Some(page),
                    ..request.clone()
                };
                let answer = client
                    .clone()
                    .list_assets(request)
                    .await
                    .map_err(failure)?
                    .into_inner();
                Ok((answer.assets, answer.page))
            })
            .await?;
            let lines: Vec<AssetLine> = assets.into_iter().map(AssetLine::from).collect();
            output.list(&lines, AssetLine::table)?;
        }
        AssetCommand::Show { asset } => {
            let asset = names::asset(session, &asset).await?;
            output.one(&AssetLine::from(asset), AssetLine::text)?;
        }
        AssetCommand::Search {
            words,
            prefix,
            kind,
            label,
            limit,
        } => {
            let request = SearchAssetsRequest {
                text: words.join(" "),
                limit,
                kind: kind_of(kind),
                label: label.unwrap_or_default(),
                prefix,
            };
            let answer = client.search_assets(request).await.map_err(failure)?.into_inner();
            let lines: Vec<AssetLine> = answer
                .hits
                .into_iter()
                .filter_map(|hit| hit.asset)
                .map(AssetLine::from)
                .collect();
            output.list(&lines, AssetLine::table)?;
        }
        AssetCommand::Update {
            asset,
            add_label,
            remove_label,
            description,
            owner,
            etag,
        } => {
            if add_label.is_empty() && remove_label.is_empty() && description.is_none() && owner.is_none() {
                return Err(
                    Failure::new(Reason::InvalidRequest, "nothing to change was given")
                        .with_remedy("add --add-label, --remove-label, --description or --owner"),
                );
            }
            let found = names::asset(session, &asset).await?;
            let request = UpdateAssetRequest {
                name: found.name,
                etag: etag.unwrap_or(found.etag),
                description,
                owner,
                add_labels: add_label,
                remove_labels: remove_label,
            };
            let answer = client.update_asset(request).await.map_err(failure)?.into_inner();
            let asset = answer
                .asset
                .ok_or_else(|| Failure::internal("the answer has no asset"))?;
            output.one(&AssetLine::from(asset), AssetLine::text)?;
        }
        AssetCommand::History { asset } => {
            let name = names::asset(session, &asset).await?.name;
            let versions = paging::all(None, async |page| {
                let request = ListAssetVersionsRequest {
                    name: name.clone(),
                    page: Some(page),
                };
                let answer = client
                    .clone()
                    .list_asset_versions(request)
                    .await
                    .map_err(failure)?
                    .into_inner();
                Ok((answer.versions, answer.page))
            })
            .await?;
            let lines: Vec<VersionLine> = versions.into_iter().map(VersionLine::from).collect();
            output.list(&lines, VersionLine::table)?;
        }
    }
    Ok(exit::OK)
}

fn kind_of(kind: Option<AssetKindArg>) -> i32 {
    let kind = match kind {
        None => AssetKind::Unspecified,
        Some(AssetKindArg::Source) => AssetKind::Source,
        Some(AssetKindArg::Database) => AssetKind::Database,
        Some(AssetKindArg::Schema) => AssetKind::Schema,
        Some(AssetKindArg::Table) => AssetKind::Table,
        Some(AssetKindArg::View) => AssetKind::View,
        Some(AssetKindArg::Column) => AssetKind::Column,
    };
    kind.into()
}
