//! The child process by itself: what it is given, what it takes from itself, how it ends.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use datawave_edge::wire::{Frame, Job, JobLimits, Order, PROTOCOL, write_octets};
use datawave_facts::{Fact, TablePath};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{ChildStdin, ChildStdout, Command};

use crate::rig::{CHILD, Rig, kill, processes, until};
use crate::sources;

/// A child that the test talks to.
pub(crate) struct Child {
    pub(crate) process: tokio::process::Child,
    orders: Option<ChildStdin>,
    frames: ChildStdout,
    /// Bodies of all frames, as they came.
    pub(crate) said: Vec<Vec<u8>>,
}

impl Child {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(CHILD)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            orders: process.stdin.take(),
            frames: process.stdout.take().unwrap(),
            process,
            said: Vec::new(),
        }
    }

    /// Started and confined.
    pub(crate) async fn begun(memory_bytes: u64) -> Self {
        let mut child = Self::start();
        child.send(&Order::Begin { memory_bytes }, &[]).await;
        let hello = child.next().await.unwrap();
        assert!(
            matches!(
                hello,
                Frame::Hello {
                    protocol: PROTOCOL,
                    ..
                }
            ),
            "{hello:?}"
        );
        child
    }

    pub(crate) async fn send(&mut self, order: &Order, secrets: &[&[u8]]) {
        let orders = self.orders.as_mut().unwrap();
        write_octets(orders, &serde_json::to_vec(order).unwrap())
            .await
            .unwrap();
        for secret in secrets {
            write_octets(orders, secret).await.unwrap();
        }
    }

    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let body = next_body(&mut self.frames).await?;
        let frame = serde_json::from_slice(&body).unwrap();
        self.said.push(body);
        Some(frame)
    }

    /// Gives an order and waits for its end.
    pub(crate) async fn order(&mut self, order: &Order, secrets: &[&[u8]]) -> Vec<Frame> {
        self.send(order, secrets).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.expect("the child lives");
            let ended = matches!(frame, Frame::Done { .. });
            frames.push(frame);
            if ended {
                return frames;
            }
        }
    }

    /// Closes the pipe of orders and waits for the child's end; returns all it printed.
    pub(crate) async fn end(mut self) -> (Vec<Vec<u8>>, Vec<u8>) {
        drop(self.orders.take());
        let mut errors = Vec::new();
        self.process
            .stderr
            .take()
            .unwrap()
            .read_to_end(&mut errors)
            .await
            .unwrap();
        self.process.wait().await.unwrap();
        (self.said, errors)
    }
}

async fn next_body(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await.ok()?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    from.read_exact(&mut body).await.ok()?;
    Some(body)
}

pub(crate) fn job(url: &str) -> Job {
    Job {
        url: url.to_owned(),
        password: false,
        include: Vec::new(),
        exclude: Vec::new(),
        limits: JobLimits {
            connect: Duration::from_secs(30),
            statement: Duration::from_secs(600),
            rows_per_table: 1_000,
            bytes_per_table: 8 << 20,
            bytes_per_value: 4_096,
        },
        seed: 1,
    }
}

/// The key of a site, which follows an order to open.
pub(crate) const SITE_KEY: &[u8] = &[9; 32];

fn ended_well(frames: &[Frame]) -> bool {
    matches!(frames.last(), Some(Frame::Done { trouble: None }))
}

/// A child that is busy with a statement that never ends.
async fn busy(folder: &Path) -> Child {
    let url = sources::sqlite(folder, "busy.db", sources::ENDLESS).await;
    let mut child = Child::begun(512 << 20).await;
    assert!(ended_well(
        &child.order(&Order::Open { job: job(&url) }, &[SITE_KEY]).await
    ));
    assert!(ended_well(
        &child.order(&Order::Discover { report: true }, &[]).await
    ));
    let path = TablePath {
        database: "busy".into(),
        schema: "main".into(),
        table: "endless".into(),
    };
    child.send(&Order::Read { path }, &[]).await;
    child
}

#[tokio::test]
async fn a_child_ends_when_its_orders_end_even_in_a_statement_that_does_not() {
    let home = tempfile::tempdir().unwrap();
    let child = busy(home.path()).await;
    let (_, errors) = tokio::time::timeout(Duration::from_secs(60), child.end())
        .await
        .expect("it ends");
    assert_eq!(String::from_utf8_lossy(&errors), "");
}

