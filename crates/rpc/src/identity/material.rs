//! Whole TLS configurations, published as one value.
//!
//! Leaf and roots change together or not at all: a reader never sees a new certificate with old roots. What is
//! published has been verified against its own roots first, so a bad renewal leaves the old one in service.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{Clock, Failure, Reason, Timestamp};
use rustls::client::Resumption;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, ServerConfig};
use rustls_pki_types::UnixTime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::verifier::MeshVerifier;
use super::{Leaf, Roots, SpiffeId, provider};

/// One generation of configurations.
#[derive(Debug)]
pub struct TlsConfigs {
    /// Server certificate only, TLS 1.2 and 1.3.
    pub(crate) public: Arc<ServerConfig>,
    /// Client certificate required, TLS 1.3, no resumption.
    pub(crate) mesh: Arc<ServerConfig>,
    /// Client of the mesh: presents the leaf, TLS 1.3, no resumption.
    pub(crate) client: Arc<ClientConfig>,
    identity: SpiffeId,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl TlsConfigs {
    fn new(leaf: &Leaf, roots: &Roots, now: Timestamp) -> Result<Self, Failure> {
        let store = Arc::new(roots.store()?);
        let client_verifier = WebPkiClientVerifier::builder_with_provider(Arc::clone(&store), provider())
            .build()
            .map_err(|e| unusable("no authority is trusted").with_source(e))?;
        verify(leaf, &store, client_verifier.as_ref(), now)?;
        let key = CertifiedKey::from_der(leaf.chain.clone(), leaf.key.clone_key(), &provider())
            .map_err(|e| unusable("certificate and private key do not belong together").with_source(e))?;
        let key = Arc::new(SingleCertAndKey::from(key));

        let mut public = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(Failure::internal)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&key) as _);
        public.alpn_protocols = vec![b"h2".to_vec()];

        let mut mesh = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(Failure::internal)?
            .with_client_cert_verifier(Arc::new(MeshVerifier(client_verifier)))
            .with_cert_resolver(Arc::clone(&key) as _);
        mesh.alpn_protocols = vec![b"h2".to_vec()];
        // A resumed session keeps the identity of its first handshake: a rotated or revoked certificate would
        // live on in it.
        mesh.session_storage = Arc::new(NoServerSessionStorage {});
        mesh.send_tls13_tickets = 0;

        let mut client = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(Failure::internal)?
            .with_root_certificates(store)
            .with_client_cert_resolver(key);
        client.alpn_protocols = vec![b"h2".to_vec()];
        client.resumption = Resumption::disabled();

        Ok(Self {
            public: Arc::new(public),
            mesh: Arc::new(mesh),
            client: Arc::new(client),
            identity: leaf.identity.clone(),
            not_before: leaf.not_before,
            not_after: leaf.not_after,
        })
    }

    /// Who the leaf says this process is.
    pub fn identity(&self) -> &SpiffeId {
        &self.identity
    }

    /// When the leaf expires.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Half of the leaf's life: when to renew it.
    fn renew_at(&self) -> Timestamp {
        let half = (self.not_after.as_micros() - self.not_before.as_micros()) / 2;
        Timestamp::from_micros(self.not_before.as_micros() + half)
    }
}

/// Holder of the current configurations. Clones share it: what one publishes all use from the next handshake on.
#[derive(Clone, Debug)]
pub struct TlsMaterial {
    current: Arc<watch::Sender<Arc<TlsConfigs>>>,
}

impl TlsMaterial {
    /// Verifies `leaf` against `roots` and publishes both.
    pub fn new(leaf: &Leaf, roots: &Roots, now: Timestamp) -> Result<Self, Failure> {
        let (current, _) = watch::channel(Arc::new(TlsConfigs::new(leaf, roots, now)?));
        Ok(Self {
            current: Arc::new(current),
        })
    }

    /// Replaces leaf and roots for all handshakes to come; open connections end by their age.
    /// On an error the old ones stay in service.
    pub fn publish(&self, leaf: &Leaf, roots: &Roots, now: Timestamp) -> Result<(), Failure> {
        let configs = TlsConfigs::new(leaf, roots, now)?;
        tracing::info!(identity = %configs.identity, not_after = %configs.not_after.to_rfc3339(), "TLS identity published");
        self.current.send_replace(Arc::new(configs));
        Ok(())
    }

    /// The current configurations.
    pub fn current(&self) -> Arc<TlsConfigs> {
        Arc::clone(&self.current.borrow())
    }

    /// Follows publications.
    pub fn subscribe(&self) -> watch::Receiver<Arc<TlsConfigs>> {
        self.current.subscribe()
    }
}

/// Renews the leaf at half of its life with whatever `issue` gives: a development authority's new leaf, or the
/// files that an operator's agent rewrites. A failed renewal is logged and tried again after a tenth of what
/// remains (at least 5 seconds), so that the old leaf serves until it expires.
pub fn spawn_renewal<F>(
    material: TlsMaterial,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    issue: F,
) -> tokio::task::JoinHandle<()>
where
    F: Fn(Timestamp) -> Result<(Leaf, Roots), Failure> + Send + 'static,
{
    const SHORTEST: Duration = Duration::from_secs(5);
    tokio::spawn(async move {
        let mut wait = remaining(clock.now(), material.current().renew_at());
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            let now = clock.now();
            let renewed = issue(now).and_then(|(leaf, roots)| material.publish(&leaf, &roots, now));
            let configs = material.current();
            wait = match renewed {
                Ok(()) => remaining(now, configs.renew_at()).max(SHORTEST),
                Err(failure) => {
                    tracing::error!(
                        not_after = %configs.not_after.to_rfc3339(),
                        cause = failure.source_chain(),
                        "the TLS identity was not renewed: {failure}"
                    );
                    (remaining(now, configs.not_after) / 10).max(SHORTEST)
                }
            };
        }
    })
}

fn remaining(now: Timestamp, until: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(until.as_micros().saturating_sub(now.as_micros())).unwrap_or(0))
}

/// Configuration of a client of the public listener: it proves who it is by a token, not by a certificate.
pub(crate) fn public_client(roots: &Roots) -> Result<Arc<ClientConfig>, Failure> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(Failure::internal)?
        .with_root_certificates(roots.store()?)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

/// The leaf must be good in both directions under its own roots, now.
fn verify(
    leaf: &Leaf,
    store: &Arc<rustls::RootCertStore>,
    as_client: &dyn rustls::server::danger::ClientCertVerifier,
    now: Timestamp,
) -> Result<(), Failure> {
    let refused = |error: rustls::Error| {
        unusable("the certificate does not verify against the authorities").with_source(error)
    };
    let (end, intermediates) = leaf
        .chain
        .split_first()
        .ok_or_else(|| unusable("the certificate file is empty"))?;
    let seconds = u64::try_from(now.as_micros() / 1_000_000).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    as_client
        .verify_client_cert(end, intermediates, time)
        .map_err(refused)?;
    WebPkiServerVerifier::builder_with_provider(Arc::clone(store), provider())
        .build()
        .map_err(|e| unusable("no authority is trusted").with_source(e))?
        .verify_server_cert(end, intermediates, &leaf.host, &[], time)
        .map_err(refused)?;
    Ok(())
}

fn unusable(message: &str) -> Failure {
    Failure::new(Reason::ConfigInvalid, message)
        .with_remedy("check certificate, key and authorities; the previous identity stays in service")
}
