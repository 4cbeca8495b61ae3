//! What must hold whatever the table says.

use datawave_authz::{Decider, PEOPLE_ROLES, PROCESS_ROLES, ResourceRef, Snapshot, permissions, rule};
use datawave_core::{Actor, ActorKind};

use crate::{actor_with, decide, decider, tenant};

#[test]
fn nothing_of_another_tenant_is_reached_by_any_role() {
    let decider = decider();
    let (own, other) = (tenant("acme"), tenant("zeta"));
    for role in PEOPLE_ROLES.iter().chain(PROCESS_ROLES) {
        for permission in permissions().unwrap() {
            let foreign = ResourceRef::area_of(&permission, &other);
            let decision = decider.decide(&own, &actor_with(role), &permission, &foreign);
            assert!(!decision.allowed, "{role} {permission}");
            assert_eq!(decision.policies, [rule::OTHER_TENANT]);
        }
    }
}

#[test]
fn policies_cannot_open_the_border_between_tenants_or_let_nobody_in() {
    let everything = "@id(\"all\") permit (principal, action, resource);";
    let decider = Decider::new(Snapshot::compile(everything, 1).unwrap());
    let foreign = ResourceRef::new("asset", "assets/a", &tenant("zeta"));
    let admin = Actor::user("ann", &["admin"]);
    assert!(
        !decider
            .decide(&tenant("acme"), &admin, "catalog.assets.get", &foreign)
            .allowed
    );
    let nobody = decide(&decider, &Actor::anonymous(), "catalog.assets.get");
    assert_eq!(
        (nobody.allowed, nobody.policies),
        (false, vec![rule::ANONYMOUS.to_owned()])
    );
    assert!(decide(&decider, &Actor::anonymous(), "public").allowed);
}

#[test]
fn an_anonymous_caller_with_roles_still_gets_only_what_is_public() {
    let decider = decider();
    let mut anonymous = Actor::anonymous();
    anonymous.roles = PEOPLE_ROLES
        .iter()
        .chain(PROCESS_ROLES)
        .map(|role| (*role).to_owned())
        .collect();
    for permission in permissions().unwrap() {
        assert_eq!(
            decide(&decider, &anonymous, &permission).allowed,
            permission == "public",
            "{permission}"
        );
    }
}

#[test]
fn a_person_with_the_role_of_a_service_does_not_get_what_only_services_do() {
    let decider = decider();
    for role in PROCESS_ROLES {
        let person = Actor::user("mallory", &[role, "admin"]);
        for permission in [
            "catalog.assets.upsert",
            "catalog.labels.apply",
            "classification.results.submit",
            "scans.edge.lease",
            "access.tokens.resolve",
            "audit.records.append",
        ] {
            let decision = decide(&decider, &person, permission);
            assert_eq!(
                (decision.allowed, decision.policies),
                (false, vec!["internal-only".to_owned()])
            );
        }
    }
}

#[test]
fn the_origin_of_a_service_call_gives_no_rights() {
    let decider = decider();
    let mut service = Actor::service("catalog");
    service.origin = Some("user:admin".to_owned());
    assert!(!decide(&decider, &service, "access.tokens.create").allowed);
}

#[test]
fn a_decision_names_the_policies_and_the_revision() {
    let decider = Decider::new(Snapshot::default_policies(42).unwrap());
    let allowed = decide(
        &decider,
        &Actor::user("ann", &["viewer", "steward"]),
        "catalog.assets.get",
    );
    assert_eq!(
        (allowed.policies, allowed.revision),
        (vec!["viewer".to_owned()], 42)
    );
    let denied = decide(&decider, &Actor::user("ann", &["viewer"]), "access.tokens.create");
    assert_eq!(
        (denied.allowed, denied.policies),
        (false, vec![rule::NO_POLICY.to_owned()])
    );
}

#[test]
fn a_policy_that_fails_while_it_is_evaluated_refuses_even_if_another_allows() {
    let text = r#"
        @id("all") permit (principal, action, resource);
        @id("overflow") forbid (principal, action, resource)
        when { 9223372036854775807 + (if principal.kind == "user" then 1 else 0) == 0 };
    "#;
    let decider = Decider::new(Snapshot::compile(text, 1).unwrap());
    let failed = decide(&decider, &Actor::user("ann", &[]), "catalog.assets.get");
    assert_eq!(
        (failed.allowed, failed.policies),
        (false, vec![rule::POLICY_ERROR.to_owned()])
    );
    assert!(decide(&decider, &Actor::service("scans"), "catalog.assets.get").allowed);
}

#[test]
fn policies_may_ask_for_attributes_of_the_resource() {
    let text = r#"
        @id("owner") permit (principal, action, resource)
        when { resource.hasTag("owner") && resource.getTag("owner") == principal.tenant };
    "#;
    let decider = Decider::new(Snapshot::compile(text, 1).unwrap());
    let own = tenant("acme");
    let ann = Actor::user("ann", &[]);
    let mut asset = ResourceRef::new("asset", "assets/a", &own);
    assert!(!decider.decide(&own, &ann, "catalog.assets.get", &asset).allowed);
    asset.attributes.push(("owner".to_owned(), "acme".to_owned()));
    assert!(decider.decide(&own, &ann, "catalog.assets.get", &asset).allowed);
}

#[test]
fn names_with_any_signs_are_decided_without_a_fault() {
    let decider = decider();
    let own = tenant("acme");
    for name in [
        "",
        "\"",
        "a::\"b\"",
        "\0",
        "🦀",
        "*",
        "x\") permit(principal,action,resource);//",
    ] {
        let actor = Actor {
            subject: name.to_owned(),
            ..Actor::user("x", &[name, "viewer"])
        };
        let resource = ResourceRef::new(name, name, &own);
        assert!(
            decider
                .decide(&own, &actor, "catalog.assets.get", &resource)
                .allowed,
            "{name}"
        );
        assert!(
            !decider
                .decide(&own, &actor, "catalog.assets.update", &resource)
                .allowed,
            "{name}"
        );
    }
}

#[test]
fn every_kind_of_caller_without_a_role_gets_only_what_everyone_gets() {
    let decider = decider();
    for kind in crate::kinds() {
        let actor = Actor {
            kind,
            roles: Vec::new(),
            ..Actor::user("x", &[])
        };
        let allowed: Vec<String> = permissions()
            .unwrap()
            .into_iter()
            .filter(|permission| decide(&decider, &actor, permission).allowed)
            .collect();
        let expected: &[&str] = match kind {
            ActorKind::Anonymous => &["public"],
            ActorKind::User | ActorKind::Edge => &["access.self.get", "public"],
            ActorKind::Service => &[
                "access.policies.get",
                "access.self.get",
                "access.tokens.resolve",
                "audit.records.append",
                "public",
            ],
        };
        assert_eq!(allowed, expected, "{kind:?}");
    }
}
