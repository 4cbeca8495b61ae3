//! What a source is. Pure.

use datawave_core::{Failure, Reason, Timestamp, ids};
use url::Url;

/// Engines that a connector exists for, with the schemes of their URLs.
const ENGINES: [(&str, &[&str]); 2] = [
    ("sqlite", &["sqlite"]),
    ("postgresql", &["postgres", "postgresql"]),
];

/// Where a source is: engine, host, port and database, or an absolute path. Never a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// `sqlite`, `postgresql`.
    pub engine: &'static str,
    /// Normalised URL; equal sources have equal ones.
    pub url: String,
    /// File stem or database, for a display name.
    pub derived_name: String,
}

impl Location {
    /// Reads and normalises a URL.
    ///
    /// # Errors
    /// `SOURCE_SCHEME_UNKNOWN` when no connector serves the scheme; `SOURCE_URL_INVALID` for anything else,
    /// a password in the URL included: it must not reach the centre.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let scheme = text.split(':').next().unwrap_or_default();
        let engine = ENGINES
            .iter()
            .find(|(_, schemes)| schemes.contains(&scheme))
            .map(|(engine, _)| *engine);
        let Some(engine) = engine else {
            let known: Vec<&str> = ENGINES
                .iter()
                .flat_map(|(_, schemes)| schemes.iter().copied())
                .collect();
            return Err(Failure::new(
                Reason::SourceSchemeUnknown,
                "no connector serves URLs of this scheme",
            )
            .with_remedy(format!("use one of the schemes {}", known.join(", "))));
        };
        if engine == "sqlite" {
            Self::file(engine, text)
        } else {
            Self::server(engine, text)
        }
    }

    fn file(engine: &'static str, text: &str) -> Result<Self, Failure> {
        let path = text.trim_start_matches("sqlite:");
        let path = path.strip_prefix("//").unwrap_or(path);
        if !path.starts_with('/') || path.len() < 2 || path.contains('\0') {
            return Err(invalid(
                "the path of a SQLite file must be absolute",
                "write sqlite:/srv/data/shop.db",
            ));
        }
        let file = path.rsplit('/').next().unwrap_or_default();
        let stem = file
            .rsplit_once('.')
            .map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem });
        Ok(Self {
            engine,
            url: format!("sqlite:{path}"),
            derived_name: stem.to_owned(),
        })
    }

    fn server(engine: &'static str, text: &str) -> Result<Self, Failure> {
        let shape = "write postgres://user@host:5432/database";
        let url = Url::parse(text).map_err(|_| invalid("it is not a well formed URL", shape))?;
        if url.password().is_some_and(|p| !p.is_empty()) {
            return Err(invalid(
                "the URL holds a password, which must not leave the site",
                "store the password at the edge (`datawave source add` does) and send the URL without it",
            ));
        }
        if url
            .query_pairs()
            .any(|(key, _)| key.to_ascii_lowercase().contains("password"))
        {
            return Err(invalid(
                "the URL holds a password parameter",
                "store the password at the edge instead",
            ));
        }
        let host = url
            .host_str()
            .filter(|h| !h.is_empty())
            .ok_or_else(|| invalid("the host is missing", shape))?;
        let database = url.path().trim_start_matches('/');
        if database.is_empty() || database.contains('/') {
            return Err(invalid("the database is missing", shape));
        }
        let port = url.port().unwrap_or(5432);
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        let name = percent_decoded(database);
        Ok(Self {
            engine,
            url: format!(
                "postgres://{}:{port}/{database}{query}",
                host.to_ascii_lowercase()
            ),
            derived_name: name,
        })
    }

    /// Id of the source: the same identity gives the same id. Parameters of the connection do not count.
    pub fn id(&self) -> String {
        ids::derived(
            "src",
            &[self.engine, self.url.split('?').next().unwrap_or_default()],
        )
    }
}

fn percent_decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("k={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}

fn invalid(what: &str, remedy: &str) -> Failure {
    Failure::new(
        Reason::SourceUrlInvalid,
        format!("the source's URL cannot be used: {what}"),
    )
    .with_remedy(remedy)
}

/// A governed source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Id, `src_…`.
    pub(crate) id: String,
    /// Name for people.
    pub(crate) display_name: String,
    /// Engine.
    pub(crate) engine: String,
    /// Where it is.
    pub(crate) url: String,
    /// Reference to the credential at the edge.
    pub(crate) credential_ref: String,
    /// Login name.
    pub(crate) login: String,
    /// Edge node that reads it.
    pub(crate) edge: String,
    /// Patterns to look at.
    pub(crate) include: Vec<String>,
    /// Patterns to leave out.
    pub(crate) exclude: Vec<String>,
    /// Version, from 1.
    pub(crate) version: i64,
    /// Registered.
    pub(crate) created: Timestamp,
    /// Last changed.
    pub(crate) updated: Timestamp,
}

