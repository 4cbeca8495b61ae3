//! The thread that starts children.
//!
//! The kernel ties "kill me when my parent dies" to the *thread* that started the child. Threads of an async
//! runtime come and go, so children are started by a thread that lives as long as the node does.

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

struct Request {
    command: Command,
    runtime: Handle,
    reply: oneshot::Sender<io::Result<Child>>,
}

/// Starts processes. The thread ends, and with it every child, when the last clone is dropped.
#[derive(Clone)]
pub(super) struct Spawner(mpsc::Sender<Request>);

impl Spawner {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let (send, receive) = mpsc::channel::<Request>();
        thread::Builder::new()
            .name("edge-spawner".to_owned())
            .spawn(move || {
                while let Ok(mut request) = receive.recv() {
                    // The pipes are registered with the caller's runtime.
                    let _entered = request.runtime.enter();
                    let started = request.command.spawn();
                    // Nobody waits any more: the child is dropped, which kills it.
                    drop(request.reply.send(started));
                }
            })?;
        Ok(Self(send))
    }

    /// Starts a process.
    pub(super) async fn spawn(&self, command: Command) -> io::Result<Child> {
        let (reply, answer) = oneshot::channel();
        let runtime = Handle::current();
        let gone = || io::Error::other("the thread that starts processes has ended");
        self.0
            .send(Request {
                command,
                runtime,
                reply,
            })
            .map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}
