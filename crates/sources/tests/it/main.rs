//! The registry through its contract, on SQLite and PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use datawave_core::{RandomIds, Reason, SystemClock};
use datawave_proto::datawave::sources::v1::sources_service_client::SourcesServiceClient;
use datawave_proto::datawave::sources::v1::{
    CreateSourceRequest, DeleteSourceRequest, GetSourceRequest, ListSourcesRequest, Source, SourceFilter,
    UpdateSourceRequest,
};
use datawave_rpc::{Channel, Stack, failure};
use datawave_sources::{MIGRATIONS, Sources, SourcesDeps};
use datawave_testkit::mesh::{TestMesh, as_role, default_policy};
use datawave_testkit::{TestStore, both};

struct Bench {
    sources: Sources,
    stack: Stack,
    _store: TestStore,
}

async fn benches() -> Vec<Bench> {
    let mut out = Vec::new();
    for store in both("sources", MIGRATIONS).await {
        let policy = default_policy();
        let deps = SourcesDeps {
            url: store.url.clone(),
            policy: Arc::clone(&policy),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            page_key: [7; 32],
            default_edge: "local".into(),
        };
        let sources = Sources::open(deps).await.unwrap();
        let mesh = TestMesh::new(&policy, Arc::new(SystemClock), Arc::new(RandomIds));
        let stack = mesh.service("sources", sources.routes(), sources.db()).build();
        out.push(Bench {
            sources,
            stack,
            _store: store,
        });
    }
    out
}

impl Bench {
    fn role(&self, role: &str) -> SourcesServiceClient<Channel> {
        SourcesServiceClient::new(as_role(&self.stack, role))
    }

    async fn create(&self, url: &str, name: &str) -> Result<(Source, bool), Reason> {
        let request = CreateSourceRequest {
            url: url.into(),
            display_name: name.into(),
            ..Default::default()
        };
        let answer = self
            .role("steward")
            .create_source(request)
            .await
            .map_err(|s| failure(s).reason())?
            .into_inner();
        Ok((answer.source.unwrap(), answer.created))
    }
}

#[tokio::test]
async fn the_same_identity_is_registered_once_whatever_its_spelling() {
    for bench in benches().await {
        let (first, created) = bench.create("postgres://db.example/shop", "").await.unwrap();
        assert!(created && first.display_name == "shop" && first.edge == "local");
        let (again, created) = bench
            .create("postgresql://ann@DB.example:5432/shop", "other")
            .await
            .unwrap();
        assert_eq!((again, created), (first, false));
    }
}

#[tokio::test]
async fn a_password_in_a_url_is_refused_and_stored_nowhere() {
    for bench in benches().await {
        let refused = bench
            .create("postgres://ann:hunter2@db.example/shop", "")
            .await
            .unwrap_err();
        assert_eq!(refused, Reason::SourceUrlInvalid);
        let mut session = bench.sources.db().read().await.unwrap();
        let rows = datawave_db::audit_rows(&mut session, 1, 100).await.unwrap();
        assert!(
            rows.iter()
                .all(|r| !String::from_utf8_lossy(&r.record).contains("hunter2"))
        );
    }
}

#[tokio::test]
async fn derived_names_are_numbered_and_given_ones_must_be_free() {
    for bench in benches().await {
        bench.create("sqlite:/a/shop.db", "").await.unwrap();
        assert_eq!(
            bench
                .create("sqlite:/b/shop.db", "")
                .await
                .unwrap()
                .0
                .display_name,
            "shop-2"
        );
        assert_eq!(
            bench.create("sqlite:/c/shop.db", "shop").await.unwrap_err(),
            Reason::ResourceExists
        );
    }
}

#[tokio::test]
async fn a_source_is_found_by_address_and_by_name_and_not_after_its_end() {
    for bench in benches().await {
        let (source, _) = bench.create("sqlite:/a/shop.db", "").await.unwrap();
        let mut viewer = bench.role("viewer");
        for name in [source.name.as_str(), "shop"] {
            let answer = viewer
                .get_source(GetSourceRequest { name: name.into() })
                .await
                .unwrap()
                .into_inner();
            assert_eq!(answer.source.unwrap(), source);
        }
        let request = DeleteSourceRequest {
            name: source.name.clone(),
            etag: source.etag.clone(),
        };
        let refused = failure(viewer.delete_source(request.clone()).await.unwrap_err());
        assert_eq!(refused.reason(), Reason::PermissionMissing);
        bench.role("admin").delete_source(request).await.unwrap();
        let gone = failure(
            viewer
                .get_source(GetSourceRequest { name: source.name })
                .await
                .unwrap_err(),
        );
        assert_eq!(gone.reason(), Reason::ResourceNotFound);
    }
}

#[tokio::test]
async fn a_change_needs_the_etag_that_was_read() {
    for bench in benches().await {
        let (source, _) = bench.create("sqlite:/a/shop.db", "").await.unwrap();
        let request = UpdateSourceRequest {
            name: source.name.clone(),
            etag: source.etag.clone(),
            credential_ref: Some("site:src_x".into()),
            filter: Some(SourceFilter {
                include: vec!["main.*".into()],
                exclude: vec![],
            }),
            ..Default::default()
        };
        let mut admin = bench.role("admin");
        let changed = admin
            .update_source(request.clone())
            .await
            .unwrap()
            .into_inner()
            .source
            .unwrap();
        assert_eq!(
            (changed.credential_ref.as_str(), changed.include.as_slice()),
            ("site:src_x", &["main.*".to_owned()][..])
        );
        let stale = UpdateSourceRequest {
            display_name: Some("other".into()),
            ..request
        };
        assert_eq!(
            failure(admin.update_source(stale).await.unwrap_err()).reason(),
            Reason::EtagMismatch
        );
    }
}

#[tokio::test]
async fn lists_come_by_name_page_by_page() {
    for bench in benches().await {
        for name in ["c", "a", "b"] {
            bench.create(&format!("sqlite:/{name}.db"), "").await.unwrap();
        }
        let mut viewer = bench.role("viewer");
        let (mut seen, mut token) = (Vec::new(), String::new());
        loop {
            let page = Some(datawave_proto::datawave::common::v1::PageRequest {
                page_size: 2,
                page_token: token,
            });
            let answer = viewer
                .list_sources(ListSourcesRequest { page })
                .await
                .unwrap()
                .into_inner();
            seen.extend(answer.sources.into_iter().map(|s| s.display_name));
            token = answer.page.unwrap().next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_repeat_with_the_same_key_answers_the_same_and_another_payload_is_refused() {
    for bench in benches().await {
        let request = CreateSourceRequest {
            url: "sqlite:/a/shop.db".into(),
            request_id: "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3".into(),
            ..Default::default()
        };
        let mut steward = bench.role("steward");
        let first = steward.create_source(request.clone()).await.unwrap().into_inner();
        let again = steward.create_source(request.clone()).await.unwrap().into_inner();
        assert_eq!(first, again);
        let other = CreateSourceRequest {
            url: "sqlite:/b/shop.db".into(),
            ..request
        };
        assert_eq!(
            failure(steward.create_source(other).await.unwrap_err()).reason(),
            Reason::RequestIdReused
        );
    }
}
