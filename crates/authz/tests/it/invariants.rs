//! Properties over random callers.

use std::sync::LazyLock;

use datawave_authz::{Decider, PEOPLE_ROLES, PROCESS_ROLES, permissions};
use datawave_core::{Actor, ActorKind};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::{decide, decider};

static DECIDER: LazyLock<Decider> = LazyLock::new(decider);

fn permission() -> impl Strategy<Value = String> {
    select(permissions().unwrap().into_iter().collect::<Vec<_>>())
}

fn roles() -> impl Strategy<Value = Vec<String>> {
    let all: Vec<String> = PEOPLE_ROLES
        .iter()
        .chain(PROCESS_ROLES)
        .chain(&["", "root", "Admin", "service"])
        .map(|role| (*role).to_owned())
        .collect();
    let count = all.len();
    subsequence(all, 0..=count)
}

fn actor() -> impl Strategy<Value = Actor> {
    (select(crate::kinds().to_vec()), roles(), any::<Option<String>>()).prop_map(|(kind, roles, origin)| {
        Actor {
            subject: "user:ann".to_owned(),
            kind,
            roles,
            origin,
        }
    })
}

proptest! {
    #[test]
    fn removing_a_role_never_adds_an_allow(actor in actor(), permission in permission(), drop: prop::sample::Index) {
        prop_assume!(!actor.roles.is_empty());
        let mut fewer = actor.clone();
        fewer.roles.remove(drop.index(actor.roles.len()));
        let (before, after) = (decide(&DECIDER, &actor, &permission), decide(&DECIDER, &fewer, &permission));
        prop_assert!(before.allowed || !after.allowed, "{:?} {permission}", actor.roles);
    }

    #[test]
    fn an_unknown_permission_is_always_refused(actor in actor(), permission in "[a-z.*]{0,20}|people|internal|everyone") {
        prop_assume!(!permissions().unwrap().contains(&permission));
        prop_assert!(!decide(&DECIDER, &actor, &permission).allowed);
    }

    #[test]
    fn the_order_and_repetition_of_roles_does_not_matter(actor in actor(), permission in permission()) {
        let mut other = actor.clone();
        other.roles.reverse();
        other.roles.extend(actor.roles.clone());
        prop_assert_eq!(decide(&DECIDER, &actor, &permission), decide(&DECIDER, &other, &permission));
    }

    #[test]
    fn only_known_roles_and_kinds_give_rights(subject in ".{0,20}", role in "[A-Za-z_ ]{0,12}", permission in permission()) {
        prop_assume!(!PEOPLE_ROLES.contains(&role.as_str()) && !PROCESS_ROLES.contains(&role.as_str()));
        let actor = Actor { subject, kind: ActorKind::User, roles: vec![role], origin: None };
        let everyone = ["public", "access.self.get"].contains(&permission.as_str());
        prop_assert_eq!(decide(&DECIDER, &actor, &permission).allowed, everyone);
    }

    #[test]
    fn a_decision_always_says_what_decided(actor in actor(), permission in "[a-z.]{0,20}") {
        prop_assert!(!decide(&DECIDER, &actor, &permission).policies.is_empty());
    }
}
