//! `datawave scan`: start a scan and follow it, or manage scans.

mod follow;
mod results;

use datawave_core::{Failure, IdSource as _, RandomIds, Reason};
use datawave_detect::Label;
use datawave_proto::datawave::scans::v1::scans_service_client::ScansServiceClient;
use datawave_proto::datawave::scans::v1::{
    CancelScanRequest, GetScanRequest, ListScansRequest, ResumeScanRequest, Scan, ScanBudget, ScanState,
    StartScanRequest,
};
use datawave_proto::datawave::sources::v1::Source;
use datawave_rpc::failure;

use super::source::address::Address;
use super::source::{Wish, register};
use super::{Context, names, paging};
use crate::attach::Session;
use crate::cli::{ScanArgs, ScanVerb, StartArgs};
use crate::output::{count, exit, plain, short_id};
use crate::view::ScanLine;
use follow::{Interrupts, Outcome};

/// What can be refused before an instance is started for it.
pub(super) fn check(arguments: &ScanArgs) -> Result<(), Failure> {
    let fail_on = match &arguments.verb {
        Some(ScanVerb::Resume { fail_on, .. }) => fail_on,
        _ => &arguments.start.fail_on,
    };
    // A misspelt label would pass for ever.
    let known = |label: &String| Label::ALL.iter().any(|l| l.as_str() == label);
    if let Some(unknown) = fail_on.iter().find(|label| !known(label)) {
        let all: Vec<&str> = Label::ALL.iter().map(|label| label.as_str()).collect();
        return Err(
            Failure::invalid("--fail-on", format!("there is no label {unknown}"))
                .with_remedy(format!("use one of: {}", all.join(", "))),
        );
    }
    match &arguments.start.source {
        Some(text) if text.contains(':') => Address::parse(text).map(|_| ()),
        _ => Ok(()),
    }
}

pub(super) async fn run(context: &Context, session: &Session, arguments: ScanArgs) -> Result<u8, Failure> {
    match arguments.verb {
        None => Box::pin(start(context, session, arguments.start)).await,
        Some(ScanVerb::List { source, active }) => list(context, session, source.as_deref(), active).await,
        Some(ScanVerb::Show { scan }) => {
            let scan = get(session, &names::resource("scans", "scn", &scan)?).await?;
            show(context, scan)
        }
        Some(ScanVerb::Cancel { scan }) => {
            let name = names::resource("scans", "scn", &scan)?;
            let answer = client(session)
                .cancel_scan(CancelScanRequest { name })
                .await
                .map_err(failure)?;
            let scan = there(answer.into_inner().scan)?;
            context.output.note(&format!(
                "{} stops; what was read stays. Take it up again: datawave scan resume {}",
                short_id(&scan.name),
                short_id(&scan.name)
            ));
            show(context, scan)
        }
        Some(ScanVerb::Resume { scan, fail_on }) => {
            let name = names::resource("scans", "scn", &scan)?;
            let mut interrupts = Interrupts::listen()?;
            let answer = client(session)
                .resume_scan(ResumeScanRequest { name })
                .await
                .map_err(failure)?;
            let scan = there(answer.into_inner().scan)?;
            Box::pin(finish(context, session, &scan, &fail_on, &mut interrupts)).await
        }
    }
}

async fn start(context: &Context, session: &Session, arguments: StartArgs) -> Result<u8, Failure> {
    // From here on Ctrl-C ends the scan in order.
    let mut interrupts = Interrupts::listen()?;
    let text = arguments
        .source
        .clone()
        .ok_or_else(|| Failure::invalid("source", "is missing"))?;
    let source = if text.contains(':') {
        let wish = Wish {
            url: text,
            name: arguments.name.clone(),
            include: Vec::new(),
            exclude: Vec::new(),
            login: arguments.login.clone(),
        };
        register(session, wish).await?.source
    } else {
        names::source(session, &text).await?
    };
    let scan = begin(context, session, &source, &arguments).await?;
    if arguments.detach {
        if session.carries() {
            context.output.note("this command carries the instance: the scan goes on with the next command, or with `datawave up`");
        }
        return show(context, scan);
    }
    Box::pin(finish(
        context,
        session,
        &scan,
        &arguments.fail_on,
        &mut interrupts,
    ))
    .await
}

