//! Length-prefixed JSON, with a cap on both sides.

use std::io::{self, Read, Write};

use datawave_core::Failure;
use datawave_facts::Fact;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Frame, Order, StepReport, Trouble};

/// Longest frame in bytes, without its length.
pub const FRAME_BYTES: usize = 1 << 20;

/// The child's way out: facts, steps of a test, and how an order ended. There is no method that takes anything
/// else, and none of these types can be made from a value of a source outside `detect`.
pub struct FrameWriter<W> {
    out: W,
}

impl<W: Write> FrameWriter<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Says that the child is up.
    pub fn hello(&mut self, protocol: u32, engine_version: &str) -> io::Result<()> {
        self.write(&Frame::Hello {
            protocol,
            engine_version: engine_version.to_owned(),
        })
    }

    /// Lets a fact out.
    pub fn fact(&mut self, fact: Fact) -> io::Result<()> {
        self.write(&Frame::Fact { fact })
    }

    /// Reports a step of a test.
    pub fn step(&mut self, step: StepReport) -> io::Result<()> {
        self.write(&Frame::Step { step })
    }

    /// Ends an order.
    pub fn done(&mut self, failure: Option<&Failure>) -> io::Result<()> {
        self.write(&Frame::Done {
            trouble: failure.map(Trouble::from),
        })
    }

    fn write(&mut self, frame: &Frame) -> io::Result<()> {
        let body = serde_json::to_vec(frame).map_err(io::Error::other)?;
        let length = length(body.len())?;
        self.out.write_all(&length)?;
        self.out.write_all(&body)?;
        self.out.flush()
    }
}

/// Whether a fact fits a frame.
pub(crate) fn fits(fact: &impl serde::Serialize) -> bool {
    // What stands around a fact in its frame is far below this.
    const AROUND: usize = 256;
    serde_json::to_vec(fact).is_ok_and(|body| body.len() + AROUND <= FRAME_BYTES)
}

/// The parent's end of the pipe.
pub struct FrameReader<R> {
    from: R,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// Reads from `from`.
    pub fn new(from: R) -> Self {
        Self { from }
    }

    /// The next frame; `None` when the child has closed the pipe. Anything that is no frame is an error, and
    /// nothing more can be read after it. Not to be dropped half-way: the rest would be read from its middle.
    pub async fn next(&mut self) -> io::Result<Option<Frame>> {
        let mut prefix = [0; 4];
        match self.from.read_exact(&mut prefix).await {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let mut body = vec![0; checked(prefix)?];
        self.from.read_exact(&mut body).await?;
        parse(&body).map(Some)
    }
}

/// Sends an order.
pub(crate) async fn write_order(to: &mut (impl AsyncWrite + Unpin), order: &Order) -> io::Result<()> {
    let body = serde_json::to_vec(order).map_err(io::Error::other)?;
    write_octets(to, &body).await
}

/// Sends plain octets, such as a secret; nothing here keeps a copy of them.
pub async fn write_octets(to: &mut (impl AsyncWrite + Unpin), octets: &[u8]) -> io::Result<()> {
    to.write_all(&length(octets.len())?).await?;
    to.write_all(octets).await?;
    to.flush().await
}

/// The next frame's octets on a blocking reader, wiped when dropped; `None` at its end.
pub fn read_blocking(from: &mut impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut prefix = [0; 4];
    match from.read_exact(&mut prefix) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut body = Zeroizing::new(vec![0; checked(prefix)?]);
    from.read_exact(&mut body)?;
    Ok(Some(body))
}

pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    // The error's text is dropped on purpose: it may repeat what was read.
    serde_json::from_slice(body)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not one of the known frames"))
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    match u32::try_from(bytes) {
        Ok(length) if bytes <= FRAME_BYTES => Ok(length.to_be_bytes()),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "longer than a frame may be",
        )),
    }
}

fn checked(prefix: [u8; 4]) -> io::Result<usize> {
    match usize::try_from(u32::from_be_bytes(prefix)) {
        Ok(length) if length <= FRAME_BYTES => Ok(length),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "announces more than a frame may have",
        )),
    }
}
