//! Appending: what is acknowledged stays, through reopening and crashes.

use std::path::Path;

use datawave_audit::log::bundle::MAX_ENTRY_BYTES;
use datawave_audit::log::layout::Tile;
use datawave_audit::log::merkle::leaf_hash;
use datawave_audit::log::proof::{proves_consistency, proves_inclusion};
use datawave_audit::log::{Log, LogReader, load_or_create_signer};
use datawave_core::Reason;
use proptest::prelude::*;

use crate::log_fixture::{Place, encoded, entries, rows};
use crate::log_oracle::mth;

#[test]
fn a_new_log_is_empty_and_says_so_under_its_signature() {
    let place = Place::new();
    let log = place.open();
    assert_eq!((log.checkpoint().size, log.checkpoint().root), (0, mth(&[])));
    assert_eq!(log.checkpoint().origin, "audit.test");
    assert!(place.verify(Some(&[]), None).ok());
}

#[test]
fn the_root_does_not_depend_on_how_entries_are_batched_or_on_reopening() {
    let entries = entries(700);
    let bytes = encoded(&entries);
    for batch in [1, 255, 256, 257, 700] {
        let count = if batch == 1 { 20 } else { 700 };
        let place = Place::new();
        for (nth, part) in bytes[..count].chunks(batch).enumerate() {
            let mut log = place.open();
            assert_eq!(log.append(part).unwrap(), (nth * batch) as u64);
        }
        assert_eq!(place.open().checkpoint().root, mth(&bytes[..count]), "{batch}");
        let report = place.verify(Some(&rows(&entries[..count])), None);
        assert!(report.ok(), "{report:?}");
    }
}

#[test]
fn a_second_writer_is_kept_out() {
    let place = Place::new();
    let _first = place.open();
    let signer = load_or_create_signer(&place.key(), None).unwrap();
    let failure = Log::open(&place.log(), signer).err().unwrap();
    assert_eq!(failure.reason(), Reason::DataDirectoryBusy);
}

#[test]
fn an_entry_that_is_too_long_is_refused_and_leaves_the_log_as_it_was() {
    let place = Place::new();
    let mut log = place.open();
    log.append(&[vec![1; MAX_ENTRY_BYTES]]).unwrap();
    let before = log.note().to_owned();
    let failure = log.append(&[vec![2], vec![3; MAX_ENTRY_BYTES + 1]]).unwrap_err();
    assert_eq!(failure.reason(), Reason::TooLarge);
    assert_eq!(log.note(), before);
    assert_eq!(log.append(&[vec![4]]).unwrap(), 1);
    assert_eq!(log.checkpoint().root, mth(&[vec![1; MAX_ENTRY_BYTES], vec![4]]));
}

#[test]
fn a_reader_sees_the_log_as_it_was_when_it_has_grown_since() {
    let entries = entries(600);
    let bytes = encoded(&entries);
    let place = Place::new();
    let mut log = place.open();
    log.append(&bytes[..100]).unwrap();
    let early = log.reader();
    log.append(&bytes[100..]).unwrap();
    assert_eq!(early.entry(99).unwrap().unwrap(), entries[99]);
    assert_eq!(early.entry(100).unwrap(), None);
    let path = early.inclusion_proof(42).unwrap().unwrap();
    assert!(proves_inclusion(
        &leaf_hash(&bytes[42]),
        42,
        100,
        &path,
        &mth(&bytes[..100])
    ));
    let proof = log.reader().consistency_proof(100).unwrap().unwrap();
    assert!(proves_consistency(
        100,
        600,
        &mth(&bytes[..100]),
        &mth(&bytes),
        &proof
    ));
}

#[test]
fn full_tiles_replace_their_partial_ones() {
    let place = Place::with(&entries(600), 100);
    assert!(!place.log().join("tile/0/000.p").exists() && !place.log().join("tile/entries/001.p").exists());
    let left: Vec<_> = std::fs::read_dir(place.log().join("tile/0/002.p"))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(left, ["88"]);
}

#[test]
fn proofs_over_several_levels_hold() {
    let bytes: Vec<Vec<u8>> = (0..66_000u32).map(|n| n.to_be_bytes().to_vec()).collect();
    let place = Place::new();
    let mut log = place.open();
    log.append(&bytes[..65_000]).unwrap();
    log.append(&bytes[65_000..]).unwrap();
    let root = log.checkpoint().root;
    let reader = log.reader();
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        let path = reader.inclusion_proof(index).unwrap().unwrap();
        assert!(
            proves_inclusion(&leaf_hash(&bytes[index as usize]), index, 66_000, &path, &root),
            "{index}"
        );
    }
    for old in [1, 256, 65_000, 65_536, 65_537] {
        let old_root = mth(&bytes[..old as usize]);
        let proof = reader.consistency_proof(old).unwrap().unwrap();
        assert!(proves_consistency(old, 66_000, &old_root, &root, &proof), "{old}");
    }
    assert_eq!(reader.inclusion_proof(66_000).unwrap(), None);
    assert_eq!(reader.consistency_proof(66_001).unwrap(), None);
}

