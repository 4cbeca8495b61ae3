//! One connection to PostgreSQL: every statement inside a read-only transaction, with time limits on both ends.

use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use datawave_core::{Failure, Reason};
use futures::TryStreamExt;
use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use tokio::net::{TcpStream, UnixStream, lookup_host};

use super::address::{PostgresAddress, TlsMode};
use super::error;
use crate::TAG;
use crate::credential::Credential;
use crate::limits::Limits;
use crate::model::Cost;

/// Time beyond the server's own limit until we stop waiting for it.
const MARGIN: Duration = Duration::from_secs(5);

/// Finds the host and opens a connection to it, to tell a host that cannot be reached from a server that does
/// not answer. PostgreSQL does not log a connection that says nothing.
pub(crate) async fn reach(address: &PostgresAddress, limits: &Limits) -> Result<(), Failure> {
    let endpoint = address.endpoint();
    let attempt = async {
        if address.is_socket() {
            let path = format!("{}/.s.PGSQL.{}", address.host, address.port);
            return UnixStream::connect(path).await.map(drop);
        }
        let hosts: Vec<_> = lookup_host((address.host.as_str(), address.port))
            .await
            .map_err(|cause| io::Error::new(io::ErrorKind::AddrNotAvailable, cause))?
            .collect();
        TcpStream::connect(hosts.as_slice()).await.map(drop)
    };
    match tokio::time::timeout(limits.connect, attempt).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(cause)) => {
            let what = match cause.kind() {
                io::ErrorKind::AddrNotAvailable => "its name is not known",
                io::ErrorKind::ConnectionRefused => "nothing listens on that port",
                io::ErrorKind::NotFound => "there is no such socket",
                io::ErrorKind::PermissionDenied => "this user may not connect to it",
                io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                    "there is no route to it"
                }
                _ => "the connection failed",
            };
            Err(error::unreachable(&endpoint, what).with_source(cause))
        }
        Err(_) => {
            let what = format!("no answer within {} s", limits.connect.as_secs_f32());
            Err(error::unreachable(&endpoint, &what))
        }
    }
}

pub(super) struct Session {
    connection: PgConnection,
    limits: Limits,
    cost: Cost,
    lost: bool,
}

impl Session {
    /// Logs in.
    pub(super) async fn open(
        address: &PostgresAddress,
        credential: Option<&Credential>,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let guarded = options(address, credential, limits, true);
        let connection = match login(&guarded, limits).await? {
            Ok(connection) => connection,
            // A pooler such as PgBouncer takes no settings with the login. Each transaction sets them anyhow.
            Err(cause) if error::sql_state(&cause).as_deref() == Some("08P01") => {
                let plain = options(address, credential, limits, false);
                login(&plain, limits)
                    .await?
                    .map_err(|cause| error::connecting(cause, address))?
            }
            Err(cause) => return Err(error::connecting(cause, address)),
        };
        Ok(Self {
            connection,
            limits: limits.clone(),
            cost: Cost::default(),
            lost: false,
        })
    }

