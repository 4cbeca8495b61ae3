//! The secret half of a source's address.

use secrecy::{ExposeSecret, SecretString};

/// A password. It is wiped when dropped and its `Debug` shows nothing.
#[derive(Clone, Debug)]
pub struct Credential(SecretString);

impl Credential {
    /// Takes over a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(SecretString::from(password.into()))
    }

    /// Lends the password to a driver, or to whoever hands it over an inherited pipe.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
