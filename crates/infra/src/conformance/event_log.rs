//! Conformance of [`EventLog`].

use std::sync::Arc;

use datawave_core::{EventRecord, Reason, Timestamp};

use crate::event_log::{Cursor, EventLog};

/// An event of `topic` with this id and key.
pub fn event(topic: &str, id: impl ToString, key: &str) -> EventRecord {
    EventRecord {
        id: id.to_string(),
        tenant: "acme".to_owned(),
        topic: topic.to_owned(),
        kind: "thing_changed".to_owned(),
        key: key.to_owned(),
        time: Timestamp::from_micros(1_700_000_000_000_000),
        trace_id: Some("0af7651916cd43dd8448eb211c80319c".to_owned()),
        payload: vec![0, 1, 255],
    }
}

/// Every event of `topic` from `cursor` on, and where the topic ends.
pub async fn read_all(log: &dyn EventLog, topic: &str, mut cursor: Cursor) -> (Vec<EventRecord>, Cursor) {
    let mut events = Vec::new();
    loop {
        let batch = log.read(topic, &cursor, 100).await.unwrap();
        if batch.events.is_empty() {
            return (events, batch.next);
        }
        events.extend(batch.events);
        cursor = batch.next;
    }
}

/// Runs everything below.
pub async fn all(log: Arc<dyn EventLog>) {
    brings_events_back_in_order(&*log).await;
    reads_in_pieces_of_any_size(&*log).await;
    leaves_out_repeated_events(&*log).await;
    keeps_topics_apart(&*log).await;
    keeps_a_cursor_per_consumer(&*log).await;
    refuses_wrong_names_and_foreign_events(&*log).await;
    wakes_a_waiting_consumer(Arc::clone(&log)).await;
    keeps_the_order_of_a_key_under_concurrent_appends(log).await;
}

/// What was appended comes back whole and in order; an unknown topic is empty.
pub async fn brings_events_back_in_order(log: &dyn EventLog) {
    let topic = "conformance_order";
    assert_eq!(read_all(log, topic, Cursor::beginning()).await.0, []);
    let mut untraced = event(topic, "e3", "k\0é");
    untraced.trace_id = None;
    untraced.payload.clear();
    let events = vec![event(topic, "e1", "a"), event(topic, "e2", "b"), untraced];
    log.append(topic, events[..2].to_vec()).await.unwrap();
    log.append(topic, events[2..].to_vec()).await.unwrap();
    log.append(topic, Vec::new()).await.unwrap();
    let (read, end) = read_all(log, topic, Cursor::beginning()).await;
    assert_eq!(read, events);
    assert_eq!(log.end(topic).await.unwrap(), end);
}

/// Reading on from `next` brings every event once, whatever the limit.
pub async fn reads_in_pieces_of_any_size(log: &dyn EventLog) {
    let topic = "conformance_pieces";
    let events: Vec<_> = (0..23).map(|number| event(topic, number, "k")).collect();
    for part in events.chunks(5) {
        log.append(topic, part.to_vec()).await.unwrap();
    }
    for limit in [1, 2, 3, 7, 23, 100] {
        let (mut cursor, mut read) = (Cursor::beginning(), Vec::new());
        loop {
            let batch = log.read(topic, &cursor, limit).await.unwrap();
            assert!(batch.events.len() <= limit);
            assert_eq!(batch.skipped, 0);
            if batch.events.is_empty() {
                break;
            }
            read.extend(batch.events);
            // The text form is what is stored and sent: it must mean the same.
            cursor = Cursor::parse(&batch.next.to_string()).unwrap();
        }
        assert_eq!(read, events, "limit {limit}");
    }
}

/// A relay that repeats a batch, whole or in part, changes nothing.
pub async fn leaves_out_repeated_events(log: &dyn EventLog) {
    let topic = "conformance_repeat";
    let events: Vec<_> = (0..6).map(|number| event(topic, number, "k")).collect();
    log.append(topic, events[..4].to_vec()).await.unwrap();
    log.append(topic, events[..4].to_vec()).await.unwrap();
    log.append(topic, events[2..].to_vec()).await.unwrap();
    log.append(topic, vec![events[5].clone(), events[5].clone()])
        .await
        .unwrap();
    assert_eq!(read_all(log, topic, Cursor::beginning()).await.0, events);
}

