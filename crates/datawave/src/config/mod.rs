//! Settings: default < file (TOML) < environment (`DATAWAVE__LISTEN__GRPC`) < flag.
//!
//! Every key stands in `keys.rs` with its meaning and how its value is read; a key that does not is refused by
//! name, wherever it came from. The environment is read here and nowhere else in the product.

mod keys;
mod values;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_edge::EdgeConfig;
use datawave_rpc::Limits;
use secrecy::SecretString;
use toml::Value;

use crate::cli::Global;

pub(crate) use keys::KEYS;
pub(crate) use values::parse_duration;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Directory of the instance.
    pub(crate) data_dir: PathBuf,
    /// Public listener.
    pub(crate) listen: SocketAddr,
    /// Metrics and health; none: beside the public listener.
    pub(crate) metrics: Option<SocketAddr>,
    /// Further names and addresses that the server certificate is valid for.
    pub(crate) hosts: Vec<String>,
    /// Where the stores are, postgres://…; none: files in the data directory.
    pub(crate) store: Option<SecretString>,
    /// Filter of the log, in the form of RUST_LOG; none: info of a server, errors of a command.
    pub(crate) log: Option<String>,
    /// Where traces go.
    pub(crate) otlp: Option<String>,
    /// Name of the audit log in its checkpoints; none: a random one, made at the first start.
    pub(crate) audit_origin: Option<String>,
    /// Bounds of the server stack.
    pub(crate) limits: Limits,
    /// The edge node.
    pub(crate) edge: EdgeConfig,
    /// What a client presents and expects.
    pub(crate) client: Client,
    /// Whether output is without colours.
    pub(crate) no_color: bool,
}

/// How a command reaches an instance that is not its data directory's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// Address.
    pub(crate) endpoint: Option<String>,
    /// File with the token.
    pub(crate) token_file: Option<PathBuf>,
    /// File with the certificates to trust.
    pub(crate) ca_file: Option<PathBuf>,
}

/// Port of the public listener.
const PORT: u16 = 7643;

impl Settings {
    /// Metrics address in force: a port that was left to chance for the listener is left to chance here too.
    pub(crate) fn metrics_address(&self) -> SocketAddr {
        let port = if self.listen.port() == 0 {
            0
        } else {
            self.listen.port().saturating_add(1)
        };
        self.metrics
            .unwrap_or_else(|| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

    fn defaults(environment: &Environment) -> Self {
        Self {
            data_dir: environment.platform_data_dir(),
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT),
            metrics: None,
            hosts: Vec::new(),
            store: None,
            log: None,
            otlp: None,
            audit_origin: None,
            limits: Limits::default(),
            edge: EdgeConfig::default(),
            client: Client::default(),
            no_color: false,
        }
    }

    /// Reads file, environment and flags.
    ///
    /// # Errors
    /// `CONFIG_INVALID` naming the key and where it stands.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        Self::from_parts(global, &Environment::of_process())
    }

    fn from_parts(global: &Global, environment: &Environment) -> Result<Self, Failure> {
        let mut settings = Self::defaults(environment);
        let file = global
            .config
            .clone()
            .or_else(|| environment.path("DATAWAVE_CONFIG"));
        if let Some(path) = &file {
            settings.apply_file(path)?;
        }
        for (name, value) in &environment.0 {
            if let Some(key) = name.strip_prefix("DATAWAVE__") {
                let key = key.to_ascii_lowercase().replace("__", ".");
                settings.set(
                    &key,
                    &Value::String(value.clone()),
                    &format!("the variable {name}"),
                )?;
            }
        }
        let flag = |flag: &Option<PathBuf>, name: &str| flag.clone().or_else(|| environment.path(name));
        if let Some(dir) = flag(&global.data_dir, "DATAWAVE_DATA_DIR") {
            settings.data_dir = dir;
        }
        let endpoint = global
            .endpoint
            .clone()
            .or_else(|| environment.text("DATAWAVE_ENDPOINT"));
        settings.client = Client {
            endpoint: endpoint.or(settings.client.endpoint),
            token_file: flag(&global.token_file, "DATAWAVE_TOKEN_FILE").or(settings.client.token_file),
            ca_file: flag(&global.ca_file, "DATAWAVE_CA_FILE").or(settings.client.ca_file),
        };
        settings.no_color = global.no_color || environment.text("NO_COLOR").is_some();
        settings.data_dir = std::path::absolute(&settings.data_dir).map_err(|cause| {
            invalid(
                "data_dir is not a usable path".to_owned(),
                "give the directory with --data-dir",
            )
            .with_source(cause)
        })?;
        Ok(settings)
    }

    fn apply_file(&mut self, path: &Path) -> Result<(), Failure> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|cause| {
            invalid(
                format!("the settings in {shown} cannot be read"),
                "check the path and its permissions",
            )
            .with_source(cause)
        })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            // The place, not the line: it may hold the password of a store.
            let line = error.span().map_or(1, |span| {
                text[..span.start.min(text.len())].matches('\n').count() + 1
            });
            invalid(format!("{shown} is no TOML, line {line}"), "correct that line").with_source(error)
        })?;
        self.apply_table("", &table, &shown.to_string())
    }

    fn apply_table(&mut self, prefix: &str, table: &toml::Table, origin: &str) -> Result<(), Failure> {
        for (name, value) in table {
            let key = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}.{name}")
            };
            match value {
                Value::Table(inner) if KEYS.iter().any(|k| k.name.starts_with(&format!("{key}."))) => {
                    self.apply_table(&key, inner, origin)?;
                }
                value => self.set(&key, value, origin)?,
            }
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: &Value, origin: &str) -> Result<(), Failure> {
        let Some(known) = KEYS.iter().find(|known| known.name == key) else {
            let remedy = match values::nearest(key, KEYS.iter().map(|k| k.name)) {
                Some(near) => format!("remove it, or write `{near}` if that is what was meant"),
                None => "remove it; docs/config.md lists the keys".to_owned(),
            };
            return Err(invalid(format!("unknown key `{key}` in {origin}"), &remedy));
        };
        (known.set)(self, value).map_err(|expected| {
            invalid(
                format!("`{key}` ({}) in {origin} has a wrong value", known.meaning),
                &format!("write {expected}"),
            )
        })
    }
}

