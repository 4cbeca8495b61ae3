//! The length prefixes of gRPC messages, read as they pass.

/// Follows a stream of gRPC frames (1 byte flag, 4 bytes length, message) across arbitrary chunks.
#[derive(Debug)]
pub(super) struct Frames {
    limit: usize,
    prefix: [u8; 5],
    have: usize,
    rest: usize,
}

/// A message announces more than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Frames {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            prefix: [0; 5],
            have: 0,
            rest: 0,
        }
    }

    /// Looks at the next chunk. Judges by the announced length, so before the message has arrived.
    pub(super) fn pass(&mut self, mut chunk: &[u8]) -> Result<(), TooLong> {
        while !chunk.is_empty() {
            if self.rest > 0 {
                let skip = self.rest.min(chunk.len());
                self.rest -= skip;
                chunk = &chunk[skip..];
                continue;
            }
            let take = (5 - self.have).min(chunk.len());
            self.prefix[self.have..self.have + take].copy_from_slice(&chunk[..take]);
            self.have += take;
            chunk = &chunk[take..];
            if self.have == 5 {
                let [_, a, b, c, d] = self.prefix;
                self.rest = u32::from_be_bytes([a, b, c, d]) as usize;
                self.have = 0;
                if self.rest > self.limit {
                    return Err(TooLong);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(length: usize) -> Vec<u8> {
        let mut out = vec![0];
        out.extend(u32::try_from(length).unwrap().to_be_bytes());
        out.extend(std::iter::repeat_n(7, length));
        out
    }

    proptest! {
        #[test]
        fn the_verdict_does_not_depend_on_where_chunks_are_cut(
            lengths in prop::collection::vec(0_usize..40, 1..6),
            cuts in prop::collection::vec(1_usize..13, 1..40),
            limit in 0_usize..40,
        ) {
            let bytes: Vec<u8> = lengths.iter().flat_map(|l| frame(*l)).collect();
            let mut frames = Frames::new(limit);
            let mut rest = bytes.as_slice();
            let mut verdict = Ok(());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() || verdict.is_err() {
                    break;
                }
                let (head, tail) = rest.split_at((*cut).min(rest.len()));
                verdict = frames.pass(head);
                rest = tail;
            }
            prop_assert_eq!(verdict.is_ok(), lengths.iter().all(|l| *l <= limit));
        }
    }

    #[test]
    fn a_message_is_refused_by_its_announcement() {
        assert_eq!(Frames::new(10).pass(&[0, 0, 0, 0, 11]), Err(TooLong));
        assert_eq!(Frames::new(10).pass(&[0, 0xff, 0xff, 0xff, 0xff]), Err(TooLong));
    }
}
