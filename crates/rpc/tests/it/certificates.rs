//! Identities: bad certificates, rotation under load, hostile connections, the development authority.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use datawave_core::{Reason, Timestamp};
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_rpc::{
    BadIdentity, Channel, ClientLimits, DevCa, Leaf, Limits, Remote, Roots, SpiffeId, TlsMaterial, Trust,
    failure,
};
use rcgen::{CertificateParams, IsCa, Issuer, KeyPair, SanType};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::support::{Rig, Way, ask, leaf, material, new_ca, now, until};

/// A certificate of the rig's own authority with whatever names and dates, as rustls takes it.
#[expect(
    clippy::disallowed_methods,
    reason = "rustls compares certificates with the machine's clock"
)]
fn forged(rig_ca: &std::path::Path, uris: &[&str], until: time::Duration) -> rustls::ClientConfig {
    let pem = std::fs::read_to_string(rig_ca).unwrap();
    let key = KeyPair::from_pem(&pem[pem.find("-----BEGIN PRIVATE KEY").unwrap()..]).unwrap();
    let issuer = Issuer::from_ca_cert_pem(&pem, key).unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::ExplicitNoCa;
    for uri in uris {
        params
            .subject_alt_names
            .push(SanType::URI((*uri).try_into().unwrap()));
    }
    params.not_before = time::OffsetDateTime::now_utc() - time::Duration::days(2);
    params.not_after = time::OffsetDateTime::now_utc() + until;
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
    client_config(&pem)
        .with_client_auth_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

fn client_config(
    roots: &str,
) -> rustls::ConfigBuilder<rustls::ClientConfig, rustls::client::WantsClientCert> {
    use rustls_pki_types::pem::PemObject as _;
    let mut store = rustls::RootCertStore::empty();
    store
        .add(rustls_pki_types::CertificateDer::from_pem_slice(roots.as_bytes()).unwrap())
        .unwrap();
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store)
}

/// Shakes hands with the mesh listener and reads until it says why not.
async fn knock(rig: &Rig, mut config: rustls::ClientConfig) -> String {
    config.alpn_protocols = vec![b"h2".to_vec()];
    let tcp = TcpStream::connect(rig.mesh).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let error = match connector.connect("localhost".try_into().unwrap(), tcp).await {
        Ok(mut stream) => {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await.unwrap_err()
        }
        Err(error) => error,
    };
    error.to_string()
}

#[tokio::test]
async fn every_bad_client_certificate_is_refused_for_its_own_reason() {
    let rig = Rig::new().await;
    let pem = rig.ca.roots_path().with_file_name("authority.pem");
    let text = std::fs::read_to_string(&pem).unwrap();
    let (_dir, stranger) = new_ca();
    let stranger_pem = stranger.roots_path().with_file_name("authority.pem");
    let day = time::Duration::days(1);

    let mut foreign = forged(&stranger_pem, &["spiffe://datawave/scans"], day);
    // It trusts our server, but we do not trust its authority.
    let ours = forged(&pem, &["spiffe://datawave/scans"], day);
    let resolver = Arc::clone(&foreign.client_auth_cert_resolver);
    foreign = ours;
    foreign.client_auth_cert_resolver = resolver;

    let cases = [
        (
            "no_certificate",
            client_config(&text).with_no_client_auth(),
            "CertificateRequired",
        ),
        ("foreign_authority", foreign, "UnknownCA"),
        (
            "expired",
            forged(&pem, &["spiffe://datawave/scans"], -day),
            "CertificateExpired",
        ),
        (
            "wrong_name",
            forged(&pem, &["spiffe://elsewhere/scans"], day),
            "AccessDenied",
        ),
        ("wrong_name", forged(&pem, &[], day), "AccessDenied"),
        (
            "wrong_name",
            forged(
                &pem,
                &["spiffe://datawave/scans", "spiffe://datawave/access"],
                day,
            ),
            "AccessDenied",
        ),
    ];
    for (reason, config, alert) in cases {
        let before = rig.metrics.refused("mesh", reason);
        let told = knock(&rig, config).await;
        assert!(told.contains(alert), "{reason}: {told}");
        until(|| rig.metrics.refused("mesh", reason) == before + 1).await;
    }
    rig.client(Way::Mesh).list_assets(ask("")).await.unwrap();
}

