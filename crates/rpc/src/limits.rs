//! Every bound of the transport in one place, with its default and the reason for it.

use std::time::Duration;

/// Bounds of a server stack and its listeners.
///
/// tonic and hyper leave nearly all of these open; each one here closes a way to exhaust the process.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest a unary call may run, whatever the caller asks for, and the time until the first message of a
    /// stream. Default 5 minutes.
    pub unary_deadline: Duration,
    /// Longest a stream may stay open; then it ends with UNAVAILABLE and the caller resumes it, which also
    /// authenticates and authorises it anew. Default 15 minutes.
    pub stream_age: Duration,
    /// Largest message, request or answer, in bytes. tonic refuses more than 4 MiB on its own, so a greater
    /// value has no effect. Default 4 MiB.
    pub message_bytes: usize,
    /// Largest list of request headers in bytes, names and values with 32 bytes of overhead each.
    /// Default 16 KiB.
    pub header_list_bytes: u32,
    /// Unary calls served at one time by the whole stack; the next is refused at once. Default 512.
    pub calls_in_flight: usize,
    /// Streams open at one time on the whole stack. Default 1,024.
    pub streams_open: usize,
    /// Connections open at one time on each listener. Default 1,024.
    pub connections: usize,
    /// Concurrent HTTP/2 streams of one connection. Default 256.
    pub streams_per_connection: u32,
    /// Time for the TLS handshake, and again for the first request after it. Default 5 seconds.
    pub handshake: Duration,
    /// Age at which a connection is asked to close (GOAWAY), so that a rotated or revoked certificate does not
    /// live on in an old connection. Must be shorter than the life of a certificate. Default 10 minutes.
    pub connection_age: Duration,
    /// Time that calls on a connection asked to close still have. Default 20 seconds.
    pub connection_grace: Duration,
    /// Interval of HTTP/2 pings on a connection. Default 20 seconds.
    pub keepalive_interval: Duration,
    /// Time for the answer to a ping; then the connection is closed. Default 10 seconds.
    pub keepalive_timeout: Duration,
    /// Streams that a peer may reset before we have accepted them (CVE-2023-44487). Default 20.
    pub pending_resets: usize,
    /// Delay that a refused caller is told to wait before it tries again. Default 1 second.
    pub retry_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unary_deadline: Duration::from_secs(300),
            stream_age: Duration::from_secs(900),
            message_bytes: 4 << 20,
            header_list_bytes: 16 << 10,
            calls_in_flight: 512,
            streams_open: 1_024,
            connections: 1_024,
            streams_per_connection: 256,
            handshake: Duration::from_secs(5),
            connection_age: Duration::from_secs(600),
            connection_grace: Duration::from_secs(20),
            keepalive_interval: Duration::from_secs(20),
            keepalive_timeout: Duration::from_secs(10),
            pending_resets: 20,
            retry_after: Duration::from_secs(1),
        }
    }
}

/// Bounds of a client channel.
#[derive(Clone, Copy, Debug)]
pub struct ClientLimits {
    /// Deadline of a unary call that states none. Streams have none unless the caller states one.
    /// Default 30 seconds.
    pub default_deadline: Duration,
    /// Time for name lookup, TCP and TLS together. Default 5 seconds.
    pub connect: Duration,
    /// Interval of HTTP/2 pings while calls are open. Default 20 seconds.
    pub keepalive_interval: Duration,
    /// Time for the answer to a ping. Default 10 seconds.
    pub keepalive_timeout: Duration,
    /// Largest list of answer headers in bytes; errors carry their details there. Default 64 KiB.
    pub header_list_bytes: u32,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            default_deadline: Duration::from_secs(30),
            connect: Duration::from_secs(5),
            keepalive_interval: Duration::from_secs(20),
            keepalive_timeout: Duration::from_secs(10),
            header_list_bytes: 64 << 10,
        }
    }
}

/// Longest text of an error on the wire, in characters; longer ones are cut.
pub(crate) const MESSAGE_CHARS: usize = 1_000;
/// Longest description or metadata value of an error, in characters.
pub(crate) const DETAIL_CHARS: usize = 300;
/// Most field violations and most metadata entries of one error.
pub(crate) const DETAIL_ITEMS: usize = 32;
