use datawave_authz::{DEFAULT_POLICIES, ResourceRef};
use datawave_core::{Actor, Reason, TenantId};
use datawave_proto::datawave::access::v1 as pb;

use crate::rig::{answer, rigs, with};

#[tokio::test]
async fn opening_stores_the_policies_once_and_puts_them_in_force() {
    for rig in rigs().await {
        assert_eq!(rig.policy.snapshot().revision(), 1);
        let (_replica, policy) = rig.replica().await;
        assert_eq!(policy.snapshot().revision(), 1, "{:?}", rig.engine());
        let published = rig
            .audit()
            .await
            .iter()
            .filter(|record| record.action == "published")
            .count();
        assert_eq!(published, 1);
    }
}

#[tokio::test]
async fn administrators_and_services_read_the_policies_and_others_do_not() {
    for rig in rigs().await {
        let request = pb::GetPoliciesRequest {};
        let seen = answer(rig.client().get_policies(with(&rig.admin, request)).await).unwrap();
        assert_eq!((seen.policies.as_str(), seen.revision), (DEFAULT_POLICIES, 1));
        assert!(rig.service("catalog").get_policies(request).await.is_ok());
        let (_, secret) = rig.token("user:ann", &["steward"]).await;
        let refused = answer(rig.client().get_policies(with(&secret, request)).await).unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing);
    }
}

#[tokio::test]
async fn a_caller_without_a_token_is_told_so() {
    for rig in rigs().await {
        let refused = answer(
            rig.client()
                .list_tokens(pb::ListTokensRequest { page: None })
                .await,
        )
        .unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing);
    }
}

#[test]
fn every_method_of_the_contracts_asks_for_a_permission_that_exists() {
    let known = datawave_authz::permissions().unwrap();
    for method in datawave_proto::METHODS {
        assert!(
            known.contains(method.permission),
            "{}: {}",
            method.path,
            method.permission
        );
    }
}

#[test]
fn every_permission_but_the_announced_ones_is_asked_for_by_a_method() {
    // No method of the contracts makes a checkpoint or shows the state of the process yet: both are commands
    // of the binary.
    let announced = ["audit.checkpoints.create", "system.status.get", "public"];
    let asked: Vec<_> = datawave_proto::METHODS
        .iter()
        .map(|method| method.permission)
        .collect();
    let idle: Vec<_> = datawave_authz::permissions()
        .unwrap()
        .into_iter()
        .filter(|permission| {
            !asked.contains(&permission.as_str()) && !announced.contains(&permission.as_str())
        })
        .collect();
    assert!(idle.is_empty(), "no method asks for {idle:?}");
}

#[test]
fn an_administrator_may_call_every_method_that_is_not_internal() {
    let decider = datawave_authz::Decider::new(datawave_authz::Snapshot::default_policies(1).unwrap());
    let tenant = TenantId::default_tenant();
    let refused: Vec<_> = datawave_proto::METHODS
        .iter()
        .filter(|method| {
            let area = ResourceRef::area_of(method.permission, &tenant);
            let admin = Actor::user("ann", &["admin"]);
            !decider.decide(&tenant, &admin, method.permission, &area).allowed
        })
        .map(|method| method.name)
        .collect();
    let internal = [
        "AppendRecords",
        "UpsertAssets",
        "ApplyLabels",
        "SubmitResults",
        "LeaseScan",
        "RenewLease",
        "SubmitTables",
        "ListPendingTables",
        "SubmitTableResult",
        "FinishScan",
        "ResolveToken",
    ];
    for name in &refused {
        assert!(internal.contains(name), "an administrator may not call {name}");
    }
}
