//! A child's standard error: read to its end so that the child never waits, kept up to a cap, and never shown as
//! it is, because a driver or a library may print values there. Two things are read from it: the place of a
//! panic, in the exact form that our own hook prints, and the fixed text of a failed allocation.

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinHandle;

/// What our panic hook prints before the place.
pub(crate) const PANIC_MARK: &str = "scan child panicked at ";

/// What the standard library prints when an allocation fails, up to its size.
const NO_MEMORY: &str = "memory allocation of ";

/// Bytes kept.
const KEPT: usize = 16 << 10;

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LastWords {
    /// `file:line` of a panic in our own code.
    pub(super) panic_at: Option<String>,
    /// An allocation failed.
    pub(super) out_of_memory: bool,
}

/// Reads in the background.
pub(super) fn follow(mut from: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<LastWords> {
    tokio::spawn(async move {
        let mut kept = Vec::new();
        let mut part = [0; 4096];
        while let Ok(count) = from.read(&mut part).await {
            if count == 0 {
                break;
            }
            // The last words matter: the beginning makes room for them.
            kept.extend_from_slice(&part[..count]);
            if kept.len() > KEPT {
                kept.drain(..kept.len() - KEPT);
            }
        }
        understand(&kept)
    })
}

fn understand(text: &[u8]) -> LastWords {
    let mut words = LastWords::default();
    for line in String::from_utf8_lossy(text).lines() {
        if line.starts_with(NO_MEMORY) {
            words.out_of_memory = true;
        }
        if let Some(place) = line.strip_prefix(PANIC_MARK).filter(|place| is_place(place)) {
            words.panic_at = Some(place.to_owned());
        }
    }
    words
}

/// A path of source code and a line number, and nothing else.
fn is_place(text: &str) -> bool {
    let Some((path, line)) = text.rsplit_once(':') else {
        return false;
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'.');
    text.len() <= 300
        && path.ends_with(".rs")
        && path.bytes().all(plain)
        && !line.is_empty()
        && line.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_and_the_fixed_text_are_understood() {
        let text = b"ann@example.org\nscan child panicked at crates/detect/src/engine.rs:17\n\
                     memory allocation of 104857600 bytes failed\n";
        let words = understand(text);
        assert_eq!(words.panic_at.as_deref(), Some("crates/detect/src/engine.rs:17"));
        assert!(words.out_of_memory);
    }

    #[test]
    fn a_value_that_poses_as_a_place_is_dropped() {
        for line in [
            "scan child panicked at ann@example.org.rs:1",
            "scan child panicked at x.rs:secret",
            "scan child panicked at 4111 1111 1111 1111",
            "said: scan child panicked at a.rs:1",
        ] {
            assert_eq!(understand(line.as_bytes()), LastWords::default(), "{line}");
        }
    }
}
