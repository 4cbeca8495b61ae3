//! Requests that can be sent once more when the server says that it has not begun with them.
//!
//! A server that closes a connection in good order (GOAWAY, at the connection's age or when certificates rotate)
//! does not process calls that crossed its notice on the way. HTTP/2 guarantees that, so sending them again on a
//! new connection is no repetition: gRPC calls it a transparent retry.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;

/// Most bytes of a request that are kept for it. A larger one, or a long client stream, is sent once only.
const KEPT: usize = 256 << 10;

/// A request body whose first bytes are kept.
pub(super) struct Replay(Arc<Mutex<Kept>>);

struct Kept {
    source: Body,
    sent: Vec<Bytes>,
    bytes: usize,
    whole: bool,
}

impl Replay {
    pub(super) fn new(source: Body) -> Self {
        Self(Arc::new(Mutex::new(Kept {
            source,
            sent: Vec::new(),
            bytes: 0,
            whole: true,
        })))
    }

    /// The body from its beginning; `None` when its beginning is no longer kept.
    pub(super) fn body(&self) -> Option<Body> {
        let whole = lock(&self.0).whole;
        whole.then(|| {
            Body::new(Attempt {
                kept: Arc::clone(&self.0),
                next: 0,
            })
        })
    }
}

/// One time of sending.
struct Attempt {
    kept: Arc<Mutex<Kept>>,
    next: usize,
}

impl HttpBody for Attempt {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        let mut kept = lock(&this.kept);
        if kept.whole
            && let Some(bytes) = kept.sent.get(this.next)
        {
            this.next += 1;
            return Poll::Ready(Some(Ok(Frame::data(bytes.clone()))));
        }
        let polled = Pin::new(&mut kept.source).poll_frame(cx);
        if let Poll::Ready(Some(frame)) = &polled {
            this.next += 1;
            let data = frame.as_ref().ok().and_then(|frame| frame.data_ref()).cloned();
            kept.keep(data);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        let kept = lock(&self.kept);
        self.next >= kept.sent.len() && kept.source.is_end_stream()
    }
}

impl Kept {
    /// Anything but data (an error, trailers) is not repeated.
    fn keep(&mut self, data: Option<Bytes>) {
        match data {
            Some(data) if self.whole && self.bytes + data.len() <= KEPT => {
                self.bytes += data.len();
                self.sent.push(data);
            }
            _ => {
                self.whole = false;
                self.sent = Vec::new();
            }
        }
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the server has said that it did not begin with the call.
pub(super) fn not_begun(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(e) = next {
        if let Some(h2) = e.downcast_ref::<h2::Error>() {
            let closed = h2.is_go_away() && h2.reason() == Some(h2::Reason::NO_ERROR);
            let refused = h2.is_reset() && h2.reason() == Some(h2::Reason::REFUSED_STREAM);
            return h2.is_remote() && (closed || refused);
        }
        next = e.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn chunks(sizes: &[usize]) -> Body {
        let frames: Vec<Result<Frame<Bytes>, Status>> = sizes
            .iter()
            .enumerate()
            .map(|(n, size)| Ok(Frame::data(Bytes::from(vec![n as u8; *size]))))
            .collect();
        Body::new(http_body_util::StreamBody::new(futures::stream::iter(frames)))
    }

    #[tokio::test]
    async fn a_request_is_sent_again_from_its_beginning_wherever_it_stopped() {
        let sizes = [3, 0, 5, 7];
        let whole = chunks(&sizes).collect().await.unwrap().to_bytes();
        for stop in 0..=sizes.len() {
            let replay = Replay::new(chunks(&sizes));
            let mut first = replay.body().unwrap();
            for _ in 0..stop {
                first.frame().await.unwrap().unwrap();
            }
            drop(first);
            let again = replay.body().unwrap().collect().await.unwrap().to_bytes();
            assert_eq!(again, whole, "stopped after {stop}");
        }
    }

    #[tokio::test]
    async fn what_is_too_large_to_keep_is_sent_whole_but_once() {
        let sizes = [KEPT, 1, 1];
        let replay = Replay::new(chunks(&sizes));
        let sent = replay.body().unwrap().collect().await.unwrap().to_bytes();
        assert_eq!(sent.len(), KEPT + 2);
        assert!(replay.body().is_none());
    }
}
