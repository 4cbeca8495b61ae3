//! The body of an answer on the client side: ends at the caller's deadline, and errors in our form.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use datawave_core::{Failure, Reason};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};
use tonic::Status;
use tonic::body::Body;

use crate::status::{deadline_exceeded, encode};

pub(super) struct ClientBody {
    inner: Body,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl ClientBody {
    /// Answers that are complete already stay as they are.
    pub(super) fn wrap(inner: Body, deadline: Option<Instant>) -> Body {
        if inner.is_end_stream() {
            return inner;
        }
        Body::new(Self {
            inner,
            deadline: deadline.map(|at| Box::pin(tokio::time::sleep_until(at))),
        })
    }
}

impl HttpBody for ClientBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(normalised(error)))),
            Poll::Ready(frame) => Poll::Ready(frame),
            Poll::Pending => {
                let timer = self
                    .deadline
                    .as_mut()
                    .map_or(Poll::Pending, |sleep| sleep.as_mut().poll(cx));
                if timer.is_pending() {
                    return Poll::Pending;
                }
                self.inner = Body::empty();
                self.deadline = None;
                Poll::Ready(Some(Err(encode(&deadline_exceeded(), "datawave", ""))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A body fails only when the connection below it does; a status of ours passes as it is.
fn normalised(error: Status) -> Status {
    if !error.details().is_empty() {
        return error;
    }
    let failure = Failure::new(
        Reason::DependencyUnavailable,
        "the connection was lost during the answer",
    )
    .with_remedy("call again; a stream goes on from its last resume token")
    .with_source(error);
    tracing::debug!(cause = failure.source_chain(), "{failure}");
    encode(&failure, "datawave", "")
}
