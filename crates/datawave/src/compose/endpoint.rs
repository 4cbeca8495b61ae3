//! Where the process that serves a data directory listens: written when it is ready, removed when it stops.

use std::fs;
use std::io;
use std::path::PathBuf;

use datawave_core::{Failure, Reason};
use serde::{Deserialize, Serialize};

use super::directory::{Layout, replace_private, unusable};

/// The content of `endpoint.json`. Holds no secret, only where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    /// Public listener, https://127.0.0.1:7643.
    pub(crate) grpc: String,
    /// Metrics and health; a command that carries the instance serves none.
    pub(crate) metrics: Option<String>,
    /// Certificates to trust.
    pub(crate) ca_file: PathBuf,
    /// Token of the local administrator.
    pub(crate) token_file: PathBuf,
    /// The process.
    pub(crate) pid: u32,
    /// Its version.
    pub(crate) version: String,
}

impl Endpoint {
    /// What the directory's process published; `None` when none did.
    pub(crate) fn read(layout: &Layout) -> Result<Option<Self>, Failure> {
        let text = match fs::read(layout.endpoint()) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(unusable(layout.root(), cause)),
        };
        serde_json::from_slice(&text).map(Some).map_err(|cause| {
            Failure::new(
                Reason::StoreCorrupt,
                format!("{} is damaged", layout.endpoint().display()),
            )
            .with_remedy("stop the instance of this data directory and start it again")
            .with_source(cause)
        })
    }

    /// Tells others where to connect.
    pub(crate) fn publish(&self, layout: &Layout) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self).map_err(Failure::internal)?;
        replace_private(&layout.endpoint(), &text).map_err(|cause| unusable(layout.root(), cause))
    }

    /// Takes it back; what a killed process left is taken back by the next.
    pub(crate) fn withdraw(layout: &Layout) {
        if let Err(cause) = fs::remove_file(layout.endpoint())
            && cause.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%cause, "the endpoint file stays behind");
        }
    }
}
