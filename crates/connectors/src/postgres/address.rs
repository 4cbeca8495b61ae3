//! Address of a PostgreSQL database, and how its connection is protected.

use std::net::IpAddr;
use std::path::PathBuf;

use datawave_core::Failure;

use crate::credential::Credential;
use crate::url::invalid;

/// How a connection to PostgreSQL is protected; the names are those of libpq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// No TLS.
    Disable,
    /// TLS if the server has it, certificate not checked.
    Prefer,
    /// TLS, certificate not checked.
    Require,
    /// TLS, the certificate's chain is checked, its name is not.
    VerifyCa,
    /// TLS, chain and name are checked.
    VerifyFull,
}

impl TlsMode {
    const ALL: [(&'static str, Self); 5] = [
        ("disable", Self::Disable),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, mode)| *mode)
    }

    /// The word in an address.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, mode)| *mode == self)
            .map_or("verify-full", |(name, _)| name)
    }
}

/// Address of one PostgreSQL database.
///
/// Parameters: `sslmode` (disable, prefer, require, verify-ca, verify-full), `sslrootcert`, `sslcert`, `sslkey`
/// (paths to PEM files on the edge), `host` (a directory with a Unix socket, or a host), `port`, `user`,
/// `password`, `dbname`. Anything else is refused, so that a misspelt `sslmode` cannot pass unnoticed.
///
/// Without `sslmode` a connection that leaves the machine is `verify-full`: data under governance and its
/// password do not cross a network to a server that did not prove its name. On loopback and Unix sockets it
/// is `prefer`. Whoever wants less writes it into the address, where an auditor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresAddress {
    /// Host name in lower case, IP address, or a directory with a Unix socket.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Login role.
    pub user: String,
    /// Database; the login's name when the address has none, as for every PostgreSQL client.
    pub database: String,
    /// Protection in force.
    pub tls: TlsMode,
    /// Certificates to trust besides those of the system.
    pub root_certificate: Option<PathBuf>,
    /// Certificate and key of this client.
    pub client_identity: Option<(PathBuf, PathBuf)>,
    explicit_tls: bool,
}

