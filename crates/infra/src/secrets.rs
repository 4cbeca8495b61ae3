//! Credentials by reference: configuration and the centre hold `env:NAME`, `file:/path` or `site:name`,
//! and only the process that needs the value resolves it, at the moment of use.

mod local;
mod site;

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use datawave_core::{Failure, Reason};
use secrecy::SecretString;

pub use local::{EnvLookup, LocalSecrets};
pub use site::SiteStore;

/// Where a secret is kept. Safe to store, to log and to send: it holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecretRef {
    /// `env:NAME`, a variable of the process's environment.
    Env(String),
    /// `file:/absolute/path`, a file such as a mounted Kubernetes secret.
    File(PathBuf),
    /// `site:name`, the store of this site.
    Site(String),
}

impl SecretRef {
    /// Reads a reference. Anything else is `INVALID_REQUEST`; the text is not repeated in the error, as it
    /// may be a password that was put in the wrong place.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |what: &str| {
            Failure::new(Reason::InvalidRequest, format!("the credential reference {what}"))
                .with_remedy("write env:NAME, file:/absolute/path or site:name")
        };
        match text.split_once(':') {
            Some(("env", name)) => {
                let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                plain
                    .then(|| Self::Env(name.to_owned()))
                    .ok_or_else(|| wrong("names no environment variable"))
            }
            Some(("file", path)) if path.starts_with('/') && !path.contains('\0') => {
                Ok(Self::File(PathBuf::from(path)))
            }
            Some(("file", _)) => Err(wrong("has no absolute path")),
            Some(("site", name)) if crate::files::is_plain_name(name) => Ok(Self::Site(name.to_owned())),
            Some(("site", _)) => Err(wrong(
                "has a name that is not 1 to 128 of a-z, 0-9, '_', '-', '.', beginning with a letter or digit",
            )),
            _ => Err(wrong("begins with no known place")),
        }
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Site(name) => write!(f, "site:{name}"),
        }
    }
}

/// Resolves references.
#[async_trait]
pub trait Secrets: Send + Sync + 'static {
    /// The value behind `reference`, read anew at each call so that a rotated secret is seen.
    ///
    /// Errors: `SECRET_UNAVAILABLE` when it is missing, empty, unreadable, not UTF-8 or of a kind that this
    /// backend does not serve. No error ever holds a value.
    async fn resolve(&self, reference: &SecretRef) -> Result<SecretString, Failure>;
}

/// A place where secrets can be kept by name, behind `site:name`.
#[async_trait]
pub trait SecretStore: Send + Sync + 'static {
    /// Stores or replaces `name`. Durable when it returns; a crash leaves the old or the new value.
    async fn put(&self, name: &str, value: SecretString) -> Result<SecretRef, Failure>;

    /// Removes `name`. Whether it was there.
    async fn delete(&self, name: &str) -> Result<bool, Failure>;
}

/// The largest secret: private keys and JSON key files fit, a database dump does not.
pub const MAX_SECRET_BYTES: usize = 64 * 1024;

fn unavailable(reference: &SecretRef, why: &str, remedy: &str) -> Failure {
    Failure::new(Reason::SecretUnavailable, format!("the secret {reference} {why}")).with_remedy(remedy)
}
