//! What verification names, case by case.

use std::path::Path;

use datawave_audit::log::layout::Tile;
use datawave_audit::log::{
    IndexRow, Log, ProblemKind, Report, SavedCheckpoint, load_or_create_signer, verify_directory,
};
use datawave_core::Reason;

use crate::log_fixture::{Place, chained, encoded, entries, record, records, rows};

pub(crate) fn save(place: &Place, marks: u64) -> SavedCheckpoint {
    let log = place.open();
    SavedCheckpoint::take(&log.reader(), log.note(), log.signer().verifier(), marks).unwrap()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 0x20;
    std::fs::write(path, bytes).unwrap();
}

fn kinds(report: &Report) -> Vec<ProblemKind> {
    report.problems.iter().map(|problem| problem.kind).collect()
}

/// The history with record `at` rewritten, under a chain, tiles, rows and a signature of its own.
fn forked(place: &Place, count: u64, at: u64) -> (Place, Vec<IndexRow>) {
    let mut records = records(count);
    let service = records[at as usize].0.clone();
    records[at as usize].1 = record(at, &service, "-someone-else").canonical_bytes();
    let history = chained(&records);
    let fork = Place::new();
    std::fs::copy(place.key(), fork.key()).unwrap();
    fork.open().append(&encoded(&history)).unwrap();
    (fork, rows(&history))
}

#[test]
fn an_untouched_log_verifies_and_the_saved_checkpoint_survives_its_growth() {
    let all = entries(900);
    let place = Place::with(&all[..300], 300);
    for marks in [0, 2, u64::MAX, SavedCheckpoint::USUAL_MARKS] {
        let text = save(&place, marks).to_text();
        let saved = SavedCheckpoint::parse(&text).unwrap();
        assert_eq!(saved.to_text(), text);
        let grown = place.copy();
        grown.open().append(&encoded(&all[300..])).unwrap();
        let report = grown.verify(Some(&rows(&all)), Some(&saved));
        assert!(report.ok(), "{report:?}");
        assert_eq!(
            (report.size, report.saved_size, report.rows),
            (900, Some(300), Some(900))
        );
        assert_eq!(report.origin, "audit.test");
        let bare = SavedCheckpoint::parse(saved.note()).unwrap();
        assert!(grown.verify(None, Some(&bare)).ok());
    }
}

#[test]
fn a_flipped_byte_of_an_entry_is_named_without_any_checkpoint() {
    let place = Place::with(&entries(300), 300);
    flip(&place.log().join("tile/entries/000"), 2 + 300);
    let report = place.verify(None, None);
    assert_eq!(report.first_bad, Some((0, 0)));
    assert_eq!(report.problems[0].kind, ProblemKind::Entry);
}

#[test]
fn a_flipped_hash_of_a_tile_is_named_at_its_level() {
    let place = Place::with(&entries(600), 600);
    flip(&place.log().join("tile/0/001"), 32 * 9);
    flip(&place.log().join("tile/1/000.p/2"), 0);
    let report = place.verify(None, None);
    assert_eq!(kinds(&report), [ProblemKind::Tile, ProblemKind::Entry]);
    assert_eq!((report.problems[0].index, report.problems[0].last), (0, 255));
    assert_eq!((report.problems[1].index, report.problems[1].last), (265, 265));
}

#[test]
fn a_missing_or_short_file_is_named_by_its_first_entry() {
    for (file, kind, at) in [
        ("tile/entries/001", ProblemKind::Entry, (256, 256)),
        ("tile/entries/002.p/88", ProblemKind::Entry, (512, 512)),
        ("tile/0/001", ProblemKind::Tile, (256, 511)),
        ("tile/1/000.p/2", ProblemKind::Tile, (0, 511)),
    ] {
        let place = Place::with(&entries(600), 600);
        std::fs::remove_file(place.log().join(file)).unwrap();
        let report = place.verify(None, None);
        assert_eq!(kinds(&report), [kind], "{file}");
        assert_eq!(report.first_bad, Some(at), "{file}");
        std::fs::create_dir(place.log().join(file)).unwrap();
        assert_eq!(
            place.verify(None, None).first_bad,
            Some(at),
            "a folder in the place of {file}"
        );
    }
    let place = Place::with(&entries(600), 600);
    let path = place.log().join("tile/entries/000");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(place.verify(None, None).first_bad, Some((255, 255)));
    std::fs::write(&path, [bytes, vec![0, 1, 7]].concat()).unwrap();
    assert_eq!(place.verify(None, None).first_bad, Some((255, 255)));
}

