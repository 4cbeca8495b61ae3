//! The test of a source, step by step.

use datawave_connectors::{Filter, Limits, SourceUrl, Step, StepName, StepOutcome, test_source};
use datawave_core::Reason;

use crate::support::server::database;
use crate::support::{SqliteFile, assert_failure};

const ORDER: [StepName; 6] = [
    StepName::Reach,
    StepName::Tls,
    StepName::Login,
    StepName::Grants,
    StepName::List,
    StepName::Sample,
];

/// All steps; what was reported on the way must be the same.
async fn steps(url: &SourceUrl) -> Vec<Step> {
    let mut told = Vec::new();
    let limits = Limits {
        connect: std::time::Duration::from_secs(3),
        ..Limits::default()
    };
    let steps = test_source(url, None, &limits, &Filter::default(), &mut |step| {
        told.push(step.name)
    })
    .await;
    assert_eq!(told, ORDER);
    assert_eq!(steps.iter().map(|s| s.name).collect::<Vec<_>>(), ORDER);
    steps
}

/// `o`, `f` or `s` per step.
fn outcomes(steps: &[Step]) -> String {
    let letter = |step: &Step| match step.outcome {
        StepOutcome::Ok(_) => 'o',
        StepOutcome::Failed(_) => 'f',
        StepOutcome::Skipped(_) => 's',
    };
    steps.iter().map(letter).collect()
}

fn failure(steps: &[Step]) -> &datawave_core::Failure {
    steps
        .iter()
        .find_map(|step| match &step.outcome {
            StepOutcome::Failed(failure) => Some(failure),
            _ => None,
        })
        .unwrap()
}

#[tokio::test]
async fn a_good_file_passes_every_step_that_a_file_has() {
    let file = SqliteFile::new("CREATE TABLE t(a); INSERT INTO t VALUES (1)").await;
    let steps = steps(&file.url()).await;
    assert_eq!(outcomes(&steps), "osoooo", "{steps:?}");
}

#[tokio::test]
async fn a_missing_file_fails_the_first_step() {
    let url = SourceUrl::parse("sqlite:/nowhere/shop.db").unwrap();
    let steps = steps(&url).await;
    assert_eq!(outcomes(&steps), "fsssss");
    assert_failure(failure(&steps), Reason::SourceObjectMissing, &[]);
}

#[tokio::test]
async fn a_file_that_is_no_database_fails_the_login() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "x".repeat(5_000)).unwrap();
    let steps = steps(&SourceUrl::parse(&format!("sqlite:{}", path.display())).unwrap()).await;
    assert_eq!(outcomes(&steps), "osfsss");
}

#[tokio::test]
async fn a_good_server_passes_every_step() {
    let Some(database) = database().await else { return };
    database
        .run("CREATE TABLE t(a int); INSERT INTO t VALUES (1)")
        .await;
    let url = format!(
        "postgres://postgres@localhost:{}/{}?sslmode=verify-full&sslrootcert={}",
        database.server.port,
        database.name,
        database.server.authority.display()
    );
    let steps = steps(&SourceUrl::parse(&url).unwrap()).await;
    assert_eq!(outcomes(&steps), "oooooo", "{steps:?}");
}

#[tokio::test]
async fn each_fault_fails_its_own_step() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    let good = database.url(&role);
    for (url, expected, reason) in [
        (
            "postgres://a@127.0.0.1:1/x".to_owned(),
            "fsssss",
            Reason::SourceUnreachable,
        ),
        (
            good.replace("sslmode=disable", "sslmode=verify-full"),
            "ofssss",
            Reason::SourceTlsFailed,
        ),
        (
            good.replace("hunter2hunter2", "s3cr3t"),
            "osfsss",
            Reason::SourceLoginRefused,
        ),
        (
            good.replace(&format!("/{}?", database.name), "/no_such?"),
            "osfsss",
            Reason::SourceObjectMissing,
        ),
    ] {
        let steps = steps(&SourceUrl::parse(&url).unwrap()).await;
        assert_eq!(outcomes(&steps), expected, "{reason:?} {steps:?}");
        assert_failure(failure(&steps), reason, &["s3cr3t", "hunter2"]);
    }
}

#[tokio::test]
async fn missing_grants_are_printed_as_the_statements_that_mend_them() {
    let Some(database) = database().await else { return };
    let role = database.role("reader").await;
    database
        .run("CREATE SCHEMA shut; CREATE TABLE shut.a(x int); CREATE TABLE shut.b(x int); CREATE VIEW public.v AS SELECT 1 AS x")
        .await;
    let url = SourceUrl::parse(&database.url(&role)).unwrap();
    let before = steps(&url).await;
    assert_eq!(outcomes(&before), "osofos", "{before:?}");
    assert_failure(failure(&before), Reason::SourceGrantMissing, &["hunter2"]);
    let mut grants = before[3].grants.clone();
    grants.sort();
    assert_eq!(
        grants,
        [
            format!("GRANT SELECT ON \"public\".\"v\" TO \"{role}\";"),
            format!("GRANT SELECT ON \"shut\".\"a\" TO \"{role}\";"),
            format!("GRANT SELECT ON \"shut\".\"b\" TO \"{role}\";"),
            format!("GRANT USAGE ON SCHEMA \"shut\" TO \"{role}\";"),
        ]
    );
    let remedy = failure(&before).remedy().unwrap();
    for grant in &grants {
        assert!(remedy.contains(grant));
        database.run(grant).await;
    }
    let after = steps(&url).await;
    assert_eq!(outcomes(&after), "osoooo", "{after:?}");
    assert!(after[3].grants.is_empty());
}
