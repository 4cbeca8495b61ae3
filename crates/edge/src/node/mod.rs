//! What the node does for callers at its own site: keeps credentials, tests sources, inspects what they bring.

mod inspect;
pub(crate) mod login;
mod steps;

use std::sync::Arc;

use datawave_core::{Failure, Reason};
use datawave_detect::Engine;
use datawave_infra::secrets::{SecretRef, SecretStore, Secrets};
use secrecy::SecretString;

use crate::config::EdgeConfig;
use crate::worker::Launcher;

pub(crate) use inspect::{InspectedColumn, InspectedText};
pub(crate) use steps::Probe;

/// The node's use cases.
pub(crate) struct Node {
    pub(crate) launcher: Launcher,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) store: Arc<dyn SecretStore>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) config: EdgeConfig,
}

impl Node {
    /// Stores a credential, replacing a former one, and returns its reference.
    pub(crate) async fn put_credential(&self, key: &str, secret: String) -> Result<String, Failure> {
        let reference = self.store.put(key, SecretString::from(secret)).await?;
        Ok(reference.to_string())
    }

    /// Removes a credential; one that is not there is no error.
    pub(crate) async fn delete_credential(&self, key: &str) -> Result<(), Failure> {
        self.store.delete(key).await?;
        Ok(())
    }

    /// The password of a test: the one given, else the stored one, else none.
    async fn password(&self, given: String, reference: &str) -> Result<Option<SecretString>, Failure> {
        if !given.is_empty() {
            return Ok(Some(SecretString::from(given)));
        }
        if reference.is_empty() {
            return Ok(None);
        }
        let reference = SecretRef::parse(reference)?;
        self.secrets.resolve(&reference).await.map(Some)
    }
}

/// A defect in work that was put on another thread.
fn stopped(error: tokio::task::JoinError) -> Failure {
    // The panic's text may hold what was being worked on: only that it happened is told.
    let what = if error.is_panic() {
        "a panic in detection"
    } else {
        "the runtime stops"
    };
    Failure::new(
        Reason::Internal,
        "internal error; the log of the service has the cause under this request id",
    )
    .with_source(std::io::Error::other(what))
}
