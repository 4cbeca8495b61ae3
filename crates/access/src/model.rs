//! Tokens and bindings: pure.

use std::time::Duration;

use datawave_core::digest::{equal_in_constant_time, hex, random_bytes, sha256_parts};
use datawave_core::{Failure, Timestamp};
use secrecy::{ExposeSecret, SecretString};

/// Life of a token when the caller does not say.
pub(crate) const DEFAULT_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
/// The longest life that can be asked for.
pub(crate) const LONGEST_LIFE: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

/// How every token begins, so that secret scanners recognise one that leaked.
const MARK: &str = "dwt_";
const LOOKUP_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;
/// `dwt_`, 16 hex digits of lookup, `_`, 64 hex digits of secret.
const TOKEN_CHARS: usize = MARK.len() + 2 * LOOKUP_BYTES + 1 + 2 * SECRET_BYTES;

/// A token as it is stored: everything but the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    /// `None`: it does not end.
    pub(crate) expires: Option<Timestamp>,
    /// `None`: it is not revoked.
    pub(crate) revoked: Option<Timestamp>,
}

impl Token {
    pub(crate) fn name(&self) -> String {
        format!("tokens/{}", self.id)
    }

    /// Whether it opens anything at `now`.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }
}

/// A role given to a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Binding {
    pub(crate) subject: String,
    pub(crate) role: String,
}

impl Binding {
    /// The name in audit records and page tokens.
    pub(crate) fn name(&self) -> String {
        format!("bindings/{}/{}", self.subject, self.role)
    }
}

/// What of a secret is stored: a random part to find the row by, and a digest of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) lookup: String,
    pub(crate) digest: [u8; 32],
}

impl Fingerprint {
    /// Of a token as it came in; `None` when it has not the form of one.
    ///
    /// A plain SHA-256 is enough: 256 random bits cannot be guessed, however fast the guesses.
    pub(crate) fn of(secret: &str) -> Option<Self> {
        let (lookup, rest) = secret.strip_prefix(MARK)?.split_once('_')?;
        let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let well_formed =
            secret.len() == TOKEN_CHARS && lookup.len() == 2 * LOOKUP_BYTES && is_hex(lookup) && is_hex(rest);
        well_formed.then(|| Self {
            lookup: lookup.to_owned(),
            digest: sha256_parts(&[b"datawave token", secret.as_bytes()]),
        })
    }

    /// In constant time, so that the time of an answer says nothing about the stored digest.
    pub(crate) fn matches(&self, stored: &[u8]) -> bool {
        equal_in_constant_time(&self.digest, stored)
    }
}

/// A fresh secret with its fingerprint.
pub(crate) fn new_secret() -> Result<(SecretString, Fingerprint), Failure> {
    let (mut lookup, mut secret) = ([0; LOOKUP_BYTES], [0; SECRET_BYTES]);
    random_bytes(&mut lookup);
    random_bytes(&mut secret);
    let text = SecretString::from(format!("{MARK}{}_{}", hex(&lookup), hex(&secret)));
    let fingerprint = Fingerprint::of(text.expose_secret())
        .ok_or_else(|| Failure::internal("a fresh token has not the form of a token"))?;
    Ok((text, fingerprint))
}

/// When a token made at `now` ends.
pub(crate) fn expiry(now: Timestamp, life: Option<Duration>) -> Result<Timestamp, Failure> {
    let life = life.unwrap_or(DEFAULT_LIFE);
    if life.is_zero() || life > LONGEST_LIFE {
        return Err(Failure::invalid(
            "ttl",
            "must be more than 0 and at most 10 years",
        ));
    }
    Ok(now.plus(life))
}

/// Roles that a person can have, each once and sorted. Roles of services are not given to people.
pub(crate) fn people_roles(roles: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut roles = roles;
    roles.sort_unstable();
    roles.dedup();
    match roles
        .iter()
        .find(|role| !datawave_authz::PEOPLE_ROLES.contains(&role.as_str()))
    {
        None => Ok(roles),
        Some(unknown) => Err(Failure::invalid(
            "roles",
            format!(
                "{unknown} is no role; roles are {}",
                datawave_authz::PEOPLE_ROLES.join(", ")
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fresh_secret_is_found_by_its_lookup_and_matches_only_itself() {
        let (one, one_print) = new_secret().unwrap();
        let (_, other_print) = new_secret().unwrap();
        assert_eq!(one.expose_secret().len(), TOKEN_CHARS);
        assert!(one.expose_secret().contains(&one_print.lookup));
        assert!(
            Fingerprint::of(one.expose_secret())
                .unwrap()
                .matches(&one_print.digest)
        );
        assert!(!one_print.matches(&other_print.digest));
        assert!(!one_print.matches(&one_print.digest[..31]));
        assert_ne!(one_print.lookup, other_print.lookup);
    }

    #[test]
    fn a_token_is_live_until_it_is_revoked_or_its_time_is_over() {
        let token = Token {
            id: "tok_1".to_owned(),
            subject: "user:ann".to_owned(),
            description: String::new(),
            created: Timestamp(0),
            created_by: "user:admin".to_owned(),
            expires: Some(Timestamp(10)),
            revoked: None,
        };
        assert!(token.is_live(Timestamp(9)));
        assert!(!token.is_live(Timestamp(10)));
        assert!(
            Token {
                expires: None,
                ..token.clone()
            }
            .is_live(Timestamp(i64::MAX))
        );
        assert!(
            !Token {
                revoked: Some(Timestamp(5)),
                ..token
            }
            .is_live(Timestamp(4))
        );
    }

    #[test]
    fn roles_of_services_are_not_for_people() {
        let roles = |list: &[&str]| people_roles(list.iter().map(|r| (*r).to_owned()).collect());
        assert_eq!(
            roles(&["viewer", "admin", "viewer"]).unwrap(),
            ["admin", "viewer"]
        );
        for wrong in ["service_scans", "edge", "", "Admin", "root"] {
            assert!(roles(&["viewer", wrong]).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_secret_does_not_match(at in 0_usize..TOKEN_CHARS, to in "[ -~]") {
            let (secret, print) = new_secret().unwrap();
            let mut changed = secret.expose_secret().to_owned();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != secret.expose_secret());
            prop_assert!(Fingerprint::of(&changed).is_none_or(|other| !other.matches(&print.digest)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,120}") {
            let _ = Fingerprint::of(&text);
        }
    }
}
