//! A PostgreSQL of these tests alone that asks for passwords.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

const SKIP: &str = "DATAWAVE_TEST_SKIP_POSTGRES";

/// Password of every role that tests make.
pub(crate) const PASSWORD: &str = "hunter2hunter2";

pub(crate) struct Server {
    pub(crate) port: u16,
    _folder: tempfile::TempDir,
    /// The server stops when this end closes: when the process ends, however it ends.
    _alive: ChildStdin,
}

/// The server; `None` where the tests of PostgreSQL are switched off.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Server> = OnceLock::new();
    if std::env::var(SKIP).is_ok_and(|v| v == "1") {
        eprintln!("NOT TESTED on PostgreSQL: {SKIP}=1");
        return None;
    }
    Some(SERVER.get_or_init(start))
}

impl Server {
    /// Runs statements as superuser, each in a transaction of its own.
    pub(crate) fn run(&self, database: &str, statements: &[&str]) {
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        );
        super::rig::wait_for(async {
            let mut connection = PgConnection::connect(&url).await.expect("the superuser gets in");
            for statement in statements {
                let done = sqlx::raw_sql(AssertSqlSafe((*statement).to_owned()))
                    .execute(&mut connection)
                    .await;
                done.unwrap_or_else(|e| panic!("{statement}: {e}"));
            }
            connection.close().await.expect("the connection closes");
        });
    }

    /// Address for a role.
    pub(crate) fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@127.0.0.1:{}/{database}", self.port)
    }
}

fn start() -> Server {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
    let folder = tempfile::tempdir().expect("a folder");
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
        .expect("the script starts");
    let alive = child.stdin.take().expect("a pipe");
    let mut url = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut url)
        .expect("a line");
    let port = url
        .trim()
        .strip_prefix("postgres://postgres@127.0.0.1:")
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .expect("a PostgreSQL for tests; the lines above say why there is none");
    let home = std::fs::read_to_string(folder.path().join("home")).expect("the server's home");
    ask_for_passwords(&PathBuf::from(home.trim()).join("data"));
    let server = Server {
        port,
        _folder: folder,
        _alive: alive,
    };
    server.run("postgres", &["select pg_reload_conf()"]);
    // A connection after the reload is judged by the new rules: this one waits for them.
    let stranger = format!("postgres://nobody_at_all:x@127.0.0.1:{port}/postgres?sslmode=disable");
    super::rig::wait_for(async {
        loop {
            let refused = PgConnection::connect(&stranger)
                .await
                .expect_err("there is no such role");
            let code = refused
                .as_database_error()
                .and_then(|e| e.code().map(|c| c.into_owned()));
            if code.as_deref() == Some("28P01") {
                break;
            }
        }
    });
    server
}

/// Passwords for all but the superuser.
fn ask_for_passwords(data: &Path) {
    let owner = std::fs::metadata(data).expect("the server's data");
    let file = data.join("pg_hba.conf");
    let rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
    std::fs::write(&file, rules).expect("the rules");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("their mode");
    chown(&file, Some(owner.uid()), Some(owner.gid())).expect("their owner");
}
