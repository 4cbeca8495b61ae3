//! A home of its own for each test, the binary in it, and one instance that tests share.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

const BINARY: &str = env!("CARGO_BIN_EXE_datawave");

/// A user's home: a folder, with a data directory in it that is made by the first command.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

/// A command that has ended.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The binary with nothing in its environment but what a user has.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("DATAWAVE_DATA_DIR", self.data())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments).output().expect("the binary starts"))
    }

    /// Runs a command whose output is one JSON document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let all = [arguments, &["-o", "json"]].concat();
        let done = self.run(&all);
        assert_eq!(done.code, 0, "{all:?}: {}", done.stderr);
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{all:?}: {e}: {}", done.stdout))
    }

    /// Starts a command and leaves it running.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        Running {
            child,
            stderr,
            heard: String::new(),
        }
    }

    /// Writes an SQLite file; gives its address.
    pub(crate) fn sqlite(&self, name: &str, statements: &str) -> String {
        let path = self.path().join(name);
        sql(&path, statements);
        format!("sqlite:{}", path.display())
    }
}

/// Runs statements on an SQLite file, which is made when it is missing.
pub(crate) fn sql(path: &Path, statements: &str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    wait_for(async {
        let mut connection = options.connect().await.expect("the file opens");
        let done = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
            .execute(&mut connection)
            .await;
        done.unwrap_or_else(|e| panic!("{statements}: {e}"));
        connection.close().await.expect("the file closes");
    });
}

pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// A command that runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    heard: String,
}

impl Running {
    /// Waits until it says something on standard error.
    pub(crate) fn hears(&mut self, text: &str) {
        while !self.heard.contains(text) {
            let mut line = String::new();
            let read = self.stderr.read_line(&mut line).expect("a pipe");
            assert!(read > 0, "it ended without saying {text:?}: {}", self.heard);
            self.heard.push_str(&line);
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(done.expect("kill").success());
    }

    pub(crate) fn end(mut self) -> Done {
        let mut stdout = String::new();
        self.child
            .stdout
            .take()
            .expect("a pipe")
            .read_to_string(&mut stdout)
            .expect("text");
        self.stderr.read_to_string(&mut self.heard).expect("text");
        let status = self.child.wait().expect("it ends");
        Done {
            code: status.code().unwrap_or(-1),
            stdout,
            stderr: self.heard,
        }
    }
}

fn done(output: Output) -> Done {
    Done {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// An instance that serves a home until this is dropped, or the process ends.
pub(crate) struct Instance {
    pub(crate) ready: Value,
    pub(crate) first_line: String,
    /// The shell around it ends it when this end closes.
    _alive: ChildStdin,
    shell: Child,
}

impl Instance {
    /// `datawave up` on free ports.
    pub(crate) fn start(home: &Home) -> Self {
        let script = "\"$0\" up --listen 127.0.0.1:0 -o json & pid=$!; read -r _; kill -TERM $pid; wait $pid 2>/dev/null";
        let mut shell = Command::new("sh")
            .args(["-c", script, BINARY])
            .env("DATAWAVE_DATA_DIR", home.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(home.path().join("up.log")).expect("a log"))
            .spawn()
            .expect("a shell");
        let alive = shell.stdin.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let log = || std::fs::read_to_string(home.path().join("up.log")).unwrap_or_default();
        let ready = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}: {}", log()));
        Self {
            ready,
            first_line: line,
            _alive: alive,
            shell,
        }
    }

    /// Ends it, and waits until it has ended.
    pub(crate) fn stop(self) {
        let Self {
            _alive, mut shell, ..
        } = self;
        drop(_alive);
        shell.wait().expect("it ends");
    }
}

/// The home with an instance that tests share; each uses sources of its own.
pub(crate) fn shared() -> &'static Home {
    static SHARED: OnceLock<(Home, Instance)> = OnceLock::new();
    let (home, _) = SHARED.get_or_init(|| {
        let home = Home::new();
        let instance = Instance::start(&home);
        (home, instance)
    });
    home
}

/// The lines of `-o jsonl`.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// A few people, as statements.
pub(crate) const PEOPLE: &str = "create table people (id integer primary key, email text, note text);
    insert into people (email, note) values ('ann@example.org', 'x'), ('bob@example.org', 'y'),
    ('cid@example.org', 'z'), ('dan@example.org', 'x'), ('eve@example.org', 'y'), ('flo@example.org', 'z');";
