use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use datawave_core::Reason;
use datawave_infra::conformance;
use datawave_infra::secrets::{LocalSecrets, SecretRef, SecretStore, Secrets, SiteStore};
use secrecy::{ExposeSecret, SecretString};

fn local(dir: &Path) -> (LocalSecrets, SiteStore) {
    let site = SiteStore::open(dir.join("secrets")).unwrap();
    let env = Arc::new(|name: &str| match name {
        "DB_PASSWORD" => Some("from-env".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    });
    (LocalSecrets::new(env, site.clone()), site)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn local_secrets_conform() {
    let dir = tempfile::tempdir().unwrap();
    let (secrets, site) = local(dir.path());
    conformance::secrets::all(&secrets, &site).await;
}

#[tokio::test]
async fn the_store_and_its_files_are_for_their_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("secrets");
    fs::create_dir(&store).unwrap();
    fs::set_permissions(&store, fs::Permissions::from_mode(0o755)).unwrap();
    let (_, site) = local(dir.path());
    site.put("a", SecretString::from("v")).await.unwrap();
    assert_eq!(mode(&store), 0o700);
    assert_eq!(mode(&store.join("a")), 0o600);
    assert_eq!(
        fs::read_dir(&store).unwrap().count(),
        1,
        "a temporary file was left"
    );
}

#[tokio::test]
async fn environment_variables_are_resolved_and_empty_ones_are_missing() {
    let dir = tempfile::tempdir().unwrap();
    let (secrets, _) = local(dir.path());
    let found = secrets
        .resolve(&SecretRef::parse("env:DB_PASSWORD").unwrap())
        .await
        .unwrap();
    assert_eq!(found.expose_secret(), "from-env");
    for name in ["env:EMPTY", "env:MISSING"] {
        let missing = secrets
            .resolve(&SecretRef::parse(name).unwrap())
            .await
            .unwrap_err();
        assert_eq!(missing.reason(), Reason::SecretUnavailable);
        assert!(missing.message().contains(name));
    }
}

#[tokio::test]
async fn files_are_read_anew_without_the_line_end_that_editors_add() {
    let dir = tempfile::tempdir().unwrap();
    let (secrets, _) = local(dir.path());
    let path = dir.path().join("pw");
    let reference = SecretRef::parse(&format!("file:{}", path.display())).unwrap();
    for (content, expected) in [
        ("one\n", "one"),
        ("two\r\n", "two"),
        ("three", "three"),
        (" four \n\n", " four \n"),
    ] {
        fs::write(&path, content).unwrap();
        assert_eq!(
            secrets.resolve(&reference).await.unwrap().expose_secret(),
            expected
        );
    }
}

#[tokio::test]
async fn unusable_files_are_refused_without_showing_their_content() {
    let dir = tempfile::tempdir().unwrap();
    let (secrets, _) = local(dir.path());
    let path = dir.path().join("pw");
    let reference = SecretRef::parse(&format!("file:{}", path.display())).unwrap();
    for content in [
        b"hunter2\xff".to_vec(),
        b"\n".to_vec(),
        Vec::new(),
        vec![b'h'; 70_000],
    ] {
        fs::write(&path, &content).unwrap();
        let refused = secrets.resolve(&reference).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::SecretUnavailable);
        assert!(refused.remedy().is_some());
        assert!(!format!("{refused:?}").contains("hunter2"));
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(
        secrets.resolve(&reference).await.unwrap_err().reason(),
        Reason::SecretUnavailable
    );
}

#[test]
fn references_are_read_strictly_and_never_repeated_in_errors() {
    for text in ["env:A_1", "file:/run/secrets/db", "site:src_01j.v2"] {
        assert_eq!(SecretRef::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "hunter2",
        "",
        "env:",
        "env:hunter2-x",
        "file:hunter2",
        "site:../hunter2",
        "vault:hunter2",
    ] {
        let refused = SecretRef::parse(text).unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest, "{text}");
        assert!(!format!("{refused:?}").contains("hunter2"), "{text}");
    }
}
