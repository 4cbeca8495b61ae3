//! The words between an edge node and its scan child.
//!
//! Orders go in over the child's standard input, frames come out over its standard output; both are JSON behind
//! a length of four bytes, big endian, and nothing longer than [`FRAME_BYTES`]. After an order that carries
//! secrets they follow as frames of plain octets, so that no secret is ever part of a text that is parsed.
//!
//! What a child can say is the closed list [`Frame`]: facts, steps of a test, and how an order ended. It has no
//! variant for a value.

mod codec;
mod frame;
mod order;

pub use codec::{FRAME_BYTES, FrameReader, FrameWriter, read_blocking, write_octets};
pub(crate) use codec::{fits, parse, write_order};
pub use frame::{Frame, StepReport, StepStatus, Trouble};
pub use order::{Job, JobLimits, Order, PROTOCOL};