#[tokio::test]
async fn a_refused_client_is_told_what_is_wrong_with_its_certificate() {
    let rig = Rig::new().await;
    let (_dir, stranger) = new_ca();
    let both = rig.ca.roots().and(&stranger.roots());
    let foreign = TlsMaterial::new(&leaf(&stranger, "scans"), &both, now()).unwrap();
    let mut client = CatalogServiceClient::new(rig.mesh_as(foreign));
    let error = failure(client.list_assets(ask("")).await.unwrap_err());
    assert_eq!(error.reason(), Reason::DependencyUnavailable);
    assert!(
        error
            .message()
            .contains("authority that the server does not trust"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_verified_is_named_clearly() {
    let rig = Rig::new().await;
    let (_dir, stranger) = new_ca();
    let mut client = CatalogServiceClient::new(rig.public_with(&stranger.roots()));
    let error = failure(client.list_assets(ask("")).await.unwrap_err());
    assert_eq!(error.reason(), Reason::DependencyUnavailable);
    assert!(
        error
            .message()
            .contains("not issued by an authority that this client trusts"),
        "{error}"
    );
    assert!(error.remedy().unwrap().contains("roots.pem"));

    let other = Channel::remote(&Remote {
        address: format!("https://{}", rig.mesh),
        trust: Trust::Mesh {
            material: rig.client_tls.clone(),
            server: SpiffeId::service("access").unwrap(),
        },
        limits: ClientLimits::default(),
    })
    .unwrap();
    let error = failure(
        CatalogServiceClient::new(other)
            .list_assets(ask(""))
            .await
            .unwrap_err(),
    );
    assert!(
        error
            .message()
            .contains("is spiffe://datawave/catalog, not spiffe://datawave/access"),
        "{error}"
    );
}

#[tokio::test]
async fn an_absent_server_is_unavailable_and_a_wrong_address_is_refused_early() {
    let rig = Rig::new().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let remote = |address: String| {
        Channel::remote(&Remote {
            address,
            trust: Trust::Public(rig.ca.roots()),
            limits: ClientLimits::default(),
        })
    };
    let mut client = CatalogServiceClient::new(remote(format!("https://{closed}")).unwrap());
    let error = failure(client.list_assets(ask("")).await.unwrap_err());
    assert_eq!(error.reason(), Reason::DependencyUnavailable);
    assert!(error.message().contains(&closed.to_string()));
    for bad in [
        "http://localhost:1",
        "localhost:1",
        "https://user@localhost",
        "https://localhost/path",
        "",
    ] {
        assert_eq!(
            remote(bad.to_owned()).unwrap_err().reason(),
            Reason::ConfigInvalid,
            "{bad}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaves_and_roots_rotate_under_load_without_one_failed_call() {
    let rig = Rig::new().await;
    let (calls, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let callers: Vec<_> = [Way::Mesh, Way::Mesh, Way::Mesh, Way::Public]
        .into_iter()
        .map(|way| {
            let (mut client, calls, stop) = (rig.client(way), Arc::clone(&calls), Arc::clone(&stop));
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    client.list_assets(ask("")).await.unwrap();
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let some_calls = async |n: u64| {
        let goal = calls.load(Ordering::SeqCst) + n;
        until(|| calls.load(Ordering::SeqCst) >= goal || callers.iter().any(|c| c.is_finished())).await;
    };
    some_calls(20).await;
    for _ in 0..5 {
        rig.server_tls
            .publish(&leaf(&rig.ca, "catalog"), &rig.ca.roots(), now())
            .unwrap();
        rig.client_tls
            .publish(&leaf(&rig.ca, "scans"), &rig.ca.roots(), now())
            .unwrap();
        some_calls(20).await;
    }
    // A new authority: first all trust both, then all present its leaves, then the old one is forgotten.
    // The public caller keeps its roots, so the leaf of the server's last step stays with the old authority's.
    let (_dir, next) = new_ca();
    let both = rig.ca.roots().and(&next.roots());
    rig.server_tls
        .publish(&leaf(&rig.ca, "catalog"), &both, now())
        .unwrap();
    rig.client_tls
        .publish(&leaf(&rig.ca, "scans"), &both, now())
        .unwrap();
    some_calls(20).await;
    rig.client_tls
        .publish(&leaf(&next, "scans"), &both, now())
        .unwrap();
    some_calls(20).await;
    rig.server_tls
        .publish(&leaf(&rig.ca, "catalog"), &both, now())
        .unwrap();
    some_calls(40).await;
    stop.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.await.expect("no call failed");
    }
    for reason in ["foreign_authority", "expired", "wrong_name"] {
        assert_eq!(rig.metrics.refused("mesh", reason), 0, "{reason}");
    }
}

#[tokio::test]
async fn a_peer_whose_authority_is_dropped_is_cut_off() {
    let rig = Rig::new().await;
    let mut client = rig.client(Way::Mesh);
    client.list_assets(ask("")).await.unwrap();
    let (_dir, next) = new_ca();
    rig.server_tls
        .publish(&leaf(&next, "catalog"), &next.roots(), now())
        .unwrap();
    // The open connection is asked to close; the next one is refused.
    let error = loop {
        match client.list_assets(ask("")).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(status) => break failure(status),
        }
    };
    assert_eq!(error.reason(), Reason::DependencyUnavailable);
}

#[tokio::test]
async fn a_bad_renewal_leaves_the_old_identity_in_service() {
    let rig = Rig::new().await;
    let (_dir, stranger) = new_ca();
    let published = rig.server_tls.current().not_after();
    let foreign = rig
        .server_tls
        .publish(&leaf(&stranger, "catalog"), &rig.ca.roots(), now());
    assert_eq!(foreign.unwrap_err().reason(), Reason::ConfigInvalid);
    let hour = Timestamp::from_micros(now().as_micros() + 2 * 3_600_000_000);
    assert!(
        rig.server_tls
            .publish(&leaf(&rig.ca, "catalog"), &rig.ca.roots(), hour)
            .is_err(),
        "expired by then"
    );
    assert_eq!(rig.server_tls.current().not_after(), published);
    rig.client(Way::Mesh).list_assets(ask("")).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_says_nothing_blocks_nobody_and_is_dropped() {
    let rig = Rig::with(Limits {
        handshake: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    for (listener, address, way) in [("mesh", rig.mesh, Way::Mesh), ("public", rig.public, Way::Public)] {
        let silent: Vec<_> = futures::future::join_all((0..20).map(|_| TcpStream::connect(address)))
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        rig.client(way).list_assets(ask("")).await.unwrap();
        until(|| rig.metrics.refused(listener, "handshake_timeout") >= 20).await;
        drop(silent);
    }
}

#[tokio::test]
async fn more_connections_than_allowed_are_refused() {
    let rig = Rig::with(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    rig.client(Way::Mesh).list_assets(ask("")).await.unwrap();
    let keep = rig.client(Way::Mesh);
    let _first = TcpStream::connect(rig.mesh).await.unwrap();
    let _second = TcpStream::connect(rig.mesh).await.unwrap();
    until(|| rig.metrics.refused("mesh", "too_many_connections") >= 1).await;
    drop(keep);
}

#[test]
fn the_authority_is_made_once_and_kept_private() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("pki");
    let first = DevCa::open(&at, now()).unwrap();
    let again = DevCa::open(&at, now()).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&at), 0o700);
    assert_eq!(mode(&at.join("authority.pem")), 0o600);
    // A leaf of one verifies under the roots of the other: it is the same authority.
    TlsMaterial::new(&leaf(&again, "scans"), &first.roots(), now()).unwrap();
    let roots = Roots::from_file(first.roots_path()).unwrap();
    TlsMaterial::new(&leaf(&first, "scans"), &roots, now()).unwrap();
    let public = std::fs::read_to_string(first.roots_path()).unwrap();
    assert!(!public.contains("PRIVATE KEY"));

    std::fs::set_permissions(at.join("authority.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(
        DevCa::open(&at, now()).unwrap_err().reason(),
        Reason::ConfigInvalid
    );
}

#[test]
fn a_damaged_authority_is_reported_and_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("pki");
    DevCa::open(&at, now()).unwrap();
    std::fs::write(at.join("authority.pem"), "garbage").unwrap();
    assert_eq!(
        DevCa::open(&at, now()).unwrap_err().reason(),
        Reason::StoreCorrupt
    );
    assert_eq!(
        std::fs::read_to_string(at.join("authority.pem")).unwrap(),
        "garbage"
    );
}

#[test]
fn leaves_have_fresh_keys_and_serial_numbers_and_are_no_authorities() {
    use x509_parser::prelude::{FromDer as _, X509Certificate};
    let (_dir, ca) = new_ca();
    let (one, two) = (leaf(&ca, "scans"), leaf(&ca, "scans"));
    let (_, a) = X509Certificate::from_der(one.der()).unwrap();
    let (_, b) = X509Certificate::from_der(two.der()).unwrap();
    assert_ne!(a.raw_serial(), b.raw_serial());
    assert_ne!(a.public_key().raw, b.public_key().raw);
    assert!(!a.basic_constraints().unwrap().unwrap().value.ca);
    assert_eq!(
        SpiffeId::of_certificate(one.der()),
        Ok(SpiffeId::service("scans").unwrap())
    );
}

#[test]
fn spiffe_names_are_exactly_ours() {
    assert_eq!(
        SpiffeId::parse("spiffe://datawave/edge/plant-3"),
        Ok(SpiffeId::edge("plant-3").unwrap())
    );
    for bad in [
        "spiffe://datawave/",
        "spiffe://datawave/edge",
        "spiffe://datawave/edge/",
        "spiffe://datawave/edge/a/b",
        "spiffe://datawave/Scans",
        "spiffe://datawave.evil/scans",
        "https://datawave/scans",
        "spiffe://datawave/scans?x",
    ] {
        assert_eq!(SpiffeId::parse(bad), Err(BadIdentity::Foreign), "{bad}");
    }
}

#[test]
fn certificate_and_key_must_belong_together() {
    let (_dir, ca) = new_ca();
    let _ = material(&ca, "scans");
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(Leaf::from_pem(pem.as_bytes(), b"no key").is_err());
    assert!(Roots::from_pem(b"").is_err());
}
