//! Bearer tokens to callers, for the server stack.

use std::sync::Arc;

use async_trait::async_trait;
use datawave_core::Failure;
use datawave_rpc::{Authenticated, Authenticator};

use crate::app::AccessApp;

/// Checks tokens against the store, at each call anew.
#[derive(Clone)]
pub struct TokenAuthenticator {
    pub(crate) app: Arc<AccessApp>,
}

#[async_trait]
impl Authenticator for TokenAuthenticator {
    async fn authenticate(&self, bearer: &str) -> Result<Authenticated, Failure> {
        let (tenant, actor) = self.app.resolve(bearer).await?;
        Ok(Authenticated { tenant, actor })
    }
}