#[test]
fn rows_that_differ_are_named_with_the_part() {
    let all = entries(300);
    let place = Place::with(&all, 300);
    let case = |change: &dyn Fn(&mut Vec<IndexRow>)| {
        let mut rows = rows(&all);
        change(&mut rows);
        let report = place.verify(Some(&rows), None);
        assert!(kinds(&report).contains(&ProblemKind::Row), "{report:?}");
        (report.first_bad.unwrap(), report.problems[0].what.clone())
    };
    let (at, what) = case(&|rows| rows[17].columns.subject = "user:nobody".to_owned());
    assert_eq!(at, (17, 17));
    assert!(what.ends_with("subject"), "{what}");
    assert_eq!(case(&|rows| rows[18].columns.time += 1).0, (18, 18));
    assert_eq!(case(&|rows| rows[19].record[30] ^= 1).0, (19, 19));
    assert_eq!(case(&|rows| rows[20].hash.clear()).0, (20, 20));
    assert_eq!(case(&|rows| rows[21].sequence = -1).0, (21, 21));
    assert_eq!(case(&|rows| drop(rows.remove(22))).0, (22, 22));
    assert_eq!(case(&|rows| rows.insert(24, rows[23].clone())).0, (23, 23));
    assert_eq!(case(&|rows| rows.truncate(299)).0, (299, 299));
    assert_eq!(case(&|rows| rows.clear()).0, (0, 0));
    let negative = |rows: &mut Vec<IndexRow>| {
        rows.insert(
            0,
            IndexRow {
                index: -4,
                ..rows[0].clone()
            },
        )
    };
    assert_eq!(case(&negative).0, (0, 0));
}

#[test]
fn rows_that_are_not_sealed_yet_are_counted_and_their_chain_is_followed() {
    let all = entries(320);
    let place = Place::with(&all[..300], 300);
    let report = place.verify(Some(&rows(&all)), None);
    assert!(report.ok(), "{report:?}");
    assert_eq!((report.unsealed_rows, report.rows), (20, Some(320)));
    let mut gap = rows(&all);
    gap.remove(310);
    assert_eq!(place.verify(Some(&gap), None).first_bad, Some((310, 310)));
    let mut forged = rows(&all);
    forged[305].columns.action = "read".to_owned();
    assert_eq!(place.verify(Some(&forged), None).first_bad, Some((305, 305)));
}

#[test]
fn a_break_in_a_chain_is_found_even_under_good_tiles_and_a_good_signature() {
    let mut history = entries(300);
    history[120].record = record(120, "scans", "-someone-else").canonical_bytes();
    let place = Place::with(&history, 300);
    let report = place.verify(Some(&rows(&history)), None);
    assert_eq!(kinds(&report), [ProblemKind::Chain]);
    assert!(report.problems[0].what.contains("does not follow"), "{report:?}");
    let mut history = entries(300);
    history.remove(120);
    let report = Place::with(&history, 300).verify(None, None);
    assert_eq!(kinds(&report), [ProblemKind::Chain]);
    assert!(report.problems[0].index >= 120);
}

#[test]
fn a_history_rewritten_and_signed_with_the_logs_own_key_is_found_by_the_saved_checkpoint_only() {
    let place = Place::with(&entries(600), 600);
    let (fork, rows) = forked(&place, 600, 300);
    assert!(
        fork.verify(Some(&rows), None).ok(),
        "the fork must be good enough to pass without a saved one"
    );
    let first_bad = |marks| {
        let report = fork.verify(Some(&rows), Some(&save(&place, marks)));
        assert_eq!(kinds(&report), [ProblemKind::Saved]);
        report.first_bad.unwrap()
    };
    assert_eq!(first_bad(u64::MAX), (300, 300));
    assert_eq!(first_bad(SavedCheckpoint::USUAL_MARKS), (300, 300));
    assert_eq!(first_bad(2), (256, 511));
    assert_eq!(first_bad(3), (256, 511));
    assert_eq!(first_bad(20), (288, 319));
    assert_eq!(first_bad(1), (0, 511));
    assert_eq!(first_bad(0), (0, 599));
}

#[test]
fn a_fork_behind_the_last_full_tile_is_placed_behind_the_marks() {
    let place = Place::with(&entries(600), 600);
    let (fork, rows) = forked(&place, 600, 590);
    let report = fork.verify(Some(&rows), Some(&save(&place, 2)));
    assert_eq!(report.first_bad, Some((512, 599)));
}

#[test]
fn a_log_cut_short_is_named_by_its_new_end() {
    let all = entries(600);
    let place = Place::with(&all, 600);
    let saved = save(&place, SavedCheckpoint::USUAL_MARKS);
    for keep in [599, 512, 300, 1, 0] {
        let cut = Place::new();
        std::fs::copy(place.key(), cut.key()).unwrap();
        cut.open().append(&encoded(&all[..keep])).unwrap();
        let report = cut.verify(Some(&rows(&all[..keep])), Some(&saved));
        assert_eq!(report.first_bad, Some((keep as u64, keep as u64)), "{report:?}");
        assert!(cut.verify(Some(&rows(&all[..keep])), None).ok());
    }
}

