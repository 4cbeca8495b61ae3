//! Paging by key: opaque tokens that only continue the query they came from.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use datawave_core::digest::random_bytes;
use datawave_core::{Failure, Reason, TenantId};

/// Items of a page when the caller asks for none.
pub const DEFAULT_SIZE: usize = 50;
/// Most items of a page; more is read as this.
pub const MAX_SIZE: usize = 1000;

const VERSION: u8 = 1;
const NONCE: usize = 12;
/// Longer than any token that [`PageTokens::seal`] makes of sane keys.
const MAX_TOKEN: usize = 16 * 1024;

/// Items of a page: 0 (and below) is 50, above 1,000 is 1,000.
pub fn page_size(requested: impl Into<i64>) -> usize {
    match usize::try_from(requested.into()) {
        Ok(0) | Err(_) => DEFAULT_SIZE,
        Ok(size) => size.min(MAX_SIZE),
    }
}

/// What a caller asks of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Most items wanted, 1 to 1,000.
    pub size: usize,
    /// Token of the page before, unless this is the first.
    pub token: Option<String>,
}

impl PageRequest {
    /// From the fields `page_size` and `page_token` of a request; an empty token is the first page.
    pub fn new(requested: impl Into<i64>, token: &str) -> Self {
        Self {
            size: page_size(requested),
            token: (!token.is_empty()).then(|| token.to_owned()),
        }
    }
}

/// Makes and reads page tokens.
///
/// A token holds the sort key of the last row of a page, encrypted and authenticated (AES-256-GCM-SIV) and
/// bound to tenant, query and format version: rows that a caller may not see can be the last of a page, so
/// their names must not show. A token from another tenant, for another filter or order, or damaged, is
/// refused. Processes that serve one API share the key.
#[derive(Clone)]
pub struct PageTokens {
    key: [u8; 32],
}

impl std::fmt::Debug for PageTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageTokens(***)")
    }
}

impl PageTokens {
    /// Tokens under `key`, 32 random bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A token that continues after the row with `last_key`, the values of the columns sorted by.
    ///
    /// `query_digest` is a digest of everything that decides which rows come in which order: method, filter
    /// and order, without the page size.
    pub fn seal(&self, tenant: &TenantId, query_digest: &[u8; 32], last_key: &[String]) -> String {
        let mut nonce = [0; NONCE];
        random_bytes(&mut nonce);
        let mut sealed = encode_key(last_key);
        let bound = Aad::from(bound_to(tenant, query_digest));
        let done = self.cipher().and_then(|c| {
            c.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
                .ok()
        });
        if done.is_none() {
            // No key and no input below 64 GiB gets here. A token that is refused when it comes back is loud;
            // an empty one would end the list early and in silence.
            sealed.clear();
        }
        let mut token = Vec::with_capacity(1 + NONCE + sealed.len());
        token.push(VERSION);
        token.extend_from_slice(&nonce);
        token.extend_from_slice(&sealed);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The sort key in a token made for this tenant and query; none for an empty token, which asks for the
    /// first page.
    ///
    /// # Errors
    /// `PAGE_TOKEN_INVALID`, with one text for every cause.
    pub fn open(
        &self,
        tenant: &TenantId,
        query_digest: &[u8; 32],
        token: &str,
    ) -> Result<Vec<String>, Failure> {
        if token.is_empty() {
            return Ok(Vec::new());
        }
        self.try_open(tenant, query_digest, token).ok_or_else(|| {
            Failure::new(
                Reason::PageTokenInvalid,
                "the page token is damaged, or belongs to another query or tenant",
            )
            .with_remedy(
                "send the token as it came, with the same filter and order; or begin again without a token",
            )
        })
    }

    fn try_open(&self, tenant: &TenantId, query_digest: &[u8; 32], token: &str) -> Option<Vec<String>> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        if *version != VERSION {
            return None;
        }
        let mut sealed = sealed.to_vec();
        let bound = Aad::from(bound_to(tenant, query_digest));
        let plain = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), bound, &mut sealed)
            .ok()?;
        decode_key(plain)
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        Some(LessSafeKey::new(
            UnboundKey::new(&AES_256_GCM_SIV, &self.key).ok()?,
        ))
    }
}

fn bound_to(tenant: &TenantId, query_digest: &[u8; 32]) -> [u8; 32] {
    datawave_core::digest::sha256_parts(&[
        b"datawave page token",
        &[VERSION],
        tenant.as_str().as_bytes(),
        query_digest,
    ])
}

/// Each part preceded by its length.
fn encode_key(parts: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part.as_bytes());
    }
    out
}

fn decode_key(mut bytes: &[u8]) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<8>() {
        let (part, rest) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
        parts.push(String::from_utf8(part.to_vec()).ok()?);
        bytes = rest;
    }
    bytes.is_empty().then_some(parts)
}
