use std::time::Duration;

use datawave_core::{Reason, Verdict};
use datawave_proto::datawave::access::v1 as pb;
use datawave_proto::datawave::common::v1::PageRequest;
use datawave_rpc::Authenticator;

use crate::rig::{answer, rigs, with};

#[tokio::test]
async fn a_token_opens_what_the_roles_of_its_subject_allow() {
    for rig in rigs().await {
        let (token, secret) = rig.token("user:ann", &["viewer", "viewer"]).await;
        assert_eq!(token.subject, "user:ann");
        assert_eq!(token.created_by, "user:admin");
        let me = rig.who(&secret).await.unwrap();
        assert_eq!(
            (me.subject.as_str(), me.tenant.as_str()),
            ("user:ann", "default"),
            "{:?}",
            rig.engine()
        );
        assert_eq!(me.roles, ["viewer"]);
        let refused = rig.try_token(&secret, "user:bob", &["admin"]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing);
    }
}

#[tokio::test]
async fn wrong_tokens_are_refused_alike_and_without_repeating_them() {
    for rig in rigs().await {
        let (token, revoked) = rig.token("user:ann", &["viewer"]).await;
        revoke(&rig, &token.name).await.unwrap();
        let mut changed = rig.admin.clone();
        let last = if changed.pop() == Some('0') { '1' } else { '0' };
        changed.push(last);
        let lookup_only = format!("{}_{}", rig.admin.rsplit_once('_').unwrap().0, "0".repeat(64));
        let mut texts = Vec::new();
        let long = "x".repeat(5_000);
        for wrong in [
            changed.as_str(),
            &lookup_only,
            &revoked,
            "dwt_",
            "hunter2",
            "dwt_é_é",
            &long,
        ] {
            // The wire takes only visible ASCII; the authenticator must bear anything.
            let refused = rig.access.authenticator().authenticate(wrong).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::CredentialsInvalid, "{wrong}");
            assert!(!format!("{refused:?}").contains(wrong));
            assert!(refused.remedy().is_some());
            texts.push(refused.to_string());
        }
        texts.dedup();
        assert_eq!(texts.len(), 1, "the words tell tokens apart: {texts:?}");
    }
}

#[tokio::test]
async fn a_token_ends_with_its_time() {
    for rig in rigs().await {
        let request = pb::CreateTokenRequest {
            subject: "user:ann".to_owned(),
            ttl: Some(prost_types::Duration {
                seconds: 60,
                nanos: 0,
            }),
            ..pb::CreateTokenRequest::default()
        };
        let made = answer(rig.client().create_token(with(&rig.admin, request)).await).unwrap();
        rig.clock.advance(Duration::from_micros(59_999_999));
        assert!(rig.who(&made.secret).await.is_ok());
        rig.clock.advance(Duration::from_micros(1));
        assert_eq!(
            rig.who(&made.secret).await.unwrap_err().reason(),
            Reason::CredentialsInvalid
        );
        assert!(rig.who(&rig.admin).await.is_ok(), "the first token does not end");
    }
}

#[tokio::test]
async fn a_life_out_of_bounds_is_refused_and_none_means_ninety_days() {
    for rig in rigs().await {
        for (seconds, nanos) in [(0, 0), (-1, 0), (0, -1), (i64::MAX, 0), (11 * 366 * 24 * 3600, 0)] {
            let request = pb::CreateTokenRequest {
                subject: "user:ann".to_owned(),
                ttl: Some(prost_types::Duration { seconds, nanos }),
                ..pb::CreateTokenRequest::default()
            };
            let refused = answer(rig.client().create_token(with(&rig.admin, request)).await).unwrap_err();
            assert_eq!(refused.reason(), Reason::InvalidRequest, "{seconds} {nanos}");
        }
        let (token, _) = rig.token("user:ann", &[]).await;
        let life = token.expire_time.unwrap().seconds - token.create_time.unwrap().seconds;
        assert_eq!(life, 90 * 24 * 3600);
    }
}

#[tokio::test]
async fn a_revoked_token_is_refused_on_the_next_call_here_and_on_a_replica() {
    for rig in rigs().await {
        let (token, secret) = rig.token("user:ann", &["viewer"]).await;
        let (replica, _) = rig.replica().await;
        assert!(replica.authenticator().authenticate(&secret).await.is_ok());
        let revoked = revoke(&rig, &token.name).await.unwrap();
        assert!(revoked.revoke_time.is_some());
        assert_eq!(
            rig.who(&secret).await.unwrap_err().reason(),
            Reason::CredentialsInvalid
        );
        let refused = replica.authenticator().authenticate(&secret).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::CredentialsInvalid);
        rig.clock.advance(Duration::from_secs(5));
        let again = revoke(&rig, &token.name).await.unwrap();
        assert_eq!(
            again.revoke_time, revoked.revoke_time,
            "the time of the first revocation stays"
        );
        let missing = revoke(&rig, "tokens/tok_00000000000000000000000000")
            .await
            .unwrap_err();
        assert_eq!(missing.reason(), Reason::ResourceNotFound);
    }
}

