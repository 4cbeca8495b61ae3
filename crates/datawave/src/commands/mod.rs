//! The commands. Each prints its data and returns its exit code; failures are printed here, once.

mod asset;
mod audit;
mod doctor;
mod finding;
mod names;
mod paging;
mod sample;
mod scan;
mod source;
mod token;
mod up;
mod version;

use std::time::Instant;

use datawave_core::Failure;

use crate::attach::Session;
use crate::cli::{Cli, Command};
use crate::config::Settings;
use crate::output::{Output, exit};

/// What a command needs besides its arguments.
pub(crate) struct Context {
    /// Settings.
    pub(crate) settings: Settings,
    /// Where it prints.
    pub(crate) output: Output,
    /// When the process began.
    pub(crate) began: Instant,
}

/// Runs a command; the result is the exit code of the process.
pub(crate) async fn run(cli: Cli) -> u8 {
    let began = Instant::now();
    let settings = match Settings::load(&cli.global) {
        Ok(settings) => settings,
        Err(failure) => {
            Output::new(cli.global.output, cli.global.no_color).failure(&failure);
            return exit::code(&failure);
        }
    };
    let output = Output::new(cli.global.output, settings.no_color);
    let context = Context {
        settings,
        output,
        began,
    };
    match Box::pin(dispatch(cli.command, context)).await {
        Ok(code) => code,
        Err(failure) => {
            output.failure(&failure);
            exit::code(&failure)
        }
    }
}

async fn dispatch(command: Command, mut context: Context) -> Result<u8, Failure> {
    match command {
        Command::Up(arguments) => Box::pin(up::run(&mut context, arguments)).await,
        Command::Sample(arguments) => sample::run(&context, arguments).await,
        Command::Doctor => Box::pin(doctor::run(&context)).await,
        Command::Version => version::run(&context).await,
        Command::Audit(command) => Box::pin(audit::run(&context, command)).await,
        Command::Scan(arguments) => {
            scan::check(&arguments)?;
            with_session(&context, async |session| {
                Box::pin(scan::run(&context, session, arguments)).await
            })
            .await
        }
        Command::Source(command) => {
            source::check(&command)?;
            with_session(&context, async |session| {
                Box::pin(source::run(&context, session, command)).await
            })
            .await
        }
        Command::Asset(command) => {
            with_session(&context, async |session| {
                asset::run(&context, session, command).await
            })
            .await
        }
        Command::Finding(command) => {
            with_session(&context, async |session| {
                finding::run(&context, session, command).await
            })
            .await
        }
        Command::Token(command) => {
            with_session(&context, async |session| {
                token::run(&context, session, command).await
            })
            .await
        }
    }
}

/// Runs `work` with a way to an instance, and leaves it in order whatever happens.
pub(crate) async fn with_session<F>(context: &Context, work: F) -> Result<u8, Failure>
where
    F: AsyncFnOnce(&Session) -> Result<u8, Failure>,
{
    let session = Box::pin(Session::open(&context.settings, &context.output)).await?;
    let done = work(&session).await;
    Box::pin(session.close(&context.output)).await;
    done
}
