//! Address of a source: parsed once, normalised, and without its secret wherever it is shown.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use datawave_core::{Failure, Reason};

use crate::credential::Credential;
use crate::model::Engine;
use crate::postgres::address::{PostgresAddress, TlsMode};

/// Schemes and their engines; the list that an unknown scheme is answered with.
const SCHEMES: &[(&str, Engine)] = &[
    ("sqlite", Engine::Sqlite),
    ("postgres", Engine::Postgres),
    ("postgresql", Engine::Postgres),
];

/// Address of a source.
///
/// - `sqlite:shop.db`, `sqlite:/data/shop.db`, `sqlite:///data/shop.db`: a file. Everything after the scheme is
///   the path, taken literally; a relative one is resolved against a directory that the caller names.
/// - `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…` (or `postgresql:`): see
///   [`PostgresAddress`] for the parameters and for what TLS is used by default.
///
/// `Debug` and `Display` show the address without its password.
#[derive(Clone)]
pub struct SourceUrl {
    pub(crate) target: Target,
    secret: Option<Credential>,
}

#[derive(Clone)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres(PostgresAddress),
}

impl SourceUrl {
    /// Parses an address; a relative SQLite path is resolved against the current directory.
    ///
    /// `SOURCE_SCHEME_UNKNOWN` lists the schemes there are; `SOURCE_URL_INVALID` says what is wrong without
    /// repeating the text, which may hold a password in an unexpected place.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let base = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        Self::parse_in(text, &base)
    }

    /// Like [`parse`](Self::parse), with the directory that a relative SQLite path starts from.
    pub fn parse_in(text: &str, base: &Path) -> Result<Self, Failure> {
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(invalid("it has no scheme"));
        };
        let scheme = scheme.to_ascii_lowercase();
        match SCHEMES.iter().find(|(name, _)| *name == scheme) {
            Some((_, Engine::Sqlite)) => Ok(Self {
                target: Target::Sqlite(sqlite_path(rest, base)?),
                secret: None,
            }),
            Some((_, Engine::Postgres)) => {
                let (address, secret) = PostgresAddress::parse(rest)?;
                Ok(Self {
                    target: Target::Postgres(address),
                    secret,
                })
            }
            None => Err(unknown_scheme(&scheme, rest)),
        }
    }

    /// Engine of the source.
    pub fn engine(&self) -> Engine {
        match &self.target {
            Target::Sqlite(_) => Engine::Sqlite,
            Target::Postgres(_) => Engine::Postgres,
        }
    }

    /// What makes a source itself: engine, host, port and database, or absolute path. Equal for two addresses
    /// of the same source, whatever user, password or parameters they carry. Holds no secret.
    pub fn identity(&self) -> String {
        match &self.target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(address) => address.identity(),
        }
    }

    /// The whole address without its password. It parses back to the same source.
    pub fn without_secret(&self) -> String {
        match &self.target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(address) => address.to_url(),
        }
    }

    /// Takes the password out of the address; the second call finds none.
    pub fn take_secret(&mut self) -> Option<Credential> {
        self.secret.take()
    }

    /// The password that the address still carries.
    pub(crate) fn secret(&self) -> Option<&Credential> {
        self.secret.as_ref()
    }

    /// Protection of the connection; `None` where there is none to protect.
    pub fn tls_mode(&self) -> Option<TlsMode> {
        match &self.target {
            Target::Sqlite(_) => None,
            Target::Postgres(address) => Some(address.tls),
        }
    }

    /// Name for the source when its owner gives none: the file's stem, or the database.
    pub fn name(&self) -> String {
        self.database()
    }

    /// Name of the database in the paths of its tables: the file's stem, or the database.
    pub fn database(&self) -> String {
        match &self.target {
            Target::Sqlite(path) => path
                .file_stem()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
            Target::Postgres(address) => address.database.clone(),
        }
    }
}

impl fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_secret())
    }
}

impl fmt::Debug for SourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceUrl({})", self.without_secret())
    }
}

/// A malformed address; `what` must not repeat any of its text.
pub(crate) fn invalid(what: &str) -> Failure {
    Failure::new(
        Reason::SourceUrlInvalid,
        format!("the source's address cannot be read: {what}"),
    )
    .with_remedy(
        "write sqlite:PATH or postgres://USER@HOST:PORT/DATABASE; \
         characters such as @ : / ? # % in a user or password are written as %40 %3A %2F %3F %23 %25",
    )
}

/// Names the scheme only where it stands like one: what is before the first `:` of a damaged address may be
/// a user, or worse.
fn unknown_scheme(scheme: &str, rest: &str) -> Failure {
    let plain = scheme.len() <= 20 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+');
    let message = if plain && rest.starts_with("//") {
        format!("no connector serves the scheme {scheme}:")
    } else {
        "no connector serves the scheme of this source".into()
    };
    let known: Vec<String> = SCHEMES.iter().map(|(name, _)| format!("{name}:")).collect();
    Failure::new(Reason::SourceSchemeUnknown, message)
        .with_remedy(format!("use one of: {}", known.join(", ")))
}

/// Absolute path, symbolic links followed where the file exists, so that one file has one identity.
fn sqlite_path(rest: &str, base: &Path) -> Result<PathBuf, Failure> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() {
        return Err(invalid("it names no file"));
    }
    if path.contains('\0') {
        return Err(invalid("a path cannot hold a NUL character"));
    }
    if path == ":memory:" {
        return Err(invalid(
            "a database in memory belongs to one process and cannot be scanned",
        ));
    }
    let joined = base.join(path);
    Ok(joined.canonicalize().unwrap_or_else(|_| without_dots(&joined)))
}

fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