/// Every file of an append in the order in which a crash may find them, the checkpoint last.
fn appended_files(size: u64) -> Vec<String> {
    let mut files = Vec::new();
    for level in 0..3 {
        for index in 0.. {
            let Some(tile) = Tile::in_tree(level, index, size) else {
                break;
            };
            files.push(tile.path());
            if level == 0 {
                files.push(tile.entries_path());
            }
        }
    }
    files.push("checkpoint".to_owned());
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A crash leaves any part of the files of an append under their names, whole or, should the file
    /// system be careless, torn. The checkpoint comes last, and is replaced whole or not at all.
    #[test]
    fn after_a_crash_the_log_is_the_one_before_or_the_one_after(
        before in 0u64..520, more in 1u64..300, cut in any::<prop::sample::Index>(), torn in any::<bool>(),
        again in 1u64..300,
    ) {
        let all = entries(before + more.max(again));
        let bytes = encoded(&all);
        let place = Place::with(&all[..before as usize], 300);
        let whole = place.copy();
        whole.open().append(&bytes[before as usize..(before + more) as usize]).unwrap();
        let files = appended_files(before + more);
        let reached = cut.index(files.len() + 1);
        for (nth, file) in files[..reached].iter().enumerate() {
            let (from, to) = (whole.log().join(file), place.log().join(file));
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            let mut content = std::fs::read(from).unwrap();
            let is_new = !place.log().join(file).exists();
            if torn && is_new && nth + 1 == reached && file != "checkpoint" {
                content.truncate(content.len() / 2);
            }
            if is_new || file == "checkpoint" {
                std::fs::write(to, content).unwrap();
            }
        }

        let size = if reached == files.len() { before + more } else { before };
        let mut log = place.open();
        prop_assert_eq!(log.checkpoint().size, size);
        let report = place.verify(Some(&rows(&all[..size as usize])), None);
        prop_assert!(report.ok(), "{:?}", report);
        // The next append writes over what was left behind, with a batch of another length.
        let end = (size + again).min(all.len() as u64);
        log.append(&bytes[size as usize..end as usize]).unwrap();
        prop_assert_eq!(log.checkpoint().root, mth(&bytes[..end as usize]));
        let report = place.verify(Some(&rows(&all[..end as usize])), None);
        prop_assert!(report.ok(), "{:?}", report);
    }
}

#[test]
fn a_log_that_cannot_be_written_refuses_and_goes_on_when_it_can() {
    let all = entries(300);
    let bytes = encoded(&all);
    let place = Place::with(&all[..10], 10);
    let mut log = place.open();
    // A folder where the new bundle would have to be: no privilege helps against that.
    let blocked = place.log().join("tile/entries/000.p/20");
    std::fs::create_dir(&blocked).unwrap();
    let failure = log.append(&bytes[10..20]).unwrap_err();
    assert_eq!(failure.reason(), Reason::AuditUnavailable);
    assert!(failure.remedy().is_some());
    assert_eq!(
        LogReader::new(&place.log(), 10).entry(9).unwrap().unwrap(),
        all[9]
    );
    std::fs::remove_dir(&blocked).unwrap();
    assert_eq!(log.append(&bytes[10..20]).unwrap(), 10);
    assert_eq!(log.checkpoint().root, mth(&bytes[..20]));
}

#[test]
fn a_log_whose_newest_tiles_or_checkpoint_were_touched_is_not_continued() {
    let place = Place::with(&entries(300), 300);
    let refused = |what: &str, damage: &dyn Fn(&Path)| {
        let copy = place.copy();
        damage(&copy.log());
        let signer = load_or_create_signer(&copy.key(), Some("other.test")).unwrap();
        let failure = Log::open(&copy.log(), signer)
            .err()
            .unwrap_or_else(|| panic!("opened: {what}"));
        assert_eq!(failure.reason(), Reason::AuditTampered, "{what}");
    };
    let flip = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    refused("tile", &|log| flip(&log.join("tile/0/001.p/44")));
    refused("upper tile", &|log| {
        std::fs::remove_file(log.join("tile/1/000.p/1")).unwrap()
    });
    refused("entries", &|log| flip(&log.join("tile/entries/001.p/44")));
    refused("checkpoint", &|log| flip(&log.join("checkpoint")));
    refused("no checkpoint", &|log| {
        std::fs::remove_file(log.join("checkpoint")).unwrap()
    });
    refused("another key", &|log| {
        std::fs::remove_file(log.with_file_name("signer.key")).unwrap()
    });
}

/// Writes a log of 70,000 entries into the folder `DATAWAVE_SAMPLE_LOG`, for checks by tools of others; the
/// README of this crate says how.
#[test]
#[ignore = "writes a log for other tools to look at"]
fn sample_log_for_other_tools() {
    let dir = std::path::PathBuf::from(std::env::var("DATAWAVE_SAMPLE_LOG").unwrap());
    let signer = load_or_create_signer(&dir.join("signer.key"), Some("audit.test")).unwrap();
    let mut log = Log::open(&dir.join("log"), signer).unwrap();
    for batch in encoded(&entries(70_000)).chunks(4_096) {
        log.append(batch).unwrap();
    }
    println!("{}", log.signer().verifier());
}
