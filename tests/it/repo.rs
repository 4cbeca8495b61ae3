//! The repository as data: its root, its files.

use std::fs;
use std::path::{Path, PathBuf};

/// The top folder of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests package is a folder of the repository")
        .to_path_buf()
}

/// A text file: its path from the root, with `/`, and its content.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// File name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it is below `folder`.
    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(&format!("{folder}/"))
    }

    /// Lines with their numbers, comments (`//`, `--`, `#` at the start) left out.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Every text file of the checkout, build output and dependencies of other languages left out.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folders of the checkout can be read") {
            let entry = entry.expect("entries can be read");
            let kind = entry.file_type().expect("entries have a type");
            let name = entry.file_name();
            if kind.is_dir() {
                if !["target", ".git", ".cache", "node_modules", "tmp"].contains(&&*name.to_string_lossy()) {
                    folders.push(entry.path());
                }
            } else if kind.is_file() {
                // What is not UTF-8 is no text.
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    let path = entry
                        .path()
                        .strip_prefix(&root)
                        .expect("below the root")
                        .to_string_lossy()
                        .replace('\\', "/");
                    found.push(Source { path, text });
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 50, "the walk found the repository");
    found
}

/// Rust files of the product: `crates/*/src`, without its tests.
pub(crate) fn product() -> Vec<Source> {
    sources()
        .into_iter()
        .filter(|file| file.is_in("crates") && file.path.contains("/src/") && file.path.ends_with(".rs"))
        .collect()
}

/// The crate that a product file belongs to: its folder below `crates/`.
pub(crate) fn crate_of(file: &Source) -> &str {
    file.path.split('/').nth(1).unwrap_or_default()
}
