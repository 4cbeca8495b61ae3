//! A PostgreSQL server for the tests of this process, and a fresh database for each that asks.

use std::path::PathBuf;
use std::process::{ChildStdin, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::OnceCell;

const URL: &str = "DATAWAVE_TEST_POSTGRES_URL";
const SKIP: &str = "DATAWAVE_TEST_SKIP_POSTGRES";

/// The server is one for the process, as its start takes a second; tests share nothing else.
static SERVER: OnceCell<Server> = OnceCell::const_new();
/// Databases that nobody uses any more; whoever makes the next one drops them.
static UNUSED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static MADE: AtomicU64 = AtomicU64::new(0);

struct Server {
    url: String,
    /// The server stops when this end closes: when the process ends, however it ends.
    _alive: Option<ChildStdin>,
}

/// URL of a new, empty database (UTF-8) on a running PostgreSQL, as its superuser.
///
/// The server is the one at `DATAWAVE_TEST_POSTGRES_URL`, or a private one that dies with this process.
/// `None` only when `DATAWAVE_TEST_SKIP_POSTGRES=1`.
///
/// # Panics
/// When no PostgreSQL can be had.
pub async fn postgres() -> Option<String> {
    database().await.map(|database| {
        let url = database.url.clone();
        // The caller may use it to the end of the process.
        std::mem::forget(database);
        url
    })
}

/// A database that is dropped some time after this is.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut unused) = UNUSED.lock() {
            unused.push(std::mem::take(&mut self.name));
        }
    }
}

pub(crate) async fn database() -> Option<Database> {
    if std::env::var(SKIP).is_ok_and(|v| v == "1") {
        eprintln!("NOT TESTED on PostgreSQL: {SKIP}=1");
        return None;
    }
    let server = SERVER.get_or_init(start).await;
    let name = format!(
        "test_{}_{}_{:08x}",
        std::process::id(),
        MADE.fetch_add(1, Ordering::SeqCst),
        random()
    );
    let mut admin = connect(&server.url).await;
    for old in unused() {
        run(
            &mut admin,
            format!("DROP DATABASE IF EXISTS \"{old}\" WITH (FORCE)"),
        )
        .await;
    }
    run(
        &mut admin,
        format!("CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"),
    )
    .await;
    admin.close().await.expect("the connection to PostgreSQL closes");
    Some(Database {
        url: with_database(&server.url, &name),
        name,
    })
}

fn unused() -> Vec<String> {
    UNUSED
        .lock()
        .map(|mut list| std::mem::take(&mut *list))
        .unwrap_or_default()
}

async fn run(admin: &mut PgConnection, statement: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
        .execute(admin)
        .await;
    done.unwrap_or_else(|e| panic!("{statement}: {e}"));
}

/// Opens a connection that does not log its statements.
pub(crate) async fn connect(url: &str) -> PgConnection {
    let options: sqlx::postgres::PgConnectOptions = url
        .parse()
        .unwrap_or_else(|e| panic!("{URL} is not a PostgreSQL URL: {e}"));
    let options = options.disable_statement_logging();
    options
        .connect()
        .await
        .unwrap_or_else(|e| panic!("PostgreSQL at {URL} does not answer: {e}"))
}

/// `url` with its database replaced.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(a, p)| (a, Some(p)));
    let host_end = address.find("://").map_or(0, |at| at + 3);
    let path = address[host_end..]
        .find('/')
        .map_or(address.len(), |at| host_end + at);
    let parameters = parameters.map(|p| format!("?{p}")).unwrap_or_default();
    format!("{}/{name}{parameters}", &address[..path])
}

fn random() -> u32 {
    let mut bytes = [0; 4];
    datawave_core::digest::random_bytes(&mut bytes);
    u32::from_be_bytes(bytes)
}

async fn start() -> Server {
    if let Ok(url) = std::env::var(URL) {
        return Server { url, _alive: None };
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
    let dir = tempfile::tempdir().expect("a temporary folder").keep();
    // Its own process group: what ends the tests must not end the script, which then stops the server.
    let mut child = tokio::process::Command::new(&script)
        .arg("run")
        .arg(&dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap_or_else(|e| panic!("{} does not start: {e}", script.display()));
    let stdin = child.stdin.take().expect("stdin is a pipe");
    let stdout = child.stdout.take().expect("stdout is a pipe");
    let mut url = String::new();
    BufReader::new(stdout)
        .read_line(&mut url)
        .await
        .expect("the script's answer");
    let url = url.trim().to_owned();
    assert!(
        url.starts_with("postgres://"),
        "no PostgreSQL for tests: the lines above say why. Install one (apt-get install postgresql), \
         set {URL} to a server where databases may be created, or set {SKIP}=1 to leave half of the tests out"
    );
    let stdin = stdin.into_owned_fd().expect("the pipe of the script");
    Server {
        url,
        _alive: Some(ChildStdin::from(stdin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        for (url, expected) in [
            ("postgres://u@h:1/postgres", "postgres://u@h:1/x"),
            ("postgres://u@h:1", "postgres://u@h:1/x"),
            (
                "postgres://u@h/a?sslmode=disable",
                "postgres://u@h/x?sslmode=disable",
            ),
        ] {
            assert_eq!(with_database(url, "x"), expected);
        }
    }
}
