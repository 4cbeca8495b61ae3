//! Where things may stand: transport, contracts, SQL, the way out of a site. A reader who looks for one of them
//! knows the file names; a change that puts it elsewhere fails here.

use crate::repo::{self, Source};

/// Crates that are about the transport.
const TRANSPORT: &[&str] = &["rpc", "proto", "uplink"];

/// Service files that may name generated messages.
const CONTRACT_FILES: &[&str] = &["rpc.rs", "convert.rs", "clients.rs", "events.rs"];

fn report(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// Lines of code of `files` that `matches`, as `path:line`.
fn lines<'a>(files: impl Iterator<Item = &'a Source>, matches: impl Fn(&str) -> bool) -> Vec<String> {
    files
        .flat_map(|file| {
            file.code()
                .filter(|(_, line)| matches(line))
                .map(|(number, line)| format!("  {}:{number}: {}", file.path, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Whether `line` has `word` with no letter, digit or underscore on either side.
fn has_word(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + word.len()..].starts_with(is_word))
}

/// Whether a folder or file of that name is on the path: `store.rs` and `store/…` are the same place.
fn is_place(file: &Source, names: &[&str]) -> bool {
    names.iter().any(|name| file.name() == *name)
        || names.iter().any(|name| {
            let folder = format!("/{}/", name.trim_end_matches(".rs"));
            file.path
                .split_once("/src/")
                .is_some_and(|(_, inside)| format!("/{inside}").contains(&folder))
        })
}

#[test]
fn tonic_appears_in_rpc_files_only() {
    let product = repo::product();
    let wrong = lines(
        product
            .iter()
            .filter(|file| !TRANSPORT.contains(&repo::crate_of(file)) && !is_place(file, &["rpc.rs"])),
        |line| has_word(line, "tonic"),
    );
    report("tonic outside rpc.rs and the transport crates", &wrong);
}

#[test]
fn generated_messages_stop_at_the_border_of_a_service() {
    let product = repo::product();
    // The binary composes services and is a client of them: the whole of it is a border.
    let wrong = lines(
        product.iter().filter(|file| {
            let owner = repo::crate_of(file);
            !TRANSPORT.contains(&owner)
                && owner != "datawave"
                && owner != "testkit"
                && !is_place(file, CONTRACT_FILES)
        }),
        |line| line.contains("datawave_proto::datawave") || has_word(line, "pb::"),
    );
    report(
        "generated messages outside rpc.rs, convert.rs, clients.rs and events.rs",
        &wrong,
    );
}

/// Statements as they begin in a string. Upper and lower case, so that style is no way around it.
const STATEMENTS: &[&str] = &[
    "\"select ",
    "\"insert into ",
    "\"update ",
    "\"delete from ",
    "\"create table",
    "\"alter table",
    "\"with ",
    "\"pragma ",
];

fn is_sql(line: &str) -> bool {
    let line = line.to_lowercase();
    // A statement begins after a quote, or on a line of its own inside a longer text.
    let begins = |statement: &str| {
        line.contains(statement) || line.trim_start().starts_with(statement.trim_start_matches('"'))
    };
    has_word(&line, "sqlx")
        || STATEMENTS
            .iter()
            .any(|statement| begins(statement) && looks_like_sql(&line, statement))
}

/// Messages for people may begin with "update" or "with" too; a statement has its next word.
fn looks_like_sql(line: &str, statement: &str) -> bool {
    match statement.trim_start_matches('"').trim() {
        "update" => line.contains(" set "),
        "with" => line.contains(" as (") || line.contains(" as materialized ("),
        "select" => {
            line.contains(" from ") || line.trim_end().ends_with('\\') || line.trim_end().ends_with("select")
        }
        _ => true,
    }
}

#[test]
fn sql_stands_in_stores_and_source_drivers_only() {
    let product = repo::product();
    let wrong = lines(
        product.iter().filter(|file| {
            let owner = repo::crate_of(file);
            // db is the facade and owns the outbox, audit and idempotency tables; connectors speak to sources;
            // testkit makes databases for tests; the sample estate writes databases that are sources.
            !["db", "connectors", "testkit"].contains(&owner)
                && !file.is_in("crates/datawave/src/sample")
                && !is_place(file, &["store.rs"])
        }),
        is_sql,
    );
    report("SQL outside store.rs, db and connectors", &wrong);
}

#[test]
fn the_way_out_of_a_site_is_one_function_of_the_engine() {
    let product = repo::product();
    let wrong = lines(
        product
            .iter()
            .filter(|file| !["facts", "detect"].contains(&repo::crate_of(file))),
        |line| line.contains("from_declassified"),
    );
    report("values are declassified outside detect", &wrong);
    assert!(
        product
            .iter()
            .any(|file| file.is_in("crates/detect") && file.text.contains("from_declassified")),
        "the rule looks at something"
    );
}

#[test]
fn nothing_is_left_for_later() {
    // Spelled in pieces, so that this file does not find itself.
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["todo", "!("].concat(),
        ["unimpl", "emented!("].concat(),
    ];
    let wrong: Vec<String> = repo::sources()
        .iter()
        .filter(|file| file.name() != "Cargo.lock")
        .flat_map(|file| {
            file.text
                .lines()
                .enumerate()
                .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark.as_str())))
                .map(|(index, line)| format!("  {}:{}: {}", file.path, index + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    report("unfinished work", &wrong);
}

#[test]
fn no_file_of_code_is_longer_than_600_lines() {
    let wrong: Vec<String> = repo::sources()
        .iter()
        .filter(|file| {
            [".rs", ".proto", ".sql", ".sh", ".py"]
                .iter()
                .any(|end| file.path.ends_with(end))
        })
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, count)| *count > 600)
        .map(|(file, count)| format!("  {count} {}", file.path))
        .collect();
    report("split these", &wrong);
}

#[test]
fn nothing_names_one_machine_or_one_registry() {
    let words = [
        ["/ro", "ot/"].concat(),
        ["/ho", "me/"].concat(),
        ["/wo", "rk/"].concat(),
        ["/Us", "ers/"].concat(),
        ["crates", ".io"].concat(),
        ["pypi", ".org"].concat(),
        ["npmjs", ".org"].concat(),
        ["proxy.go", "lang.org"].concat(),
        ["files.python", "hosted.org"].concat(),
    ];
    // Ann is nobody: examples and tests may use her folder.
    let invented = ["/ho", "me/ann"].concat();
    let wrong: Vec<String> = repo::sources()
        .iter()
        // The lock file names the registry in cargo's own notation.
        .filter(|file| file.name() != "Cargo.lock")
        .flat_map(|file| {
            file.text
                .lines()
                .enumerate()
                .filter(|(_, line)| {
                    words
                        .iter()
                        .any(|word| line.replace(&invented, "").contains(word.as_str()))
                })
                .map(|(index, line)| format!("  {}:{}: {}", file.path, index + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    report("paths of one machine, or hosts of a registry", &wrong);
}

#[test]
fn migrations_come_in_pairs() {
    let sources = repo::sources();
    let in_folder = |folder: &str| -> Vec<String> {
        sources
            .iter()
            .filter(|file| file.path.contains(&format!("/migrations/{folder}/")))
            .map(|file| {
                file.path
                    .replace(&format!("/migrations/{folder}/"), "/migrations/*/")
            })
            .collect()
    };
    assert_eq!(
        in_folder("sqlite"),
        in_folder("postgres"),
        "each migration has a file for both databases"
    );
}
