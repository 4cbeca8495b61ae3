//! `datawave source`: register, test, list, show, remove.

pub(super) mod address;
mod register;

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::edge::v1::edge_node_service_client::EdgeNodeServiceClient;
use datawave_proto::datawave::edge::v1::{DeleteCredentialRequest, TestSourceRequest};
use datawave_proto::datawave::sources::v1::sources_service_client::SourcesServiceClient;
use datawave_proto::datawave::sources::v1::{DeleteSourceRequest, ListSourcesRequest};
use datawave_rpc::failure;

use super::{Context, names, paging};
use crate::attach::Session;
use crate::cli::{Format, LoginArgs, SourceCommand};
use crate::output::{data, exit, plain, short_id};
use crate::view::{SourceLine, StepLine};
use address::Address;

pub(super) use register::{Registered, Wish, register};

/// What can be refused before an instance is started for it.
pub(super) fn check(command: &SourceCommand) -> Result<(), Failure> {
    match command {
        SourceCommand::Add { url, .. } => Address::parse(url).map(|_| ()),
        SourceCommand::Test { source, .. }
        | SourceCommand::Show { source }
        | SourceCommand::Remove { source } => {
            if source.contains(':') {
                Address::parse(source).map(|_| ())
            } else {
                Ok(())
            }
        }
        SourceCommand::List => Ok(()),
    }
}

pub(super) async fn run(context: &Context, session: &Session, command: SourceCommand) -> Result<u8, Failure> {
    match command {
        SourceCommand::Add {
            url,
            name,
            include,
            exclude,
            login,
        } => {
            let wish = Wish {
                url,
                name,
                include,
                exclude,
                login,
            };
            let Registered { source, created } = register(session, wish).await?;
            if !created {
                context.output.note("this source is registered already");
            }
            context.output.one(&SourceLine::from(source), SourceLine::text)?;
            Ok(exit::OK)
        }
        SourceCommand::Test { source, login } => test(context, session, &source, &login).await,
        SourceCommand::List => {
            let client = SourcesServiceClient::new(session.channel.clone());
            let sources = paging::all(None, async |page| {
                let request = ListSourcesRequest { page: Some(page) };
                let answer = client
                    .clone()
                    .list_sources(request)
                    .await
                    .map_err(failure)?
                    .into_inner();
                Ok((answer.sources, answer.page))
            })
            .await?;
            let lines: Vec<SourceLine> = sources.into_iter().map(SourceLine::from).collect();
            context.output.list(&lines, SourceLine::table)?;
            Ok(exit::OK)
        }
        SourceCommand::Show { source } => {
            let source = names::source(session, &source).await?;
            context.output.one(&SourceLine::from(source), SourceLine::text)?;
            Ok(exit::OK)
        }
        SourceCommand::Remove { source } => {
            let source = names::source(session, &source).await?;
            let request = DeleteSourceRequest {
                name: source.name.clone(),
                etag: source.etag.clone(),
            };
            SourcesServiceClient::new(session.channel.clone())
                .delete_source(request)
                .await
                .map_err(failure)?;
            if source.credential_ref.starts_with("site:") {
                let request = DeleteCredentialRequest {
                    key: short_id(&source.name).to_owned(),
                };
                EdgeNodeServiceClient::new(session.channel.clone())
                    .delete_credential(request)
                    .await
                    .map_err(failure)?;
            }
            context.output.note(&format!(
                "{} is removed; its assets stay in the catalog",
                plain(&source.display_name)
            ));
            Ok(exit::OK)
        }
    }
}

/// Tests a registered source, or an address without registering it.
async fn test(context: &Context, session: &Session, text: &str, login: &LoginArgs) -> Result<u8, Failure> {
    let given = register::given_secret(login)?;
    let registered = match names::source(session, text).await {
        Ok(source) => Some(source),
        Err(failure) if failure.reason() == Reason::ResourceNotFound && text.contains(':') => None,
        Err(failure) => return Err(failure),
    };
    let address = if text.contains(':') {
        Some(Address::parse(text)?)
    } else {
        None
    };
    let mut request = TestSourceRequest::default();
    if let Some(source) = registered {
        (request.url, request.credential_ref, request.login) =
            (source.url, source.credential_ref, source.login);
    }
    if let Some(address) = address {
        request.url = address.url;
        if !address.login.is_empty() {
            request.login = address.login;
        }
        if let Some(secret) = address.secret {
            secret.expose().clone_into(&mut request.secret);
        }
    }
    if let Some(reference) = &login.credential {
        request.credential_ref.clone_from(reference);
    }
    if let Some(secret) = given {
        secret.expose().clone_into(&mut request.secret);
    }
    let mut steps = EdgeNodeServiceClient::new(session.channel.clone())
        .test_source(request)
        .await
        .map_err(failure)?
        .into_inner();
    let mut lines = Vec::new();
    while let Some(step) = steps.message().await.map_err(failure)? {
        let line = StepLine::from(step);
        // A step can take as long as its time-out: each is shown when it ends.
        match context.output.format() {
            Format::Table => data(&line.text())?,
            Format::Jsonl => context.output.line(&line)?,
            Format::Json | Format::Yaml => {}
        }
        lines.push(line);
    }
    if matches!(context.output.format(), Format::Json | Format::Yaml) {
        context.output.one(&lines, |_| String::new())?;
    }
    // The first step that failed is the cause; those after it only follow.
    let Some(failed) = lines.iter().find(|line| line.status == "failed") else {
        return Ok(exit::OK);
    };
    if context.output.is_table()
        && let Some(remedy) = &failed.remedy
    {
        context.output.note(&format!("try: {}", plain(remedy)));
    }
    Ok(exit::of_text(failed.reason.as_deref().unwrap_or_default()))
}