#[test]
fn another_key_is_found_by_the_saved_checkpoint() {
    let all = entries(300);
    let place = Place::with(&all, 300);
    let saved = save(&place, SavedCheckpoint::USUAL_MARKS);
    let other = Place::with(&all, 300);
    let report = other.verify(Some(&rows(&all)), Some(&saved));
    assert!(kinds(&report).iter().all(|kind| *kind == ProblemKind::Checkpoint) && !report.ok());
    // No entry is bad: everything up to the end is vouched for by the saved checkpoint.
    assert_eq!(report.first_bad, Some((300, 300)));
    // A bare checkpoint names no key, but it is signed by the old one, which the directory no longer names.
    let bare = SavedCheckpoint::parse(saved.note()).unwrap();
    assert!(!other.verify(None, Some(&bare)).ok());
}

#[test]
fn without_a_readable_checkpoint_the_saved_one_still_leads_through_the_log() {
    let all = entries(300);
    let place = Place::with(&all, 300);
    let saved = save(&place, SavedCheckpoint::USUAL_MARKS);
    std::fs::write(place.log().join("checkpoint"), "gone").unwrap();
    let report = place.verify(Some(&rows(&all)), Some(&saved));
    assert_eq!(kinds(&report), [ProblemKind::Checkpoint]);
    std::fs::remove_dir_all(place.log()).unwrap();
    let report = place.verify(Some(&[]), Some(&saved));
    assert_eq!(report.first_bad, Some((0, 0)));
    assert!(!place.verify(None, None).ok());
}

#[test]
fn a_report_of_ten_thousand_problems_keeps_a_thousand_and_the_first() {
    let place = Place::with(&entries(2_000), 2_000);
    let report = place.verify(Some(&[]), None);
    assert_eq!(
        (report.problem_count, report.problems.len()),
        (2_000, Report::MAX_PROBLEMS)
    );
    assert_eq!(report.first_bad, Some((0, 0)));
}

#[test]
fn saved_checkpoints_are_read_from_files_and_refused_with_a_remedy() {
    let place = Place::with(&entries(10), 10);
    let path = place.key().with_file_name("saved");
    std::fs::write(&path, save(&place, SavedCheckpoint::USUAL_MARKS).to_text()).unwrap();
    assert!(verify_directory(&place.log(), None, Some(&path)).unwrap().ok());
    let text = std::fs::read_to_string(&path).unwrap();
    for bad in [
        String::new(),
        text.replace("/v1", "/v2"),
        text.replace("span 1", "span 7"),
        text.replace("span 1", "span 0"),
        text.replace("marks 0", "marks 1"),
        text.replace("key ", "kye "),
        text.replacen("key ", "key x", 1),
        text.replace("span 1\n", ""),
    ] {
        std::fs::write(&path, bad).unwrap();
        let failure = verify_directory(&place.log(), None, Some(&path)).unwrap_err();
        assert_eq!(failure.reason(), Reason::InvalidRequest);
        assert!(failure.remedy().is_some());
    }
    std::fs::remove_file(&path).unwrap();
    assert!(verify_directory(&place.log(), None, Some(&path)).is_err());
}

#[test]
fn a_checkpoint_is_taken_only_of_the_log_that_it_signs() {
    let place = Place::with(&entries(300), 300);
    let log = place.open();
    let (other, _) = datawave_audit::log::Signer::generate("audit.test").unwrap();
    let key = log.signer().verifier();
    assert!(SavedCheckpoint::take(&log.reader(), log.note(), other.verifier(), 0).is_err());
    let shorter = datawave_audit::log::LogReader::new(&place.log(), 299);
    assert!(SavedCheckpoint::take(&shorter, log.note(), key, 0).is_err());
}

/// `cargo test -p datawave-audit --test it -- --ignored --nocapture million` prints the figures.
#[test]
#[ignore = "a measurement: a million entries take a while to write"]
fn a_million_entries_verify_in_one_pass() {
    let all = entries(1_000_000);
    let bytes = encoded(&all);
    let place = Place::new();
    let mut log: Log = place.open();
    let start = std::time::Instant::now();
    bytes
        .chunks(4_096)
        .for_each(|batch| assert!(log.append(batch).is_ok()));
    println!("1,000,000 entries appended in {:?}", start.elapsed());
    let saved = SavedCheckpoint::take(&log.reader(), log.note(), log.signer().verifier(), u64::MAX).unwrap();
    let start = std::time::Instant::now();
    let report = place.verify(None, Some(&saved));
    println!("verified without rows in {:?}", start.elapsed());
    assert!(report.ok());
    let rows = rows(&all);
    let start = std::time::Instant::now();
    assert!(place.verify(Some(&rows), Some(&saved)).ok());
    println!("verified with rows in {:?}", start.elapsed());
    assert!(Tile::in_tree(2, 0, 1_000_000).is_some());
    drop(load_or_create_signer(&place.key(), None).unwrap());
}
