//! Entry bundles: up to 256 entries, each behind its length in two bytes, big endian.

use super::Malformed;

/// The longest entry that a bundle can hold.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Appends `entry` to `bundle`.
///
/// # Errors
/// When the entry is longer than [`MAX_ENTRY_BYTES`]; the bundle is then unchanged.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), Malformed> {
    let length = u16::try_from(entry.len()).map_err(|_| Malformed("entry longer than 65535 bytes"))?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle in order. After the first damaged one nothing more can be read.
pub fn entries(bundle: &[u8]) -> Entries<'_> {
    Entries { rest: bundle }
}

/// Iterator of [`entries`].
pub struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<&'a [u8], Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self
            .rest
            .split_first_chunk::<2>()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        match entry {
            Some((entry, rest)) => {
                self.rest = rest;
                Some(Ok(entry))
            }
            None => {
                self.rest = &[];
                Some(Err(Malformed("the bundle ends inside an entry")))
            }
        }
    }
}
