//! The real binary in a data directory of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A data directory, and commands that use it.
pub(crate) struct Place {
    pub(crate) dir: PathBuf,
    _root: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self {
            dir: root.path().join("data"),
            _root: root,
        }
    }

    /// A folder beside the data directory that goes with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self._root.path().join(name)
    }

    /// A command whose environment holds nothing of ours but the data directory.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datawave"));
        for (key, _) in std::env::vars() {
            if key.starts_with("DATAWAVE") {
                command.env_remove(key);
            }
        }
        command.args(arguments).env("DATAWAVE_DATA_DIR", &self.dir);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and its JSON lines.
    pub(crate) fn lines(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?} ended with {:?}: {}",
            output.status.code(),
            String::from_utf8_lossy(&output.stderr)
        );
        parse(&output.stdout)
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running(self.command(arguments).spawn().unwrap())
    }
}

/// JSON lines.
pub(crate) fn parse(stdout: &[u8]) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A process that does not outlive the test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// SIGKILL, as a power cut: nothing is told.
    pub(crate) fn kill(mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A SQLite database made by `statements`.
pub(crate) fn database(path: &Path, statements: &[String]) {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let work = async {
        use sqlx::{Connection as _, Executor as _};
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        connection.execute("BEGIN").await.unwrap();
        for statement in statements {
            connection
                .execute(sqlx::AssertSqlSafe(statement.clone()))
                .await
                .unwrap();
        }
        connection.execute("COMMIT").await.unwrap();
        connection.close().await.unwrap();
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}
