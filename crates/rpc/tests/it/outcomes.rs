//! How calls end: answers, errors with details, deadlines, panics, refusals for want of room.

use std::time::Duration;

use datawave_core::{Kind, Reason};
use datawave_proto::datawave::catalog::v1 as catalog;
use datawave_rpc::{Limits, failure};
use tonic::{Code, Request};

use crate::support::{Rig, WAYS, ask, until};

const LIST: (&str, &str) = ("datawave.catalog.v1.CatalogService", "ListAssets");

#[tokio::test]
async fn a_deadline_is_enforced_on_every_way_and_frees_the_place() {
    let rig = Rig::new().await;
    for way in WAYS {
        let mut request = Request::new(ask("forever"));
        request.set_timeout(Duration::from_millis(50));
        let error = failure(rig.client(way).list_assets(request).await.unwrap_err());
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::DeadlineExceeded, Reason::DeadlineExceeded),
            "{way:?}"
        );
        assert!(error.remedy().is_some());
    }
    until(|| rig.metrics.in_flight(LIST.0, LIST.1) == 0).await;
}

#[tokio::test]
async fn the_server_caps_what_a_caller_asks_for() {
    let rig = Rig::with(Limits {
        unary_deadline: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    for way in WAYS {
        let mut request = Request::new(ask("forever"));
        request.set_timeout(Duration::from_secs(3_600));
        let error = rig.client(way).list_assets(request).await.unwrap_err();
        assert_eq!(error.code(), Code::DeadlineExceeded, "{way:?}");
    }
}

#[tokio::test]
async fn a_call_without_a_deadline_gets_the_channels() {
    let rig = Rig::new().await;
    for way in WAYS {
        let channel = rig.channel(way).with_default_deadline(Duration::from_millis(50));
        let mut client = catalog::catalog_service_client::CatalogServiceClient::new(channel);
        let error = client.list_assets(ask("forever")).await.unwrap_err();
        assert_eq!(error.code(), Code::DeadlineExceeded, "{way:?}");
    }
}

#[tokio::test]
async fn a_panicking_handler_fails_its_own_call_only() {
    let rig = Rig::new().await;
    for way in WAYS {
        let client = rig.client(way);
        let (mut a, mut b) = (client.clone(), client.clone());
        let other = tokio::spawn(async move { a.list_assets(ask("hold")).await });
        until(|| rig.metrics.in_flight(LIST.0, LIST.1) == 1).await;
        let error = failure(b.list_assets(ask("panic")).await.unwrap_err());
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Internal, Reason::Internal),
            "{way:?}"
        );
        assert!(
            !error.to_string().contains("a defect"),
            "the panic's text stays inside"
        );
        rig.gate.add_permits(1);
        other.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn load_beyond_the_limit_is_refused_at_once_and_served_later() {
    let rig = Rig::with(Limits {
        calls_in_flight: 1,
        ..Limits::default()
    })
    .await;
    for way in WAYS {
        let client = rig.client(way);
        let (mut a, mut b) = (client.clone(), client.clone());
        let held = tokio::spawn(async move { a.list_assets(ask("hold")).await });
        until(|| rig.metrics.in_flight(LIST.0, LIST.1) == 1).await;
        // The first call may still be on its way to its place.
        let error = loop {
            match b.list_assets(ask("")).await {
                Ok(_) => tokio::task::yield_now().await,
                Err(status) => break failure(status),
            }
        };
        assert_eq!(error.reason(), Reason::Overloaded, "{way:?}");
        assert_eq!(error.retry_after(), Some(Limits::default().retry_after));
        rig.gate.add_permits(1);
        held.await.unwrap().unwrap();
        b.list_assets(ask("")).await.unwrap();
    }
}

#[tokio::test]
async fn oversized_messages_are_refused_in_both_directions() {
    let rig = Rig::with(Limits {
        message_bytes: 100_000,
        ..Limits::default()
    })
    .await;
    for way in WAYS {
        let mut client = rig.client(way);
        let mut request = ask("");
        request.source = "x".repeat(150_000);
        let error = failure(client.list_assets(request).await.unwrap_err());
        assert_eq!(error.reason(), Reason::TooLarge, "request, {way:?}");
        let error = failure(client.list_assets(ask("big")).await.unwrap_err());
        assert_eq!(error.reason(), Reason::TooLarge, "answer, {way:?}");
        client.list_assets(ask("")).await.unwrap();
    }
}

#[tokio::test]
async fn validation_names_every_wrong_field() {
    let rig = Rig::new().await;
    for way in WAYS {
        let mut request = ask(&"p".repeat(3_000));
        request.label = "l".repeat(100);
        let error = failure(rig.client(way).list_assets(request).await.unwrap_err());
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::InvalidArgument, Reason::InvalidRequest),
            "{way:?}"
        );
        let mut fields: Vec<&str> = error.violations().iter().map(|v| v.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["label", "prefix"], "{way:?}");
    }
}

