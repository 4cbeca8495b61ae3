//! Testing a source step by step, so that whoever set it up sees how far it gets and what is missing.

use std::time::Instant;

use datawave_core::{Failure, Reason};

use crate::credential::Credential;
use crate::filter::Filter;
use crate::limits::Limits;
use crate::model::{Discovery, Table, TableKind};
use crate::sample::{Outcome, SamplePlan};
use crate::source::{Source, connect};
use crate::url::{SourceUrl, Target};

/// Rows that the last step reads.
const ROWS: u32 = 5;

/// Statements that the remedy of the grants step repeats; [`Step::grants`] has all.
const SHOWN_GRANTS: usize = 20;

/// A step of the test, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepName {
    /// The host is found and accepts connections, or the file is there.
    Reach,
    /// The session is protected as the address demands.
    Tls,
    /// The server accepts user and password, or the file is a database.
    Login,
    /// The login may read every table that the filter selects.
    Grants,
    /// The catalogue can be listed.
    List,
    /// Rows of one table can be read.
    Sample,
}

impl StepName {
    /// Lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Tls => "tls",
            Self::Login => "login",
            Self::Grants => "grants",
            Self::List => "list",
            Self::Sample => "sample",
        }
    }
}

/// What came of a step.
#[derive(Debug)]
pub enum StepOutcome {
    /// It worked; the text says what was found. It holds names and numbers only.
    Ok(String),
    /// It did not; the failure says why and what to do.
    Failed(Failure),
    /// It was not tried; the text says why.
    Skipped(String),
}

/// One step with its outcome.
#[derive(Debug)]
pub struct Step {
    /// Which.
    pub name: StepName,
    /// What came of it.
    pub outcome: StepOutcome,
    /// The statements that would give the login what it lacks, each once; only the grants step has any.
    pub grants: Vec<String>,
    /// How long it took, milliseconds.
    pub millis: u64,
}

/// Tests a source. Every step is reported to `on_step` as soon as it is done, all six of them in order, also
/// those that are skipped because an earlier one failed. Reads five rows of one table and writes nothing.
pub async fn test_source(
    url: &SourceUrl,
    credential: Option<&Credential>,
    limits: &Limits,
    filter: &Filter,
    on_step: &mut (dyn FnMut(&Step) + Send),
) -> Vec<Step> {
    let mut report = Report {
        steps: Vec::new(),
        on_step,
        begun: Instant::now(),
    };
    if let Some(mut source) = open(url, credential, limits, &mut report).await
        && let Some(discovery) = list(&mut source, filter, &mut report).await
    {
        read(&mut source, &discovery, &mut report).await;
    }
    report.skip_rest();
    report.steps
}

struct Report<'a> {
    steps: Vec<Step>,
    on_step: &'a mut (dyn FnMut(&Step) + Send),
    begun: Instant,
}

impl Report<'_> {
    fn done(&mut self, name: StepName, outcome: StepOutcome) {
        self.done_with(name, outcome, Vec::new());
    }

    fn done_with(&mut self, name: StepName, outcome: StepOutcome, grants: Vec<String>) {
        let step = Step {
            name,
            outcome,
            grants,
            millis: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        (self.on_step)(&step);
        self.steps.push(step);
        self.begun = Instant::now();
    }

    fn skip_rest(&mut self) {
        let all = [
            StepName::Reach,
            StepName::Tls,
            StepName::Login,
            StepName::Grants,
            StepName::List,
            StepName::Sample,
        ];
        for name in &all[self.steps.len().min(all.len())..] {
            self.done(*name, StepOutcome::Skipped("an earlier step failed".into()));
        }
    }
}

/// Reach, TLS and login: one connection, whose failure belongs to the step that its reason names.
async fn open(
    url: &SourceUrl,
    credential: Option<&Credential>,
    limits: &Limits,
    report: &mut Report<'_>,
) -> Option<Source> {
    let place = match &url.target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(address) => {
            if let Err(failure) = crate::postgres::reach(address, limits).await {
                report.done(StepName::Reach, StepOutcome::Failed(failure));
                return None;
            }
            address.endpoint()
        }
    };
    let (source, tls) = match connected(url, credential, limits).await {
        Ok(opened) => opened,
        Err(failure) => {
            let is_file = matches!(url.target, Target::Sqlite(_));
            let step = match failure.reason() {
                Reason::SourceTlsFailed => StepName::Tls,
                Reason::SourceUnreachable => StepName::Reach,
                Reason::SourceObjectMissing | Reason::SourceGrantMissing if is_file => StepName::Reach,
                _ => StepName::Login,
            };
            if step != StepName::Reach {
                report.done(StepName::Reach, StepOutcome::Ok(place));
            }
            if step == StepName::Login {
                let text = "no answer about TLS before the login failed";
                report.done(StepName::Tls, StepOutcome::Skipped(text.into()));
            }
            report.done(step, StepOutcome::Failed(failure));
            return None;
        }
    };
    report.done(StepName::Reach, StepOutcome::Ok(place));
    report.done(
        StepName::Tls,
        match (tls, &url.target) {
            (Some(true), Target::Postgres(address)) => {
                StepOutcome::Ok(format!("encrypted, sslmode {}", address.tls.as_str()))
            }
            (Some(false), Target::Postgres(address)) => StepOutcome::Skipped(format!(
                "not encrypted, sslmode {} allows it",
                address.tls.as_str()
            )),
            _ => StepOutcome::Skipped("a file needs none".into()),
        },
    );
    let engine = source.engine();
    report.done(
        StepName::Login,
        StepOutcome::Ok(format!("{} {}", engine.engine.as_str(), engine.version)),
    );
    Some(source)
}

