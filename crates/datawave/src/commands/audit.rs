//! `datawave audit`: the tamper-evident log.

use std::path::Path;

use datawave_core::{Failure, Reason};
use datawave_db::DbUrl;
use datawave_proto::datawave::audit::v1::audit_service_client::AuditServiceClient;
use datawave_proto::datawave::audit::v1::{GetCheckpointRequest, ListRecordsRequest, VerifyLogRequest};
use datawave_rpc::failure;
use secrecy::ExposeSecret as _;

use super::{Context, paging, with_session};
use crate::attach::Session;
use crate::cli::AuditCommand;
use crate::compose::{Layout, replace_private};
use crate::config::Settings;
use crate::output::{data, exit};
use crate::view::{AuditLine, VerifyLine};

/// Longest saved checkpoint that is sent.
const MAX_CHECKPOINT: usize = 1 << 20;

pub(super) async fn run(context: &Context, command: AuditCommand) -> Result<u8, Failure> {
    match command {
        AuditCommand::Verify {
            checkpoint,
            offline: true,
        } => {
            let line = offline(&context.settings, checkpoint.as_deref()).await?;
            report(context, &line)
        }
        AuditCommand::Verify {
            checkpoint,
            offline: false,
        } => {
            let text = checkpoint
                .as_deref()
                .map(read_checkpoint)
                .transpose()?
                .unwrap_or_default();
            with_session(context, async |session| {
                let mut client = AuditServiceClient::new(session.channel.clone());
                let answer = client
                    .verify_log(VerifyLogRequest { checkpoint: text })
                    .await
                    .map_err(failure)?;
                report(context, &VerifyLine::from(answer.into_inner()))
            })
            .await
        }
        AuditCommand::List {
            subject,
            resource,
            denied,
            limit,
        } => {
            let request = ListRecordsRequest {
                subject: subject.unwrap_or_default(),
                resource: resource.unwrap_or_default(),
                verdict: if denied { "deny".to_owned() } else { String::new() },
                ..ListRecordsRequest::default()
            };
            with_session(context, async |session| {
                list(context, session, request, limit).await
            })
            .await
        }
        AuditCommand::Checkpoint { file } => {
            with_session(context, async |session| {
                checkpoint(context, session, file.as_deref()).await
            })
            .await
        }
    }
}

async fn list(
    context: &Context,
    session: &Session,
    request: ListRecordsRequest,
    limit: usize,
) -> Result<u8, Failure> {
    let client = AuditServiceClient::new(session.channel.clone());
    let entries = paging::all(Some(limit), async |page| {
        let request = ListRecordsRequest {
            page: Some(page),
            ..request.clone()
        };
        let answer = client
            .clone()
            .list_records(request)
            .await
            .map_err(failure)?
            .into_inner();
        Ok((answer.entries, answer.page))
    })
    .await?;
    let lines: Vec<AuditLine> = entries.into_iter().map(AuditLine::from).collect();
    context.output.list(&lines, AuditLine::table)?;
    Ok(exit::OK)
}

async fn checkpoint(context: &Context, session: &Session, file: Option<&Path>) -> Result<u8, Failure> {
    let mut client = AuditServiceClient::new(session.channel.clone());
    let answer = client
        .get_checkpoint(GetCheckpointRequest {})
        .await
        .map_err(failure)?
        .into_inner();
    match file {
        None => data(&answer.checkpoint)?,
        Some(path) => {
            replace_private(path, answer.checkpoint.as_bytes()).map_err(|cause| {
                Failure::new(
                    Reason::InvalidRequest,
                    format!("{} cannot be written", path.display()),
                )
                .with_remedy("give a file in a folder that you may write to")
                .with_source(cause)
            })?;
            context.output.note(&format!(
                "{} records are covered by {}; keep it where the owner of the data directory cannot write",
                answer.size,
                path.display()
            ));
        }
    }
    Ok(exit::OK)
}

/// Verifies files and rows themselves, with or without a process that serves them.
pub(super) async fn offline(settings: &Settings, checkpoint: Option<&Path>) -> Result<VerifyLine, Failure> {
    let layout = Layout::new(&settings.data_dir);
    if !layout.audit().exists() {
        return Err(Failure::new(
            Reason::ResourceNotFound,
            format!("there is no audit log in {}", layout.root().display()),
        )
        .with_remedy("give the data directory with --data-dir"));
    }
    let url = match &settings.store {
        Some(address) => DbUrl::parse(address.expose_secret())?,
        None => DbUrl::sqlite(layout.store("audit")),
    };
    Ok(
        datawave_audit::verify_directory(&layout.audit(), &url, checkpoint)
            .await?
            .into(),
    )
}

fn read_checkpoint(path: &Path) -> Result<String, Failure> {
    let wrong = |why: &str| {
        Failure::new(
            Reason::InvalidRequest,
            format!("{} is no saved checkpoint: {why}", path.display()),
        )
        .with_remedy("give a file that `datawave audit checkpoint` wrote")
    };
    let text = std::fs::read_to_string(path)
        .map_err(|cause| wrong("it cannot be read as text").with_source(cause))?;
    match text.len() {
        0 => Err(wrong("it is empty")),
        1..=MAX_CHECKPOINT => Ok(text),
        _ => Err(wrong("it is too long to be sent")
            .with_remedy("verify on the machine of the data directory with --offline")),
    }
}

fn report(context: &Context, line: &VerifyLine) -> Result<u8, Failure> {
    context.output.one(line, VerifyLine::text)?;
    if line.ok {
        return Ok(exit::OK);
    }
    if context.output.is_table() {
        context.output.note("  try: keep a copy of the data directory as evidence, then restore a backup from before that record");
    }
    Ok(exit::FAILURE)
}
