//! RFC 6962, section 2.1, written down word for word and without a thought for speed: what the log's own
//! arithmetic is compared with. Shares no code with it.

use datawave_core::digest::sha256;

pub(crate) type Hash = [u8; 32];

/// Largest power of two smaller than `n`.
fn k(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn concat(parts: &[&[u8]]) -> Hash {
    sha256(&parts.concat())
}

/// MTH(D[n]).
pub(crate) fn mth(d: &[Vec<u8>]) -> Hash {
    match d.len() {
        0 => sha256(b""),
        1 => concat(&[&[0], &d[0]]),
        n => {
            let (left, right) = d.split_at(k(n));
            concat(&[&[1], &mth(left), &mth(right)])
        }
    }
}

/// PATH(m, D[n]).
pub(crate) fn path(m: usize, d: &[Vec<u8>]) -> Vec<Hash> {
    if d.len() == 1 {
        return Vec::new();
    }
    let (left, right) = d.split_at(k(d.len()));
    if m < left.len() {
        [path(m, left), vec![mth(right)]].concat()
    } else {
        [path(m - left.len(), right), vec![mth(left)]].concat()
    }
}

/// PROOF(m, D[n]).
pub(crate) fn proof(m: usize, d: &[Vec<u8>]) -> Vec<Hash> {
    subproof(m, d, true)
}

fn subproof(m: usize, d: &[Vec<u8>], whole: bool) -> Vec<Hash> {
    if m == d.len() {
        return if whole { Vec::new() } else { vec![mth(d)] };
    }
    let (left, right) = d.split_at(k(d.len()));
    if m <= left.len() {
        [subproof(m, left, whole), vec![mth(right)]].concat()
    } else {
        [subproof(m - left.len(), right, false), vec![mth(left)]].concat()
    }
}
