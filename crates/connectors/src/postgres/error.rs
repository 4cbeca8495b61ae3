//! PostgreSQL's errors in our words. Its own texts quote values and SQL, so they go nowhere, not even into the
//! private cause: that holds the SQLSTATE only.

use std::io;
use std::time::Duration;

use datawave_core::{Failure, Reason};
use rustls::CertificateError;

use super::address::PostgresAddress;
use super::grants;

/// Private cause: the server's code for its error.
#[derive(Debug, thiserror::Error)]
#[error("SQLSTATE {0}")]
struct SqlState(String);

/// Private cause: something of the driver, without its text.
#[derive(Debug, thiserror::Error)]
#[error("the PostgreSQL driver failed: {0}")]
struct DriverFault(&'static str);

/// The SQLSTATE of an error, when the server sent one.
pub(super) fn sql_state(cause: &sqlx::Error) -> Option<String> {
    match cause {
        sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
        _ => None,
    }
}

/// No usable session came about.
pub(super) fn connecting(cause: sqlx::Error, address: &PostgresAddress) -> Failure {
    if let Some(state) = sql_state(&cause) {
        return refused(&state, address).with_source(SqlState(state));
    }
    let endpoint = address.endpoint();
    match cause {
        sqlx::Error::Io(cause) => match rustls_error(&cause) {
            Some(tls) => tls_failed(&endpoint, &tls_problem(tls, &address.host)).with_source(cause),
            None if cause.kind() == io::ErrorKind::NotFound && address.root_certificate.is_some() => {
                tls_failed(&endpoint, "a certificate file of the address cannot be read").with_source(cause)
            }
            None => {
                unreachable(&endpoint, "the connection was cut while it was being opened").with_source(cause)
            }
        },
        sqlx::Error::Tls(cause) => {
            let what = match cause.downcast_ref::<rustls::Error>() {
                Some(tls) => tls_problem(tls, &address.host),
                None if cause.to_string().contains("does not support TLS") => {
                    "the server does not offer TLS, and the address demands it".into()
                }
                None => "a certificate of the address cannot be used".into(),
            };
            tls_failed(&endpoint, &what).with_source(DriverFault("TLS"))
        }
        sqlx::Error::Configuration(_) => {
            tls_failed(&endpoint, "a certificate or key of the address cannot be used")
                .with_source(DriverFault("configuration"))
        }
        _ => broken(&format!(
            "what answers at {endpoint} does not speak PostgreSQL's protocol"
        ))
        .with_source(DriverFault("protocol")),
    }
}

/// The server answered the login with an error.
fn refused(state: &str, address: &PostgresAddress) -> Failure {
    let (endpoint, database) = (address.endpoint(), &address.database);
    match state {
        "28P01" | "28000" => Failure::new(
            Reason::SourceLoginRefused,
            format!("{endpoint} refused the login of user {}", address.user),
        )
        .with_remedy(
            "check user and password; the server's pg_hba.conf must also allow this user, database and client address",
        ),
        "3D000" => Failure::new(
            Reason::SourceObjectMissing,
            format!("{endpoint} has no database {database}"),
        )
        .with_remedy("list the databases with `psql -l` and correct the end of the address"),
        "42501" => Failure::new(
            Reason::SourceGrantMissing,
            format!("user {} may not connect to database {database}", address.user),
        )
        .with_remedy(match grants::connect(database, &address.user) {
            Ok(grant) => format!("let an owner run: {grant}"),
            Err(_) => "let an owner grant CONNECT on the database".into(),
        }),
        "53300" | "57P03" | "57P01" | "57P02" => unreachable(
            &endpoint,
            "the server takes no connections now: it is starting, stopping or full",
        ),
        "57014" => too_slow("the login", Duration::ZERO),
        _ => broken("it ended the login with an error"),
    }
}

/// A statement failed.
pub(super) fn statement(cause: &sqlx::Error, doing: &str) -> Failure {
    let Some(state) = sql_state(cause) else {
        return match cause {
            sqlx::Error::Io(_) => Failure::new(
                Reason::SourceUnreachable,
                format!("the connection was cut while {doing}"),
            )
            .with_remedy("check the server's log; the next scan opens a new connection")
            .with_source(DriverFault("input or output")),
            _ => broken(&format!("the driver could not read the answer while {doing}"))
                .with_source(DriverFault("decoding")),
        };
    };
    let failure = |reason, what: &str, remedy: &str| {
        Failure::new(reason, format!("{doing} failed: {what}")).with_remedy(remedy)
    };
    let failure = match state.as_str() {
        "42501" => failure(
            Reason::SourceGrantMissing,
            "permission was denied",
            "a view reads with its owner's rights and a function with the caller's: grant SELECT on what it reads, or \
             EXECUTE on what it calls",
        ),
        "57014" => failure(
            Reason::SourceTimeout,
            "it took longer than one statement may",
            "raise the limit of a statement, or exclude the object",
        ),
        "55P03" | "40P01" | "40001" => failure(
            Reason::SourceTimeout,
            "another session holds a lock on it",
            "scan again when that session has finished",
        ),
        "42P01" | "42703" | "3F000" => failure(
            Reason::SourceObjectMissing,
            "it is gone or was renamed since the catalogue was read",
            "scan again",
        ),
        "55000" => failure(
            Reason::SourceBroken,
            "the object is not in a state to be read",
            "a materialised view must be filled first: REFRESH MATERIALIZED VIEW",
        ),
        "57P01" | "57P02" | "57P03" | "08006" | "08003" => failure(
            Reason::SourceUnreachable,
            "the server ended the session",
            "check that the server is up and scan again",
        ),
        "53100" | "53200" | "53000" | "54000" => failure(
            Reason::SourceBroken,
            "the server ran out of memory or disk for it",
            "exclude the object, or its largest column",
        ),
        state if state.starts_with("HV") => failure(
            Reason::SourceBroken,
            "the server behind the foreign table did not answer",
            "check the foreign server and its user mapping, or exclude the table",
        ),
        state if state.starts_with("XX") => failure(
            Reason::SourceBroken,
            "the server found damaged data",
            "check the table with pg_amcheck",
        ),
        _ => failure(
            Reason::SourceBroken,
            "the server ended it with an error",
            "select from the object with psql as the same user to see the server's own message",
        ),
    };
    failure.with_source(SqlState(state))
}

/// No packet came through, or no name was found.
pub(super) fn unreachable(endpoint: &str, what: &str) -> Failure {
    Failure::new(
        Reason::SourceUnreachable,
        format!("{endpoint} cannot be reached: {what}"),
    )
    .with_remedy(
        "check host and port, that the server runs and listens there, and that no firewall stands between",
    )
}

/// Time ran out with a server that does answer.
pub(super) fn too_slow(doing: &str, limit: Duration) -> Failure {
    let message = if limit.is_zero() {
        format!("{doing} took too long")
    } else {
        format!("{doing} took longer than {} s", limit.as_secs_f32())
    };
    Failure::new(Reason::SourceTimeout, message)
        .with_remedy("check the load of the server; raise the limit, or exclude the object")
}

/// The server does not behave like one.
pub(super) fn broken(what: &str) -> Failure {
    Failure::new(Reason::SourceBroken, format!("the source is broken: {what}"))
        .with_remedy("check with psql what answers at this address, and the server's log")
}

/// The session went with an earlier statement.
pub(super) fn lost() -> Failure {
    Failure::new(
        Reason::SourceTimeout,
        "the session was lost with an earlier statement",
    )
    .with_remedy("scan the table again")
}

fn tls_failed(endpoint: &str, what: &str) -> Failure {
    Failure::new(
        Reason::SourceTlsFailed,
        format!("TLS with {endpoint} failed: {what}"),
    )
    .with_remedy(
        "name the authority that signed the server's certificate with sslrootcert=PATH, and the host as the \
         certificate does; sslmode=require encrypts without checking, sslmode=disable does neither",
    )
}

fn rustls_error(cause: &io::Error) -> Option<&rustls::Error> {
    cause.get_ref().and_then(|inner| inner.downcast_ref())
}

fn tls_problem(error: &rustls::Error, host: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => {
                "the server's certificate is signed by an authority that is not trusted here".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("the server's certificate is not made out to {host}")
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired".into()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet".into()
            }
            CertificateError::Revoked => "the server's certificate was revoked".into(),
            _ => "the server's certificate is not acceptable".into(),
        },
        rustls::Error::NoCertificatesPresented => "the server showed no certificate".into(),
        rustls::Error::AlertReceived(_) => "the server refused the handshake".into(),
        rustls::Error::InvalidMessage(_) => "what answers does not speak TLS".into(),
        _ => "the handshake did not succeed".into(),
    }
}
