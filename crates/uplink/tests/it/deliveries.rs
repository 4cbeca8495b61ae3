//! What is delivered: batches that fit, ids that follow from the content, messages that keep the contract.

use datawave_core::{Failure, Reason};
use datawave_facts::{
    CleanText, ColumnFact, ColumnStatus, CostFact, Decision, EngineFact, EvidenceFact, EvidenceKind,
    FindingFact, FindingKind, TableFact, TableKind, VerdictFact,
};
use datawave_uplink::{ColumnReport, PendingColumn, PendingTable, TableResult};
use proptest::prelude::*;
use prost::Message as _;

use crate::server::{Link, Server, lease, link, path};

fn table(name: &str, columns: usize, comment: &str) -> TableFact {
    TableFact {
        path: path(name),
        kind: TableKind::Table,
        row_estimate: Some(10),
        comment: None,
        columns: (1..=columns)
            .map(|n| ColumnFact {
                name: format!("c{n}"),
                ordinal: n as u32,
                declared_type: "text".into(),
                nullable: true,
                comment: Some(CleanText::from_declassified(comment.to_owned())),
                default: None,
                generated: false,
                unique: false,
            })
            .collect(),
        primary_key: vec!["c1".into()],
        foreign_keys: Vec::new(),
    }
}

async fn deliver(link: &Link, tables: &[TableFact]) {
    let lease = lease();
    let mut discovery = link.discovery(&lease);
    for table in tables {
        discovery.add(table).await.unwrap();
    }
    let engine = EngineFact {
        engine: "sqlite".into(),
        version: "3.50".into(),
    };
    discovery
        .finish(&engine, "detect-1", CostFact::default())
        .await
        .unwrap();
}

fn batch_ids(server: &Server) -> Vec<String> {
    server.with(|s| s.tables.iter().map(|batch| batch.batch_id.clone()).collect())
}

#[tokio::test]
async fn batches_are_bounded_in_number_and_size_and_the_last_one_says_so() {
    let (server, link) = link();
    let many: Vec<_> = (0..1_200).map(|n| table(&format!("t{n}"), 1, "")).collect();
    let large: Vec<_> = (0..10)
        .map(|n| table(&format!("w{n}"), 1_000, &"x".repeat(300)))
        .collect();
    deliver(&link, &[many, large].concat()).await;
    server.with(|s| {
        assert!(s.tables.len() >= 4);
        assert_eq!(
            s.tables.iter().map(|batch| batch.tables.len()).sum::<usize>(),
            1_210
        );
        for batch in &s.tables {
            assert!(
                batch.tables.len() <= 500 && batch.encoded_len() < 2 << 20,
                "{}",
                batch.encoded_len()
            );
        }
        let last: Vec<_> = s.tables.iter().map(|batch| batch.last).collect();
        assert!(last.iter().rev().skip(1).all(|last| !last) && last.ends_with(&[true]));
        assert_eq!(s.tables.last().unwrap().source_engine, "sqlite 3.50");
    });
}

#[tokio::test]
async fn a_source_without_tables_ends_its_discovery_too() {
    let (server, link) = link();
    deliver(&link, &[]).await;
    server.with(|s| assert!(s.tables.len() == 1 && s.tables[0].last && s.tables[0].tables.is_empty()));
}