fn invalid(what: String, remedy: &str) -> Failure {
    Failure::new(Reason::ConfigInvalid, what).with_remedy(remedy)
}

/// The process's environment, or what a test puts in its place; sorted, so that the first mistake is the same
/// every time.
struct Environment(Vec<(String, String)>);

impl Environment {
    fn of_process() -> Self {
        let mut all: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .collect();
        all.sort();
        Self(all)
    }

    /// A variable; an empty one is none.
    fn text(&self, name: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.clone())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// `$XDG_DATA_HOME/datawave`, or `~/.local/share/datawave`.
    fn platform_data_dir(&self) -> PathBuf {
        let base = self.path("XDG_DATA_HOME").filter(|dir| dir.is_absolute());
        let base = base.or_else(|| self.path("HOME").map(|home| home.join(".local/share")));
        base.unwrap_or_else(|| PathBuf::from(".")).join("datawave")
    }
}

/// The environment as credential references (`env:NAME`) see it.
pub(crate) fn environment_lookup() -> datawave_infra::secrets::EnvLookup {
    std::sync::Arc::new(|name| std::env::var(name).ok())
}

/// Longest wait for another process that starts or stops in the same data directory.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: Option<&str>, variables: &[(&str, &str)], global: &Global) -> Result<Settings, Failure> {
        let mut global = global.clone();
        let dir = tempfile::tempdir().expect("a folder");
        if let Some(text) = file {
            let path = dir.path().join("datawave.toml");
            std::fs::write(&path, text).expect("the file");
            global.config = Some(path);
        }
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Settings::from_parts(&global, &Environment(variables))
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file_and_that_over_the_default() {
        let file = "data_dir = \"/file\"\n[listen]\ngrpc = \"127.0.0.1:1\"\nmetrics = \"127.0.0.1:2\"\n";
        let variables = [
            ("DATAWAVE__LISTEN__GRPC", "127.0.0.1:3"),
            ("DATAWAVE_DATA_DIR", "/environment"),
        ];
        let flags = Global {
            data_dir: Some("/flag".into()),
            ..Global::default()
        };
        let settings = load(Some(file), &variables, &flags).expect("settings");
        assert_eq!(settings.data_dir, Path::new("/flag"));
        assert_eq!(settings.listen.port(), 3);
        assert_eq!(settings.metrics.map(|a| a.port()), Some(2));
        assert_eq!(
            settings.edge.scans_in_parallel,
            EdgeConfig::default().scans_in_parallel
        );
        let settings = load(Some(file), &variables, &Global::default()).expect("settings");
        assert_eq!(settings.data_dir, Path::new("/environment"));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_a_likely_one() {
        for (file, key) in [
            ("colour = true", "colour"),
            ("[listen]\ngrcp = \"127.0.0.1:1\"", "listen.grcp"),
            ("[edge]\nscan_in_parallel = 3", "edge.scan_in_parallel"),
            ("[nothing.at.all]\nx = 1", "nothing"),
        ] {
            let failure = load(Some(file), &[], &Global::default()).expect_err(file);
            assert_eq!(failure.reason(), Reason::ConfigInvalid);
            assert!(failure.message().contains(&format!("`{key}`")), "{failure}");
        }
        let failure = load(Some("[listen]\ngrcp = 1"), &[], &Global::default()).expect_err("misspelt");
        assert!(
            failure.remedy().is_some_and(|r| r.contains("listen.grpc")),
            "{:?}",
            failure.remedy()
        );
        let failure = load(None, &[("DATAWAVE__EDGE__NAM", "x")], &Global::default()).expect_err("misspelt");
        assert!(failure.message().contains("edge.nam") && failure.message().contains("DATAWAVE__EDGE__NAM"));
    }

    #[test]
    fn a_wrong_value_is_refused_without_repeating_it() {
        for file in [
            "store = 5",
            "[limits]\nunary_deadline = \"soon\"",
            "[listen]\ngrpc = \"hunter2\"",
            "log = [",
        ] {
            let failure = load(Some(file), &[], &Global::default()).expect_err(file);
            assert_eq!(failure.reason(), Reason::ConfigInvalid);
            assert!(!failure.message().contains("hunter2"));
            assert!(failure.remedy().is_some());
        }
    }

    #[test]
    fn the_data_directory_follows_the_platform() {
        let of = |variables: &[(&str, &str)]| {
            load(None, variables, &Global::default())
                .expect("settings")
                .data_dir
        };
        assert_eq!(
            of(&[("HOME", "/home/ann")]),
            Path::new("/home/ann/.local/share/datawave")
        );
        assert_eq!(
            of(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "/data")]),
            Path::new("/data/datawave")
        );
        assert_eq!(
            of(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "relative")]),
            Path::new("/home/ann/.local/share/datawave")
        );
    }
}
