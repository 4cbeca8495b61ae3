//! A step-by-step test of a source.

use std::io;

use datawave_connectors::{Credential, Filter, SourceUrl, Step, StepOutcome, test_source};
use datawave_core::Failure;
use secrecy::ExposeSecret;

use super::Out;
use super::orders::Secrets;
use super::scan::limits;
use crate::wire::{Job, StepReport, StepStatus};

/// Most statements that a remedy repeats.
const GRANTS: usize = 100;

/// Runs the test, reporting each step as it ends. The inner result is how the order ended: a step that failed
/// is a result of the test, not a failure of the order.
pub(super) async fn run(job: Job, secrets: Secrets, out: &mut Out) -> io::Result<Result<(), Failure>> {
    let (url, filter) = match SourceUrl::parse(&job.url)
        .and_then(|url| Ok((url, Filter::parse(&job.include, &job.exclude)?)))
    {
        Ok(parsed) => parsed,
        Err(failure) => return Ok(Err(failure)),
    };
    let credential = secrets.password.map(|p| Credential::new(p.expose_secret()));
    let mut written = Ok(());
    let mut on_step = |step: &Step| {
        if written.is_ok() {
            written = out.step(report(step));
        }
    };
    test_source(
        &url,
        credential.as_ref(),
        &limits(&job.limits),
        &filter,
        &mut on_step,
    )
    .await;
    written.map(Ok)
}

fn report(step: &Step) -> StepReport {
    let mut report = StepReport {
        name: step.name.as_str().to_owned(),
        status: StepStatus::Ok,
        reason: String::new(),
        message: String::new(),
        remedy: String::new(),
    };
    match &step.outcome {
        StepOutcome::Ok(text) => report.message.clone_from(text),
        StepOutcome::Skipped(text) => {
            report.status = StepStatus::Skipped;
            report.message.clone_from(text);
        }
        StepOutcome::Failed(failure) => {
            report.status = StepStatus::Failed;
            failure.reason().as_str().clone_into(&mut report.reason);
            failure.message().clone_into(&mut report.message);
            failure
                .remedy()
                .unwrap_or_default()
                .clone_into(&mut report.remedy);
        }
    }
    if !step.grants.is_empty() {
        report.remedy = format!("let an owner run:\n{}", shown(&step.grants));
    }
    report
}

fn shown(grants: &[String]) -> String {
    let mut text = grants.iter().take(GRANTS).cloned().collect::<Vec<_>>().join("\n");
    if grants.len() > GRANTS {
        text.push_str(&format!("\n-- and {} more of the kind", grants.len() - GRANTS));
    }
    text
}