#[tokio::test]
async fn the_id_of_a_batch_follows_from_its_content() {
    let (server, link) = link();
    deliver(&link, &[table("a", 2, "")]).await;
    deliver(&link, &[table("a", 2, "")]).await;
    deliver(&link, &[table("a", 3, "")]).await;
    let ids = batch_ids(&server);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn a_table_too_large_for_a_message_loses_its_comments_and_no_column() {
    let (server, link) = link();
    deliver(&link, &[table("wide", 5_000, &"ä".repeat(1_000))]).await;
    server.with(|s| {
        let wide = &s.tables[0].tables[0];
        assert_eq!(wide.columns.len(), 5_000);
        assert!(s.tables[0].encoded_len() < 4 << 20);
        assert!(wide.columns.iter().all(|column| column.comment.is_empty()));
    });
}

fn pending(columns: usize) -> PendingTable {
    PendingTable {
        path: path("people"),
        row_estimate: Some(7),
        columns: (1..=columns)
            .map(|n| PendingColumn {
                name: format!("c{n}"),
                ordinal: n as u32,
                declared_type: "text".into(),
            })
            .collect(),
    }
}

fn finding(evidence: usize, reason: &str, confidence: f64) -> FindingFact {
    FindingFact {
        label: "email".into(),
        infotype: "email".into(),
        subtype: None,
        category: "contact".into(),
        kind: FindingKind::Contains,
        decision: Decision::Review,
        confidence,
        prevalence: 0.5,
        interval: (0.4, 0.6),
        evidence: (0..evidence)
            .map(|n| EvidenceFact {
                kind: EvidenceKind::Format,
                weight: -(n as f64),
                support: 1,
                total: 2,
                reason: reason.to_owned(),
            })
            .collect(),
    }
}

fn result<'a>(
    table: &'a PendingTable,
    findings: &[FindingFact],
    failure: Option<&'a Failure>,
) -> TableResult<'a> {
    TableResult {
        source: "sources/src_1",
        table,
        columns: table
            .columns
            .iter()
            .map(|column| ColumnReport {
                ordinal: column.ordinal,
                declared_type: &column.declared_type,
                verdict: VerdictFact {
                    path: table.path.clone(),
                    column: column.name.clone(),
                    status: ColumnStatus::Ok,
                    status_reason: None,
                    sampled_rows: 2,
                    non_null: 1,
                    findings: findings.to_vec(),
                    engine_version: "detect-1".into(),
                },
            })
            .collect(),
        failure,
        cost: CostFact {
            statements: 1,
            rows: 2,
            bytes: 3,
            source_millis: 1_500,
        },
    }
}

#[tokio::test]
async fn the_id_of_a_result_names_scan_and_table_and_nothing_else() {
    let (server, link) = link();
    let table = pending(1);
    link.submit_result(&lease(), &result(&table, &[], None))
        .await
        .unwrap();
    link.submit_result(&lease(), &result(&table, &[finding(1, "x", 0.9)], None))
        .await
        .unwrap();
    let mut other = lease();
    other.scan = "scans/scn_2".into();
    link.submit_result(&other, &result(&table, &[], None))
        .await
        .unwrap();
    server.with(|s| {
        assert_eq!(s.results[0].batch_id, s.results[1].batch_id);
        assert_ne!(s.results[0].batch_id, s.results[2].batch_id);
        assert_eq!(s.results[0].cost.unwrap().source_time.unwrap().nanos, 500_000_000);
        assert_eq!(s.results[0].results[0].row_estimate, Some(7));
    });
}

#[tokio::test]
async fn of_a_failure_only_the_public_half_is_sent() {
    let (server, link) = link();
    let failure = Failure::new(Reason::SourceBroken, "it broke")
        .with_remedy("mend it")
        .with_source(std::io::Error::other("Key (email)=(ann@example.org)"));
    let table = pending(1);
    link.submit_result(&lease(), &result(&table, &[], Some(&failure)))
        .await
        .unwrap();
    server.with(|s| {
        let error = s.results[0].error.as_ref().unwrap();
        assert_eq!(
            (error.reason.as_str(), error.message.as_str()),
            ("SOURCE_BROKEN", "it broke")
        );
        assert!(!String::from_utf8_lossy(&s.results[0].encode_to_vec()).contains("ann@"));
    });
}

#[tokio::test]
async fn a_result_too_large_for_a_message_loses_evidence_and_no_column() {
    let (server, link) = link();
    let table = pending(1_600);
    let findings = vec![finding(20, &"r".repeat(400), 0.9); 2];
    link.submit_result(&lease(), &result(&table, &findings, None))
        .await
        .unwrap();
    server.with(|s| {
        let sent = &s.results[0];
        assert!(sent.encoded_len() < 4 << 20, "{}", sent.encoded_len());
        assert_eq!(sent.results.len(), 1_600);
        assert!(sent.results.iter().all(|column| column.detections.len() == 2));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a child says within its frames, the message keeps the rules of the contract: the server, which
    /// checks them all, takes it.
    #[test]
    fn every_result_keeps_the_contract(
        reason in ".{0,700}",
        confidence in prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-1.0)],
        evidence in 0_usize..100,
        findings in 0_usize..80,
        declared in ".{0,700}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (server, link) = link();
            let mut table = pending(1);
            table.columns[0].declared_type = declared;
            let findings = vec![finding(evidence, &reason, confidence); findings];
            let sent = link.submit_result(&lease(), &result(&table, &findings, None)).await;
            prop_assert!(sent.is_ok(), "{sent:?}");
            prop_assert_eq!(server.with(|s| s.results.len()), 1);
            Ok(())
        })?;
    }
}
