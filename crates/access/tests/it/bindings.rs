use datawave_core::{Failure, Kind, Reason};
use datawave_proto::datawave::access::v1 as pb;
use datawave_proto::datawave::common::v1::PageRequest;
use datawave_rpc::Authenticator;

use crate::rig::{Rig, answer, rigs, with};

fn binding(subject: &str, role: &str) -> Option<pb::Binding> {
    Some(pb::Binding {
        subject: subject.to_owned(),
        role: role.to_owned(),
    })
}

async fn give(rig: &Rig, by: &str, subject: &str, role: &str) -> Result<(), Failure> {
    let request = pb::CreateBindingRequest {
        binding: binding(subject, role),
    };
    answer(rig.client().create_binding(with(by, request)).await).map(drop)
}

async fn take(rig: &Rig, by: &str, subject: &str, role: &str) -> Result<(), Failure> {
    let request = pb::DeleteBindingRequest {
        binding: binding(subject, role),
    };
    answer(rig.client().delete_binding(with(by, request)).await).map(drop)
}

async fn list(rig: &Rig, size: i32, token: &str) -> (Vec<(String, String)>, String) {
    let page = Some(PageRequest {
        page_size: size,
        page_token: token.to_owned(),
    });
    let request = pb::ListBindingsRequest { page };
    let answer = answer(rig.client().list_bindings(with(&rig.admin, request)).await).unwrap();
    let bindings = answer
        .bindings
        .into_iter()
        .map(|binding| (binding.subject, binding.role))
        .collect();
    (bindings, answer.page.unwrap().next_page_token)
}

#[tokio::test]
async fn roles_given_and_taken_count_from_the_next_call_with_the_same_token() {
    for rig in rigs().await {
        let (_, secret) = rig.token("user:ann", &[]).await;
        assert!(rig.who(&secret).await.unwrap().roles.is_empty());
        give(&rig, &rig.admin, "user:ann", "admin").await.unwrap();
        give(&rig, &rig.admin, "user:ann", "viewer").await.unwrap();
        assert_eq!(rig.who(&secret).await.unwrap().roles, ["admin", "viewer"]);
        assert!(rig.try_token(&secret, "user:bob", &[]).await.is_ok());
        let (replica, _) = rig.replica().await;
        take(&rig, &rig.admin, "user:ann", "admin").await.unwrap();
        let refused = rig.try_token(&secret, "user:bob", &[]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing, "{:?}", rig.engine());
        let seen = replica.authenticator().authenticate(&secret).await.unwrap();
        assert_eq!(seen.actor.roles, ["viewer"]);
    }
}

#[tokio::test]
async fn giving_and_taking_twice_changes_nothing_more() {
    for rig in rigs().await {
        let before = rig.audit().await.len();
        for _ in 0..2 {
            give(&rig, &rig.admin, "user:ann", "viewer").await.unwrap();
        }
        for _ in 0..2 {
            take(&rig, &rig.admin, "user:ann", "viewer").await.unwrap();
        }
        let actions: Vec<_> = rig
            .audit()
            .await
            .split_off(before)
            .into_iter()
            .map(|record| record.action)
            .collect();
        assert_eq!(actions, ["created", "unchanged", "deleted", "unchanged"]);
        let kinds: Vec<_> = rig.events(4).await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds[2..], ["binding_created", "binding_deleted"]);
    }
}

#[tokio::test]
async fn the_last_administrator_cannot_be_taken_away() {
    for rig in rigs().await {
        let refused = take(&rig, &rig.admin, "user:admin", "admin").await.unwrap_err();
        assert_eq!(refused.kind(), Kind::FailedPrecondition);
        assert!(refused.remedy().is_some());
        let tokens = answer(
            rig.client()
                .list_tokens(with(&rig.admin, pb::ListTokensRequest { page: None }))
                .await,
        )
        .unwrap()
        .tokens;
        let request = pb::RevokeTokenRequest {
            name: tokens[0].name.clone(),
        };
        let refused = answer(rig.client().revoke_token(with(&rig.admin, request.clone())).await).unwrap_err();
        assert_eq!(refused.kind(), Kind::FailedPrecondition);
        assert_eq!(
            rig.who(&rig.admin).await.unwrap().roles,
            ["admin"],
            "nothing was changed"
        );
        // A binding without a token is no way back.
        give(&rig, &rig.admin, "user:ann", "admin").await.unwrap();
        assert!(take(&rig, &rig.admin, "user:admin", "admin").await.is_err());
        let (_, ann) = rig.token("user:ann", &[]).await;
        answer(rig.client().revoke_token(with(&ann, request)).await).unwrap();
        assert_eq!(
            rig.who(&rig.admin).await.unwrap_err().reason(),
            Reason::CredentialsInvalid
        );
    }
}

#[tokio::test]
async fn two_administrators_who_remove_each_other_at_once_do_not_both_succeed() {
    for rig in rigs().await {
        for round in 0..4 {
            let subject = format!("user:ann{round}");
            let (_, ann) = rig.token(&subject, &["admin"]).await;
            let (one, two) = tokio::join!(
                take(&rig, &rig.admin, &subject, "admin"),
                take(&rig, &ann, "user:admin", "admin"),
            );
            assert!(one.is_err() || two.is_err(), "{:?}: nobody is left", rig.engine());
            if two.is_ok() {
                give(&rig, &ann, "user:admin", "admin").await.unwrap();
                take(&rig, &rig.admin, &subject, "admin").await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_steward_gives_no_roles_not_even_to_itself() {
    for rig in rigs().await {
        let (_, secret) = rig.token("user:ann", &["steward"]).await;
        for role in ["viewer", "admin"] {
            let refused = give(&rig, &secret, "user:ann", role).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::PermissionMissing);
        }
        for role in ["service_scans", "edge", "root", ""] {
            let refused = give(&rig, &rig.admin, "user:ann", role).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvalidRequest, "{role}");
        }
        assert_eq!(rig.who(&secret).await.unwrap().roles, ["steward"]);
    }
}

#[tokio::test]
async fn pages_of_bindings_bring_each_once_in_order() {
    for rig in rigs().await {
        for (subject, role) in [
            ("user:b", "viewer"),
            ("user:b", "admin"),
            ("user:a", "steward"),
            ("user:b.c", "viewer"),
            ("user:zed", "viewer"),
        ] {
            give(&rig, &rig.admin, subject, role).await.unwrap();
        }
        let (whole, _) = list(&rig, 0, "").await;
        let mut sorted = whole.clone();
        sorted.sort();
        assert_eq!(whole, sorted);
        assert_eq!(whole.len(), 6);
        let (mut walked, mut token) = (Vec::new(), String::new());
        loop {
            let (bindings, next) = list(&rig, 1, &token).await;
            walked.extend(bindings);
            if next.is_empty() {
                break;
            }
            token = next;
        }
        assert_eq!(walked, whole, "{:?}", rig.engine());
    }
}
