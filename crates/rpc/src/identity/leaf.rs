//! Certificates as they come from files or from the development authority.

use std::fmt;
use std::path::Path;

use datawave_core::{Failure, Reason, Timestamp};
use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::SpiffeId;

/// A certificate chain with its private key.
pub struct Leaf {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) identity: SpiffeId,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) host: ServerName<'static>,
}

impl Leaf {
    /// Reads a chain (leaf first) and its key.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Failure> {
        let chain = certificates(chain)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| {
            Failure::new(Reason::ConfigInvalid, "the private key is not a PEM key")
                .with_remedy("give the file with the key that belongs to the certificate")
                .with_source(error)
        })?;
        Self::new(chain, key)
    }

    /// Reads two PEM files.
    pub fn from_files(chain: &Path, key: &Path) -> Result<Self, Failure> {
        Self::from_pem(&read(chain)?, &read(key)?)
    }

    pub(super) fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Failure> {
        let first = chain
            .first()
            .ok_or_else(|| Failure::new(Reason::ConfigInvalid, "the certificate file is empty"))?;
        let identity = SpiffeId::of_certificate(first).map_err(|error| {
            Failure::new(Reason::ConfigInvalid, error.to_string())
                .with_remedy("issue it with one URI name, spiffe://datawave/<service>")
        })?;
        let unreadable = || Failure::new(Reason::ConfigInvalid, "the certificate cannot be parsed");
        let (_, parsed) = X509Certificate::from_der(first).map_err(|_| unreadable())?;
        let host = parsed
            .subject_alternative_name()
            .map_err(|_| unreadable())?
            .and_then(|names| names.value.general_names.iter().find_map(host_of))
            .ok_or_else(|| {
                Failure::new(Reason::ConfigInvalid, "the certificate names no host")
                    .with_remedy("issue it with a DNS name or address under which the service is called")
            })?;
        let micros = |time: x509_parser::time::ASN1Time| {
            Timestamp::from_micros(time.timestamp().saturating_mul(1_000_000))
        };
        let (not_before, not_after) = (
            micros(parsed.validity().not_before),
            micros(parsed.validity().not_after),
        );
        Ok(Self {
            chain,
            key,
            identity,
            not_before,
            not_after,
            host,
        })
    }

    /// Its SPIFFE name.
    pub fn identity(&self) -> &SpiffeId {
        &self.identity
    }

    /// When it expires.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The leaf certificate, DER.
    pub fn der(&self) -> &[u8] {
        // `new` refuses an empty chain.
        self.chain.first().map_or(&[], |c| c.as_ref())
    }
}

/// Shows who it is, never the key.
impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf")
            .field("identity", &self.identity)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The authorities that a process trusts. During a rotation it holds the old and the new one.
#[derive(Clone, Debug, Default)]
pub struct Roots(pub(super) Vec<CertificateDer<'static>>);

impl Roots {
    /// Reads certificates; at least one.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Failure> {
        let roots = Self(certificates(pem)?);
        if roots.0.is_empty() {
            return Err(Failure::new(
                Reason::ConfigInvalid,
                "the file of authorities is empty",
            ));
        }
        Ok(roots)
    }

    /// Reads a PEM file.
    pub fn from_file(path: &Path) -> Result<Self, Failure> {
        Self::from_pem(&read(path)?)
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for root in &other.0 {
            if !self.0.contains(root) {
                self.0.push(root.clone());
            }
        }
        self
    }

    pub(super) fn store(&self) -> Result<RootCertStore, Failure> {
        let mut store = RootCertStore::empty();
        for root in &self.0 {
            store.add(root.clone()).map_err(|error| {
                Failure::new(
                    Reason::ConfigInvalid,
                    "a certificate among the authorities cannot be used",
                )
                .with_source(error)
            })?;
        }
        Ok(store)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Failure> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| {
            Failure::new(Reason::ConfigInvalid, "the certificate file is not PEM").with_source(error)
        })
}

fn host_of(name: &GeneralName<'_>) -> Option<ServerName<'static>> {
    match name {
        GeneralName::DNSName(name) => ServerName::try_from((*name).to_owned()).ok(),
        GeneralName::IPAddress(bytes) => {
            let address: std::net::IpAddr = match bytes.len() {
                4 => <[u8; 4]>::try_from(*bytes).ok()?.into(),
                _ => <[u8; 16]>::try_from(*bytes).ok()?.into(),
            };
            Some(ServerName::IpAddress(address.into()))
        }
        _ => None,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::new(
            Reason::ConfigInvalid,
            format!("{} cannot be read", path.display()),
        )
        .with_remedy("check the path and the permissions of the file")
        .with_source(error)
    })
}
