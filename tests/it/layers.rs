//! Who may depend on whom, read from cargo's own metadata.
//!
//! The picture is in ARCHITECTURE.md. A new crate has to be put into a layer here before anything builds on it.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::repo;

/// Layers from the bottom up. Members of one layer do not know one another.
const LAYERS: &[(&str, &[&str])] = &[
    ("L0", &["proto", "core", "raw", "facts"]),
    (
        "L1",
        &["connectors", "detect", "authz", "db", "infra", "rpc", "uplink"],
    ),
    (
        "L2",
        &[
            "sources",
            "catalog",
            "classification",
            "scans",
            "access",
            "audit",
            "edge",
        ],
    ),
    ("L4", &["datawave"]),
];

/// Crates for tests only: they may see everything, and nothing of the product may see them.
const TESTING: &[&str] = &["testkit", "tests"];

/// Where raw values of sources may be known: the drivers, the engine, the agent.
const KNOWS_RAW: &[&str] = &["connectors", "detect", "edge"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(repo::root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--locked".to_owned(), "--offline".to_owned()])
        .exec()
        .expect("cargo metadata reads the workspace")
}

/// Short name of a package: `datawave-core` is `core`, the binary is `datawave`.
fn short(package: &str) -> &str {
    package.strip_prefix("datawave-").unwrap_or(package)
}

/// Crate -> what it depends on inside the workspace, for builds of the product.
fn dependencies(kinds: &[DependencyKind]) -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let on = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.path.is_some() && kinds.contains(&dependency.kind))
                .map(|dependency| short(&dependency.name).to_owned())
                .collect();
            (short(&package.name).to_owned(), on)
        })
        .collect()
}

fn product_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    dependencies(&[DependencyKind::Normal, DependencyKind::Build])
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|(_, members)| members.contains(&name))
}

#[test]
fn every_crate_stands_in_a_layer() {
    for name in product_dependencies().keys() {
        assert!(
            layer(name).is_some() || TESTING.contains(&name.as_str()),
            "crate {name} is in no layer: put it into tests/it/layers.rs and ARCHITECTURE.md"
        );
    }
}

#[test]
fn arrows_point_down_and_never_sideways() {
    let mut wrong = Vec::new();
    for (name, on) in product_dependencies() {
        let Some(own) = layer(&name) else { continue };
        for other in on {
            match layer(&other) {
                Some(theirs) if theirs < own => {}
                _ => wrong.push(format!("{name} -> {other}")),
            }
        }
    }
    assert!(wrong.is_empty(), "dependencies against the layers: {wrong:?}");
}

#[test]
fn raw_values_are_known_at_the_site_only() {
    // Test builds count too: whoever can name the type in a test can move a value there.
    let all = dependencies(&[
        DependencyKind::Normal,
        DependencyKind::Build,
        DependencyKind::Development,
    ]);
    let knows: BTreeSet<&str> = all
        .iter()
        .filter(|(name, on)| on.contains("raw") && !TESTING.contains(&name.as_str()))
        .map(|(name, _)| name.as_str())
        .collect();
    let extra: Vec<_> = knows.iter().filter(|name| !KNOWS_RAW.contains(name)).collect();
    assert!(extra.is_empty(), "{extra:?} depend on raw");
    assert!(
        knows.contains("connectors") && knows.contains("detect"),
        "the rule looks at something: {knows:?}"
    );
}

#[test]
fn what_sends_knows_facts_and_the_contract_only() {
    let all = product_dependencies();
    let allowed: BTreeSet<String> = ["facts", "proto", "core"].map(str::to_owned).into();
    let extra: Vec<_> = all["uplink"].difference(&allowed).collect();
    assert!(extra.is_empty(), "uplink depends on {extra:?}");
    // The engine judges values; it reads nothing and sends nothing.
    let allowed: BTreeSet<String> = ["facts", "raw", "core"].map(str::to_owned).into();
    let extra: Vec<_> = all["detect"].difference(&allowed).collect();
    assert!(extra.is_empty(), "detect depends on {extra:?}");
}

#[test]
fn nothing_of_the_product_depends_on_test_support() {
    for (name, on) in product_dependencies() {
        if TESTING.contains(&name.as_str()) {
            continue;
        }
        for testing in TESTING {
            assert!(!on.contains(*testing), "{name} depends on {testing}");
        }
    }
}

#[test]
fn the_raw_and_fact_types_stay_free_of_third_party_machinery() {
    // A serialiser in reach of RawCell would make leaking it one derive away.
    let metadata = metadata();
    let raw = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name.as_str() == "datawave-raw")
        .expect("the raw crate");
    let third_party: Vec<_> = raw
        .dependencies
        .iter()
        .filter(|dependency| dependency.path.is_none() && dependency.kind == DependencyKind::Normal)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| *name != "zeroize")
        .collect();
    assert!(third_party.is_empty(), "raw depends on {third_party:?}");
}