/// Starts a scan, or takes up one that was interrupted.
async fn begin(
    context: &Context,
    session: &Session,
    source: &Source,
    arguments: &StartArgs,
) -> Result<Scan, Failure> {
    let request = StartScanRequest {
        source: source.name.clone(),
        budget: Some(ScanBudget {
            rows_per_table: arguments.rows.unwrap_or_default(),
            ..ScanBudget::default()
        }),
        include: arguments.include.clone(),
        exclude: arguments.exclude.clone(),
        request_id: uuid::Uuid::from_u128(RandomIds.next()).to_string(),
        seed: arguments.seed.unwrap_or_default(),
    };
    match client(session).start_scan(request).await.map_err(failure) {
        Ok(answer) => there(answer.into_inner().scan),
        Err(refused) if refused.reason() == Reason::ScanAlreadyRunning => {
            let Some(name) = refused.metadata().get("resource") else {
                return Err(refused);
            };
            let running = get(session, name).await?;
            // Nobody but this command is at work in an instance that it carries, so the scan was cut off. So was one
            // that an edge took up a second time.
            let interrupted = session.carries() || running.attempts > 1 || waits_again(&running);
            if !interrupted {
                return Err(refused);
            }
            context
                .output
                .note(&format!("taking up scan {} where it stopped", short_id(name)));
            Ok(running)
        }
        Err(refused) => Err(refused),
    }
}

/// Whether an edge had it before and none has it now.
fn waits_again(scan: &Scan) -> bool {
    scan.attempts > 0 && scan.state() == ScanState::Pending
}

/// Follows a scan to its end and prints what came of it.
async fn finish(
    context: &Context,
    session: &Session,
    scan: &Scan,
    fail_on: &[String],
    interrupts: &mut Interrupts,
) -> Result<u8, Failure> {
    let Outcome { scan, interrupted } = follow::follow(context, session, scan, interrupts).await?;
    let labelled = results::print(context, session, &scan, fail_on).await?;
    let id = short_id(&scan.name).to_owned();
    match scan.state() {
        ScanState::Cancelled => {
            context.output.note(&format!(
                "stopped; what was read stays. Take it up again: datawave scan resume {id}"
            ));
            Ok(if interrupted {
                exit::INTERRUPTED
            } else {
                exit::FAILURE
            })
        }
        ScanState::Failed => {
            let failed = results::failure_of(&scan);
            context.output.failure(&failed);
            Ok(exit::code(&failed))
        }
        _ if labelled > 0 => {
            context.output.note(&format!(
                "--fail-on: {} with {}",
                count(labelled, "column"),
                fail_on.join(" or ")
            ));
            Ok(exit::FOUND)
        }
        ScanState::Partial => Ok(exit::PARTIAL),
        _ => Ok(exit::OK),
    }
}

async fn list(
    context: &Context,
    session: &Session,
    source: Option<&str>,
    active_only: bool,
) -> Result<u8, Failure> {
    let source = names::source_filter(session, source).await?;
    let client = client(session);
    let scans = paging::all(None, async |page| {
        let request = ListScansRequest {
            page: Some(page),
            source: source.clone(),
            active_only,
        };
        let answer = client
            .clone()
            .list_scans(request)
            .await
            .map_err(failure)?
            .into_inner();
        Ok((answer.scans, answer.page))
    })
    .await?;
    let lines: Vec<ScanLine> = scans.into_iter().map(ScanLine::from).collect();
    context.output.list(&lines, ScanLine::table)?;
    Ok(exit::OK)
}

fn show(context: &Context, scan: Scan) -> Result<u8, Failure> {
    context
        .output
        .one(&ScanLine::from(scan), |line| plain(&line.text()))?;
    Ok(exit::OK)
}

async fn get(session: &Session, name: &str) -> Result<Scan, Failure> {
    let request = GetScanRequest {
        name: name.to_owned(),
    };
    there(
        client(session)
            .get_scan(request)
            .await
            .map_err(failure)?
            .into_inner()
            .scan,
    )
}

fn client(session: &Session) -> ScansServiceClient<datawave_rpc::Channel> {
    ScansServiceClient::new(session.channel.clone())
}

fn there(scan: Option<Scan>) -> Result<Scan, Failure> {
    scan.ok_or_else(|| Failure::internal("the answer has no scan"))
}