impl Source {
    /// Resource name.
    pub(crate) fn name(&self) -> String {
        format!("sources/{}", self.id)
    }

    /// Etag of this version.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }
}

/// A change that a person asks for; absent fields stay.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceChange {
    /// Id.
    pub(crate) id: String,
    /// Etag that was read.
    pub(crate) etag: String,
    /// New display name.
    pub(crate) display_name: Option<String>,
    /// New credential reference.
    pub(crate) credential_ref: Option<String>,
    /// New login name.
    pub(crate) login: Option<String>,
    /// New patterns to look at.
    pub(crate) include: Option<Vec<String>>,
    /// New patterns to leave out.
    pub(crate) exclude: Option<Vec<String>>,
}

impl SourceChange {
    /// The source after the change and the names of the fields that changed.
    ///
    /// # Errors
    /// `ETAG_MISMATCH` when `source` is not the version that was read.
    pub(crate) fn apply(
        &self,
        source: &Source,
        now: Timestamp,
    ) -> Result<(Source, Vec<&'static str>), Failure> {
        check_etag(source, &self.etag)?;
        let mut after = source.clone();
        let mut fields = Vec::new();
        let mut set = |name, place: &mut String, value: &Option<String>| {
            if let Some(value) = value
                && place != value
            {
                place.clone_from(value);
                fields.push(name);
            }
        };
        set("display_name", &mut after.display_name, &self.display_name);
        set("credential_ref", &mut after.credential_ref, &self.credential_ref);
        set("login", &mut after.login, &self.login);
        for (name, place, value) in [
            ("include", &mut after.include, &self.include),
            ("exclude", &mut after.exclude, &self.exclude),
        ] {
            if let Some(value) = value
                && place != value
            {
                place.clone_from(value);
                fields.push(name);
            }
        }
        if after.display_name.trim().is_empty() {
            return Err(Failure::invalid("display_name", "must not be empty"));
        }
        if !fields.is_empty() {
            after.version += 1;
            after.updated = now;
        }
        Ok((after, fields))
    }
}

/// Refuses an etag that is not the source's own.
pub(crate) fn check_etag(source: &Source, etag: &str) -> Result<(), Failure> {
    if etag == source.etag() {
        return Ok(());
    }
    Err(
        Failure::new(Reason::EtagMismatch, "the source changed since it was read")
            .with_remedy("read it again and repeat the change with its new etag")
            .with_metadata("current_etag", source.etag())
            .with_metadata("resource", source.name()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_source_have_one_id() {
        let id = |text: &str| Location::parse(text).unwrap().id();
        assert_eq!(
            id("postgres://ann@DB.example/shop"),
            id("postgresql://db.example:5432/shop?sslmode=require")
        );
        assert_ne!(
            id("postgres://db.example/shop"),
            id("postgres://db.example/shop2")
        );
        assert_eq!(id("sqlite:/srv/shop.db"), id("sqlite:///srv/shop.db"));
    }

    #[test]
    fn a_password_never_reaches_the_centre() {
        for url in [
            "postgres://ann:hunter2@db/shop",
            "postgres://db/shop?password=hunter2",
        ] {
            let failure = Location::parse(url).unwrap_err();
            assert_eq!(failure.reason(), Reason::SourceUrlInvalid);
            assert!(!format!("{failure} {:?}", failure.remedy()).contains("hunter2"));
        }
    }

    #[test]
    fn unknown_schemes_and_broken_urls_are_told_apart() {
        assert_eq!(
            Location::parse("oracle://x/y").unwrap_err().reason(),
            Reason::SourceSchemeUnknown
        );
        for bad in [
            "sqlite:shop.db",
            "postgres://",
            "postgres://host",
            "postgres://host/",
            "postgres:",
        ] {
            assert_eq!(
                Location::parse(bad).unwrap_err().reason(),
                Reason::SourceUrlInvalid,
                "{bad}"
            );
        }
    }

    #[test]
    fn names_are_derived_from_file_or_database() {
        assert_eq!(
            Location::parse("sqlite:/srv/my.shop.db").unwrap().derived_name,
            "my.shop"
        );
        assert_eq!(
            Location::parse("sqlite:/srv/.hidden").unwrap().derived_name,
            ".hidden"
        );
        assert_eq!(
            Location::parse("postgres://h/my%20shop").unwrap().derived_name,
            "my shop"
        );
    }
}