impl PostgresAddress {
    /// Parses what follows the scheme; the password comes apart from the address.
    pub(crate) fn parse(rest: &str) -> Result<(Self, Option<Credential>), Failure> {
        let Some(rest) = rest.strip_prefix("//") else {
            return Err(invalid("// is missing after the scheme"));
        };
        if rest.contains('#') {
            return Err(invalid("it has a # in it; in a user or password write %23"));
        }
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.split_once('/').unwrap_or((place, ""));
        let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (login, secret) = match login.split_once(':') {
            Some((login, secret)) => (login, Some(secret)),
            None => (login, None),
        };
        let (host, port) = split_port(host)?;
        let (mut host, mut port) = (decode(host)?, port.map(parse_port).transpose()?);
        let (mut user, mut password) = (decode(login)?, secret.map(decode).transpose()?);
        let mut database = decode(path)?;
        let (mut tls, mut root, mut certificate, mut key) = (None, None, None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value)?;
            match name {
                "sslmode" => {
                    tls = Some(TlsMode::parse(&value).ok_or_else(|| {
                        invalid("sslmode is one of disable, prefer, require, verify-ca, verify-full")
                    })?);
                }
                "sslrootcert" => root = Some(PathBuf::from(value)),
                "sslcert" => certificate = Some(PathBuf::from(value)),
                "sslkey" => key = Some(PathBuf::from(value)),
                "host" => host = value,
                "port" => {
                    port = Some(
                        value
                            .parse()
                            .map_err(|_| invalid("port is not a number up to 65535"))?,
                    )
                }
                "user" => user = value,
                "password" => password = Some(value),
                "dbname" => database = value,
                other => return Err(invalid(&unknown_parameter(other))),
            }
        }
        let host = normalised(&host)?;
        if user.is_empty() {
            return Err(invalid("it names no user"));
        }
        if database.is_empty() {
            database.clone_from(&user);
        }
        if [&host, &user, &database].iter().any(|part| part.contains('\0')) {
            return Err(invalid("it has a NUL character in it"));
        }
        let client_identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(invalid("sslcert and sslkey come together")),
        };
        let default = if is_local(&host) {
            TlsMode::Prefer
        } else {
            TlsMode::VerifyFull
        };
        let address = Self {
            port: port.unwrap_or(5432),
            tls: tls.unwrap_or(default),
            explicit_tls: tls.is_some(),
            root_certificate: root,
            client_identity,
            host,
            user,
            database,
        };
        Ok((address, password.filter(|p| !p.is_empty()).map(Credential::new)))
    }

    /// Whether the host is a directory with a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// `host:port` for messages.
    pub fn endpoint(&self) -> String {
        if self.is_socket() {
            format!("{}/.s.PGSQL.{}", self.host, self.port)
        } else if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(crate) fn identity(&self) -> String {
        let host = if self.is_socket() || self.host.contains(':') {
            encode(&self.host)
        } else {
            self.host.clone()
        };
        format!("postgres://{host}:{}/{}", self.port, encode(&self.database))
    }

    pub(crate) fn to_url(&self) -> String {
        let mut out = format!("postgres://{}@", encode(&self.user));
        let mut parameters = Vec::new();
        if self.is_socket() {
            parameters.push(format!("host={}", encode(&self.host)));
            parameters.push(format!("port={}", self.port));
        } else if self.host.contains(':') {
            out.push_str(&format!("[{}]:{}", self.host, self.port));
        } else {
            out.push_str(&format!("{}:{}", self.host, self.port));
        }
        out.push('/');
        out.push_str(&encode(&self.database));
        if self.explicit_tls {
            parameters.push(format!("sslmode={}", self.tls.as_str()));
        }
        let mut path = |name: &str, value: &std::path::Path| {
            parameters.push(format!("{name}={}", encode(&value.to_string_lossy())));
        };
        if let Some(root) = &self.root_certificate {
            path("sslrootcert", root);
        }
        if let Some((certificate, key)) = &self.client_identity {
            path("sslcert", certificate);
            path("sslkey", key);
        }
        if !parameters.is_empty() {
            out.push('?');
            out.push_str(&parameters.join("&"));
        }
        out
    }
}

/// Host and port of an authority; an IPv6 address stands in brackets.
fn split_port(text: &str) -> Result<(&str, Option<&str>), Failure> {
    let (host, port) = match text.find(']') {
        Some(end) => text.split_at(end + 1),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    match port.strip_prefix(':') {
        Some("") => Ok((host, None)),
        Some(port) => Ok((host, Some(port))),
        None if port.is_empty() => Ok((host, None)),
        None => Err(invalid("host and port are not well formed")),
    }
}

fn parse_port(text: &str) -> Result<u16, Failure> {
    text.parse()
        .map_err(|_| invalid("port is not a number up to 65535"))
}

fn unknown_parameter(name: &str) -> String {
    if name.len() <= 32 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        format!("no parameter is called {name}")
    } else {
        "it has a parameter that does not exist".into()
    }
}

fn normalised(host: &str) -> Result<String, Failure> {
    if host.is_empty() {
        return Err(invalid("it names no host"));
    }
    if host.starts_with('/') {
        let trimmed = host.trim_end_matches('/');
        return Ok(if trimmed.is_empty() {
            "/".into()
        } else {
            trimmed.into()
        });
    }
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Ok(ip.to_string());
    }
    let name = bare.trim_end_matches('.').to_lowercase();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(invalid(
            "the host is neither a name nor an IP address; only one host is supported",
        ));
    }
    Ok(name)
}

fn is_local(host: &str) -> bool {
    host.starts_with('/') || host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Percent-decoding to UTF-8. `+` is an ordinary character here.
fn decode(text: &str) -> Result<String, Failure> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digits = [bytes.next(), bytes.next()];
        let value = match digits {
            [Some(high), Some(low)] => hex(high).zip(hex(low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        out.push(value.ok_or_else(|| invalid("a % is not followed by two hexadecimal digits"))?);
    }
    String::from_utf8(out).map_err(|_| invalid("a %-sequence does not make UTF-8 text"))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
