//! SPIFFE names: `spiffe://datawave/<service>` and `spiffe://datawave/edge/<name>`.

use std::fmt;

use datawave_core::Actor;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

const TRUST_DOMAIN: &str = "spiffe://datawave/";

/// The name in a certificate of the mesh.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpiffeId {
    /// One of our services: `spiffe://datawave/scans`.
    Service(String),
    /// An edge node: `spiffe://datawave/edge/plant-3`.
    Edge(String),
}

/// Why a certificate names nobody of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentity {
    /// Not a certificate.
    #[error("the certificate cannot be parsed")]
    Unreadable,
    /// No URI among its names.
    #[error("the certificate has no SPIFFE name")]
    Missing,
    /// SPIFFE demands exactly one; with two it would be open which of them counts.
    #[error("the certificate has more than one URI name")]
    Several,
    /// Another trust domain, or a name that we do not give.
    #[error("the certificate's SPIFFE name is not one of this mesh")]
    Foreign,
}

impl SpiffeId {
    /// Name of a service.
    pub fn service(name: &str) -> Result<Self, BadIdentity> {
        is_label(name)
            .then(|| Self::Service(name.to_owned()))
            .ok_or(BadIdentity::Foreign)
    }

    /// Name of an edge node.
    pub fn edge(name: &str) -> Result<Self, BadIdentity> {
        is_label(name)
            .then(|| Self::Edge(name.to_owned()))
            .ok_or(BadIdentity::Foreign)
    }

    /// Parses a URI; anything but exactly one of the two forms is refused.
    pub fn parse(uri: &str) -> Result<Self, BadIdentity> {
        let path = uri.strip_prefix(TRUST_DOMAIN).ok_or(BadIdentity::Foreign)?;
        match path.split_once('/') {
            None if path != "edge" => Self::service(path),
            Some(("edge", name)) => Self::edge(name),
            _ => Err(BadIdentity::Foreign),
        }
    }

    /// The name in a certificate (DER). Says nothing about whether the certificate is trusted.
    pub fn of_certificate(der: &[u8]) -> Result<Self, BadIdentity> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| BadIdentity::Unreadable)?;
        let names = certificate
            .subject_alternative_name()
            .map_err(|_| BadIdentity::Unreadable)?
            .ok_or(BadIdentity::Missing)?;
        let mut uris = names.value.general_names.iter().filter_map(|name| match name {
            GeneralName::URI(uri) => Some(*uri),
            _ => None,
        });
        let uri = uris.next().ok_or(BadIdentity::Missing)?;
        if uris.next().is_some() {
            return Err(BadIdentity::Several);
        }
        Self::parse(uri)
    }

    /// The caller that this name stands for.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Service(name) => Actor::service(name),
            Self::Edge(name) => Actor::edge(name),
        }
    }
}

impl fmt::Display for SpiffeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "{TRUST_DOMAIN}{name}"),
            Self::Edge(name) => write!(f, "{TRUST_DOMAIN}edge/{name}"),
        }
    }
}

/// 1 to 63 characters of `a-z`, `0-9`, `-` and `_`, beginning with a letter.
fn is_label(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}
