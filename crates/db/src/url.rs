//! Where a store is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use datawave_core::{Failure, Reason};
use sqlx::postgres::PgConnectOptions;

/// Address of a store: `sqlite:/path/catalog.sqlite` or `postgres://user:password@host:port/database`.
///
/// PostgreSQL takes the parameters of libpq that sqlx knows: `sslmode` (default `prefer`), `sslrootcert`,
/// `sslcert`, `sslkey`, `host` (a folder with a socket), `application_name`, `options`; and
/// `statement-cache-capacity`. With `statement-cache-capacity=0` no statement is prepared under a name, as
/// poolers want it. A pooler must give each client its own session (the schema is a session setting).
///
/// `Debug` and `Display` show `***` for the password.
#[derive(Clone)]
pub struct DbUrl {
    pub(crate) target: Target,
    shown: String,
}

#[derive(Clone)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres {
        options: Box<PgConnectOptions>,
        /// Whether statements may be kept prepared between calls.
        persistent: bool,
    },
}

const PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

impl DbUrl {
    /// Parses an address.
    ///
    /// # Errors
    /// `CONFIG_INVALID`; the text never quotes the address, which may hold a password.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '\0']) || path.starts_with(':') {
                return Err(invalid(
                    "an SQLite store is a file without parameters",
                    "write sqlite:/path/to/file",
                ));
            }
            return Ok(Self::sqlite(path));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::postgres(text);
        }
        Err(invalid(
            "the address of a store begins with sqlite: or postgres://",
            "write sqlite:/path/to/file or postgres://user:password@host/database",
        ))
    }

    /// The store in this file.
    pub fn sqlite(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        let shown = format!("sqlite:{}", path.display());
        Self {
            target: Target::Sqlite(path),
            shown,
        }
    }

    fn postgres(text: &str) -> Result<Self, Failure> {
        const EXAMPLE: &str =
            "write postgres://user:password@host:5432/database, special characters percent-encoded";
        let mut url =
            url::Url::parse(text).map_err(|_| invalid("the PostgreSQL address is not a URL", EXAMPLE))?;
        let mut persistent = true;
        let mut has_secret = false;
        for (key, value) in url.query_pairs() {
            if !PARAMETERS.contains(&key.as_ref()) && !key.starts_with("options[") {
                return Err(invalid(
                    "the PostgreSQL address has a parameter that is not known",
                    "the known ones are in the documentation of the setting; sslmode and host are the usual",
                ));
            }
            persistent &= !(key == "statement-cache-capacity" && value == "0");
            has_secret |= key == "password";
        }
        // The driver's message may quote a part of the address: it is dropped.
        let options = PgConnectOptions::from_str(text)
            .map_err(|_| invalid("the PostgreSQL address has a wrong part or parameter", EXAMPLE))?;
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return Err(invalid(
                "the PostgreSQL address has a password and no host",
                EXAMPLE,
            ));
        }
        if has_secret {
            url.set_query(Some("***"));
        }
        Ok(Self {
            target: Target::Postgres {
                options: Box::new(options),
                persistent,
            },
            shown: url.into(),
        })
    }
}

fn invalid(what: &str, remedy: &str) -> Failure {
    Failure::new(Reason::ConfigInvalid, what).with_remedy(remedy)
}

impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DbUrl").field(&self.shown).finish()
    }
}

impl FromStr for DbUrl {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Self::parse(text)
    }
}