/// Topics have their own events, ids and ends.
pub async fn keeps_topics_apart(log: &dyn EventLog) {
    let (one, two) = ("conformance_one", "conformance_two");
    log.append(one, vec![event(one, "same", "k")]).await.unwrap();
    log.append(two, vec![event(two, "same", "k"), event(two, "other", "k")])
        .await
        .unwrap();
    assert_eq!(read_all(log, one, Cursor::beginning()).await.0.len(), 1);
    assert_eq!(read_all(log, two, Cursor::beginning()).await.0.len(), 2);
}

/// Each consumer has its own place, the last commit counts, and going back is allowed.
pub async fn keeps_a_cursor_per_consumer(log: &dyn EventLog) {
    let topic = "conformance_cursor";
    log.append(topic, (0..4).map(|number| event(topic, number, "k")).collect())
        .await
        .unwrap();
    assert_eq!(log.committed(topic, "reader").await.unwrap(), Cursor::beginning());
    let first = log.read(topic, &Cursor::beginning(), 3).await.unwrap();
    log.commit(topic, "reader", &first.next).await.unwrap();
    let place = log.committed(topic, "reader").await.unwrap();
    assert_eq!(
        log.read(topic, &place, 10).await.unwrap().events,
        [event(topic, 3, "k")]
    );
    assert_eq!(log.committed(topic, "other").await.unwrap(), Cursor::beginning());
    log.commit(topic, "reader", &Cursor::beginning()).await.unwrap();
    let place = log.committed(topic, "reader").await.unwrap();
    assert_eq!(log.read(topic, &place, 10).await.unwrap().events.len(), 4);
}

/// Names that could leave their place are refused, and so are events of another topic.
pub async fn refuses_wrong_names_and_foreign_events(log: &dyn EventLog) {
    let long = "a".repeat(200);
    for name in ["", ".", "..", "../up", "a/b", "A", "a b", "\0", "é", &long] {
        let refused = log.append(name, vec![event(name, "e", "k")]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest, "{name}");
        let refused = log.read(name, &Cursor::beginning(), 1).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest, "{name}");
        let refused = log
            .commit("conformance_names", name, &Cursor::beginning())
            .await
            .unwrap_err();
        assert_eq!(refused.reason(), Reason::InvalidRequest, "{name}");
    }
    let topic = "conformance_names";
    let mixed = vec![event(topic, "e1", "k"), event("elsewhere", "e2", "k")];
    assert_eq!(
        log.append(topic, mixed).await.unwrap_err().reason(),
        Reason::InvalidRequest
    );
    assert_eq!(read_all(log, topic, Cursor::beginning()).await.0, []);
}

/// `wait` returns at once when there is something to read, and otherwise when it is appended.
pub async fn wakes_a_waiting_consumer(log: Arc<dyn EventLog>) {
    let topic = "conformance_wait";
    let end = log.end(topic).await.unwrap();
    let waiting = tokio::spawn({
        let log = Arc::clone(&log);
        async move {
            log.wait(topic, &end).await.unwrap();
            log.read(topic, &end, 10).await.unwrap().events
        }
    });
    tokio::task::yield_now().await;
    log.append(topic, vec![event(topic, "e1", "k")]).await.unwrap();
    assert_eq!(waiting.await.unwrap(), [event(topic, "e1", "k")]);
    log.wait(topic, &Cursor::beginning()).await.unwrap();
}

/// Appends of several tasks interleave, but each task's events keep their order and none is lost.
pub async fn keeps_the_order_of_a_key_under_concurrent_appends(log: Arc<dyn EventLog>) {
    let topic = "conformance_concurrent";
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                for number in 0..10 {
                    let record = event(topic, format!("{writer}/{number}"), &writer.to_string());
                    log.append(topic, vec![record]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let (events, _) = read_all(&*log, topic, Cursor::beginning()).await;
    assert_eq!(events.len(), 40);
    for writer in 0..4 {
        let ids: Vec<_> = events
            .iter()
            .filter(|event| event.key == writer.to_string())
            .map(|event| event.id.clone())
            .collect();
        let expected: Vec<_> = (0..10).map(|number| format!("{writer}/{number}")).collect();
        assert_eq!(ids, expected);
    }
}