    /// Opens a read-only transaction with one snapshot for all its statements.
    ///
    /// All settings are local to the transaction: behind a pooler the next user of the connection must not
    /// inherit them. An empty search path leaves `pg_catalog` only, so that nobody's table or function can pose
    /// as one of the system's. A database without an encoding holds any octets, which the server refuses to send
    /// as UTF-8: there it sends them as they are.
    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        let sql = format!(
            "{TAG}BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
             {TAG}SET LOCAL search_path = ''; \
             {TAG}SET LOCAL statement_timeout = {statement}; \
             {TAG}SET LOCAL lock_timeout = {lock}; \
             {TAG}SET LOCAL idle_in_transaction_session_timeout = {idle}; \
             {TAG}SET LOCAL synchronize_seqscans = off; \
             {TAG}SET LOCAL bytea_output = 'hex'; \
             {TAG}SET LOCAL datestyle = 'ISO, MDY'; \
             {TAG}SET LOCAL intervalstyle = 'postgres'; \
             {TAG}SET LOCAL timezone = 'UTC'; \
             {TAG}SELECT set_config('client_encoding', CASE current_setting('server_encoding') \
               WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END, true)",
            statement = self.limits.statement.as_millis().max(1),
            lock = self.limits.lock.as_millis().max(1),
            idle = (self.limits.statement + MARGIN).as_millis(),
        );
        self.control(sql).await
    }

    /// Ends the transaction. There is never anything to keep.
    pub(super) async fn end(&mut self) -> Result<(), Failure> {
        self.control(format!("{TAG}ROLLBACK")).await
    }

    async fn control(&mut self, sql: String) -> Result<(), Failure> {
        if self.lost {
            return Err(error::lost());
        }
        let work = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection);
        let result = within(self.limits.statement + MARGIN, "opening a transaction", work).await;
        match result {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(cause)) => {
                self.lost = true;
                Err(error::statement(&cause, "opening a transaction"))
            }
            Err(failure) => {
                self.lost = true;
                Err(failure)
            }
        }
    }

    /// Runs one statement inside the open transaction and hands each row to `each`, until it says `false` or the
    /// rows end.
    pub(super) async fn rows(
        &mut self,
        sql: String,
        doing: &str,
        mut each: impl FnMut(&PgRow) -> Result<bool, Failure> + Send,
    ) -> Result<(), Failure> {
        if self.lost {
            return Err(error::lost());
        }
        self.cost.statements += 1;
        let begun = Instant::now();
        let limit = self.limits.statement;
        // Not kept prepared: a pooler may send the next statement elsewhere.
        let query = sqlx::query(AssertSqlSafe(format!("{TAG}{sql}"))).persistent(false);
        let cost = &mut self.cost;
        let connection = &mut self.connection;
        let mut cut = false;
        let gone = &mut cut;
        let work: BoxFuture<'_, Result<(), Failure>> = Box::pin(async move {
            let mut stream = query.fetch(connection);
            loop {
                let row = stream.try_next().await.map_err(|cause| {
                    *gone = error::sql_state(&cause).is_none_or(|state| state.starts_with("57P"));
                    error::statement(&cause, doing)
                })?;
                let Some(row) = row else { return Ok(()) };
                cost.rows += 1;
                if !each(&row)? {
                    return Ok(());
                }
            }
        });
        let result = within(limit + MARGIN, doing, work).await;
        self.cost.millis += u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match result {
            Ok(result) => {
                self.lost = cut;
                result
            }
            Err(failure) => {
                self.lost = true;
                Err(failure)
            }
        }
    }

    /// Runs a statement with one row of text in a transaction of its own.
    pub(super) async fn single(&mut self, doing: &str, sql: &str) -> Result<Vec<String>, Failure> {
        let mut out = Vec::new();
        self.begin().await?;
        let result = self
            .rows(sql.into(), doing, |row| {
                out = (0..row.len()).map(|i| text(row, i).unwrap_or_default()).collect();
                Ok(true)
            })
            .await;
        self.end().await?;
        result.map(|()| out)
    }

    /// Counts bytes of values that were received.
    pub(super) fn count_bytes(&mut self, bytes: u64) {
        self.cost.bytes += bytes;
    }

    /// What the session cost since the last call.
    pub(super) fn take_cost(&mut self) -> Cost {
        std::mem::take(&mut self.cost)
    }

    /// The connection is gone or out of step; this session cannot be used again.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }
}

async fn within<T>(limit: Duration, doing: &str, work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::time::timeout(limit, work)
        .await
        .map_err(|_| error::too_slow(doing, limit))
}

async fn login(
    options: &PgConnectOptions,
    limits: &Limits,
) -> Result<Result<PgConnection, sqlx::Error>, Failure> {
    within(limits.connect, "the login", PgConnection::connect_with(options)).await
}

/// Everything that the driver would otherwise take from its environment is set here.
fn options(
    address: &PostgresAddress,
    credential: Option<&Credential>,
    limits: &Limits,
    guarded: bool,
) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&address.host)
        .port(address.port)
        .username(&address.user)
        .password(credential.map_or("", Credential::expose))
        .database(&address.database)
        .application_name("datawave")
        .extra_float_digits(None)
        .statement_cache_capacity(0)
        .ssl_mode(match address.tls {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        .disable_statement_logging();
    if address.is_socket() {
        options = options.ssl_mode(PgSslMode::Disable);
    }
    if let Some(root) = &address.root_certificate {
        options = options.ssl_root_cert(root);
    }
    if let Some((certificate, key)) = &address.client_identity {
        options = options.ssl_client_cert(certificate).ssl_client_key(key);
    }
    if guarded {
        options = options.options([
            ("default_transaction_read_only", "on".to_owned()),
            (
                "statement_timeout",
                limits.statement.as_millis().max(1).to_string(),
            ),
            ("lock_timeout", limits.lock.as_millis().max(1).to_string()),
        ]);
    }
    options
}

/// A column as text; `None` for NULL and for octets that are not UTF-8.
pub(super) fn text(row: &PgRow, index: usize) -> Option<String> {
    octets(row, index).and_then(|bytes| String::from_utf8(bytes).ok())
}

/// A column of type text or bytea as octets; `None` for NULL. A database without an encoding sends any.
pub(super) fn octets(row: &PgRow, index: usize) -> Option<Vec<u8>> {
    let value = row.try_get_raw(index).ok()?;
    value.as_bytes().ok().map(<[u8]>::to_vec)
}

/// A column of type int8.
pub(super) fn integer(row: &PgRow, index: usize) -> Option<i64> {
    row.try_get(index).ok()
}

/// A column of type bool; NULL counts as false.
pub(super) fn boolean(row: &PgRow, index: usize) -> bool {
    row.try_get(index).unwrap_or(false)
}

/// A column of type text[].
pub(super) fn texts(row: &PgRow, index: usize) -> Vec<String> {
    row.try_get(index).unwrap_or_default()
}

/// The failure for an object that the catalogue names and that is not there.
pub(super) fn not_filled(object: &str) -> Failure {
    Failure::new(
        Reason::SourceBroken,
        format!("{object} is a materialised view that was never filled"),
    )
    .with_remedy("let its owner run REFRESH MATERIALIZED VIEW, then scan again")
}
