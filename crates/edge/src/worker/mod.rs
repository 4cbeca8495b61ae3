//! The parent's end of a child process: its start, the orders, the deadlines, and what its death means.

mod launch;
mod spawner;
mod stderr;
mod talk;

pub(crate) use launch::Launcher;
pub(crate) use stderr::PANIC_MARK;
pub(crate) use talk::{Reading, Worker, WorkerError};
