//! From what people type to the names that the contracts want.

use datawave_core::{Failure, Reason, ids};
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::catalog::v1::{Asset, GetAssetRequest, ListAssetsRequest};
use datawave_proto::datawave::common::v1::PageRequest;
use datawave_proto::datawave::sources::v1::sources_service_client::SourcesServiceClient;
use datawave_proto::datawave::sources::v1::{GetSourceRequest, Source};
use datawave_rpc::failure;

use super::source::address::Address;
use crate::attach::Session;

/// `scans/scn_…` of `scn_…`; a wrong id is an error before any call.
pub(crate) fn resource(collection: &str, prefix: &str, text: &str) -> Result<String, Failure> {
    let id = text
        .strip_prefix(collection)
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or(text);
    if ids::is_id(prefix, id) {
        return Ok(format!("{collection}/{id}"));
    }
    let list = match collection {
        "scans" => "datawave scan list",
        "findings" => "datawave finding list",
        "tokens" => "datawave token list",
        _ => "datawave asset list",
    };
    Err(Failure::new(
        Reason::InvalidRequest,
        format!("this is no id of {collection}; they look like {prefix}_…"),
    )
    .with_remedy(format!("copy it from `{list}`")))
}

/// A registered source by name, id or address.
pub(crate) async fn source(session: &Session, text: &str) -> Result<Source, Failure> {
    let name = if text.contains(':') {
        Address::parse(text)?.source_name()
    } else if ids::is_id("src", text) {
        format!("sources/{text}")
    } else {
        text.to_owned()
    };
    let answer = SourcesServiceClient::new(session.channel.clone())
        .get_source(GetSourceRequest { name })
        .await
        .map_err(failure)?;
    answer
        .into_inner()
        .source
        .ok_or_else(|| Failure::internal("the answer has no source"))
}

/// The address of a source that a list is narrowed to; empty when it is not.
pub(crate) async fn source_filter(session: &Session, source_text: Option<&str>) -> Result<String, Failure> {
    match source_text {
        Some(text) => Ok(source(session, text).await?.name),
        None => Ok(String::new()),
    }
}

/// An asset by id or by its whole qualified name.
pub(crate) async fn asset(session: &Session, text: &str) -> Result<Asset, Failure> {
    let mut client = CatalogServiceClient::new(session.channel.clone());
    let id = text.strip_prefix("assets/").unwrap_or(text);
    if ids::is_id("ast", id) {
        let request = GetAssetRequest {
            name: format!("assets/{id}"),
        };
        let answer = client.get_asset(request).await.map_err(failure)?.into_inner();
        return answer
            .asset
            .ok_or_else(|| Failure::internal("the answer has no asset"));
    }
    let request = ListAssetsRequest {
        page: Some(PageRequest {
            page_size: 1,
            page_token: String::new(),
        }),
        prefix: text.to_owned(),
        ..ListAssetsRequest::default()
    };
    // The list is in the order of names, so the name itself comes before all that begin with it.
    let answer = client.list_assets(request).await.map_err(failure)?.into_inner();
    answer
        .assets
        .into_iter()
        .find(|asset| asset.qualified_name == text)
        .ok_or_else(|| {
            Failure::new(
                Reason::ResourceNotFound,
                format!("the catalog has no asset {text}"),
            )
            .with_remedy(format!(
                "look for it with `datawave asset search {}`",
                text.rsplit('.').next().unwrap_or(text)
            ))
        })
}
