//! What must not compile: ways to let a value out. Each case in `tests/compile_fail` is compiled against the
//! libraries that this test was built with, and has to fail with the error that its first line names; the case
//! `control.rs` does the same things with a fact and has to compile, or the others would prove nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Crates that the cases name.
const CRATES: [&str; 5] = [
    "datawave_edge",
    "datawave_facts",
    "datawave_raw",
    "datawave_uplink",
    "serde",
];

/// Where cargo put the libraries: beside this very executable.
fn libraries() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_path_buf()
}

/// Libraries of a crate, newest first: other builds may have left older ones.
fn candidates(name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let mut found: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(libraries())
        .unwrap()
        .flatten()
        .filter(|entry| {
            let file = entry.file_name().to_string_lossy().into_owned();
            file.starts_with(&prefix) && file.ends_with(".rlib")
        })
        .map(|entry| (entry.metadata().unwrap().modified().unwrap(), entry.path()))
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Compiles a case; what the compiler says when it refuses.
fn compile(case: &Path, externs: &[(&str, PathBuf)]) -> Result<(), String> {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()));
    command
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .arg("--out-dir")
        .arg(out.path())
        .arg("-L")
        .arg(format!("dependency={}", libraries().display()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg(case);
    for (name, path) in externs {
        command.arg("--extern").arg(format!("{name}={}", path.display()));
    }
    let output = command.output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The libraries that belong together: those with which the control compiles.
fn externs(control: &Path) -> Vec<(&'static str, PathBuf)> {
    let all: Vec<Vec<PathBuf>> = CRATES.iter().map(|name| candidates(name)).collect();
    let combinations: usize = all.iter().map(Vec::len).product();
    let mut refusal = "a library is missing".to_owned();
    for number in 0..combinations.min(200) {
        let mut rest = number;
        let mut chosen = Vec::new();
        for (name, paths) in CRATES.iter().zip(&all) {
            chosen.push((*name, paths[rest % paths.len()].clone()));
            rest /= paths.len();
        }
        match compile(control, &chosen) {
            Ok(()) => return chosen,
            Err(text) => refusal = text,
        }
    }
    panic!("the control does not compile:\n{refusal}");
}

#[test]
fn a_raw_value_cannot_be_shown_copied_serialised_framed_or_sent() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let externs = externs(&folder.join("control.rs"));
    let mut cases = 0;
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        let path = entry.path();
        if path.file_name().is_some_and(|name| name == "control.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let expected: Vec<&str> = text
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("// error: ")
            .split(" | ")
            .collect();
        let Err(refusal) = compile(&path, &externs) else {
            panic!("{} compiles", path.display());
        };
        for part in &expected {
            assert!(
                refusal.contains(part),
                "{} fails for another reason:\n{refusal}",
                path.display()
            );
        }
        assert_eq!(
            refusal.matches("\nerror[").count() + usize::from(refusal.starts_with("error[")),
            1,
            "{refusal}"
        );
        cases += 1;
    }
    assert!(cases >= 9, "only {cases} cases");
}
