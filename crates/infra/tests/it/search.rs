use std::fs;
use std::path::Path;

use datawave_core::Reason;
use datawave_infra::conformance::{
    self,
    search::{document, query},
};
use datawave_infra::search::{IndexBatch, LocalIndex, SearchIndex};
use proptest::prelude::*;

async fn filled(dir: &Path) {
    let index = LocalIndex::open(dir).await.unwrap();
    let upserts = vec![document("acme", "1", "email"), document("acme", "2", "phone")];
    index
        .apply(IndexBatch {
            revision: 7,
            upserts,
            deletes: Vec::new(),
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_local_index_conforms() {
    let dir = tempfile::tempdir().unwrap();
    conformance::search::all(&LocalIndex::open(dir.path().join("index")).await.unwrap()).await;
}

#[tokio::test]
async fn documents_and_revision_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let index = LocalIndex::open(dir.path()).await.unwrap();
    assert_eq!(index.last_revision().await.unwrap(), 7);
    assert_eq!(
        index.search(query("acme", "phone")).await.unwrap().hits[0].id,
        "2"
    );
}

#[tokio::test]
async fn an_index_that_is_open_elsewhere_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let index = LocalIndex::open(dir.path()).await.unwrap();
    let refused = LocalIndex::open(dir.path()).await.err().unwrap();
    assert_eq!(refused.reason(), Reason::DataDirectoryBusy);
    assert_eq!(index.search(query("acme", "")).await.unwrap().hits.len(), 2);
}

#[tokio::test]
async fn a_damaged_index_is_emptied_whichever_file_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let files: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| fs::metadata(path).unwrap().len() > 0 && !path.ends_with(".managed.json"))
        .collect();
    assert!(files.len() > 4, "{files:?}");
    for damaged in &files {
        let copy = tempfile::tempdir().unwrap();
        for path in &files {
            fs::copy(path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        fs::copy(
            dir.path().join(".managed.json"),
            copy.path().join(".managed.json"),
        )
        .unwrap();
        let target = copy.path().join(damaged.file_name().unwrap());
        let mut bytes = fs::read(&target).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xFF;
        fs::write(&target, bytes).unwrap();
        let index = LocalIndex::open(copy.path()).await.unwrap();
        assert_eq!(index.last_revision().await.unwrap(), 0, "{}", damaged.display());
        assert!(index.search(query("acme", "")).await.unwrap().hits.is_empty());
    }
}

#[tokio::test]
async fn a_directory_that_holds_something_else_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "ten years").unwrap();
    let refused = LocalIndex::open(dir.path()).await.err().unwrap();
    assert_eq!(refused.reason(), Reason::ConfigInvalid);
    assert!(dir.path().join("thesis.txt").exists());
}

#[tokio::test]
async fn an_index_of_another_version_is_emptied() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let meta = dir.path().join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let other = text.replace("\\\"schema\\\":1", "\\\"schema\\\":999");
    assert_ne!(text, other);
    fs::write(&meta, other).unwrap();
    let index = LocalIndex::open(dir.path()).await.unwrap();
    assert_eq!(index.last_revision().await.unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Against a plain list: any part of a name finds it, and only documents that have it are found.
    #[test]
    fn a_part_of_a_name_finds_exactly_the_names_that_have_it(
        names in proptest::collection::vec("[a-c]{1,6}", 1..20),
        part in "[a-c]{2,4}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let index = LocalIndex::open(dir.path()).await.unwrap();
            let upserts = (0..).zip(&names).map(|(id, name)| document("acme", &format!("{id:03}"), name));
            let batch = IndexBatch { revision: 1, upserts: upserts.collect(), deletes: Vec::new() };
            index.apply(batch).await.unwrap();
            let page = index.search(query("acme", &part)).await.unwrap();
            let mut found: Vec<_> = page.hits.into_iter().map(|hit| hit.id).collect();
            found.sort();
            let expected: Vec<_> = (0..)
                .zip(&names)
                .filter(|(_, name)| name.contains(&part))
                .map(|(id, _)| format!("{id:03}"))
                .collect();
            assert_eq!(found, expected);
        });
    }
}
