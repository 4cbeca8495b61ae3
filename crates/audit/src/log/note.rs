//! Signed notes (C2SP signed-note) with Ed25519: a text, a blank line, and signature lines.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use datawave_core::digest::{hex, random_bytes, sha256, unhex};
use zeroize::Zeroizing;

use super::{Hash, Malformed};

/// Type byte of Ed25519 keys and signatures.
const ED25519_TYPE: u8 = 1;
/// Notes are small; whatever is longer is none of ours.
const MAX_NOTE_BYTES: usize = 64 * 1024;
const MAX_SIGNATURES: usize = 64;

/// Why a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a signed note.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// No signature of the key that is trusted.
    #[error("not signed by the key {0}")]
    NotSignedBy(String),
    /// The signature does not belong to the text.
    #[error("the signature of the key {0} does not belong to this text")]
    BadSignature(String),
}

/// A public key, written `<name>+<key id>+<base64 of type and key>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: Hash,
}

impl Verifier {
    /// Reads a key; surrounding white space is ignored.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        // Neither a name nor a key id holds a `+`, base64 may.
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Malformed("a verifier key is NAME+ID+KEY"));
        };
        let key = STANDARD
            .decode(key)
            .map_err(|_| Malformed("the key is not base64"))?;
        let key = match key.split_first() {
            Some((&ED25519_TYPE, key)) => Hash::try_from(key).ok(),
            _ => None,
        };
        let verifier = Self {
            name: checked_name(name)?.to_owned(),
            key: key.ok_or(Malformed("the key is not an Ed25519 key"))?,
        };
        if unhex(id).as_deref() != Some(&verifier.id()[..]) {
            return Err(Malformed("the key id does not belong to the key"));
        }
        Ok(verifier)
    }

    /// Name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        let mut bytes = self.name.as_bytes().to_vec();
        bytes.extend_from_slice(&[b'\n', ED25519_TYPE]);
        bytes.extend_from_slice(&self.key);
        let digest = sha256(&bytes);
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// The text of `note`, if this key signed it. Signatures of other keys are ignored, as the format asks.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = parse(note)?;
        let mut signed = false;
        for signature in signatures
            .iter()
            .filter(|s| s.name == self.name && s.id == self.id())
        {
            UnparsedPublicKey::new(&ED25519, &self.key)
                .verify(text.as_bytes(), &signature.bytes)
                .map_err(|_| NoteError::BadSignature(self.to_string()))?;
            signed = true;
        }
        if signed {
            Ok(text)
        } else {
            Err(NoteError::NotSignedBy(self.to_string()))
        }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519_TYPE];
        typed.extend_from_slice(&self.key);
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), STANDARD.encode(typed))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A private key. Has no `Debug`, so that it cannot be logged.
pub struct Signer {
    verifier: Verifier,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// A fresh key, and the text that [`Self::parse`] reads back.
    ///
    /// # Errors
    /// When `name` is empty or has a space or a `+` in it.
    pub fn generate(name: &str) -> Result<(Self, Zeroizing<String>), Malformed> {
        let mut seed = Zeroizing::new([0; 32]);
        random_bytes(&mut *seed);
        let signer = Self::from_seed(name, &*seed)?;
        let mut typed = Zeroizing::new(vec![ED25519_TYPE]);
        typed.extend_from_slice(&*seed);
        let body = Zeroizing::new(STANDARD.encode(&*typed));
        let id = hex(&signer.verifier.id());
        Ok((
            signer,
            Zeroizing::new(format!("PRIVATE+KEY+{name}+{id}+{}", &*body)),
        ))
    }

    /// Reads a private key: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let rest = text
            .trim()
            .strip_prefix("PRIVATE+KEY+")
            .ok_or(Malformed("not a private key"))?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Malformed("a private key is PRIVATE+KEY+NAME+ID+SEED"));
        };
        let body = STANDARD
            .decode(body)
            .map(Zeroizing::new)
            .map_err(|_| Malformed("the seed is not base64"))?;
        let signer = match body.split_first() {
            Some((&ED25519_TYPE, seed)) => Self::from_seed(name, seed)?,
            _ => return Err(Malformed("the key is not an Ed25519 key")),
        };
        if unhex(id).as_deref() != Some(&signer.verifier.id()[..]) {
            return Err(Malformed("the key id does not belong to the key"));
        }
        Ok(signer)
    }

    fn from_seed(name: &str, seed: &[u8]) -> Result<Self, Malformed> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Malformed("not an Ed25519 seed"))?;
        let key = Hash::try_from(pair.public_key().as_ref()).map_err(|_| Malformed("not an Ed25519 key"))?;
        Ok(Self {
            verifier: Verifier {
                name: checked_name(name)?.to_owned(),
                key,
            },
            pair,
        })
    }

    /// The public half.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs `text`, which ends in a newline.
    pub fn sign(&self, text: &str) -> String {
        let mut bytes = self.verifier.id().to_vec();
        bytes.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!(
            "{text}\n\u{2014} {} {}\n",
            self.verifier.name,
            STANDARD.encode(bytes)
        )
    }
}

/// The text of a note whose signatures are not looked at.
pub fn text_unverified(note: &str) -> Result<&str, NoteError> {
    parse(note).map(|(text, _)| text)
}

struct Signature<'n> {
    name: &'n str,
    id: [u8; 4],
    bytes: Vec<u8>,
}

fn parse(note: &str) -> Result<(&str, Vec<Signature<'_>>), NoteError> {
    let bad = NoteError::Malformed;
    if note.len() > MAX_NOTE_BYTES {
        return Err(bad("longer than 64 KiB"));
    }
    if note.bytes().any(|b| b < 0x20 && b != b'\n') {
        return Err(bad("control characters"));
    }
    let at = note
        .rfind("\n\n")
        .ok_or_else(|| bad("no blank line before the signatures"))?;
    let (text, lines) = (&note[..=at], &note[at + 2..]);
    let lines = lines
        .strip_suffix('\n')
        .ok_or_else(|| bad("the last line does not end"))?;
    let mut signatures = Vec::new();
    for line in lines.split('\n') {
        let (name, body) = line
            .strip_prefix("\u{2014} ")
            .and_then(|line| line.split_once(' '))
            .ok_or_else(|| bad("a signature line is not `\u{2014} NAME SIGNATURE`"))?;
        let body = STANDARD
            .decode(body)
            .map_err(|_| bad("a signature is not base64"))?;
        let (id, bytes) = body
            .split_first_chunk::<4>()
            .ok_or_else(|| bad("a signature is too short"))?;
        if checked_name(name).is_err() || bytes.is_empty() || signatures.len() == MAX_SIGNATURES {
            return Err(bad("a signature line is malformed"));
        }
        signatures.push(Signature {
            name,
            id: *id,
            bytes: bytes.to_vec(),
        });
    }
    Ok((text, signatures))
}

fn checked_name(name: &str) -> Result<&str, Malformed> {
    let wrong = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(wrong) {
        return Err(Malformed(
            "a key's name is not empty and has neither spaces nor `+`",
        ));
    }
    Ok(name)
}
