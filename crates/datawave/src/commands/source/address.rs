//! Addresses of sources as people type them: taken apart here, so that a password goes to the site and nowhere else.

use datawave_connectors::{Credential, SourceUrl};
use datawave_core::{Failure, Reason};
use datawave_sources::Location;
use url::Url;

/// An address without its secret, and the secret.
pub(crate) struct Address {
    /// What the registry is told: no password, relative paths made absolute.
    pub(crate) url: String,
    /// Login name; empty for files.
    pub(crate) login: String,
    /// The password, if the address had one.
    pub(crate) secret: Option<Credential>,
    /// Id that the registry gives to this address.
    pub(crate) id: String,
}

impl Address {
    /// Reads an address; a relative path of a file starts from the current directory.
    ///
    /// # Errors
    /// `SOURCE_SCHEME_UNKNOWN`, `SOURCE_URL_INVALID`; neither repeats the text.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let mut source = SourceUrl::parse(text)?;
        let secret = source.take_secret();
        let url = source.without_secret();
        let login = match url.starts_with("sqlite:") {
            true => String::new(),
            false => {
                let parsed = Url::parse(&url).map_err(|_| no_host())?;
                parsed
                    .host_str()
                    .filter(|host| !host.is_empty())
                    .ok_or_else(no_host)?;
                decoded(parsed.username())
            }
        };
        let id = Location::parse(&url)?.id();
        Ok(Self {
            url,
            login,
            secret,
            id,
        })
    }

    /// Name of the source in the contracts.
    pub(crate) fn source_name(&self) -> String {
        format!("sources/{}", self.id)
    }
}

fn no_host() -> Failure {
    Failure::new(Reason::SourceUrlInvalid, "the source's address names no host").with_remedy(
        "write postgres://USER@HOST:PORT/DATABASE; a database behind a Unix socket is reached by its port",
    )
}

fn decoded(text: &str) -> String {
    let query = format!("k={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_taken_out_and_the_login_kept() {
        let address = Address::parse("postgres://o%27br%2Bien:hun%40ter2@DB.example/shop?sslmode=require")
            .expect("an address");
        assert_eq!(address.login, "o'br+ien");
        assert_eq!(address.secret.as_ref().map(Credential::expose), Some("hun@ter2"));
        assert!(!address.url.contains("ter2"));
        let other = Address::parse("postgresql://ann@db.example:5432/shop").expect("an address");
        assert_eq!(
            address.id, other.id,
            "user, password and parameters do not make another source"
        );
    }

    #[test]
    fn files_become_absolute() {
        let address = Address::parse("sqlite:some/../shop.db").expect("an address");
        let here = std::env::current_dir().expect("a directory");
        assert_eq!(address.url, format!("sqlite:{}", here.join("shop.db").display()));
        assert!(address.login.is_empty() && address.secret.is_none());
    }

    #[test]
    fn wrong_addresses_are_told_apart_and_never_repeated() {
        let reason = |text: &str| Address::parse(text).err().map(|f| (f.reason(), f.to_string()));
        let (unknown, text) = reason("oracle://ann:hunter2@db/shop").expect("refused");
        assert_eq!(unknown, Reason::SourceSchemeUnknown);
        assert!(!text.contains("hunter2"));
        for bad in [
            "postgres:ann:hunter2@db",
            "postgres://ann:hunter2@/shop?host=/run/postgresql",
            "sqlite:",
        ] {
            let (invalid, text) = reason(bad).expect("refused");
            assert_eq!(invalid, Reason::SourceUrlInvalid, "{bad}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
