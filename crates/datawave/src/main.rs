//! The `datawave` binary: commands, configuration, composition root.
//!
//! | where | what it is |
//! |---|---|
//! | `cli.rs` | the command line, as people type it |
//! | `config/` | settings: default < file < environment < flag |
//! | `compose/` | the all-in-one process: directory, services, listeners, jobs |
//! | `attach.rs` | how a command finds an instance, or carries one inside itself |
//! | `commands/` | one file or folder per command |
//! | `view/` | what commands print, as stable fields |
//! | `output/` | table, JSON, JSON lines, YAML; colours; errors; exit codes |
//! | `sample/` | the sample estate |

mod attach;
mod cli;
mod commands;
mod compose;
mod config;
mod output;
mod sample;
mod view;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use output::exit;

fn main() -> ExitCode {
    // A scan child must not read arguments, files or the environment: it is recognised by its one argument.
    let mut arguments = std::env::args_os();
    if arguments
        .nth(1)
        .is_some_and(|first| first == compose::CHILD_ARGUMENT)
        && arguments.next().is_none()
    {
        return datawave_edge::child::run();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refused) => {
            // Help and version go to standard output and are no failure.
            let _ = refused.print();
            return ExitCode::from(if refused.use_stderr() {
                exit::USAGE
            } else {
                exit::OK
            });
        }
    };
    // Drivers of sources and stores that ask for a provider of cryptography get the one that there is.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // Two workers serve a laptop's all-in-one process; each more costs memory that idle processes should not use.
    let workers = match &cli.command {
        Command::Up(_) => std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 4)),
        _ => 2,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_name("datawave")
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(cause) => {
            eprintln!("error: no threads could be started: {cause}");
            return ExitCode::from(exit::FAILURE);
        }
    };
    let code = runtime.block_on(Box::pin(commands::run(cli)));
    // Blocking work that nobody waits for any more must not hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    ExitCode::from(code)
}