async fn connected(
    url: &SourceUrl,
    credential: Option<&Credential>,
    limits: &Limits,
) -> Result<(Source, Option<bool>), Failure> {
    let mut source = connect(url, credential, limits).await?;
    let tls = source.uses_tls().await?;
    Ok((source, tls))
}

/// Grants and list: both come from one reading of the catalogue.
async fn list(source: &mut Source, filter: &Filter, report: &mut Report<'_>) -> Option<Discovery> {
    let discovery = match source.discover(filter).await {
        Ok(discovery) => discovery,
        Err(failure) => {
            let text = "the catalogue could not be listed";
            report.done(StepName::Grants, StepOutcome::Skipped(text.into()));
            report.done(StepName::List, StepOutcome::Failed(failure));
            return None;
        }
    };
    let selected = || discovery.tables.iter().filter(|table| !table.excluded);
    let mut grants: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for grant in selected().flat_map(|table| &table.missing_grants) {
        if seen.insert(grant.as_str()) {
            grants.push(grant.clone());
        }
    }
    let lacking = selected()
        .filter(|table| !table.missing_grants.is_empty())
        .count();
    let outcome = if lacking == 0 {
        StepOutcome::Ok(format!("all {} tables and views may be read", selected().count()))
    } else {
        StepOutcome::Failed(missing(lacking, selected().count(), &grants))
    };
    report.done_with(StepName::Grants, outcome, grants);

    let columns: usize = discovery.tables.iter().map(|table| table.columns.len()).sum();
    let found = format!("{} tables and views, {columns} columns", discovery.tables.len());
    let outcome = match discovery.problems.first() {
        None => StepOutcome::Ok(found),
        Some(first) => {
            let text = format!(
                "{found}; {} objects could not be described, the first is {}: {}",
                discovery.problems.len(),
                first.object,
                first.failure
            );
            let failure = Failure::new(first.failure.reason(), text);
            StepOutcome::Failed(match first.failure.remedy() {
                Some(remedy) => failure.with_remedy(remedy),
                None => failure,
            })
        }
    };
    report.done(StepName::List, outcome);
    Some(discovery)
}

fn missing(lacking: usize, all: usize, grants: &[String]) -> Failure {
    let mut remedy = format!(
        "let an owner run: {}",
        grants[..grants.len().min(SHOWN_GRANTS)].join("\n")
    );
    if grants.len() > SHOWN_GRANTS {
        remedy.push_str(&format!("\nand {} more like these", grants.len() - SHOWN_GRANTS));
    }
    Failure::new(
        Reason::SourceGrantMissing,
        format!("the login may not read {lacking} of {all} tables and views"),
    )
    .with_remedy(remedy)
}

/// Sample: a few rows of the first table that may be read, a plain table before a view.
async fn read(source: &mut Source, discovery: &Discovery, report: &mut Report<'_>) {
    let readable =
        |table: &&Table| !table.excluded && table.columns.iter().any(|c| c.readable && !c.excluded);
    let table = discovery
        .tables
        .iter()
        .filter(readable)
        .min_by_key(|table| table.kind != TableKind::Table);
    let Some(table) = table else {
        let text = "there is no table that may be read";
        report.done(StepName::Sample, StepOutcome::Skipped(text.into()));
        return;
    };
    let plan = SamplePlan {
        rows: ROWS,
        bytes: u64::MAX,
        seed: 0,
    };
    let outcome = match source.sample(table, &plan).await {
        Err(failure) => StepOutcome::Failed(failure),
        Ok(sample) => {
            let rows = sample.rows;
            let failed = sample.columns.into_iter().find_map(|outcome| match outcome {
                Outcome::Failed(failure) => Some(failure),
                Outcome::Read(_) | Outcome::Excluded => None,
            });
            match failed {
                Some(failure) => StepOutcome::Failed(failure),
                None => StepOutcome::Ok(format!("{rows} rows of {}", table.at)),
            }
        }
    };
    report.done(StepName::Sample, outcome);
}
