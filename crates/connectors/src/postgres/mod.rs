//! PostgreSQL 12 and later: one database, all its user schemas.

pub(crate) mod address;
mod catalogue;
mod error;
mod grants;
mod sampling;
mod session;

use datawave_core::{Failure, Reason};

use crate::credential::Credential;
use crate::limits::Limits;
use crate::model::{Discovery, Engine, EngineInfo, Table};
use crate::sample::{Sample, SamplePlan};
use address::PostgresAddress;
use session::Session;
pub(crate) use session::reach;

/// Oldest version whose catalogue the queries here were written for, as `server_version_num`.
const OLDEST: i32 = 120_000;

/// A login on one database.
pub(crate) struct Postgres {
    address: PostgresAddress,
    credential: Option<Credential>,
    limits: Limits,
    server: Server,
    session: Option<Session>,
}

/// What the server says of itself.
#[derive(Clone)]
struct Server {
    version: String,
    /// Octets of a page.
    block_size: i64,
    /// Role whose grants count, for the texts of missing grants.
    role: String,
}

impl Postgres {
    pub(crate) async fn connect(
        address: &PostgresAddress,
        credential: Option<Credential>,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        reach(address, limits).await?;
        let mut session = Session::open(address, credential.as_ref(), limits).await?;
        let server = identify(&mut session).await?;
        Ok(Self {
            address: address.clone(),
            credential,
            limits: limits.clone(),
            server,
            session: Some(session),
        })
    }

    pub(crate) fn engine(&self) -> EngineInfo {
        EngineInfo {
            engine: Engine::Postgres,
            version: self.server.version.clone(),
        }
    }

    pub(crate) async fn discover(&mut self) -> Result<Discovery, Failure> {
        let mut session = self.session().await?;
        let result = catalogue::discover(&mut session, &self.server.role, &self.limits).await;
        let cost = session.take_cost();
        self.put_back(session);
        let (tables, problems) = result?;
        Ok(Discovery {
            tables,
            problems,
            cost,
        })
    }

    pub(crate) async fn sample(&mut self, table: &Table, plan: &SamplePlan) -> Result<Sample, Failure> {
        let mut session = self.session().await?;
        let result = sampling::sample(&mut session, &self.server, &self.limits, table, plan).await;
        self.put_back(session);
        result
    }

    pub(crate) async fn uses_tls(&mut self) -> Result<bool, Failure> {
        let mut session = self.session().await?;
        let sql = "SELECT coalesce((SELECT ssl FROM pg_catalog.pg_stat_ssl \
                   WHERE pid = pg_catalog.pg_backend_pid()), false)::pg_catalog.text";
        let result = session.single("asking about TLS", sql).await;
        self.put_back(session);
        Ok(result?.first().is_some_and(|answer| answer == "true"))
    }

    /// Takes the session out for one operation. When the operation's future is dropped half-way, the session
    /// goes with it and the next operation opens another.
    async fn session(&mut self) -> Result<Session, Failure> {
        match self.session.take() {
            Some(session) => Ok(session),
            None => Session::open(&self.address, self.credential.as_ref(), &self.limits).await,
        }
    }

    fn put_back(&mut self, mut session: Session) {
        session.take_cost();
        if !session.is_lost() {
            self.session = Some(session);
        }
    }
}

async fn identify(session: &mut Session) -> Result<Server, Failure> {
    let sql = "SELECT pg_catalog.current_setting('server_version'), \
               pg_catalog.current_setting('server_version_num'), \
               pg_catalog.current_setting('block_size'), current_user::pg_catalog.text";
    let answer = session.single("asking for the version", sql).await?;
    let [version, number, block_size, role] = answer.as_slice() else {
        return Err(error::broken("it does not tell its version"));
    };
    if number.parse::<i32>().unwrap_or(0) < OLDEST {
        return Err(Failure::new(
            Reason::SourceBroken,
            "this server is older than PostgreSQL 12, the oldest version that is supported",
        )
        .with_remedy("upgrade the server, or scan a restored copy of it on a newer one"));
    }
    Ok(Server {
        // Distributions append their own words: "15.6 (Debian 15.6-0+deb12u1)".
        version: version.split(' ').next().unwrap_or_default().to_owned(),
        block_size: block_size.parse().unwrap_or(8192),
        role: role.clone(),
    })
}
