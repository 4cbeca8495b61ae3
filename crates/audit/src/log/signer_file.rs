//! The file of the signing key.

use std::path::Path;

use datawave_core::digest::{hex, random_bytes};
use datawave_core::{Failure, Reason};
use zeroize::Zeroizing;

use super::files::{create_private, read, unreadable, unwritable};
use super::{Malformed, Signer};

const MAX_KEY_BYTES: usize = 4096;

/// Reads the signing key at `path`; on the first start makes one and writes it there, mode 0600.
///
/// `origin` names a new log, such as `audit.example.org`; without one it is `datawave/audit/` and 16 random
/// digits, so that no two installations can be taken for one another. It is fixed with the key.
///
/// # Errors
/// `CONFIG_INVALID` for an origin that cannot be one, `AUDIT_UNAVAILABLE` when the file cannot be read or
/// written, `STORE_CORRUPT` when it holds no key.
pub fn load_or_create_signer(path: &Path, origin: Option<&str>) -> Result<Signer, Failure> {
    if let Some(signer) = load(path)? {
        return Ok(signer);
    }
    let origin = origin.map_or_else(
        || {
            let mut random = [0; 8];
            random_bytes(&mut random);
            format!("datawave/audit/{}", hex(&random))
        },
        str::to_owned,
    );
    let (signer, text) = Signer::generate(&origin).map_err(|_: Malformed| {
        Failure::new(
            Reason::ConfigInvalid,
            format!("audit log origin {origin:?} is not usable"),
        )
        .with_remedy("use a name without spaces and without `+`, such as audit.example.org")
    })?;
    let line = Zeroizing::new(format!("{}\n", &*text));
    match create_private(path, line.as_bytes()) {
        Ok(()) => Ok(signer),
        // Another process was first: its key is the key.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            load(path)?.ok_or_else(|| unreadable(path, error))
        }
        Err(error) => Err(unwritable(path, error)),
    }
}

fn load(path: &Path) -> Result<Option<Signer>, Failure> {
    let Some(bytes) = read(path, MAX_KEY_BYTES).map_err(|error| unreadable(path, error))? else {
        return Ok(None);
    };
    let bytes = Zeroizing::new(bytes);
    let signer = std::str::from_utf8(&bytes)
        .map_err(|_| Malformed("not text"))
        .and_then(Signer::parse)
        .map_err(|error| {
            Failure::new(
                Reason::StoreCorrupt,
                format!("no audit signing key in {}: {error}", path.display()),
            )
            .with_remedy("restore the file from a backup: a new key would break with every saved checkpoint")
        })?;
    Ok(Some(signer))
}