#[tokio::test]
async fn a_child_dies_with_its_parent_though_its_pipes_stay_open() {
    let mark = format!("orphan-{}", std::process::id());
    // The shell is the parent; all pipes of the child are held by this test and stay open.
    let mut shell = Command::new("/bin/sh")
        .args(["-c", "exec 3<&0; \"$0\" \"$1\" <&3 3<&- & wait", CHILD, &mark])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut orders = shell.stdin.take().unwrap();
    let mut frames = shell.stdout.take().unwrap();
    let begin = serde_json::to_vec(&Order::Begin {
        memory_bytes: 512 << 20,
    })
    .unwrap();
    write_octets(&mut orders, &begin).await.unwrap();
    next_body(&mut frames).await.expect("its hello");
    assert_eq!(processes(&mark).len(), 1);
    kill(i32::try_from(shell.id().unwrap()).unwrap());
    let begun = std::time::Instant::now();
    until("the end of the child", || {
        processes(&mark).is_empty().then_some(())
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    drop(orders);
}

#[tokio::test]
async fn a_child_has_no_environment_no_core_and_no_way_to_more() {
    let child = Child::begun(256 << 20).await;
    let proc = format!("/proc/{}", child.process.id().unwrap());
    let read = |file: &str| std::fs::read_to_string(format!("{proc}/{file}")).unwrap();
    assert_eq!(read("environ"), "");
    let limits = read("limits");
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..]
            .split_whitespace()
            .take(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(
        limit("Max data size"),
        [(256 << 20).to_string(), (256 << 20).to_string()]
    );
    assert!(read("status").contains("NoNewPrivs:\t1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn children_of_a_node_get_neither_its_environment_nor_a_secret_in_their_arguments() {
    let rig = Rig::new().await;
    let url = sources::sqlite(rig.home.path(), "slow.db", sources::ENDLESS).await;
    let reference = rig.put_credential("src_1", "hunter2-canary").await;
    rig.begin(&url, |assignment| assignment.credential_ref = reference.clone());
    rig.centre
        .until("the endless view", |state| {
            (state.current == "main.endless").then_some(())
        })
        .await;
    let [pid] = rig.children()[..] else {
        panic!("one child")
    };
    let read = |file: &str| std::fs::read(format!("/proc/{pid}/{file}")).unwrap();
    let arguments = String::from_utf8(read("cmdline")).unwrap();
    assert_eq!(
        arguments.split('\0').collect::<Vec<_>>(),
        [CHILD, rig.mark.as_str(), ""]
    );
    let environment = String::from_utf8(read("environ")).unwrap();
    let names: Vec<_> = environment
        .split('\0')
        .filter_map(|line| line.split('=').next())
        .collect();
    let ours = [
        "MALLOC_ARENA_MAX",
        "MIMALLOC_ARENA_EAGER_COMMIT",
        "MIMALLOC_ARENA_RESERVE",
        "",
    ];
    assert!(names.iter().all(|name| ours.contains(name)), "{names:?}");
    // Nothing is open in it but its pipes, its source and what its own runtime made.
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        let target = target.to_string_lossy();
        let known = ["pipe:", "anon_inode:", "socket:"]
            .iter()
            .any(|kind| target.starts_with(kind));
        assert!(
            known || target.contains("slow.db") || target == "/dev/null",
            "{target}"
        );
    }
}

#[tokio::test]
async fn orders_out_of_turn_are_refused_and_no_order_at_all_ends_the_child() {
    let mut child = Child::begun(256 << 20).await;
    let frames = child.order(&Order::Discover { report: true }, &[]).await;
    let [
        Frame::Done {
            trouble: Some(trouble),
        },
    ] = &frames[..]
    else {
        panic!("{frames:?}")
    };
    assert_eq!(trouble.reason, "INTERNAL");
    let orders = child.orders.as_mut().unwrap();
    write_octets(orders, b"{\"order\":\"select\",\"text\":\"1\"}")
        .await
        .unwrap();
    assert_eq!(child.next().await, None);
}

#[tokio::test]
async fn a_source_that_cannot_be_opened_leaves_the_child_ready_for_the_next() {
    let home = tempfile::tempdir().unwrap();
    let url = sources::sqlite(home.path(), "a.db", "CREATE TABLE t (a TEXT);").await;
    let mut child = Child::begun(512 << 20).await;
    let missing = format!("sqlite:{}", home.path().join("missing.db").display());
    let frames = child
        .order(&Order::Open { job: job(&missing) }, &[SITE_KEY])
        .await;
    let [
        Frame::Done {
            trouble: Some(trouble),
        },
    ] = &frames[..]
    else {
        panic!("{frames:?}")
    };
    assert_eq!(trouble.reason, "SOURCE_OBJECT_MISSING");
    assert!(trouble.remedy.is_some());
    let frames = child.order(&Order::Open { job: job(&url) }, &[SITE_KEY]).await;
    assert!(matches!(&frames[0], Frame::Fact { fact: Fact::Engine(engine) } if engine.engine == "sqlite"));
}
