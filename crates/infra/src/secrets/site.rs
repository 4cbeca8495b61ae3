//! Secrets of one site: a directory (0700) with one file (0600) per name.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use datawave_core::{Failure, Reason};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{MAX_SECRET_BYTES, SecretRef, SecretStore, unavailable};
use crate::files;

/// The site's own store.
#[derive(Clone, Debug)]
pub struct SiteStore {
    dir: PathBuf,
}

impl SiteStore {
    /// Opens the store in `dir`, making it if needed. The directory is set to 0700 when others may enter.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, Failure> {
        let dir = dir.into();
        let opened = files::create_private_dir(&dir).and_then(|()| {
            let mode = fs::metadata(&dir)?.permissions().mode();
            if mode & 0o077 != 0 {
                fs::set_permissions(&dir, fs::Permissions::from_mode(0o700))?;
            }
            Ok(())
        });
        opened.map_err(|error| {
            Failure::new(
                Reason::SecretUnavailable,
                "the site's secret store cannot be opened",
            )
            .with_remedy(format!(
                "make {} a directory that only the user of this process may read and write",
                dir.display()
            ))
            .with_source(error)
        })?;
        Ok(Self { dir })
    }

    fn path(&self, name: &str) -> Result<PathBuf, Failure> {
        SecretRef::parse(&format!("site:{name}"))?;
        Ok(self.dir.join(name))
    }

    /// Reads `name` anew.
    pub(super) fn read(&self, name: &str) -> Result<SecretString, Failure> {
        let reference = SecretRef::Site(name.to_owned());
        read_file(
            &self.path(name)?,
            &reference,
            "store it with `datawave source add`, or give the credential as env:NAME or file:/path",
        )
    }
}

#[async_trait]
impl SecretStore for SiteStore {
    async fn put(&self, name: &str, value: SecretString) -> Result<SecretRef, Failure> {
        let reference = SecretRef::Site(name.to_owned());
        let path = self.path(name)?;
        let length = value.expose_secret().len();
        if length == 0 || length > MAX_SECRET_BYTES {
            return Err(Failure::invalid(
                "secret",
                format!("has {length} bytes, 1 to {MAX_SECRET_BYTES} are accepted"),
            ));
        }
        blocking(move || {
            files::write_atomically(&path, value.expose_secret().as_bytes()).map_err(|error| {
                unavailable(
                    &reference,
                    "cannot be stored",
                    "check free space and the rights of the data directory",
                )
                .with_source(error)
            })?;
            Ok(reference)
        })
        .await
    }

    async fn delete(&self, name: &str) -> Result<bool, Failure> {
        let reference = SecretRef::Site(name.to_owned());
        let path = self.path(name)?;
        let dir = self.dir.clone();
        blocking(
            move || match fs::remove_file(&path).and_then(|()| files::sync_dir(&dir)) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(unavailable(
                    &reference,
                    "cannot be deleted",
                    "check the rights of the data directory",
                )
                .with_source(error)),
            },
        )
        .await
    }
}

/// Reads a secret from a file. One line end at the end is not part of it (editors and `echo` add one).
pub(super) fn read_file(path: &Path, reference: &SecretRef, remedy: &str) -> Result<SecretString, Failure> {
    use std::io::Read;

    let mut content = Zeroizing::new(Vec::with_capacity(4096));
    let read = fs::File::open(path).and_then(|file| {
        file.take(MAX_SECRET_BYTES as u64 + 1)
            .read_to_end(&mut content)
            .map(drop)
    });
    if let Err(error) = read {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "does not exist",
            io::ErrorKind::PermissionDenied => "may not be read by this process",
            _ => "cannot be read",
        };
        return Err(unavailable(reference, why, remedy).with_source(error));
    }
    if content.len() > MAX_SECRET_BYTES {
        return Err(unavailable(reference, "is larger than 64 KiB", remedy));
    }
    // The error of from_utf8 is dropped on purpose: nothing about the content belongs in an error.
    let Ok(text) = std::str::from_utf8(&content) else {
        return Err(unavailable(reference, "is not UTF-8 text", remedy));
    };
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(unavailable(reference, "is empty", remedy));
    }
    Ok(SecretString::from(text))
}

/// Runs file work off the async threads.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(Failure::internal(stopped)))
}