#[tokio::test]
async fn a_failure_arrives_as_it_was_raised_without_its_private_cause() {
    let rig = Rig::new().await;
    for way in WAYS {
        let status = rig.client(way).list_assets(ask("fail")).await.unwrap_err();
        let info = tonic_types::StatusExt::get_details_error_info(&status).unwrap();
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("ETAG_MISMATCH", "catalog.datawave")
        );
        let all = format!("{status:?}") + &String::from_utf8_lossy(status.details());
        assert!(!all.contains("secret_table"), "{way:?}");
        let error = failure(status);
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Aborted, Reason::EtagMismatch)
        );
        assert_eq!(error.message(), "the asset changed");
        assert_eq!(error.remedy(), Some("read it again"));
        assert_eq!(error.metadata()["etag"], "v7");
        assert!(error.metadata()[datawave_rpc::REQUEST_ID].starts_with("req_"));
        assert_eq!(error.violations()[0].field, "asset.etag");
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1_500)));
    }
}

#[tokio::test]
async fn a_status_made_elsewhere_loses_its_text_and_gets_our_details() {
    let rig = Rig::new().await;
    for way in WAYS {
        let status = rig.client(way).list_assets(ask("foreign")).await.unwrap_err();
        assert!(!status.message().contains("SELECT"), "{way:?}");
        let error = failure(status);
        assert_eq!((error.kind(), error.reason()), (Kind::Internal, Reason::Internal));
        assert!(error.metadata().contains_key(datawave_rpc::REQUEST_ID));
    }
}

#[tokio::test]
async fn a_watch_resumes_after_its_token_and_ends_with_ok() {
    let rig = Rig::new().await;
    for way in WAYS {
        let request = catalog::WatchAssetsRequest {
            resume_token: "1".to_owned(),
            ..Default::default()
        };
        let mut stream = rig.client(way).watch_assets(request).await.unwrap().into_inner();
        let mut tokens = Vec::new();
        while let Some(message) = stream.message().await.unwrap() {
            tokens.push(message.resume_token);
        }
        assert_eq!(tokens, ["2", "3"], "{way:?}");
    }
}

#[tokio::test]
async fn a_silent_watch_beats_and_ends_at_its_deadline() {
    let rig = Rig::new().await;
    for way in WAYS {
        let mut request = Request::new(catalog::WatchAssetsRequest {
            source: "endless".to_owned(),
            ..Default::default()
        });
        request.set_timeout(Duration::from_millis(300));
        let mut stream = rig.client(way).watch_assets(request).await.unwrap().into_inner();
        let mut beats = 0;
        let end = loop {
            match stream.message().await {
                Ok(Some(message)) if message.asset.is_none() => {
                    assert_eq!(message.resume_token, "3");
                    beats += 1;
                }
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended with OK"),
                Err(status) => break status,
            }
        };
        assert_eq!(end.code(), Code::DeadlineExceeded, "{way:?}");
        assert!(beats > 0, "{way:?}");
    }
}

#[tokio::test]
async fn a_watch_without_a_deadline_outlives_the_channels_default() {
    let rig = Rig::new().await;
    for way in WAYS {
        let channel = rig.channel(way).with_default_deadline(Duration::from_millis(10));
        let mut client = catalog::catalog_service_client::CatalogServiceClient::new(channel);
        let request = catalog::WatchAssetsRequest {
            source: "endless".to_owned(),
            ..Default::default()
        };
        let mut stream = client.watch_assets(request).await.unwrap().into_inner();
        // 3 changes and a beat of 20 ms: later than the default deadline of unary calls.
        for _ in 0..5 {
            stream.message().await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_stream_that_is_too_old_ends_so_that_it_is_opened_again() {
    let rig = Rig::with(Limits {
        stream_age: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    for way in WAYS {
        let request = catalog::WatchAssetsRequest {
            source: "endless".to_owned(),
            ..Default::default()
        };
        let mut stream = rig.client(way).watch_assets(request).await.unwrap().into_inner();
        let end = loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended with OK"),
                Err(status) => break status,
            }
        };
        assert_eq!(end.code(), Code::Unavailable, "{way:?}");
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_frees_its_place() {
    let rig = Rig::new().await;
    for way in WAYS {
        let before = rig.metrics.requests(LIST.0, LIST.1, Code::Cancelled);
        let mut client = rig.client(way);
        let call = tokio::spawn(async move { client.list_assets(ask("forever")).await });
        until(|| rig.metrics.in_flight(LIST.0, LIST.1) == 1).await;
        call.abort();
        until(|| rig.metrics.in_flight(LIST.0, LIST.1) == 0).await;
        assert_eq!(
            rig.metrics.requests(LIST.0, LIST.1, Code::Cancelled),
            before + 1,
            "{way:?}"
        );
    }
}
