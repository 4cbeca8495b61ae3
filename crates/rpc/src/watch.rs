//! Server streams that follow changes (`Watch…` methods): resume token, heartbeat, deadline, shutdown.

use std::time::Duration;

use async_trait::async_trait;
use datawave_core::{CallContext, Failure, Reason};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tracing::Instrument as _;

use crate::status::{deadline_exceeded, status};

/// Messages that may wait for a slow client; then reading pauses.
const BUFFER: usize = 16;

/// What a watch method follows.
#[async_trait]
pub trait Changes: Send + 'static {
    /// Message of the stream.
    type Message: Send + 'static;

    /// The next changes after `token`, oldest first; empty when there are none yet. An empty `token` is the
    /// beginning. Calling it again with the same token gives the same changes again, or more.
    async fn after(&mut self, token: &str) -> Result<Batch<Self::Message>, Failure>;

    /// Returns when there may be something new; may return early, and must not miss a change made after the last
    /// call of [`after`](Self::after) began.
    async fn changed(&mut self);

    /// A message that says only that the stream lives, and where it stands.
    fn heartbeat(&self, token: &str) -> Self::Message;
}

/// Some changes.
#[derive(Debug)]
pub struct Batch<M> {
    /// Messages with the token after which each leaves the reader.
    pub messages: Vec<(M, String)>,
    /// Nothing will ever follow: the stream ends with OK.
    pub finished: bool,
}

/// How a watch method behaves.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    /// Silence after which a heartbeat is sent. 15 seconds keeps proxies from closing the connection.
    pub heartbeat: Duration,
    /// Stops all streams of the service.
    pub stop: CancellationToken,
}

impl WatchOptions {
    /// A heartbeat every 15 seconds, until `stop`.
    pub fn until(stop: CancellationToken) -> Self {
        Self {
            heartbeat: Duration::from_secs(15),
            stop,
        }
    }
}

/// The stream type of watch methods.
pub type WatchStream<M> = ReceiverStream<Result<M, Status>>;

/// Streams `changes` from `token` on.
///
/// Ends with OK when the changes are finished, with DEADLINE_EXCEEDED at the caller's deadline, and with UNAVAILABLE
/// at shutdown: the caller opens it again with the last token it has seen and misses nothing. Messages may come
/// twice after a resume, never out of order.
pub fn watch<C: Changes>(
    context: &CallContext,
    changes: C,
    token: String,
    options: WatchOptions,
) -> WatchStream<C::Message> {
    let (sender, receiver) = mpsc::channel(BUFFER);
    let deadline = context.deadline.map(Instant::from_std);
    let follow = follow(changes, token, options, deadline, sender);
    tokio::spawn(follow.instrument(tracing::Span::current()));
    ReceiverStream::new(receiver)
}

async fn follow<C: Changes>(
    mut changes: C,
    mut token: String,
    options: WatchOptions,
    deadline: Option<Instant>,
    sender: mpsc::Sender<Result<C::Message, Status>>,
) {
    let work = async {
        loop {
            let batch = changes.after(&token).await?;
            let idle = batch.messages.is_empty();
            for (message, next) in batch.messages {
                // The client went away: there is nobody to tell.
                if sender.send(Ok(message)).await.is_err() {
                    return Ok(());
                }
                token = next;
            }
            if batch.finished {
                return Ok(());
            }
            if idle {
                tokio::select! {
                    () = sender.closed() => return Ok(()),
                    () = changes.changed() => {}
                    () = tokio::time::sleep(options.heartbeat) => {
                        if sender.send(Ok(changes.heartbeat(&token))).await.is_err() {
                            return Ok(());
                        }
                    }
                }
            }
        }
    };
    let late = async {
        match deadline {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    };
    let ended: Result<(), Failure> = tokio::select! {
        ended = work => ended,
        () = late => Err(deadline_exceeded()),
        () = options.stop.cancelled() => Err(
            Failure::new(Reason::DependencyUnavailable, "the service is shutting down")
                .with_remedy("open the stream again from the last resume token"),
        ),
    };
    if let Err(failure) = ended {
        // Room for it, or the client has gone: a client that does not read gets no reason.
        let _ = sender.try_send(Err(status(failure)));
    }
}
