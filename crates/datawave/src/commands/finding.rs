//! `datawave finding`: what the engine found, and what people decide about it.

use datawave_core::Failure;
use datawave_proto::datawave::classification::v1::classification_service_client::ClassificationServiceClient;
use datawave_proto::datawave::classification::v1::{
    DecideFindingRequest, Finding, FindingState, GetFindingRequest, ListFindingsRequest, ReviewDecision,
};
use datawave_rpc::failure;

use super::{Context, names, paging};
use crate::attach::Session;
use crate::cli::{FindingCommand, FindingStateArg};
use crate::output::exit;
use crate::view::FindingLine;

pub(super) async fn run(
    context: &Context,
    session: &Session,
    command: FindingCommand,
) -> Result<u8, Failure> {
    let mut client = ClassificationServiceClient::new(session.channel.clone());
    match command {
        FindingCommand::List { source, label, state } => {
            let request = ListFindingsRequest {
                page: None,
                source: names::source_filter(session, source.as_deref()).await?,
                label: label.unwrap_or_default(),
                state: state_of(state),
            };
            let findings = paging::all(None, async |page| {
                let request = ListFindingsRequest {
                    page: Some(page),
                    ..request.clone()
                };
                let answer = client
                    .clone()
                    .list_findings(request)
                    .await
                    .map_err(failure)?
                    .into_inner();
                Ok((answer.findings, answer.page))
            })
            .await?;
            let lines: Vec<FindingLine> = findings.into_iter().map(FindingLine::from).collect();
            context.output.list(&lines, FindingLine::list_table)?;
        }
        FindingCommand::Show { finding } => {
            let name = names::resource("findings", "fnd", &finding)?;
            let answer = client
                .get_finding(GetFindingRequest { name })
                .await
                .map_err(failure)?
                .into_inner();
            show(context, answer.finding)?;
        }
        FindingCommand::Accept { finding, note } => {
            decide(context, session, &finding, ReviewDecision::Accept, note).await?;
        }
        FindingCommand::Reject { finding, note } => {
            decide(context, session, &finding, ReviewDecision::Reject, note).await?;
        }
        FindingCommand::Clear { finding } => {
            decide(context, session, &finding, ReviewDecision::Clear, None).await?
        }
    }
    Ok(exit::OK)
}

async fn decide(
    context: &Context,
    session: &Session,
    finding: &str,
    decision: ReviewDecision,
    note: Option<String>,
) -> Result<(), Failure> {
    let request = DecideFindingRequest {
        name: names::resource("findings", "fnd", finding)?,
        decision: decision.into(),
        note: note.unwrap_or_default(),
        etag: String::new(),
    };
    let mut client = ClassificationServiceClient::new(session.channel.clone());
    let answer = client
        .decide_finding(request)
        .await
        .map_err(failure)?
        .into_inner();
    show(context, answer.finding)
}

fn show(context: &Context, finding: Option<Finding>) -> Result<(), Failure> {
    let finding = finding.ok_or_else(|| Failure::internal("the answer has no finding"))?;
    context.output.one(&FindingLine::from(finding), FindingLine::text)
}

fn state_of(state: Option<FindingStateArg>) -> i32 {
    let state = match state {
        None => FindingState::Unspecified,
        Some(FindingStateArg::Applied) => FindingState::Applied,
        Some(FindingStateArg::Review) => FindingState::Review,
        Some(FindingStateArg::Accepted) => FindingState::Accepted,
        Some(FindingStateArg::Rejected) => FindingState::Rejected,
        Some(FindingStateArg::Gone) => FindingState::Gone,
    };
    state.into()
}
