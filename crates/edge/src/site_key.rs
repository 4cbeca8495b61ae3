//! The key of this site: digests of schema text that leave it are made under this key, so that nobody outside
//! can guess the text. It never leaves the machine.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use datawave_core::{Failure, Reason, digest};
use zeroize::Zeroizing;

/// Length in bytes.
pub(crate) const LENGTH: usize = 32;

/// The key; wiped when the last holder drops it.
pub(crate) type SiteKey = Arc<Zeroizing<[u8; LENGTH]>>;

const FILE: &str = "site.key";

/// Reads the key in `directory`, or makes one (mode 0600) when there is none.
pub(crate) fn load_or_create(directory: &Path) -> Result<SiteKey, Failure> {
    let path = directory.join(FILE);
    let unusable = |error: io::Error| {
        Failure::new(
            Reason::DependencyUnavailable,
            "the site key cannot be read or made",
        )
        .with_remedy(format!(
            "let the user of this process read and write {}",
            directory.display()
        ))
        .with_source(error)
    };
    let found = match read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(directory, &path).map_err(unusable)?;
            read(&path)
        }
        other => other,
    };
    match found {
        Ok(Some(key)) => Ok(Arc::new(key)),
        Ok(None) => Err(
            Failure::new(Reason::StoreCorrupt, "the site key does not have 32 bytes").with_remedy(format!(
                "restore {} from a backup; with a new key, unchanged schema text looks changed once",
                path.display()
            )),
        ),
        Err(error) => Err(unusable(error)),
    }
}

fn read(path: &Path) -> io::Result<Option<Zeroizing<[u8; LENGTH]>>> {
    let file = File::open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    let mut content = Zeroizing::new(Vec::with_capacity(LENGTH + 1));
    file.take(LENGTH as u64 + 1).read_to_end(&mut content)?;
    let mut key = Zeroizing::new([0; LENGTH]);
    if content.len() != LENGTH {
        return Ok(None);
    }
    key.copy_from_slice(&content);
    Ok(Some(key))
}

/// Written aside and renamed: a crash leaves no file or a whole one.
fn create(directory: &Path, path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let mut key = Zeroizing::new([0; LENGTH]);
    digest::random_bytes(&mut *key);
    let mut suffix = [0; 8];
    digest::random_bytes(&mut suffix);
    let aside = directory.join(format!(".{FILE}.{}", digest::hex(&suffix)));
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&aside)?;
        file.write_all(&*key)?;
        file.sync_all()?;
        fs::rename(&aside, path)?;
        File::open(directory)?.sync_all()
    })();
    if written.is_err() {
        // Best effort: the error that matters is the one being returned.
        let _ = fs::remove_file(&aside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_may_read_it() {
        let home = tempfile::tempdir().expect("a directory");
        let directory = home.path().join("edge");
        let first = load_or_create(&directory).expect("a new key");
        let again = load_or_create(&directory).expect("the same key");
        assert_eq!(first, again);
        assert_ne!(**first, [0; LENGTH]);
        let mode = fs::metadata(directory.join(FILE))
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = load_or_create(&home.path().join("other")).expect("another key");
        assert_ne!(first, other);
    }

    #[test]
    fn a_damaged_key_is_refused_and_not_replaced() {
        let home = tempfile::tempdir().expect("a directory");
        fs::write(home.path().join(FILE), b"short").expect("a damaged key");
        let failure = load_or_create(home.path()).expect_err("refused");
        assert_eq!(failure.reason(), Reason::StoreCorrupt);
        assert_eq!(fs::read(home.path().join(FILE)).expect("still there"), b"short");
    }
}
