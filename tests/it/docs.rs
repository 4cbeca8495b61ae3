//! The documentation points at things that exist.

use crate::repo;

/// Targets of the Markdown links in `text`.
fn links(text: &str) -> Vec<&str> {
    text.match_indices("](")
        .filter_map(|(at, _)| {
            let rest = &text[at + 2..];
            rest.find(')').map(|end| &rest[..end])
        })
        .collect()
}

#[test]
fn links_inside_the_repository_lead_somewhere() {
    let root = repo::root();
    let mut broken = Vec::new();
    let mut checked = 0;
    for page in repo::sources().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root
            .join(&page.path)
            .parent()
            .expect("a page is in a folder")
            .to_path_buf();
        for link in links(&page.text) {
            if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let target = link.split('#').next().unwrap_or(link);
            if !folder.join(target).exists() {
                broken.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(checked > 20, "the pages link to one another");
}

/// Paths that a page names in backticks, `crates/core/src/reason.rs`: what looks like a file of ours.
fn named_paths(text: &str) -> Vec<&str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|piece| {
            ["crates/", "proto/", "docs/", "scripts/", "tests/"]
                .iter()
                .any(|start| piece.starts_with(start))
                && !piece.contains(['*', '<', '{', ' ', '…'])
        })
        .collect()
}

#[test]
fn files_that_the_documentation_names_exist() {
    let root = repo::root();
    let missing: Vec<String> = repo::sources()
        .iter()
        .filter(|file| file.path.ends_with(".md"))
        .flat_map(|page| {
            named_paths(&page.text)
                .into_iter()
                .filter(|path| !root.join(path.split(':').next().unwrap_or(path)).exists())
                .map(|path| format!("{}: {path}", page.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_page_of_settings_lists_every_key_with_its_meaning() {
    let root = repo::root();
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
    let code = read("crates/datawave/src/config/keys.rs");
    let quoted = |line: &str, field: &str| {
        line.trim()
            .strip_prefix(field)
            .and_then(|rest| rest.split('"').nth(1))
            .map(str::to_owned)
    };
    let names: Vec<String> = code.lines().filter_map(|line| quoted(line, "name: ")).collect();
    let meanings: Vec<String> = code
        .lines()
        .filter_map(|line| quoted(line, "meaning: "))
        .collect();
    assert!(
        names.len() > 10 && names.len() == meanings.len(),
        "{} keys, {} meanings",
        names.len(),
        meanings.len()
    );
    let expected: Vec<String> = names
        .iter()
        .zip(&meanings)
        .map(|(name, meaning)| format!("| `{name}` | {meaning} |"))
        .collect();
    let page = read("docs/config.md");
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(listed, expected);
}
