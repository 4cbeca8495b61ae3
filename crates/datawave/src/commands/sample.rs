//! `datawave sample`: the sample estate.

use datawave_core::Failure;
use serde::Serialize;

use super::Context;
use crate::cli::SampleArgs;
use crate::output::exit;
use crate::sample;

#[derive(Serialize)]
struct Written {
    seed: u64,
    databases: Vec<String>,
}

pub(super) async fn run(context: &Context, arguments: SampleArgs) -> Result<u8, Failure> {
    let paths = sample::write_estate(&arguments.dir, arguments.seed).await?;
    let written = Written {
        seed: arguments.seed,
        databases: paths.iter().map(|path| path.display().to_string()).collect(),
    };
    context.output.one(&written, |w| {
        w.databases.iter().map(|path| format!("{path}\n")).collect()
    })?;
    if let Some(first) = written.databases.first()
        && context.output.is_table()
    {
        context.output.note(&format!("try: datawave scan sqlite:{first}"));
    }
    Ok(exit::OK)
}
