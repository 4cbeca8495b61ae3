//! Listeners: TLS and HTTP/2 around the stack, every connection in a task of its own.
//!
//! * Public: server certificate; the caller proves who it is by a token.
//! * Mesh: both present certificates; the SPIFFE name of the client is the caller.
//!
//! Written on hyper directly: tonic's own server loop has no limit of connections, and its timer for
//! `grpc-timeout` would race ours.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::CertificateError;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;

use super::Stack;
use crate::gate::Peer;
use crate::identity::{SpiffeId, TlsMaterial};

/// Which of the two listeners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Public,
    Mesh,
}

impl Kind {
    fn label(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Mesh => "mesh",
        }
    }
}

impl Stack {
    /// Serves callers that present a token, until `shutdown`; then open calls get
    /// [`Limits::connection_grace`](crate::Limits::connection_grace) to end. The server presents the leaf of `tls`.
    pub async fn serve_public(&self, listener: TcpListener, tls: TlsMaterial, shutdown: CancellationToken) {
        self.listen(Kind::Public, listener, tls, shutdown).await;
    }

    /// Serves services and edges, which must present a certificate of the mesh; otherwise like
    /// [`serve_public`](Self::serve_public). When `tls` publishes anew, open connections are asked to close, so
    /// that every peer is verified against the new roots.
    pub async fn serve_mesh(&self, listener: TcpListener, tls: TlsMaterial, shutdown: CancellationToken) {
        self.listen(Kind::Mesh, listener, tls, shutdown).await;
    }

    async fn listen(&self, kind: Kind, listener: TcpListener, tls: TlsMaterial, shutdown: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.0.limits.connections));
        let tasks = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let (tcp, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: it passes when connections close.
                    tracing::warn!(listener = kind.label(), cause = %error, "no connection was accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                self.refuse(kind, address, "too_many_connections");
                continue;
            };
            let connection = Connection {
                stack: self.clone(),
                kind,
                address,
                tls: tls.clone(),
                shutdown: shutdown.clone(),
            };
            tasks.spawn(async move {
                connection.run(tcp).await;
                drop(place);
            });
        }
        // The port is free from here on, so that a successor can take it while we drain.
        drop(listener);
        tasks.close();
        tasks.wait().await;
    }

    /// A refused connection has no request id and no caller: the log has its address and the reason.
    fn refuse(&self, kind: Kind, address: SocketAddr, reason: &'static str) {
        self.0.metrics.connection_refused(kind.label(), reason);
        tracing::warn!(listener = kind.label(), peer = %address, reason, "connection refused");
    }
}

struct Connection {
    stack: Stack,
    kind: Kind,
    address: SocketAddr,
    tls: TlsMaterial,
    shutdown: CancellationToken,
}

impl Connection {
    async fn run(self, tcp: TcpStream) {
        // Subscribed before the handshake reads the configuration, so that no publication is missed.
        let published = self.tls.subscribe();
        let handshake = tokio::select! {
            () = self.shutdown.cancelled() => return,
            done = tokio::time::timeout(self.stack.0.limits.handshake, self.handshake(tcp)) => done,
        };
        match handshake {
            Ok(Ok((stream, peer))) => self.serve(stream, peer, published).await,
            Ok(Err(reason)) => self.stack.refuse(self.kind, self.address, reason),
            Err(_) => self.stack.refuse(self.kind, self.address, "handshake_timeout"),
        }
    }

