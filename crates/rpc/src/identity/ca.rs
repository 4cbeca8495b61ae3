//! The development authority: an installation without a PKI makes its own on first start.
//!
//! `<dir>/authority.pem` (0600) holds certificate and key, `<dir>/roots.pem` the certificate alone, for clients.
//! Both appear whole or not at all, so a crash in between leaves nothing half-made.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use datawave_core::{Failure, Reason, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;

use super::{Leaf, Roots, SpiffeId};

/// Life of the authority's own certificate.
const CA_LIFE: Duration = Duration::from_secs(10 * 365 * 86_400);
/// Usual life of a leaf; it is renewed at half of it.
pub const LEAF_LIFE: Duration = Duration::from_secs(24 * 3_600);
/// Certificates begin a little in the past, for peers whose clock is slow.
const SKEW: Duration = Duration::from_secs(300);

/// A certificate authority of our own: ECDSA P-256, key in a 0600 file.
pub struct DevCa {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    roots_path: PathBuf,
}

impl DevCa {
    /// Opens the authority in `dir`, making the directory (0700) and the authority when missing.
    /// Idempotent; two processes that start at once end with the same authority.
    pub fn open(dir: &Path, now: Timestamp) -> Result<Self, Failure> {
        let at = |error| cannot("opened", dir, error);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(at)?;
        let path = dir.join("authority.pem");
        if !path.try_exists().map_err(at)? {
            create(&path, &generate(now)?).map_err(at)?;
        }
        let mode = fs::metadata(&path).map_err(at)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Failure::new(
                Reason::ConfigInvalid,
                format!("{} can be read by others", path.display()),
            )
            .with_remedy(format!(
                "chmod 600 {}, and make a new authority if others had access",
                path.display()
            )));
        }
        let pem = fs::read(&path).map_err(at)?;
        let damaged = || {
            Failure::new(Reason::StoreCorrupt, format!("{} is damaged", path.display())).with_remedy(
                "restore it, or move it away: a new authority is made and clients must trust it anew",
            )
        };
        let text = std::str::from_utf8(&pem).map_err(|e| damaged().with_source(e))?;
        let certificate = CertificateDer::from_pem_slice(&pem).map_err(|e| damaged().with_source(e))?;
        let key = KeyPair::from_pem(key_section(text).ok_or_else(damaged)?)
            .map_err(|e| damaged().with_source(e))?;
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(|e| damaged().with_source(e))?;
        let roots_path = dir.join("roots.pem");
        let roots = text
            .split_inclusive("-----END CERTIFICATE-----\n")
            .next()
            .unwrap_or(text);
        if fs::read(&roots_path).ok().as_deref() != Some(roots.as_bytes()) {
            replace(&roots_path, roots.as_bytes()).map_err(at)?;
        }
        Ok(Self {
            issuer,
            certificate,
            roots_path,
        })
    }

    /// The certificate that peers must trust.
    pub fn roots(&self) -> Roots {
        Roots(vec![self.certificate.clone()])
    }

    /// File with the certificate that peers must trust.
    pub fn roots_path(&self) -> &Path {
        &self.roots_path
    }

    /// Issues a leaf with a fresh key and serial number, valid for both ends of a connection under
    /// `localhost`, `127.0.0.1`, `::1` and `hosts` (DNS names or addresses).
    pub fn issue(
        &self,
        identity: &SpiffeId,
        hosts: &[String],
        now: Timestamp,
        life: Duration,
    ) -> Result<Leaf, Failure> {
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        names.extend(hosts.iter().cloned());
        names.dedup();
        let mut params = CertificateParams::new(names).map_err(|error| {
            Failure::new(
                Reason::ConfigInvalid,
                "a configured host name cannot stand in a certificate",
            )
            .with_remedy("use DNS names in ASCII, or IP addresses")
            .with_source(error)
        })?;
        let uri = identity.to_string().try_into().map_err(Failure::internal)?;
        params.subject_alt_names.push(SanType::URI(uri));
        params
            .distinguished_name
            .push(DnType::CommonName, identity.to_string());
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        params.use_authority_key_identifier_extension = true;
        validity(&mut params, now, life)?;
        let key = KeyPair::generate().map_err(Failure::internal)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(Failure::internal)?;
        Leaf::new(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
    }
}

/// Shows where its public part lies, never the key.
impl fmt::Debug for DevCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevCa")
            .field("roots", &self.roots_path)
            .finish_non_exhaustive()
    }
}

/// Certificate and key of a new authority, PEM.
fn generate(now: Timestamp) -> Result<String, Failure> {
    let key = KeyPair::generate().map_err(Failure::internal)?;
    let mut params = CertificateParams::new(Vec::<String>::new()).map_err(Failure::internal)?;
    // A name of its own: a verifier finds the issuer by name, and would take one authority for another.
    let name: String = random()?[..4].iter().map(|b| format!("{b:02x}")).collect();
    params.distinguished_name.push(
        DnType::CommonName,
        format!("DataWave development authority {name}"),
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, now, CA_LIFE)?;
    let certificate = params.self_signed(&key).map_err(Failure::internal)?;
    Ok(format!(
        "{}{}",
        certificate.pem().replace("\r\n", "\n"),
        key.serialize_pem().replace("\r\n", "\n")
    ))
}

fn validity(params: &mut CertificateParams, now: Timestamp, life: Duration) -> Result<(), Failure> {
    let start = OffsetDateTime::from_unix_timestamp(now.as_micros().div_euclid(1_000_000))
        .map_err(Failure::internal)?;
    params.not_before = start - SKEW;
    params.not_after = start + life;
    let mut serial = random()?;
    // RFC 5280: positive, so the sign bit stays clear; never zero.
    serial[0] = (serial[0] & 0x7f) | 0x01;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(())
}

fn random() -> Result<[u8; 16], Failure> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Failure::internal("no random numbers"))?;
    Ok(bytes)
}

fn key_section(pem: &str) -> Option<&str> {
    pem.find("-----BEGIN PRIVATE KEY-----").map(|start| &pem[start..])
}

/// Writes `path` whole, unless another process was faster: then its file stands.
fn create(path: &Path, content: &str) -> std::io::Result<()> {
    let draft = draft(path);
    write_private(&draft, content.as_bytes())?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_parent(path),
    }
}

fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let draft = draft(path);
    write_private(&draft, content)?;
    fs::rename(&draft, path)?;
    sync_parent(path)
}

fn draft(path: &Path) -> PathBuf {
    path.with_extension(format!("new-{}", std::process::id()))
}

fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn sync_parent(path: &Path) -> std::io::Result<()> {
    path.parent()
        .map_or(Ok(()), |dir| fs::File::open(dir)?.sync_all())
}

fn cannot(what: &str, dir: &Path, error: std::io::Error) -> Failure {
    Failure::new(
        Reason::ConfigInvalid,
        format!("the certificate authority in {} cannot be {what}", dir.display()),
    )
    .with_remedy("check that the directory exists on a writable disk and belongs to this user")
    .with_source(error)
}
