//! Why a call brought no answer.

use std::error::Error;
use std::fmt;

use datawave_core::{Failure, Reason};
use rustls::{AlertDescription, CertificateError};
use tonic::Status;

use crate::identity::{BadIdentity, SpiffeId};
use crate::status::{deadline_exceeded, encode};

/// The error type of [`Channel`](crate::Channel): a status with our details, which generated clients hand on.
///
/// A concrete type: with a boxed error, generated clients do not compile inside `tokio::spawn`.
#[derive(Debug)]
pub struct ChannelError(Status);

impl ChannelError {
    pub(crate) fn new(failure: Failure) -> Self {
        let cause = failure.source_chain();
        if !cause.is_empty() {
            tracing::debug!(cause, "{failure}");
        }
        Self(encode(&failure, "datawave", ""))
    }
}

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())
    }
}

/// The status stands in the chain of sources: that is where tonic looks for it.
impl Error for ChannelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl From<ChannelError> for Status {
    fn from(error: ChannelError) -> Self {
        error.0
    }
}

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("no connection")]
    Dial(#[source] std::io::Error),
    #[error("no connection in time")]
    Timeout,
    #[error("TLS handshake failed")]
    Tls(#[source] std::io::Error),
    #[error("the server is {actual}, not {expected}")]
    OtherServer { expected: SpiffeId, actual: SpiffeId },
    #[error("the server's certificate names nobody of ours")]
    NoServer(#[source] BadIdentity),
}

/// What a transport error means to the caller. `authority` is the configured address of the service.
pub(crate) fn classify(error: Box<dyn Error + Send + Sync>, authority: &str) -> Failure {
    let unavailable = |text: String| Failure::new(Reason::DependencyUnavailable, text);
    let mut text = None;
    let mut next: Option<&(dyn Error + 'static)> = Some(error.as_ref());
    while let Some(e) = next {
        if e.is::<tonic::TimeoutExpired>() {
            return deadline_exceeded().with_source(error);
        }
        if let Some(connect) = e.downcast_ref::<ConnectError>() {
            text = Some(connect_failure(connect, authority));
            break;
        }
        // Over TLS 1.3 the server judges our certificate after our handshake is done: its verdict arrives as an
        // alert on the first call. HTTP/2 keeps only the text of it.
        if let Some(alert) = alert_of(&e.to_string()) {
            text = Some(refused_by_server(alert, authority));
            break;
        }
        next = source_of(e);
    }
    match text {
        Some((message, remedy)) => unavailable(message).with_remedy(remedy).with_source(error),
        None => lost(authority).with_source(error),
    }
}

/// The connection ended while the call was under way; the server may have done what was asked.
pub(super) fn lost(authority: &str) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!("the connection to {authority} was lost during the call"),
    )
    .with_remedy("try again; if it happens again, look at the log of the server")
}

/// An `io::Error` hides the error that it wraps from `source`.
fn source_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn connect_failure(error: &ConnectError, authority: &str) -> (String, String) {
    match error {
        ConnectError::Dial(_) => (
            format!("no connection to {authority}"),
            "check the address, and that the server is running".to_owned(),
        ),
        ConnectError::Timeout => (
            format!("{authority} did not answer in time"),
            "check the address, and that nothing on the way drops the connection".to_owned(),
        ),
        ConnectError::Tls(io) => match io.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(reason)) => bad_server_certificate(reason, authority),
            Some(rustls::Error::AlertReceived(alert)) => {
                refused_by_server(alert_name(*alert).unwrap_or("the TLS parameters"), authority)
            }
            _ => (
                format!("no TLS connection with {authority}"),
                "check that the address is that of a DataWave listener: it speaks TLS only".to_owned(),
            ),
        },
        ConnectError::OtherServer { expected, actual } => (
            format!("the server at {authority} is {actual}, not {expected}"),
            "check which address is configured for the service".to_owned(),
        ),
        ConnectError::NoServer(_) => (
            format!("the server at {authority} has a certificate that names no service of this mesh"),
            "check which address is configured for the service".to_owned(),
        ),
    }
}

fn bad_server_certificate(reason: &CertificateError, authority: &str) -> (String, String) {
    use CertificateError as E;
    match reason {
        E::UnknownIssuer | E::BadSignature => (
            format!("the certificate of {authority} is not issued by an authority that this client trusts"),
            "give the client the authority of this installation (roots.pem in its data directory)".to_owned(),
        ),
        E::Expired | E::ExpiredContext { .. } => (
            format!("the certificate of {authority} has expired"),
            "renew the server's certificate, and check the clocks of both machines".to_owned(),
        ),
        E::NotValidYet | E::NotValidYetContext { .. } => (
            format!("the certificate of {authority} is not valid yet"),
            "check the clocks of both machines".to_owned(),
        ),
        E::NotValidForName | E::NotValidForNameContext { .. } => (
            format!("the certificate of {authority} is for another host"),
            "call the server by a name that its certificate has, or add this name to it".to_owned(),
        ),
        _ => (
            format!("the certificate of {authority} cannot be accepted"),
            "look at the certificate, for example with `openssl x509 -text`".to_owned(),
        ),
    }
}

fn refused_by_server(reason: &str, authority: &str) -> (String, String) {
    (
        format!("{authority} refused this process: {reason}"),
        "give this process a certificate that the mesh's authority issued and that has not expired"
            .to_owned(),
    )
}

/// The alert in the text of an error that has lost its type.
fn alert_of(text: &str) -> Option<&'static str> {
    let name = text.split("received fatal alert: ").nth(1)?;
    ALERTS
        .iter()
        .find(|(alert, _)| name.starts_with(&format!("{alert:?}")))
        .map(|(_, text)| *text)
}

fn alert_name(alert: AlertDescription) -> Option<&'static str> {
    ALERTS.iter().find(|(a, _)| *a == alert).map(|(_, text)| *text)
}

/// What the alerts about our certificate say.
const ALERTS: &[(AlertDescription, &str)] = &[
    (
        AlertDescription::CertificateRequired,
        "it demands a client certificate",
    ),
    (
        AlertDescription::UnknownCA,
        "its certificate is from an authority that the server does not trust",
    ),
    (
        AlertDescription::DecryptError,
        "its certificate has a signature that does not fit",
    ),
    (
        AlertDescription::CertificateExpired,
        "its certificate has expired",
    ),
    (
        AlertDescription::CertificateRevoked,
        "its certificate was revoked",
    ),
    (
        AlertDescription::BadCertificate,
        "its certificate was not accepted",
    ),
    (
        AlertDescription::CertificateUnknown,
        "its certificate was not accepted",
    ),
    (AlertDescription::AccessDenied, "its name is not one of the mesh"),
];
