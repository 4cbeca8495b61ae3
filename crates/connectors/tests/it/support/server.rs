//! A PostgreSQL of these tests alone: it asks for passwords, speaks TLS and logs every statement.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use datawave_connectors::{Limits, Source, SourceUrl, connect};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const SKIP: &str = "DATAWAVE_TEST_SKIP_POSTGRES";

/// Password of every role made by [`Database::role`].
pub(crate) const PASSWORD: &str = "hunter2hunter2";

static SERVER: OnceLock<Server> = OnceLock::new();
static MADE: AtomicU32 = AtomicU32::new(0);

/// The server; one for all tests of this binary, stopped when the process ends.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// Certificate of the authority that signed the server's.
    pub(crate) authority: PathBuf,
    /// Certificate of an authority that has nothing to do with it.
    pub(crate) stranger: PathBuf,
    log: PathBuf,
    _folder: tempfile::TempDir,
    /// The server stops when its end of this pipe closes: when the process ends, however it ends.
    _alive: ChildStdin,
}

/// A new, empty database. `None` where the tests of PostgreSQL are switched off.
pub(crate) async fn database() -> Option<Database> {
    database_as("ENCODING 'UTF8' TEMPLATE template0").await
}

/// A new, empty database with these options.
pub(crate) async fn database_as(options: &str) -> Option<Database> {
    if std::env::var(SKIP).is_ok_and(|v| v == "1") {
        eprintln!("NOT TESTED on PostgreSQL: {SKIP}=1");
        return None;
    }
    let server = SERVER.get_or_init(start);
    let name = format!("source_{}", MADE.fetch_add(1, Ordering::SeqCst));
    server
        .run("postgres", &format!("CREATE DATABASE {name} {options}"))
        .await;
    Some(Database { server, name })
}

pub(crate) struct Database {
    pub(crate) server: &'static Server,
    pub(crate) name: String,
}

impl Database {
    /// Runs statements as superuser.
    pub(crate) async fn run(&self, sql: &str) {
        self.server.run(&self.name, sql).await;
    }

    /// Address for a role, without TLS.
    pub(crate) fn url(&self, user: &str) -> String {
        format!(
            "postgres://{user}:{PASSWORD}@127.0.0.1:{}/{}?sslmode=disable",
            self.server.port, self.name
        )
    }

    /// A session of the superuser.
    pub(crate) async fn open(&self) -> Source {
        self.open_as("postgres").await
    }

    pub(crate) async fn open_as(&self, user: &str) -> Source {
        self.open_with(user, &Limits::default()).await
    }

    pub(crate) async fn open_with(&self, user: &str, limits: &Limits) -> Source {
        let url = SourceUrl::parse(&self.url(user)).unwrap();
        connect(&url, None, limits).await.unwrap()
    }

    /// Lines that the server logged for this database, whoever caused them.
    pub(crate) fn log(&self) -> Vec<String> {
        let mark = format!("<{}|", self.name);
        std::fs::read_to_string(&self.server.log)
            .unwrap()
            .lines()
            .filter(|line| line.starts_with(&mark))
            .map(str::to_owned)
            .collect()
    }

    /// A role of the whole server with a name of its own; `host` rules ask it for its password.
    pub(crate) async fn role(&self, prefix: &str) -> String {
        let role = format!("{prefix}_{}", self.name);
        self.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"))
            .await;
        role
    }
}

impl Server {
    pub(crate) async fn connect(&self, database: &str) -> PgConnection {
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        );
        PgConnection::connect(&url).await.unwrap()
    }

    async fn run(&self, database: &str, sql: &str) {
        let mut connection = self.connect(database).await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await;
        done.unwrap_or_else(|e| panic!("{sql}: {e}"));
        connection.close().await.unwrap();
    }
}

fn start() -> Server {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
    let folder = tempfile::tempdir().unwrap();
    #[expect(
        clippy::zombie_processes,
        reason = "it outlives the tests by design, until their end of the pipe closes"
    )]
    let mut child = Command::new(script)
        .arg("run")
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let alive = child.stdin.take().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let port = url
        .trim()
        .strip_prefix("postgres://postgres@127.0.0.1:")
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .expect("a PostgreSQL for tests; the lines above say why there is none");
    let home = PathBuf::from(
        std::fs::read_to_string(folder.path().join("home"))
            .unwrap()
            .trim(),
    );
    configure(&home.join("data"), port);
    let server = Server {
        port,
        authority: home.join("data/authority.pem"),
        stranger: home.join("data/stranger.pem"),
        log: home.join("server.log"),
        _folder: folder,
        _alive: alive,
    };
    // The files are for this process; the folder is the server's.
    for file in [&server.authority, &server.stranger] {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    server
}

/// Passwords for all but the superuser, TLS with a certificate for `localhost`, and a log of everything.
fn configure(data: &Path, port: u16) {
    let owner = std::fs::metadata(data).unwrap();
    let put = |name: &str, text: &str| {
        let file = data.join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    };
    let (authority, issuer) = authority("authority of the tests");
    let (stranger, _) = self::authority("stranger");
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    put("authority.pem", &authority);
    put("stranger.pem", &stranger);
    put("server.crt", &certificate.pem());
    put("server.key", &key.serialize_pem());
    put(
        "pg_hba.conf",
        "host all postgres 127.0.0.1/32 trust\n\
         host all postgres ::1/128 trust\n\
         host all all 127.0.0.1/32 scram-sha-256\n\
         host all all ::1/128 scram-sha-256\n",
    );
    let settings = "ALTER SYSTEM SET ssl = on; \
        ALTER SYSTEM SET log_min_messages = 'log'; \
        ALTER SYSTEM SET log_statement = 'all'; \
        ALTER SYSTEM SET log_line_prefix = '<%d|%a> '; \
        SELECT pg_reload_conf()";
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable");
    // A thread of its own: this runs inside a test's runtime. It ends when the new settings are in force.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            for statement in settings.split(';') {
                sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
                    .execute(&mut connection)
                    .await
                    .unwrap();
            }
            // A new connection is made by the postmaster, which applies the signal before it accepts.
            loop {
                let mut next = PgConnection::connect(&url).await.unwrap();
                let on: String =
                    sqlx::query_scalar("SELECT current_setting('ssl') || current_setting('log_statement')")
                        .fetch_one(&mut next)
                        .await
                        .unwrap();
                if on == "onall" {
                    break;
                }
                tokio::task::yield_now().await;
            }
        });
    })
    .join()
    .unwrap();
}

fn authority(name: &str) -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.pem(), Issuer::new(params, key))
}
