//! The words on the pipes: capped, closed, and never a panic.

use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_edge::wire::{
    FRAME_BYTES, Frame, FrameReader, FrameWriter, Order, Trouble, read_blocking, write_octets,
};
use datawave_facts::{EngineFact, Fact, TablePath};
use proptest::prelude::*;

use crate::children::job;

fn read_all(octets: &[u8]) -> (Vec<Frame>, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut reader = FrameReader::new(octets);
        let mut frames = Vec::new();
        loop {
            match reader.next().await {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => return (frames, true),
                Err(_) => return (frames, false),
            }
        }
    })
}

fn framed(body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), body].concat()
}

#[test]
fn what_a_child_writes_is_what_its_parent_reads() {
    let mut octets = Vec::new();
    let mut writer = FrameWriter::new(&mut octets);
    let engine = EngineFact {
        engine: "sqlite".into(),
        version: "3.51".into(),
    };
    let failure = Failure::new(Reason::SourceBroken, "it broke")
        .with_remedy("mend it")
        .with_source(std::io::Error::other("Key (email)=(ann@example.org)"));
    writer.fact(Fact::Engine(engine.clone())).unwrap();
    writer.done(Some(&failure)).unwrap();
    writer.done(None).unwrap();
    assert!(
        !String::from_utf8_lossy(&octets).contains("ann@"),
        "the private half stays"
    );
    let trouble = Trouble {
        reason: "SOURCE_BROKEN".into(),
        message: "it broke".into(),
        remedy: Some("mend it".into()),
    };
    let expected = vec![
        Frame::Fact {
            fact: Fact::Engine(engine),
        },
        Frame::Done {
            trouble: Some(trouble),
        },
        Frame::Done { trouble: None },
    ];
    assert_eq!(read_all(&octets), (expected, true));
}

#[test]
fn frames_with_more_in_them_than_the_closed_list_has_are_refused() {
    let refused: [&[u8]; 5] = [
        br#"{"frame":"value","value":"ann@example.org"}"#,
        br#"{"frame":"done","trouble":null,"sample":"ann@example.org"}"#,
        br#"{"frame":"fact","fact":{"fact":"sample","value":"ann@example.org"}}"#,
        b"ann@example.org",
        b"\xff\xfe",
    ];
    for body in refused {
        assert_eq!(
            read_all(&framed(body)),
            (Vec::new(), false),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}

#[test]
fn a_frame_above_the_cap_is_neither_written_nor_read() {
    let mut octets = Vec::new();
    let engine = EngineFact {
        engine: "x".repeat(FRAME_BYTES),
        version: String::new(),
    };
    assert!(FrameWriter::new(&mut octets).fact(Fact::Engine(engine)).is_err());
    assert!(octets.is_empty());
    // Only announced: nothing of that size is made room for.
    let announced = u32::try_from(FRAME_BYTES + 1).unwrap().to_be_bytes();
    assert!(!read_all(&announced).1);
    assert!(read_blocking(&mut &announced[..]).is_err());
}

#[tokio::test]
async fn orders_and_secrets_arrive_apart_and_whole() {
    let path = TablePath {
        database: "d".into(),
        schema: "s".into(),
        table: "t\0\"'🦀".into(),
    };
    let mut job = job("postgres://ann@db.example/shop");
    job.password = true;
    job.limits.statement = Duration::from_millis(1_500);
    for order in [
        Order::Begin {
            memory_bytes: u64::MAX,
        },
        Order::Open { job: job.clone() },
        Order::Discover { report: false },
        Order::Read { path },
        Order::Test { job },
    ] {
        let mut octets = Vec::new();
        write_octets(&mut octets, &serde_json::to_vec(&order).unwrap())
            .await
            .unwrap();
        write_octets(&mut octets, b"hunter2").await.unwrap();
        let mut from = &octets[..];
        let body = read_blocking(&mut from).unwrap().unwrap();
        assert_eq!(serde_json::from_slice::<Order>(&body).unwrap(), order);
        assert!(!body.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(&**read_blocking(&mut from).unwrap().unwrap(), b"hunter2");
        assert!(read_blocking(&mut from).unwrap().is_none());
    }
}

proptest! {
    #[test]
    fn any_octets_are_frames_or_an_error(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&octets);
        let _ = read_blocking(&mut &octets[..]);
    }

    #[test]
    fn a_stream_cut_anywhere_gives_whole_frames_and_nothing_else(cut in 0_usize..1_000) {
        let mut octets = Vec::new();
        for _ in 0..10 {
            FrameWriter::new(&mut octets).done(None).unwrap();
        }
        let whole = octets.len() / 10;
        let cut = cut.min(octets.len());
        let (frames, _) = read_all(&octets[..cut]);
        prop_assert_eq!(frames.len(), cut / whole);
    }
}
