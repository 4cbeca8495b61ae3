//! Messages while they pass: requests that grow too large, and answers that end in every way an answer can end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use datawave_core::{Failure, Reason};
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};
use tonic::body::Body;
use tonic::{Code, Status};

use super::frames::Frames;
use crate::metrics::{MethodLabels, Metrics};
use crate::status::{self, deadline_exceeded, encode, failure, too_large};

/// A request body that stops at a message larger than allowed.
pub(super) struct RequestBody {
    inner: Body,
    frames: Frames,
}

impl RequestBody {
    pub(super) fn wrap(inner: Body, limit: usize) -> Body {
        Body::new(Self {
            inner,
            frames: Frames::new(limit),
        })
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && self.frames.pass(data).is_err()
        {
            self.inner = Body::empty();
            return Poll::Ready(Some(Err(encode(&too_large(), "datawave", ""))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}

/// What happens once when a call ends, however it ends: counts, and frees its place. A call that is dropped before
/// it has ended was cancelled by its caller.
pub(super) struct CallEnd {
    pub(super) metrics: Metrics,
    pub(super) labels: MethodLabels,
    pub(super) started: Instant,
    pub(super) code: Option<Code>,
    pub(super) place: Option<OwnedSemaphorePermit>,
    pub(super) span: tracing::Span,
}

impl Drop for CallEnd {
    fn drop(&mut self) {
        let code = self.code.unwrap_or(Code::Cancelled);
        let took = self.started.elapsed();
        self.metrics.call_ended(&self.labels, code, took);
        self.span.record("rpc.grpc.status_code", i64::from(code as i32));
        let _entered = self.span.enter();
        tracing::debug!(
            code = code as i32,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "call ended"
        );
    }
}

/// Why an answer has to end by a certain time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndsBecause {
    /// The caller's (or the server's) deadline for the call.
    Deadline,
    /// Streams are renewed from time to time.
    StreamAge,
}

/// The body of an answer: ends with trailers of ours on a panic, an error, an oversized message or the deadline.
pub(super) struct AnswerBody {
    inner: Body,
    frames: Frames,
    timer: (Pin<Box<Sleep>>, EndsBecause),
    area: String,
    request_id: String,
    end: Option<CallEnd>,
}

impl AnswerBody {
    pub(super) fn wrap(
        inner: Body,
        limit: usize,
        ends: (Instant, EndsBecause),
        area: &str,
        request_id: &str,
        end: CallEnd,
    ) -> Body {
        Body::new(Self {
            inner,
            frames: Frames::new(limit),
            timer: (Box::pin(tokio::time::sleep_until(ends.0)), ends.1),
            area: area.to_owned(),
            request_id: request_id.to_owned(),
            end: Some(end),
        })
    }

    /// Ends the call with this failure.
    fn fail(&mut self, failure: &Failure) -> Frame<Bytes> {
        let mut trailers = HeaderMap::new();
        let code = status::write(failure, &self.area, &self.request_id, &mut trailers);
        self.finish(code);
        Frame::trailers(trailers)
    }

    fn finish(&mut self, code: Code) {
        self.inner = Body::empty();
        if let Some(mut end) = self.end.take() {
            end.code = Some(code);
        }
    }

    fn step(&mut self, cx: &mut Context<'_>) -> Poll<Option<Frame<Bytes>>> {
        let inner = &mut self.inner;
        let Ok(polled) = catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll_frame(cx))) else {
            tracing::error!("the handler panicked during its answer");
            return Poll::Ready(Some(self.fail(&panicked())));
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) => match frame.into_trailers() {
                Ok(mut trailers) => {
                    let code = status::complete(&mut trailers, &self.area, &self.request_id);
                    self.finish(code);
                    Poll::Ready(Some(Frame::trailers(trailers)))
                }
                Err(frame) => match frame.data_ref().map(|data| self.frames.pass(data)) {
                    Some(Err(_)) => {
                        tracing::error!("the handler answered with a message larger than allowed");
                        Poll::Ready(Some(self.fail(&too_large())))
                    }
                    _ => Poll::Ready(Some(frame)),
                },
            },
            Poll::Ready(Some(Err(error))) => {
                let failure = failure(error);
                Poll::Ready(Some(self.fail(&failure)))
            }
            Poll::Ready(None) => {
                self.finish(Code::Ok);
                Poll::Ready(None)
            }
            Poll::Pending => {
                if self.timer.0.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                let failure = match self.timer.1 {
                    EndsBecause::Deadline => deadline_exceeded(),
                    EndsBecause::StreamAge => stream_too_old(),
                };
                Poll::Ready(Some(self.fail(&failure)))
            }
        }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(span) = self.end.as_ref().map(|end| end.span.clone()) else {
            return Poll::Ready(None);
        };
        let _entered = span.enter();
        self.step(cx).map(|frame| frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none()
    }
}

pub(super) fn panicked() -> Failure {
    Failure::internal("the handler panicked")
}

fn stream_too_old() -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        "the stream has reached its greatest age",
    )
    .with_remedy("open it again from the last resume token")
}