    async fn handshake(&self, tcp: TcpStream) -> Result<(TlsStream<TcpStream>, Peer), &'static str> {
        // Small messages must not wait for larger ones to share a packet with.
        tcp.set_nodelay(true).map_err(|_| "connection_lost")?;
        let configs = self.tls.current();
        let config = match self.kind {
            Kind::Public => Arc::clone(&configs.public),
            Kind::Mesh => Arc::clone(&configs.mesh),
        };
        let stream = match TlsAcceptor::from(config).accept(tcp).into_fallible().await {
            Ok(stream) => stream,
            Err((error, tcp)) => {
                let reason = refusal(&error);
                tracing::debug!(cause = %error, reason, "TLS handshake failed");
                linger(tcp).await;
                return Err(reason);
            }
        };
        let (_, session) = stream.get_ref();
        if session.alpn_protocol() != Some(b"h2") {
            return Err("no_http2");
        }
        let peer = match self.kind {
            Kind::Public => Peer::Public {
                loopback: self.address.ip().to_canonical().is_loopback(),
            },
            Kind::Mesh => {
                let leaf = session.peer_certificates().and_then(|chain| chain.first());
                let id = leaf.map(|der| SpiffeId::of_certificate(der));
                // The verifier has seen to both already.
                Peer::Mesh(id.ok_or("no_certificate")?.map_err(|_| "wrong_name")?)
            }
        };
        Ok((stream, peer))
    }

    async fn serve(
        &self,
        stream: TlsStream<TcpStream>,
        peer: Peer,
        mut published: tokio::sync::watch::Receiver<Arc<crate::identity::TlsConfigs>>,
    ) {
        let limits = &self.stack.0.limits;
        let open = self.stack.0.metrics.connections(self.kind.label());
        open.inc();
        let used = Arc::new(AtomicBool::new(false));
        let service = service_fn({
            let (stack, used) = (self.stack.clone(), Arc::clone(&used));
            move |request: Request<Incoming>| {
                used.store(true, Ordering::Relaxed);
                let (stack, peer) = (stack.clone(), peer.clone());
                async move {
                    let mut request = request.map(Body::new);
                    request.extensions_mut().insert(peer);
                    Ok::<_, Infallible>(stack.answer(request).await)
                }
            }
        });
        let mut connection = pin!(
            http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .max_concurrent_streams(limits.streams_per_connection)
                .max_header_list_size(limits.header_list_bytes)
                .max_pending_accept_reset_streams(limits.pending_resets)
                .keep_alive_interval(limits.keepalive_interval)
                .keep_alive_timeout(limits.keepalive_timeout)
                .serve_connection(TokioIo::new(stream), service)
        );
        let now = Instant::now();
        let mut first_request = pin!(tokio::time::sleep_until(now + limits.handshake));
        let mut old = pin!(tokio::time::sleep_until(now + self.age()));
        let mut last = pin!(tokio::time::sleep_until(
            now + self.age() + limits.connection_grace
        ));
        let mut closing = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(peer = %self.address, cause = %error, "connection ended");
                    }
                    break;
                }
                () = &mut first_request, if !used.load(Ordering::Relaxed) && !closing => {
                    self.stack.refuse(self.kind, self.address, "no_request");
                    break;
                }
                () = &mut last, if closing => break,
                () = async {
                    tokio::select! {
                        () = &mut old => {}
                        () = self.shutdown.cancelled() => {}
                        Ok(()) = published.changed(), if self.kind == Kind::Mesh => {}
                    }
                }, if !closing => {
                    closing = true;
                    last.as_mut().reset(Instant::now() + limits.connection_grace);
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
        open.dec();
    }

    /// A tenth more or less, so that connections made together do not all end together.
    fn age(&self) -> Duration {
        let spread = u32::try_from(self.stack.0.ids.next() % 200).unwrap_or(0);
        self.stack.0.limits.connection_age * (900 + spread) / 1_000
    }
}

/// Why a handshake failed, from the closed list that the metrics have.
fn refusal(error: &std::io::Error) -> &'static str {
    use CertificateError as C;
    match error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::NoCertificatesPresented) => "no_certificate",
        Some(rustls::Error::InvalidCertificate(reason)) => match reason {
            C::UnknownIssuer | C::BadSignature => "foreign_authority",
            C::Expired | C::ExpiredContext { .. } => "expired",
            C::NotValidYet | C::NotValidYetContext { .. } => "not_valid_yet",
            C::ApplicationVerificationFailure => "wrong_name",
            C::Revoked => "revoked",
            _ => "bad_certificate",
        },
        Some(rustls::Error::AlertReceived(_)) => "refused_by_client",
        Some(rustls::Error::PeerIncompatible(_)) => "incompatible",
        Some(_) => "not_tls",
        None => "connection_lost",
    }
}

/// Lets the client read why it was refused: closing with unread bytes would reset the connection and destroy the
/// alert on its way. Bounded by a little time and a few kilobytes (and by the time of the handshake).
async fn linger(mut tcp: TcpStream) {
    let drained = async {
        let mut left = 16_usize << 10;
        let mut buffer = [0; 1_024];
        tokio::io::AsyncWriteExt::shutdown(&mut tcp).await?;
        while left > 0 {
            match tcp.read(&mut buffer).await? {
                0 => break,
                n => left = left.saturating_sub(n),
            }
        }
        Ok::<_, std::io::Error>(())
    };
    // Whatever happens here, the connection is refused already.
    let _ = tokio::time::timeout(Duration::from_millis(500), drained).await;
}
