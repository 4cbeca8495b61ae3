//! Connections to other processes: HTTP/2 over TLS, and nothing else.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use datawave_core::{Failure, Reason};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection as Connectable};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::body::Body;
use tower::Service;

use super::error::{ChannelError, ConnectError, classify, lost};
use super::replay::{Replay, not_begun};
use crate::identity::{Roots, SpiffeId, TlsMaterial, public_client};
use crate::limits::ClientLimits;

/// Where another process is and how both prove who they are.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Address, `https://host:port`.
    pub address: String,
    /// Proof of identity.
    pub trust: Trust,
    /// Bounds.
    pub limits: ClientLimits,
}

/// Times a call is sent before it fails: every time but the last, the server said that it had not begun.
const ATTEMPTS: u32 = 4;

/// How the two ends of a connection prove who they are.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Mesh listener: both present certificates, and the server must have this name.
    Mesh {
        /// Identity of this process; new connections use what it then holds.
        material: TlsMaterial,
        /// Name that the server must have.
        server: SpiffeId,
    },
    /// Public listener: the server presents a certificate issued by these authorities, the caller a token
    /// ([`Channel::with_bearer`](super::Channel::with_bearer)).
    Public(Roots),
}

/// Connection that is made with the first call and made again when it is gone. Calls that the server had not begun
/// when it closed the connection are sent on the next one; calls that it may have begun are not repeated.
#[derive(Clone)]
pub(super) struct Connection {
    client: Client<Connector, Body>,
    authority: Authority,
}

impl Connection {
    pub(super) fn new(remote: &Remote) -> Result<Self, Failure> {
        let wrong = || {
            Failure::new(
                Reason::ConfigInvalid,
                format!("`{}` is not the address of a service", remote.address),
            )
            .with_remedy("write https://host:port")
        };
        let uri: Uri = remote.address.parse().map_err(|e| wrong().with_source(e))?;
        let authority = uri.authority().cloned().ok_or_else(wrong)?;
        let plain = matches!(uri.path(), "" | "/") && !authority.as_str().contains('@');
        if uri.scheme() != Some(&Scheme::HTTPS) || !plain {
            return Err(wrong());
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|e| wrong().with_source(e))?;
        let tls = match &remote.trust {
            Trust::Mesh { material, server } => Tls::Mesh(material.clone(), server.clone()),
            Trust::Public(roots) => Tls::Public(public_client(roots)?),
        };
        let connector = Connector(Arc::new(Target {
            host,
            port: authority.port_u16().unwrap_or(443),
            name,
            tls,
            time: remote.limits.connect,
        }));
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .http2_only(true)
            .http2_max_header_list_size(remote.limits.header_list_bytes)
            .http2_keep_alive_interval(remote.limits.keepalive_interval)
            .http2_keep_alive_timeout(remote.limits.keepalive_timeout)
            .build(connector);
        Ok(Self { client, authority })
    }

    pub(super) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    pub(super) async fn send(self, mut request: Request<Body>) -> Result<Response<Body>, ChannelError> {
        let path = request
            .uri()
            .path_and_query()
            .cloned()
            .unwrap_or_else(|| PathAndQuery::from_static("/"));
        let uri = Uri::builder()
            .scheme(Scheme::HTTPS)
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .map_err(|e| ChannelError::new(Failure::internal(e)))?;
        *request.uri_mut() = uri;
        let (parts, body) = request.into_parts();
        let replay = Replay::new(body);
        let mut attempts = 0;
        loop {
            let Some(body) = replay.body() else {
                // Not at the first attempt: nothing has been sent then.
                return Err(ChannelError::new(lost(self.authority.as_str())));
            };
            let error = match self
                .client
                .request(Request::from_parts(parts.clone(), body))
                .await
            {
                Ok(response) => return Ok(response.map(Body::new)),
                Err(error) => error,
            };
            attempts += 1;
            if attempts == ATTEMPTS || !not_begun(&error) {
                return Err(ChannelError::new(classify(
                    Box::new(error),
                    self.authority.as_str(),
                )));
            }
        }
    }
}

#[derive(Clone)]
struct Connector(Arc<Target>);

struct Target {
    host: String,
    port: u16,
    name: ServerName<'static>,
    tls: Tls,
    time: Duration,
}

enum Tls {
    Mesh(TlsMaterial, SpiffeId),
    Public(Arc<ClientConfig>),
}

impl Target {
    async fn connect(&self) -> Result<Io, ConnectError> {
        tokio::time::timeout(self.time, self.handshake())
            .await
            .unwrap_or(Err(ConnectError::Timeout))
    }

    async fn handshake(&self) -> Result<Io, ConnectError> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(ConnectError::Dial)?;
        // Small messages must not wait for larger ones to share a packet with.
        tcp.set_nodelay(true).map_err(ConnectError::Dial)?;
        let config = match &self.tls {
            Tls::Mesh(material, _) => Arc::clone(&material.current().client),
            Tls::Public(config) => Arc::clone(config),
        };
        let stream = TlsConnector::from(config)
            .connect(self.name.clone(), tcp)
            .await
            .map_err(ConnectError::Tls)?;
        if let Tls::Mesh(_, expected) = &self.tls {
            let der = stream.get_ref().1.peer_certificates().and_then(|c| c.first());
            let actual =
                SpiffeId::of_certificate(der.map_or(&[], |d| d.as_ref())).map_err(ConnectError::NoServer)?;
            if actual != *expected {
                return Err(ConnectError::OtherServer {
                    expected: expected.clone(),
                    actual,
                });
            }
        }
        Ok(Io(TokioIo::new(stream)))
    }
}

impl Service<Uri> for Connector {
    type Response = Io;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Io, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let target = Arc::clone(&self.0);
        Box::pin(async move { target.connect().await })
    }
}

/// A TLS stream as hyper wants it.
struct Io(TokioIo<TlsStream<TcpStream>>);

impl Connectable for Io {
    fn connected(&self) -> Connected {
        Connected::new().negotiated_h2()
    }
}

impl hyper::rt::Read for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl hyper::rt::Write for Io {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, slices)
    }
}
