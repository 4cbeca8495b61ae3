//! Resolves the three kinds of references on this machine.

use std::sync::Arc;

use async_trait::async_trait;
use datawave_core::Failure;
use secrecy::SecretString;

use super::site::{blocking, read_file};
use super::{SecretRef, Secrets, SiteStore, unavailable};

/// How environment variables are looked up; handed in, so that nothing here reads the process's state.
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Environment, files and the site's store.
#[derive(Clone)]
pub struct LocalSecrets {
    env: EnvLookup,
    site: SiteStore,
}

impl LocalSecrets {
    /// Resolves `env:` through `env` and `site:` through `site`.
    pub fn new(env: EnvLookup, site: SiteStore) -> Self {
        Self { env, site }
    }
}

#[async_trait]
impl Secrets for LocalSecrets {
    async fn resolve(&self, reference: &SecretRef) -> Result<SecretString, Failure> {
        match reference {
            SecretRef::Env(name) => (self.env)(name)
                .filter(|value| !value.is_empty())
                .map(SecretString::from)
                .ok_or_else(|| {
                    unavailable(
                        reference,
                        "is not set, or empty, in the environment of this process",
                        "set the variable where the process is started, then start it again",
                    )
                }),
            SecretRef::File(path) => {
                let (path, reference) = (path.clone(), reference.clone());
                blocking(move || {
                    read_file(
                        &path,
                        &reference,
                        "put the secret alone in that file as text and let the user of this process read it",
                    )
                })
                .await
            }
            SecretRef::Site(name) => {
                let (site, name) = (self.site.clone(), name.clone());
                blocking(move || site.read(&name)).await
            }
        }
    }
}
