//! A scan in the child: catalogue, samples, verdicts. Values live from the sample to the judgement of the same
//! table, and are wiped there.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use datawave_connectors::{
    Credential, Filter, Limits, Outcome, SamplePlan, Source, SourceUrl, Table, TableRef, connect,
};
use datawave_core::{Failure, Reason};
use datawave_detect::{ColumnInput, Engine, TableMeta, declassify};
use datawave_facts::{ColumnStatus, CostFact, Fact, TableFact, TablePath};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::Out;
use super::describe::{self, Describer};
use super::orders::Secrets;
use crate::wire::{Job, JobLimits};

/// Waiting for a lock at the source: a scan must never queue behind a migration.
const LOCK: std::time::Duration = std::time::Duration::from_secs(5);

/// Status reason of what a filter leaves out.
const EXCLUDED: &str = "excluded";

pub(super) fn limits(limits: &JobLimits) -> Limits {
    Limits {
        connect: limits.connect,
        statement: limits.statement,
        lock: LOCK.min(limits.statement),
        value_bytes: limits.bytes_per_value,
        sample_rows: limits.rows_per_table,
        sample_bytes: limits.bytes_per_table,
        ..Limits::default()
    }
}

/// An object that the catalogue could not describe in full: it becomes a table that fails with this reason, so
/// that nothing is dropped silently.
struct Known {
    table: Option<Table>,
    trouble: Option<Failure>,
}

/// An open source and what is known of it.
pub(super) struct Scan {
    source: Source,
    database: String,
    filter: Filter,
    limits: Limits,
    seed: u64,
    site_key: Zeroizing<Vec<u8>>,
    engine: Arc<Engine>,
    known: HashMap<TablePath, Known>,
}

impl Scan {
    pub(super) async fn open(job: Job, secrets: Secrets, engine: Arc<Engine>) -> Result<Self, Failure> {
        let url = SourceUrl::parse(&job.url)?;
        let filter = Filter::parse(&job.include, &job.exclude)?;
        let limits = limits(&job.limits);
        let credential = secrets.password.map(|p| Credential::new(p.expose_secret()));
        let source = connect(&url, credential.as_ref(), &limits).await?;
        Ok(Self {
            source,
            database: url.database(),
            filter,
            limits,
            seed: job.seed,
            site_key: secrets.site_key,
            engine,
            known: HashMap::new(),
        })
    }

    pub(super) fn engine_fact(&self) -> Fact {
        Fact::Engine(describe::engine(&self.source.engine()))
    }

