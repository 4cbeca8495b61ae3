//! Where consumers read on: one small file each, replaced atomically.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason};

use super::{Cursor, corrupt};
use crate::files;

fn path(topic_dir: &Path, consumer: &str) -> PathBuf {
    topic_dir.join("consumers").join(consumer)
}

/// The stored cursor of `consumer`; the beginning when there is none.
pub(super) fn load(topic: &str, topic_dir: &Path, consumer: &str) -> Result<Cursor, Failure> {
    let text = match fs::read_to_string(path(topic_dir, consumer)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Cursor::beginning()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(corrupt(topic, format!("the cursor of {consumer} is not text")));
        }
        Err(error) => return Err(unavailable(topic, consumer, "read", error)),
    };
    // The line end shows that the file is whole.
    text.strip_suffix('\n')
        .and_then(|line| Cursor::parse(line).ok())
        .ok_or_else(|| corrupt(topic, format!("the cursor of {consumer} cannot be read")))
}

/// Replaces the cursor of `consumer`; durable when it returns.
pub(super) fn store(topic: &str, topic_dir: &Path, consumer: &str, cursor: &Cursor) -> Result<(), Failure> {
    let path = path(topic_dir, consumer);
    topic_dir
        .join("consumers")
        .try_exists()
        .and_then(|exists| {
            if !exists {
                files::create_private_dir(&topic_dir.join("consumers"))?;
                files::sync_dir(topic_dir)?;
            }
            files::write_atomically(&path, format!("{cursor}\n").as_bytes())
        })
        .map_err(|error| unavailable(topic, consumer, "stored", error))
}

fn unavailable(topic: &str, consumer: &str, done: &str, error: io::Error) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!("the position of {consumer} in topic {topic} cannot be {done}"),
    )
    .with_remedy("check free space, the disk and the rights of the data directory")
    .with_source(error)
}
