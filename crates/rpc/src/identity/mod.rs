//! Who a process is: certificates, keys, roots, SPIFFE names, and the TLS configurations made of them.
//!
//! * [`DevCa`] is the authority of an installation that has none: made on first start, never shipped.
//! * [`Leaf`] and [`Roots`] come from it or from files (cert-manager, Vault, SPIRE write such files).
//! * [`TlsMaterial`] publishes whole configurations made of a leaf and roots; publishing anew rotates both
//!   without a restart.

mod ca;
mod leaf;
mod material;
mod spiffe;
mod verifier;

pub use ca::{DevCa, LEAF_LIFE};
pub use leaf::{Leaf, Roots};
pub use material::{TlsConfigs, TlsMaterial, spawn_renewal};
pub use spiffe::{BadIdentity, SpiffeId};

pub(crate) use material::public_client;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// The one provider of cryptography. Passed to every builder, so that nothing depends on a process-wide default.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}
