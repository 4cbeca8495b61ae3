//! `datawave up`: everything in one process, until it is told to stop.

use datawave_core::{Failure, Reason};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use super::Context;
use crate::cli::{Format, UpArgs};
use crate::compose::{DataDirectory, Endpoint, Instance, Layout, Role};
use crate::config::PATIENCE;
use crate::output::{data, exit};

/// The line that scripts wait for.
#[derive(Serialize)]
struct Ready<'a> {
    event: &'static str,
    grpc: &'a str,
    metrics: &'a str,
    ready_ms: u128,
}

pub(super) async fn run(context: &mut Context, arguments: UpArgs) -> Result<u8, Failure> {
    let settings = &mut context.settings;
    settings.listen = arguments.listen.unwrap_or(settings.listen);
    settings.metrics = arguments.metrics.or(settings.metrics);
    settings.otlp = arguments.otlp.or_else(|| settings.otlp.take());
    let settings = &context.settings;

    // Before anything is started, so that a signal during the start is not lost.
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::internal)?;

    let directory = take(context).await?;
    let instance = Box::pin(Instance::start(settings, directory, Role::Server)).await?;
    announce(context, &instance)?;

    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    if context.output.watched {
        context
            .output
            .note("stopping; open calls end first (Ctrl-C again to stop at once)");
    }
    tokio::select! {
        () = instance.stop() => {}
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    // A server that was told to stop has done what it should.
    Ok(exit::OK)
}

/// Takes the directory; a process that is on its way out is waited for.
async fn take(context: &Context) -> Result<DataDirectory, Failure> {
    let root = &context.settings.data_dir;
    let patience = Instant::now() + PATIENCE;
    loop {
        if let Some(directory) = DataDirectory::take(root)? {
            return Ok(directory);
        }
        let endpoint = Endpoint::read(&Layout::new(root))?;
        if endpoint.is_some() || Instant::now() >= patience {
            let whose = endpoint.map_or_else(String::new, |e| format!(" (process {}, at {})", e.pid, e.grpc));
            return Err(Failure::new(
                Reason::DataDirectoryBusy,
                format!("another process serves {}{whose}", root.display()),
            )
            .with_remedy("use that one, stop it, or give another directory with --data-dir"));
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn announce(context: &Context, instance: &Instance) -> Result<(), Failure> {
    let endpoint = instance.endpoint();
    let metrics = endpoint.metrics.as_deref().unwrap_or_default();
    let ready_ms = context.began.elapsed().as_millis();
    match context.output.format() {
        Format::Json | Format::Jsonl => context.output.line(&Ready {
            event: "ready",
            grpc: &endpoint.grpc,
            metrics,
            ready_ms,
        }),
        Format::Table | Format::Yaml => {
            let root = context.settings.data_dir.display();
            let upgraded = instance
                .upgraded_from()
                .map(|v| format!("  upgraded from {v}\n"))
                .unwrap_or_default();
            data(&format!(
                "DataWave is ready after {ready_ms} ms\n{upgraded}  data       {root}\n  gRPC       {}\n  metrics    {metrics}/metrics\n  token      {}\n\nTry in another terminal:\n  datawave scan sqlite:your.db\n",
                endpoint.grpc,
                endpoint.token_file.display(),
            ))
        }
    }
}
