//! Orders as they come in, read by a thread of its own: when they end, the process ends, even in the middle of
//! a statement that never comes back.

use std::fs::File;
use std::io;
use std::thread;

use secrecy::SecretString;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::site_key;
use crate::wire::{self, Order};

/// Secrets that follow an order.
#[derive(Default)]
pub(super) struct Secrets {
    /// The site's key; with `Open`.
    pub(super) site_key: Zeroizing<Vec<u8>>,
    /// The password, when the job says that it has one.
    pub(super) password: Option<SecretString>,
}

/// An order with its secrets.
pub(super) struct Received {
    pub(super) order: Order,
    pub(super) secrets: Secrets,
}

/// The orders, in turn.
pub(super) struct Orders(mpsc::Receiver<Received>);

impl Orders {
    /// The next order; `None` when there are no more.
    pub(super) async fn next(&mut self) -> Option<Received> {
        self.0.recv().await
    }
}

/// Starts to read.
pub(super) fn receive(mut from: File) -> io::Result<Orders> {
    // The parent sends an order when the one before is done; room for one is enough.
    let (send, receive) = mpsc::channel(1);
    thread::Builder::new().name("orders".to_owned()).spawn(move || {
        while let Ok(Some(received)) = read(&mut from) {
            if send.blocking_send(received).is_err() {
                break;
            }
        }
        // The parent is gone, or has no more work, or sent what is no order.
        std::process::exit(0);
    })?;
    Ok(Orders(receive))
}

fn read(from: &mut File) -> io::Result<Option<Received>> {
    let Some(body) = wire::read_blocking(from)? else {
        return Ok(None);
    };
    let order: Order = wire::parse(&body)?;
    let mut secrets = Secrets::default();
    let with_password = match &order {
        Order::Open { job } => {
            secrets.site_key = follows(from)?;
            if secrets.site_key.len() != site_key::LENGTH {
                return Err(io::Error::other("the site key has another length"));
            }
            job.password
        }
        Order::Test { job } => job.password,
        Order::Begin { .. } | Order::Discover { .. } | Order::Read { .. } => false,
    };
    if with_password {
        let octets = follows(from)?;
        let text = std::str::from_utf8(&octets).map_err(|_| io::Error::other("a password is text"))?;
        secrets.password = Some(SecretString::from(text));
    }
    Ok(Some(Received { order, secrets }))
}

fn follows(from: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    wire::read_blocking(from)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}
