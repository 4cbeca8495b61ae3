//! The child process: the only place of the product where values of a source are.
//!
//! It is started with an empty environment, reads orders from its standard input and writes facts to its
//! standard output ([`crate::wire`]). Before it touches anything foreign it confines itself (`confine`). It
//! ends when its input ends, whatever it is doing, and the kernel ends it when its parent dies.
//!
//! Text that a driver, the engine or a panic could print goes nowhere: standard output is moved away before
//! anything else runs, and a panic says where it happened, never what it was about.

mod confine;
mod describe;
mod orders;
mod scan;
mod test;

use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use datawave_core::{Failure, Reason};
use datawave_detect::Engine;

use crate::wire::{FrameWriter, Order, PROTOCOL};
use orders::{Orders, Received};
use scan::Scan;

/// The way out of the child.
pub(crate) type Out = FrameWriter<File>;

/// Runs the child until its parent has no more orders. Called by the executable that a node names in its
/// `EdgeDeps`, first thing in `main`: before it reads arguments, files or the environment.
pub fn run() -> ExitCode {
    confine::silence_panics();
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        // The parent sees that the pipe has closed; there is nobody to tell more.
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve() -> io::Result<()> {
    confine::die_with_parent()?;
    let mut out = FrameWriter::new(confine::take_stdout()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut orders = orders::receive(confine::take_stdin()?)?;
    runtime.block_on(async {
        let Some(Received {
            order: Order::Begin { memory_bytes },
            ..
        }) = orders.next().await
        else {
            return Err(io::Error::other("the first order is to begin"));
        };
        confine::limit(memory_bytes)?;
        let engine = Arc::new(Engine::new());
        out.hello(PROTOCOL, engine.version())?;
        answer(&mut orders, &mut out, &engine).await
    })
}

async fn answer(orders: &mut Orders, out: &mut Out, engine: &Arc<Engine>) -> io::Result<()> {
    let mut scan: Option<Scan> = None;
    while let Some(received) = orders.next().await {
        let ended = match received.order {
            Order::Begin { .. } => Err(out_of_turn()),
            Order::Open { job } => {
                scan = None;
                match Scan::open(job, received.secrets, Arc::clone(engine)).await {
                    Ok(opened) => {
                        out.fact(opened.engine_fact())?;
                        scan = Some(opened);
                        Ok(())
                    }
                    Err(failure) => Err(failure),
                }
            }
            Order::Discover { report } => match &mut scan {
                Some(scan) => scan.discover(report, out).await?,
                None => Err(out_of_turn()),
            },
            Order::Read { path } => match &mut scan {
                Some(scan) => scan.read(&path, out).await?,
                None => Err(out_of_turn()),
            },
            Order::Test { job } => test::run(job, received.secrets, out).await?,
        };
        out.done(ended.err().as_ref())?;
    }
    Ok(())
}

fn out_of_turn() -> Failure {
    Failure::new(Reason::Internal, "the scan child was given an order out of turn")
}
