//! Following a scan: a bar where people watch, plain lines where a log is read, Ctrl-C on the way.

use std::time::Duration;

use datawave_core::{Failure, Kind};
use datawave_proto::datawave::scans::v1::scans_service_client::ScansServiceClient;
use datawave_proto::datawave::scans::v1::{CancelScanRequest, Scan, ScanState, WatchScanRequest};
use datawave_rpc::failure;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;

use super::super::Context;
use crate::attach::Session;
use crate::output::{Output, exit, plain, short_id};

/// Between two plain lines about the same state.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// Before a watch that broke off is asked for again.
const AGAIN: Duration = Duration::from_millis(200);
/// Longest that a watch is asked for again without a word from the instance.
const PATIENCE: Duration = Duration::from_secs(30);

/// A scan at its end.
pub(super) struct Outcome {
    /// The scan in its final state.
    pub(super) scan: Scan,
    /// Whether Ctrl-C ended it.
    pub(super) interrupted: bool,
}

/// Ctrl-C and a polite kill.
pub(super) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupts {
    /// From now on these signals do not end the process by themselves.
    pub(super) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::internal);
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Follows `scan` until it is final. The first interrupt asks for its end, the second leaves at once.
pub(super) async fn follow(
    context: &Context,
    session: &Session,
    scan: &Scan,
    interrupts: &mut Interrupts,
) -> Result<Outcome, Failure> {
    let mut progress = Progress::new(&context.output, &scan.source_name);
    let mut interrupted = false;
    let mut heard = Instant::now();
    let mut watch = None;
    loop {
        let open = match watch.take() {
            Some(open) => open,
            None => {
                let request = WatchScanRequest {
                    name: scan.name.clone(),
                };
                match ScansServiceClient::new(session.channel.clone())
                    .watch_scan(request)
                    .await
                    .map_err(failure)
                {
                    Ok(answer) => answer.into_inner(),
                    Err(broken) => {
                        again(broken, heard).await?;
                        continue;
                    }
                }
            }
        };
        let mut open = open;
        let message = tokio::select! {
            message = open.message() => message.map_err(failure),
            () = interrupts.next() => {
                if interrupted {
                    progress.end();
                    leave(&context.output, scan);
                }
                interrupted = true;
                progress.say("stopping the scan (Ctrl-C again to leave at once)");
                cancel(session, scan).await?;
                watch = Some(open);
                continue;
            }
        };
        match message {
            Ok(Some(message)) => {
                heard = Instant::now();
                watch = Some(open);
                let Some(now) = message.scan else { continue };
                if is_final(now.state()) {
                    progress.end();
                    return Ok(Outcome {
                        scan: now,
                        interrupted,
                    });
                }
                progress.show(&now);
            }
            // The server ends streams of a certain age; a new one goes on.
            Ok(None) => tokio::time::sleep(AGAIN).await,
            Err(broken) => again(broken, heard).await?,
        }
    }
}

/// Waits before a broken watch is asked for again; gives up on what will not get better.
async fn again(broken: Failure, heard: Instant) -> Result<(), Failure> {
    let passing = matches!(
        broken.kind(),
        Kind::Unavailable | Kind::ResourceExhausted | Kind::DeadlineExceeded
    );
    if !passing || heard.elapsed() > PATIENCE {
        return Err(broken);
    }
    tokio::time::sleep(AGAIN).await;
    Ok(())
}

async fn cancel(session: &Session, scan: &Scan) -> Result<(), Failure> {
    let request = CancelScanRequest {
        name: scan.name.clone(),
    };
    match ScansServiceClient::new(session.channel.clone())
        .cancel_scan(request)
        .await
        .map_err(failure)
    {
        // Everything was read already: its end is near, and comes as a message.
        Err(late) if late.kind() == Kind::FailedPrecondition => Ok(()),
        Err(failure) => Err(failure),
        Ok(_) => Ok(()),
    }
}

/// The second Ctrl-C. What was read is kept by table; the next scan goes on.
fn leave(output: &Output, scan: &Scan) -> ! {
    output.note(&format!(
        "left; scan {} goes on with the next scan of this source",
        short_id(&scan.name)
    ));
    std::process::exit(exit::INTERRUPTED.into())
}

fn is_final(state: ScanState) -> bool {
    matches!(
        state,
        ScanState::Succeeded | ScanState::Partial | ScanState::Failed | ScanState::Cancelled
    )
}

/// How far it is, on standard error.
struct Progress {
    bar: Option<ProgressBar>,
    output: Output,
    source: String,
    last: Option<(ScanState, Instant)>,
}

impl Progress {
    fn new(output: &Output, source: &str) -> Self {
        let bar = output.watched.then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{spinner} {prefix} {bar:30} {pos}/{len} tables  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(plain(source));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self {
            bar,
            output: *output,
            source: plain(source),
            last: None,
        }
    }

    fn show(&mut self, scan: &Scan) {
        let progress = scan.progress.clone().unwrap_or_default();
        let doing = match scan.state() {
            ScanState::Pending => "waiting for an edge node",
            ScanState::Discovering => "reading the catalogue",
            ScanState::Delivering => "handing results on",
            _ => progress.current_table.as_str(),
        };
        if let Some(bar) = &self.bar {
            bar.set_length(progress.tables_total.into());
            bar.set_position(progress.tables_done.into());
            bar.set_message(plain(doing));
            return;
        }
        let due = self
            .last
            .is_none_or(|(state, at)| state != scan.state() || at.elapsed() >= LINE_EVERY);
        if due {
            self.last = Some((scan.state(), Instant::now()));
            let state = crate::view::state_name(scan.state());
            let count = match progress.tables_total {
                0 => String::new(),
                total => format!(
                    ", {}/{total} tables, {} columns",
                    progress.tables_done, progress.columns
                ),
            };
            self.output.note(&format!("{}: {state}{count}", self.source));
        }
    }

    /// A remark, beside the bar.
    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.note(text)),
            None => self.output.note(text),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
