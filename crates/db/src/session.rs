//! A connection in use, and the transaction around it.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use datawave_core::{AuditRecord, EventRecord, Failure};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::dialect::Engine;
use crate::error::{self, Condition, Misuse};
use crate::value::check_text;
use crate::{audit, outbox};

/// A connection to run statements on; goes back to its pool when dropped.
///
/// Got from [`crate::Db::read`] it can only read, and each statement sees what was committed before it.
/// Inside [`crate::Db::write`] it is the transaction's.
pub struct Session {
    link: Link,
    service: &'static str,
    persistent: bool,
    /// The worst that a statement of this session has met.
    failed: Option<Condition>,
}

pub(crate) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

pub(crate) enum Native<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Session {
    pub(crate) fn new(link: Link, service: &'static str, persistent: bool) -> Self {
        Self {
            link,
            service,
            persistent,
            failed: None,
        }
    }

    /// The service whose store this is.
    pub fn service(&self) -> &'static str {
        self.service
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) | Link::SqliteTx(_) => Engine::Sqlite,
            Link::Postgres(_) | Link::PostgresTx(_) => Engine::Postgres,
        }
    }

    pub(crate) fn keeps_statements(&self) -> bool {
        self.persistent
    }

    pub(crate) fn native(&mut self) -> Native<'_> {
        match &mut self.link {
            Link::Sqlite(c) => Native::Sqlite(c),
            Link::SqliteTx(c) => Native::Sqlite(c),
            Link::Postgres(c) => Native::Postgres(c),
            Link::PostgresTx(c) => Native::Postgres(c),
        }
    }

    /// Remembers what went wrong and says it in our words.
    pub(crate) fn outcome<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, Failure> {
        result.map_err(|e| {
            let failure = error::failure(self.service, e);
            let condition = error::condition(&failure).unwrap_or(Condition::Defect);
            if self.failed != Some(Condition::Conflict) {
                self.failed = Some(condition);
            }
            failure
        })
    }

    pub(crate) fn met_conflict(&self) -> bool {
        self.failed == Some(Condition::Conflict)
    }

    /// Commits the transaction that this session is.
    pub(crate) async fn commit(self) -> Result<(), Failure> {
        if self.failed.is_some() {
            // PostgreSQL would answer COMMIT with a silent rollback, SQLite would keep the other half.
            return Err(Failure::internal(Misuse(
                "a statement failed, its failure was swallowed, and the transaction was to be committed",
            )));
        }
        match self.link {
            Link::SqliteTx(tx) => tx.commit().await,
            Link::PostgresTx(tx) => tx.commit().await,
            Link::Sqlite(_) | Link::Postgres(_) => Ok(()),
        }
        .map_err(|e| {
            let failure = error::failure(self.service, e);
            match error::condition(&failure) {
                Some(Condition::Unavailable) => error::commit_unknown(self.service, failure),
                _ => failure,
            }
        })
    }

    /// Rolls back; that this fails changes nothing, since the server does it when the connection ends.
    pub(crate) async fn rollback(self) {
        let done = match self.link {
            Link::SqliteTx(tx) => tx.rollback().await,
            Link::PostgresTx(tx) => tx.rollback().await,
            Link::Sqlite(_) | Link::Postgres(_) => Ok(()),
        };
        if let Err(error) = done {
            tracing::debug!(service = self.service, %error, "rollback failed");
        }
    }
}

/// A transaction. Use it as a [`Session`] for statements.
///
/// Events and audit records are kept until the work is done and written last, in the same transaction: so
/// the lock on the audit chain is held for the shortest time, and no two transactions wait for each other.
/// A statement that failed dooms the transaction on both engines: return the failure. To go on after a
/// conflict of keys, write `ON CONFLICT … DO NOTHING` instead.
///
/// `'a` is what the work may borrow from around it: everything that outlives the call of
/// [`crate::Db::write`].
pub struct Tx<'a> {
    session: Session,
    pub(crate) events: Vec<EventRecord>,
    pub(crate) audits: Vec<AuditRecord>,
    /// A first use of an idempotency key whose answer has not been remembered yet.
    pub(crate) owes_answer: bool,
    scope: PhantomData<&'a ()>,
}

impl Tx<'_> {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            events: Vec::new(),
            audits: Vec::new(),
            owes_answer: false,
            scope: PhantomData,
        }
    }

    /// Writes an event to the outbox, in this transaction.
    ///
    /// Events of one key are delivered in the order of their commits, and within a transaction in the order
    /// of the calls; at least once. See [`crate::relay::spawn_outbox`].
    ///
    /// # Errors
    /// `INVALID_REQUEST` when a text of the event holds U+0000.
    pub async fn emit(&mut self, event: EventRecord) -> Result<(), Failure> {
        let texts = [&event.id, &event.tenant, &event.topic, &event.kind, &event.key];
        texts
            .into_iter()
            .chain(&event.trace_id)
            .try_for_each(|text| check_text(text))?;
        self.events.push(event);
        Ok(())
    }

    /// Appends a record to the hash chain of this service, in this transaction.
    ///
    /// Sequence numbers begin at 1 and have no gaps: a transaction that is rolled back uses none. A record
    /// whose id is in the chain already is not appended again.
    ///
    /// # Errors
    /// `INVALID_REQUEST` when the id or the tenant holds U+0000.
    pub async fn audit(&mut self, record: AuditRecord) -> Result<(), Failure> {
        audit::check(&record)?;
        self.audits.push(record);
        Ok(())
    }

    /// Writes what was kept for the end and commits.
    pub(crate) async fn finish(mut self) -> Result<(), (bool, Failure)> {
        let flushed = self.flush().await;
        let conflict = self.session.met_conflict();
        match flushed {
            Ok(()) => self
                .session
                .commit()
                .await
                .map_err(|f| (error::condition(&f) == Some(Condition::Conflict), f)),
            Err(failure) => {
                self.session.rollback().await;
                Err((conflict, failure))
            }
        }
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if self.owes_answer {
            return Err(Failure::internal(Misuse(
                "an idempotency key was used for the first time and its answer was not remembered",
            )));
        }
        outbox::append(&mut self.session, &mut self.events).await?;
        audit::append(&mut self.session, &self.audits).await
    }

    pub(crate) async fn abandon(self) {
        self.session.rollback().await;
    }
}

impl Deref for Tx<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
