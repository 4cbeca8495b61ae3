//! The client side: one cloneable channel type for calls inside the process and over the network.
//!
//! Every generated client stands on [`Channel`]: `CatalogServiceClient::new(channel)`. Deadline, trace context,
//! correlation id, token and the form of errors are the same whichever way the call goes.

mod body;
mod error;
mod mesh;
mod remote;
mod replay;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Weak;
use std::task::{Context, Poll};
use std::time::Duration;

use datawave_core::{Actor, Failure, Reason};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;
use tonic::body::Body;
use tower::Service;

use crate::gate::Peer;
use crate::headers;
use crate::limits::ClientLimits;
use crate::stack::Stack;
use crate::status::deadline_exceeded;
use crate::telemetry::propagate;

pub use error::ChannelError;
pub use mesh::{Mesh, MeshHandle, Route};
pub use remote::{Remote, Trust};

use mesh::Slots;

/// A way to a service. Cheap to clone; clones share the connection.
#[derive(Clone)]
pub struct Channel {
    way: Way,
    bearer: Option<HeaderValue>,
    default_deadline: Duration,
}

#[derive(Clone)]
enum Way {
    /// The stack of this process, as this caller.
    Local { stack: Stack, caller: Actor },
    /// Another process.
    Remote(Box<remote::Connection>),
    /// Whatever the mesh holds under this name when the call is made.
    Slot {
        slots: Weak<Slots>,
        service: String,
        caller: Actor,
    },
}

impl Channel {
    pub(crate) fn local(stack: Stack, caller: Actor) -> Self {
        Self::new(Way::Local { stack, caller })
    }

    /// A channel to another process. Connects with the first call, and again whenever the connection is gone.
    pub fn remote(remote: &Remote) -> Result<Self, Failure> {
        let mut channel = Self::new(Way::Remote(Box::new(remote::Connection::new(remote)?)));
        channel.default_deadline = remote.limits.default_deadline;
        Ok(channel)
    }

    fn new(way: Way) -> Self {
        Self {
            way,
            bearer: None,
            default_deadline: ClientLimits::default().default_deadline,
        }
    }

    /// Sends this token with every call: the callee then sees the token's owner as the caller.
    ///
    /// Fails with CREDENTIALS_INVALID when the token has characters that no token has.
    pub fn with_bearer(mut self, token: &SecretString) -> Result<Self, Failure> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| {
            Failure::new(
                Reason::CredentialsInvalid,
                "the token has characters that no token has",
            )
            .with_remedy("copy the token again, as one line")
        })?;
        value.set_sensitive(true);
        self.bearer = Some(value);
        Ok(self)
    }

    /// Changes the deadline of unary calls that state none.
    #[must_use]
    pub fn with_default_deadline(mut self, deadline: Duration) -> Self {
        self.default_deadline = deadline;
        self
    }

    async fn exchange(self, mut request: Request<Body>) -> Result<Response<Body>, ChannelError> {
        let deadline = self.prepare(&mut request);
        let answer = self.way.send(request);
        let response = match deadline {
            Some(at) => match tokio::time::timeout_at(at, answer).await {
                Ok(response) => response?,
                Err(_) => return Err(ChannelError::new(deadline_exceeded())),
            },
            None => answer.await?,
        };
        Ok(response.map(|body| body::ClientBody::wrap(body, deadline)))
    }

    /// Adds what every call carries; returns when the caller stops waiting.
    fn prepare(&self, request: &mut Request<Body>) -> Option<Instant> {
        let streaming = datawave_proto::method(request.uri().path()).map_or_else(
            || request.uri().path().ends_with("/Watch"),
            |m| m.server_streaming,
        );
        let map = request.headers_mut();
        let stated = headers::text(map, &headers::TIMEOUT).and_then(headers::parse_timeout);
        let usual = if streaming {
            None
        } else {
            Some(self.default_deadline)
        };
        let timeout = stated.or(usual);
        if let (None, Some(timeout)) = (stated, timeout)
            && let Ok(value) = HeaderValue::try_from(headers::format_timeout(timeout))
        {
            map.insert(headers::TIMEOUT, value);
        }
        if let Some(bearer) = &self.bearer
            && !map.contains_key(AUTHORIZATION)
        {
            map.insert(AUTHORIZATION, bearer.clone());
        }
        propagate::inject(map);
        timeout.map(|t| Instant::now() + t)
    }
}

impl Way {
    async fn send(self, mut request: Request<Body>) -> Result<Response<Body>, ChannelError> {
        match self {
            Self::Local { stack, caller } => {
                request.extensions_mut().insert(Peer::Local(caller));
                Ok(stack.answer(request).await)
            }
            Self::Remote(connection) => connection.send(request).await,
            Self::Slot {
                slots,
                service,
                caller,
            } => {
                let found = mesh::resolve(&slots, &service, caller).map_err(ChannelError::new)?;
                if let Some(bearer) = found.bearer
                    && !request.headers().contains_key(AUTHORIZATION)
                {
                    request.headers_mut().insert(AUTHORIZATION, bearer);
                }
                Box::pin(found.way.send(request)).await
            }
        }
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = ChannelError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, ChannelError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ChannelError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.clone().exchange(request))
    }
}

/// Shows where it leads, never the token.
impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.way {
            Way::Local { caller, .. } => write!(f, "Channel(local as {})", caller.subject),
            Way::Remote(connection) => write!(f, "Channel({})", connection.authority()),
            Way::Slot { service, caller, .. } => write!(f, "Channel({service} as {})", caller.subject),
        }
    }
}
