//! Between the contract's messages and the registry's own types.

use datawave_core::Failure;
use datawave_proto::datawave::sources::v1 as pb;
use datawave_rpc::pb_time;

use crate::source::app::NewSource;
use crate::source::model::{Source, SourceChange};

pub(crate) fn source_id(name: &str) -> Result<&str, Failure> {
    name.strip_prefix("sources/")
        .ok_or_else(|| Failure::invalid("name", "must be sources/src_…"))
}

pub(crate) fn new_source(message: pb::CreateSourceRequest) -> NewSource {
    NewSource {
        url: message.url,
        display_name: message.display_name,
        credential_ref: message.credential_ref,
        login: message.login,
        edge: message.edge,
        include: message.include,
        exclude: message.exclude,
    }
}

pub(crate) fn change(message: pb::UpdateSourceRequest) -> Result<SourceChange, Failure> {
    let (include, exclude) = message.filter.map(|f| (f.include, f.exclude)).unzip();
    Ok(SourceChange {
        id: source_id(&message.name)?.to_owned(),
        etag: message.etag,
        display_name: message.display_name,
        credential_ref: message.credential_ref,
        login: message.login,
        include,
        exclude,
    })
}

pub(crate) fn pb_source(source: &Source) -> pb::Source {
    pb::Source {
        name: source.name(),
        display_name: source.display_name.clone(),
        engine: source.engine.clone(),
        url: source.url.clone(),
        credential_ref: source.credential_ref.clone(),
        login: source.login.clone(),
        edge: source.edge.clone(),
        include: source.include.clone(),
        exclude: source.exclude.clone(),
        etag: source.etag(),
        create_time: Some(pb_time(source.created)),
        update_time: Some(pb_time(source.updated)),
    }
}
