//! Roles times permissions as a committed table: a change of the policies shows as a change of this file.

use std::fmt::Write as _;

use datawave_authz::{PEOPLE_ROLES, PROCESS_ROLES, permissions};
use datawave_core::Actor;

use crate::{actor_with, decide, decider};

const TABLE: &str = include_str!("../roles.txt");
/// Set it to 1 to write the table anew.
const REFRESH: &str = "DATAWAVE_REFRESH";

fn table() -> String {
    let decider = decider();
    let roles: Vec<&str> = PEOPLE_ROLES.iter().chain(PROCESS_ROLES).copied().collect();
    let mut out = String::from(
        "# Who has which permission: + allowed, . refused. Made from policies/default.cedar.\n\
         # Refresh with: DATAWAVE_REFRESH=1 cargo test -p datawave-authz\n\n",
    );
    let _ = write!(out, "{:32}", "permission");
    for role in roles.iter().copied().chain(["no role", "anonymous"]) {
        let _ = write!(out, " {}", role.trim_start_matches("service_"));
    }
    out.push('\n');
    for permission in permissions().unwrap() {
        let _ = write!(out, "{permission:32}");
        let actors = roles
            .iter()
            .map(|role| (role.trim_start_matches("service_"), actor_with(role)))
            .chain([
                ("no role", Actor::user("bob", &[])),
                ("anonymous", Actor::anonymous()),
            ]);
        for (title, actor) in actors {
            let sign = if decide(&decider, &actor, &permission).allowed {
                '+'
            } else {
                '.'
            };
            let _ = write!(out, " {sign:<width$}", width = title.len());
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

#[test]
fn the_committed_table_of_roles_and_permissions_is_what_is_decided() {
    let table = table();
    if std::env::var(REFRESH).is_ok_and(|value| value == "1") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.txt");
        std::fs::write(path, &table).unwrap();
        return;
    }
    assert!(
        table == TABLE,
        "tests/roles.txt differs; if the change is wanted, refresh with {REFRESH}=1. Now:\n{table}"
    );
}
