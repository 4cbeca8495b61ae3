//! Checkpoints (C2SP tlog-checkpoint): what the log claims to be at one moment.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::entry::decimal;
use super::{Hash, Malformed};

/// The claim: this log, with this many entries, has this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, equal to the name of the key that signs for it.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size and root on a line each.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text. Lines after the third are extensions, which the format allows, and are ignored.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next(), lines.next(), lines.next());
        let origin = origin
            .filter(|o| !o.is_empty())
            .ok_or(Malformed("the checkpoint names no origin"))?;
        let size = size
            .and_then(decimal)
            .ok_or(Malformed("the checkpoint's size is not a number"))?;
        let root = root
            .and_then(|root| STANDARD.decode(root).ok())
            .and_then(|root| Hash::try_from(root).ok())
            .ok_or(Malformed("the checkpoint's root is not a hash in base64"))?;
        if !text.ends_with('\n') {
            return Err(Malformed("the checkpoint's last line does not end"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
        })
    }
}