    /// Reads the catalogue and, if wanted, reports every table. The outer error is the pipe's.
    pub(super) async fn discover(&mut self, report: bool, out: &mut Out) -> io::Result<Result<(), Failure>> {
        let discovery = match self.source.discover(&self.filter).await {
            Ok(discovery) => discovery,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut troubles = discovery
            .problems
            .into_iter()
            .map(|problem| (problem.object, problem.failure))
            .collect::<BTreeMap<_, _>>();
        let describer = Describer {
            database: &self.database,
            engine: &self.engine,
            site_key: &self.site_key,
        };
        self.known.clear();
        for table in discovery.tables {
            let path = describe::path(&self.database, &table.at);
            let mut trouble = take_trouble(&mut troubles, &table.at.to_string());
            if report {
                match describer.table(&table) {
                    Some(fact) => out.fact(fact)?,
                    None => {
                        trouble = Some(too_wide());
                        out.fact(bare(path.clone(), describe::kind(table.kind)))?;
                    }
                }
            }
            let table = Some(table);
            self.known.insert(path, Known { table, trouble });
        }
        for (object, failure) in troubles {
            let at = TableRef {
                schema: String::new(),
                table: object,
            };
            let path = describe::path(&self.database, &at);
            if report && !self.known.contains_key(&path) {
                out.fact(bare(path.clone(), datawave_facts::TableKind::Table))?;
            }
            let trouble = Some(failure);
            self.known.entry(path).or_insert(Known { table: None, trouble });
        }
        out.fact(Fact::Cost(describe::cost(discovery.cost)))?;
        Ok(Ok(()))
    }

    /// Samples and judges one table. A table that cannot be read still gives a verdict per column. The outer
    /// error is the pipe's.
    pub(super) async fn read(&mut self, path: &TablePath, out: &mut Out) -> io::Result<Result<(), Failure>> {
        let Some(known) = self.known.get(path) else {
            out.fact(Fact::Cost(CostFact::default()))?;
            return Ok(Err(gone()));
        };
        let Some(table) = &known.table else {
            out.fact(Fact::Cost(CostFact::default()))?;
            return Ok(known
                .trouble
                .as_ref()
                .map_or(Ok(()), |failure| Err(again(failure))));
        };
        let mut cost = CostFact::default();
        let mut trouble = known.trouble.as_ref().map(again);
        let outcomes = if table.columns.iter().all(|column| column.excluded) {
            table.columns.iter().map(|_| Outcome::Excluded).collect()
        } else {
            let plan = SamplePlan::new(&self.limits, self.seed);
            match self.source.sample(table, &plan).await {
                Ok(sample) => {
                    cost = describe::cost(sample.cost);
                    sample.columns
                }
                Err(failure) => {
                    let outcomes = table
                        .columns
                        .iter()
                        .map(|column| {
                            if column.excluded {
                                Outcome::Excluded
                            } else {
                                Outcome::Failed(again(&failure))
                            }
                        })
                        .collect();
                    trouble = Some(failure);
                    outcomes
                }
            }
        };
        for fact in judge(&self.engine, &self.database, table, path, &outcomes) {
            out.fact(fact)?;
        }
        out.fact(Fact::Cost(cost))?;
        Ok(trouble.map_or(Ok(()), Err))
    }
}

/// One verdict per column.
fn judge(
    engine: &Engine,
    database: &str,
    table: &Table,
    path: &TablePath,
    outcomes: &[Outcome],
) -> Vec<Fact> {
    let meta = TableMeta {
        database,
        schema: &table.at.schema,
        table: &table.at.table,
        comment: table.comment.as_ref().map(|text| text.expose()),
        row_estimate: table.row_estimate,
    };
    let inputs: Vec<ColumnInput<'_>> = table
        .columns
        .iter()
        .zip(outcomes)
        .map(|(column, outcome)| ColumnInput {
            name: &column.name,
            declared_type: &column.declared_type,
            comment: column.comment.as_ref().map(|text| text.expose()),
            nullable: column.nullable,
            unique: column.unique,
            primary_key: table.primary_key.contains(&column.name),
            references: reference(table, &column.name),
            values: outcome.values(),
            readable: matches!(outcome, Outcome::Read(_)),
        })
        .collect();
    engine
        .judge_table(&meta, &inputs)
        .iter()
        .zip(table.columns.iter().zip(outcomes))
        .map(|(judgement, (column, outcome))| {
            let (status, reason) = match outcome {
                Outcome::Read(_) => (ColumnStatus::Ok, None),
                Outcome::Excluded => (ColumnStatus::Skipped, Some(EXCLUDED.to_owned())),
                Outcome::Failed(failure) => {
                    (ColumnStatus::Failed, Some(failure.reason().as_str().to_owned()))
                }
            };
            Fact::Verdict(declassify::verdict(
                path.clone(),
                &describe::name(&column.name),
                status,
                reason,
                judgement,
            ))
        })
        .collect()
}

/// What a foreign key over this one column refers to.
fn reference<'a>(table: &'a Table, column: &str) -> Option<(&'a str, &'a str)> {
    table
        .foreign_keys
        .iter()
        .find(|key| key.columns.len() == 1 && key.columns[0] == column)
        .map(|key| {
            let other = key.referenced_columns.first().map_or("", String::as_str);
            (key.references.table.as_str(), other)
        })
}

/// A table of which no more than its name can be told.
fn bare(path: TablePath, kind: datawave_facts::TableKind) -> Fact {
    Fact::Table(TableFact {
        path,
        kind,
        row_estimate: None,
        comment: None,
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
    })
}

/// The first problem of this object or of a part of it; the others of the same object go with it.
fn take_trouble(troubles: &mut BTreeMap<String, Failure>, object: &str) -> Option<Failure> {
    let part = format!("{object}.");
    let names: Vec<String> = troubles
        .range(part.clone()..)
        .map(|(name, _)| name)
        .take_while(|name| name.starts_with(&part))
        .cloned()
        .collect();
    let whole = troubles.remove(object);
    names
        .iter()
        .filter_map(|name| troubles.remove(name))
        .fold(whole, |first, failure| first.or(Some(failure)))
}

/// The public half once more: the cause was told the first time.
fn again(failure: &Failure) -> Failure {
    let copy = Failure::new(failure.reason(), failure.message());
    match failure.remedy() {
        Some(remedy) => copy.with_remedy(remedy),
        None => copy,
    }
}

fn gone() -> Failure {
    Failure::new(
        Reason::SourceObjectMissing,
        "the table is not in the source's catalogue any more",
    )
    .with_remedy("if it was dropped or renamed on purpose, scan the source again")
}

fn too_wide() -> Failure {
    Failure::new(
        Reason::TooLarge,
        "the table has more and longer column names than one message holds",
    )
    .with_remedy("leave the table out with an exclude pattern, or shorten its column names")
}