#[tokio::test]
async fn no_secret_is_in_a_list_an_audit_record_or_an_event() {
    for rig in rigs().await {
        let (token, secret) = rig.token("user:ann", &["viewer"]).await;
        revoke(&rig, &token.name).await.unwrap();
        let list = list(&rig, 10, "").await.unwrap();
        let parts = [secret.as_str(), secret.rsplit_once('_').unwrap().1];
        let everything = format!("{list:?} {:?} {:?}", rig.audit().await, rig.events(5).await);
        assert!(everything.contains("user:ann"));
        assert!(
            parts.iter().all(|part| !everything.contains(part)),
            "{:?}",
            rig.engine()
        );
    }
}

#[tokio::test]
async fn every_change_leaves_one_audit_record_and_its_events() {
    for rig in rigs().await {
        let before = rig.audit().await.len();
        let (token, _) = rig.token("user:ann", &["viewer"]).await;
        revoke(&rig, &token.name).await.unwrap();
        let records = rig.audit().await.split_off(before);
        let seen: Vec<_> = records
            .iter()
            .map(|record| {
                (
                    record.action.as_str(),
                    record.resource.as_str(),
                    record.subject.as_str(),
                )
            })
            .collect();
        let name = token.name.as_str();
        assert_eq!(
            seen,
            [("created", name, "user:admin"), ("revoked", name, "user:admin")]
        );
        assert_eq!(records[0].permission, "access.tokens.create");
        assert_eq!(records[0].policies, ["admin"]);
        assert_eq!(records[0].policy_revision, 1);
        // Two of the first token, then ours.
        let kinds: Vec<_> = rig.events(5).await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds[2..], ["binding_created", "token_created", "token_revoked"]);
    }
}

#[tokio::test]
async fn a_refused_call_changes_nothing_and_is_recorded() {
    for rig in rigs().await {
        let (_, secret) = rig.token("user:ann", &["steward"]).await;
        let before = rig.audit().await.len();
        let refused = rig.try_token(&secret, "user:eve", &[]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing);
        let records = rig.audit().await.split_off(before);
        assert_eq!(records.len(), 1);
        assert_eq!(
            (records[0].verdict, records[0].subject.as_str()),
            (Verdict::Deny, "user:ann")
        );
        assert_eq!(list(&rig, 10, "").await.unwrap().0.len(), 2);
    }
}

#[tokio::test]
async fn only_services_find_out_who_is_behind_a_token() {
    for rig in rigs().await {
        let (_, secret) = rig.token("user:ann", &["viewer"]).await;
        let request = pb::ResolveTokenRequest {
            secret: secret.clone(),
        };
        let found = answer(rig.service("catalog").resolve_token(request.clone()).await).unwrap();
        assert_eq!(
            (found.subject.as_str(), found.tenant.as_str()),
            ("user:ann", "default")
        );
        assert_eq!(found.roles, ["viewer"]);
        let refused = answer(rig.client().resolve_token(with(&rig.admin, request)).await).unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing);
    }
}

#[tokio::test]
async fn pages_of_tokens_bring_each_once() {
    for rig in rigs().await {
        for number in 0..6 {
            rig.token(&format!("user:u{number}"), &[]).await;
        }
        let (whole, _) = list(&rig, 0, "").await.unwrap();
        assert_eq!(whole.len(), 7);
        let (mut walked, mut token) = (Vec::new(), String::new());
        loop {
            let (tokens, next) = list(&rig, 2, &token).await.unwrap();
            walked.extend(tokens);
            if next.is_empty() {
                break;
            }
            token = next;
        }
        assert_eq!(walked, whole);
        let refused = list(&rig, 2, "AAAA").await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PageTokenInvalid);
    }
}

#[tokio::test]
async fn subjects_and_names_that_break_the_contract_are_refused() {
    for rig in rigs().await {
        for subject in [
            "",
            "ann",
            "service:scans",
            "user:",
            "user:Ann",
            "user:a b",
            "user:a\0",
        ] {
            let refused = rig.try_token(&rig.admin, subject, &[]).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvalidRequest, "{subject}");
        }
        for role in ["service_scans", "edge", "root", ""] {
            let refused = rig.try_token(&rig.admin, "user:ann", &[role]).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvalidRequest, "{role}");
        }
        assert_eq!(
            revoke(&rig, "tokens/../x").await.unwrap_err().reason(),
            Reason::InvalidRequest
        );
        assert_eq!(list(&rig, 10, "").await.unwrap().0.len(), 1);
    }
}

async fn revoke(rig: &crate::rig::Rig, name: &str) -> Result<pb::Token, datawave_core::Failure> {
    let request = pb::RevokeTokenRequest {
        name: name.to_owned(),
    };
    answer(rig.client().revoke_token(with(&rig.admin, request)).await).map(|answer| answer.token.unwrap())
}

async fn list(
    rig: &crate::rig::Rig,
    size: i32,
    token: &str,
) -> Result<(Vec<pb::Token>, String), datawave_core::Failure> {
    let page = Some(PageRequest {
        page_size: size,
        page_token: token.to_owned(),
    });
    let request = pb::ListTokensRequest { page };
    let answer = answer(rig.client().list_tokens(with(&rig.admin, request)).await)?;
    Ok((answer.tokens, answer.page.unwrap().next_page_token))
}
