//! Values that can be told apart from everything else, and a search that finds them however they are written.

use std::collections::HashSet;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

/// Octets that a leak has at least: a piece of a value this long is a leak too.
const WINDOW: usize = 8;

/// Draws canaries; the same seed draws the same ones.
pub(crate) struct Canaries {
    state: u64,
    pub(crate) drawn: Vec<String>,
}

impl Canaries {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            drawn: Vec::new(),
        }
    }

    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Sixteen letters and digits that stand nowhere else.
    pub(crate) fn word(&mut self) -> String {
        const LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxz23456789";
        let word: String = (0..16)
            .map(|_| LETTERS[(self.number() % LETTERS.len() as u64) as usize] as char)
            .collect();
        self.drawn.push(word.clone());
        word
    }

    /// A number of sixteen digits.
    pub(crate) fn digits(&mut self) -> String {
        let text = format!("4{:015}", self.number() % 1_000_000_000_000_000);
        self.drawn.push(text.clone());
        text
    }
}

/// Finds canaries: as they are, in either case, backwards, in hexadecimal, in base64 at each of its three
/// offsets, in UTF-16, and any eight octets in a row of any of these.
pub(crate) struct Search(HashSet<[u8; WINDOW]>);

impl Search {
    pub(crate) fn new(canaries: &[String]) -> Self {
        let mut windows = HashSet::new();
        for canary in canaries {
            for form in forms(canary) {
                for window in form.windows(WINDOW) {
                    windows.insert(window.try_into().unwrap());
                }
            }
        }
        Self(windows)
    }

    /// Places in `text` where a canary shows.
    pub(crate) fn hits(&self, text: &[u8]) -> usize {
        text.windows(WINDOW)
            .filter(|window| self.0.contains::<[u8]>(window))
            .count()
    }

    /// Like [`Self::hits`], also behind the escapes of JSON.
    pub(crate) fn hits_in_json(&self, text: &[u8]) -> usize {
        let value: serde_json::Value = serde_json::from_slice(text).unwrap();
        let mut strings = Vec::new();
        collect(&value, &mut strings);
        self.hits(text) + strings.iter().map(|s| self.hits(s.as_bytes())).sum::<usize>()
    }
}

fn collect(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => into.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                into.push(name.clone());
                collect(field, into);
            }
        }
        _ => {}
    }
}

fn forms(canary: &str) -> Vec<Vec<u8>> {
    let plain = canary.as_bytes().to_vec();
    let hex = |upper: bool| {
        let digits: String = plain
            .iter()
            .map(|b| {
                if upper {
                    format!("{b:02X}")
                } else {
                    format!("{b:02x}")
                }
            })
            .collect();
        digits.into_bytes()
    };
    let mut forms = vec![
        plain.clone(),
        canary.to_ascii_uppercase().into_bytes(),
        plain.iter().rev().copied().collect(),
        hex(false),
        hex(true),
        canary.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        canary.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ];
    for alphabet in [&STANDARD, &URL_SAFE] {
        let engine = GeneralPurpose::new(alphabet, NO_PAD);
        for offset in 0..3 {
            // What stands before and after a canary changes the outermost characters only.
            let padded = [&vec![0; offset][..], &plain].concat();
            let encoded = engine.encode(padded).into_bytes();
            forms.push(encoded[4..encoded.len() - 4].to_vec());
        }
    }
    forms
}
