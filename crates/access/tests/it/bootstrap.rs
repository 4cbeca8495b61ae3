use std::sync::Mutex;

use datawave_core::{Failure, Reason};
use datawave_rpc::Authenticator;

use crate::rig::rigs;

#[tokio::test]
async fn the_first_token_is_an_administrator_and_is_made_once() {
    for rig in rigs().await {
        let me = rig.who(&rig.admin).await.unwrap();
        assert_eq!(
            (me.subject.as_str(), me.roles),
            ("user:admin", vec!["admin".to_owned()])
        );
        let kept = Mutex::new(false);
        let (replica, _) = rig.replica().await;
        for access in [&rig.access, &replica] {
            let made = access
                .bootstrap_admin(|_| {
                    *kept.lock().unwrap() = true;
                    Ok(())
                })
                .await
                .unwrap();
            assert!(!made, "{:?}", rig.engine());
        }
        assert!(!*kept.lock().unwrap(), "a secret was handed out");
        let records = rig.audit().await;
        let made: Vec<_> = records
            .iter()
            .filter(|record| record.method == "bootstrap")
            .collect();
        assert_eq!(made.len(), 1);
        assert_eq!(
            (made[0].subject.as_str(), made[0].action.as_str()),
            ("service:access", "created")
        );
    }
}

#[tokio::test]
async fn no_token_is_made_when_its_secret_cannot_be_kept() {
    for store in datawave_testkit::both("access", datawave_access::MIGRATIONS).await {
        let clock = std::sync::Arc::new(datawave_core::ManualClock::starting_at(crate::rig::START));
        let snapshot = datawave_authz::Snapshot::default_policies(0).unwrap();
        let policy = std::sync::Arc::new(datawave_authz::Decider::new(snapshot));
        let access = crate::rig::open(&store, clock, policy, 1).await;
        let lost = Mutex::new(String::new());
        let failed = access
            .bootstrap_admin(|secret| {
                secret.clone_into(&mut lost.lock().unwrap());
                Err(Failure::new(Reason::DependencyUnavailable, "disk full"))
            })
            .await;
        assert_eq!(failed.unwrap_err().reason(), Reason::DependencyUnavailable);
        let secret = lost.lock().unwrap().clone();
        let refused = access.authenticator().authenticate(&secret).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::CredentialsInvalid);
        assert!(
            access.bootstrap_admin(|_| Ok(())).await.unwrap(),
            "the next start makes one"
        );
    }
}
