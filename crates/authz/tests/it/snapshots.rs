//! Compiling and publishing.

use std::sync::Arc;

use datawave_authz::{Decider, PEOPLE_ROLES, PROCESS_ROLES, Snapshot, permissions};
use datawave_core::{Actor, Reason};

use crate::decide;

const NOBODY: &str = "@id(\"none\") forbid (principal, action, resource);";
const ALL: &str = "@id(\"all\") permit (principal, action, resource);";

#[test]
fn a_snapshot_takes_effect_at_once_and_only_forward() {
    let decider = Decider::new(Snapshot::compile(ALL, 5).unwrap());
    let ann = Actor::user("ann", &[]);
    assert!(decide(&decider, &ann, "catalog.assets.get").allowed);
    assert!(decider.publish(Snapshot::compile(NOBODY, 6).unwrap()));
    let decision = decide(&decider, &ann, "catalog.assets.get");
    assert_eq!((decision.allowed, decision.revision), (false, 6));
    for old in [5, 6] {
        assert!(!decider.publish(Snapshot::compile(ALL, old).unwrap()));
        assert!(!decide(&decider, &ann, "catalog.assets.get").allowed);
    }
    assert_eq!(decider.snapshot().text(), NOBODY);
}

#[test]
fn the_highest_revision_wins_when_several_are_published_at_once() {
    let decider = Arc::new(Decider::new(Snapshot::compile(ALL, 0).unwrap()));
    std::thread::scope(|scope| {
        for revision in 1..=8 {
            let decider = Arc::clone(&decider);
            scope.spawn(move || decider.publish(Snapshot::compile(NOBODY, revision).unwrap()));
        }
    });
    assert_eq!(decider.snapshot().revision(), 8);
}

#[test]
fn wrong_policies_are_refused_and_the_error_says_what_is_wrong() {
    for (text, part) in [
        ("permit (principal, action, resource)", "parse"),
        ("permit (principal, action, resource);", "@id"),
        ("@id(\"Bad Name\") permit (principal, action, resource);", "@id"),
        (
            "@id(\"rule:no-policy\") permit (principal, action, resource);",
            "@id",
        ),
        (
            "@id(\"a\") permit (principal, action, resource); @id(\"a\") permit (principal, action, resource);",
            "two",
        ),
        (
            "@id(\"a\") permit (principal, action == Action::\"catalog.assets.gett\", resource);",
            "catalog.assets.gett",
        ),
        (
            "@id(\"a\") permit (principal in Group::\"x\", action, resource);",
            "Group",
        ),
        (
            "@id(\"a\") permit (principal, action, resource) when { principal.name == \"x\" };",
            "name",
        ),
        (
            "@id(\"a\") permit (principal, action, resource) when { principal.kind == 1 };",
            "type",
        ),
        (
            "@id(\"a\") permit (principal == ?principal, action, resource);",
            "template",
        ),
    ] {
        let failure = Snapshot::compile(text, 1).unwrap_err();
        assert_eq!(failure.reason(), Reason::InvalidRequest, "{text}");
        assert!(failure.message().contains(part), "{text}: {}", failure.message());
        assert!(failure.remedy().is_some());
    }
    let long = format!("// {}\n{ALL}", "x".repeat(300 * 1024));
    assert_eq!(
        Snapshot::compile(&long, 1).unwrap_err().reason(),
        Reason::InvalidRequest
    );
}

#[test]
fn no_policies_at_all_refuse_everything() {
    let decider = Decider::new(Snapshot::compile("", 1).unwrap());
    for permission in permissions().unwrap() {
        assert!(
            !decide(&decider, &Actor::user("ann", &["admin"]), &permission).allowed,
            "{permission}"
        );
    }
}

#[test]
fn every_role_that_the_default_policies_name_is_one_of_the_known_roles() {
    let text = Snapshot::default_policies(1).unwrap().text().to_owned();
    let known: Vec<&str> = PEOPLE_ROLES.iter().chain(PROCESS_ROLES).copied().collect();
    let named: Vec<&str> = text
        .split("Role::\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(named.len() >= 8);
    assert!(named.iter().all(|role| known.contains(role)), "{named:?}");
}
