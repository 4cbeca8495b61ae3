//! The data directory: layout, permissions, lock, version.
//!
//! ```text
//! DIR/                    0700, every file in it 0600
//!   VERSION               version of the binary that wrote it last
//!   lock                  held by the process that serves the directory
//!   endpoint.json         where that process listens; there only while it does
//!   admin.token           the first token, made at the first start
//!   page.key              key of page tokens
//!   db/<service>.sqlite   stores, unless they are on PostgreSQL
//!   search/               the catalog's index; derived, may be deleted
//!   events/               the event log
//!   audit/                the audit log and its signing key
//!   edge/                 what stays at this site: its key, credentials, its own records
//!   tls/                  the development authority
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason, digest};

/// Version of this binary.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Paths in a data directory. Says nothing about whether anything is there.
#[derive(Clone, Debug)]
pub(crate) struct Layout(PathBuf);

impl Layout {
    /// Layout below `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self(root.to_owned())
    }

    /// The directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// The version that wrote it last.
    pub(crate) fn version(&self) -> PathBuf {
        self.0.join("VERSION")
    }

    /// Held by whoever serves the directory.
    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Where the serving process listens.
    pub(crate) fn endpoint(&self) -> PathBuf {
        self.0.join("endpoint.json")
    }

    /// The first token.
    pub(crate) fn admin_token(&self) -> PathBuf {
        self.0.join("admin.token")
    }

    /// Key of page tokens.
    pub(crate) fn page_key(&self) -> PathBuf {
        self.0.join("page.key")
    }

    /// Store of a service.
    pub(crate) fn store(&self, service: &str) -> PathBuf {
        self.0.join("db").join(format!("{service}.sqlite"))
    }

    /// Index of the catalog.
    pub(crate) fn search(&self) -> PathBuf {
        self.0.join("search")
    }

    /// Event log.
    pub(crate) fn events(&self) -> PathBuf {
        self.0.join("events")
    }

    /// Audit log.
    pub(crate) fn audit(&self) -> PathBuf {
        self.0.join("audit")
    }

    /// What stays at this site.
    pub(crate) fn edge(&self) -> PathBuf {
        self.0.join("edge")
    }

    /// Development authority.
    pub(crate) fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// What clients must trust.
    pub(crate) fn roots(&self) -> PathBuf {
        self.tls().join("roots.pem")
    }
}

/// A data directory that this process holds.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    layout: Layout,
    /// The version that an older directory was upgraded from.
    upgraded_from: Option<String>,
    /// The kernel gives it back when the process ends, however it ends.
    _lock: File,
}

impl DataDirectory {
    /// Takes the directory, making it when it is missing; `None` when another process holds it.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_TOO_NEW`; `CONFIG_INVALID` when it cannot be used or holds something else.
    pub(crate) fn take(root: &Path) -> Result<Option<Self>, Failure> {
        let layout = Layout::new(root);
        let unusable = |cause: io::Error| unusable(root, cause);
        private_dir(root).map_err(unusable)?;
        if !layout.version().exists() {
            refuse_foreign(root)?;
        }
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(layout.lock())
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
        }
        // What is below is nobody else's business, whatever the umask or an archive made of it.
        fs::set_permissions(root, fs::Permissions::from_mode(0o700)).map_err(unusable)?;
        let upgraded_from = check_version(&layout)?;
        private_dir(&layout.0.join("db")).map_err(unusable)?;
        Ok(Some(Self {
            layout,
            upgraded_from,
            _lock: lock,
        }))
    }

    /// Paths.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The version that an older directory was upgraded from.
    pub(crate) fn upgraded_from(&self) -> Option<&str> {
        self.upgraded_from.as_deref()
    }

    /// Key of page tokens, made at the first start.
    pub(crate) fn page_key(&self) -> Result<[u8; 32], Failure> {
        let path = self.layout.page_key();
        if !path.exists() {
            let mut key = [0; 32];
            digest::random_bytes(&mut key);
            replace_private(&path, digest::hex(&key).as_bytes())
                .map_err(|cause| unusable(self.layout.root(), cause))?;
        }
        let text = fs::read_to_string(&path).map_err(|cause| unusable(self.layout.root(), cause))?;
        digest::unhex(text.trim())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| {
                Failure::new(Reason::StoreCorrupt, format!("{} is damaged", path.display()))
                    .with_remedy("delete it: a new key is made, and lists that are being paged begin again")
            })
    }
}

/// Refuses a newer directory, upgrades an older one. Versions are compatible while their first two numbers are
/// equal.
fn check_version(layout: &Layout) -> Result<Option<String>, Failure> {
    let unusable = |cause| unusable(layout.root(), cause);
    let path = layout.version();
    let written = match fs::read_to_string(&path) {
        Ok(text) => Some(text.trim().to_owned()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
        Err(cause) => return Err(unusable(cause)),
    };
    let ours = series(VERSION).ok_or_else(|| Failure::internal("this binary has no version"))?;
    let theirs = match &written {
        None => {
            replace_private(&path, format!("{VERSION}\n").as_bytes()).map_err(unusable)?;
            return Ok(None);
        }
        Some(text) => series(text).ok_or_else(|| {
            Failure::new(
                Reason::StoreCorrupt,
                format!("{} does not hold a version", path.display()),
            )
            .with_remedy("restore it from a backup of the data directory")
        })?,
    };
    let written = written.unwrap_or_default();
    if theirs > ours {
        return Err(Failure::new(
            Reason::DataDirectoryTooNew,
            format!(
                "{} was written by datawave {written}; this is {VERSION}",
                layout.root().display()
            ),
        )
        .with_remedy(format!(
            "use datawave {written} or newer, or another directory with --data-dir"
        ))
        .with_metadata("needs", written));
    }
    if theirs == ours {
        return Ok(None);
    }
    replace_private(&path, format!("{VERSION}\n").as_bytes()).map_err(unusable)?;
    Ok(Some(written))
}

/// The first two numbers of a version.
fn series(version: &str) -> Option<(u64, u64)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// A directory that is not empty and not ours is left alone: it may be somebody's home.
fn refuse_foreign(root: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(root).map_err(|cause| unusable(root, cause))?;
    let foreign = entries
        .filter_map(Result::ok)
        .any(|entry| entry.file_name() != "lock" && !is_draft(&entry.path()));
    if foreign {
        return Err(Failure::new(
            Reason::ConfigInvalid,
            format!("{} is not empty and is no data directory", root.display()),
        )
        .with_remedy("give a directory of its own with --data-dir; it is made when it is missing"));
    }
    Ok(())
}

fn is_draft(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.to_string_lossy().starts_with("new-"))
}

/// Makes a directory with mode 0700; one that is there stays as it is.
pub(crate) fn private_dir(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file with mode 0600, whole or not at all.
pub(crate) fn replace_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    let folder = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

pub(crate) fn unusable(root: &Path, cause: io::Error) -> Failure {
    let why = match cause.kind() {
        io::ErrorKind::PermissionDenied => "this user may not write there",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "it is not a directory",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        _ => "the system refused it",
    };
    Failure::new(
        Reason::ConfigInvalid,
        format!("the data directory {} cannot be used: {why}", root.display()),
    )
    .with_remedy("give a directory that this user may write to with --data-dir")
    .with_source(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_held_by_one_at_a_time() {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().join("data");
        let held = DataDirectory::take(&root).expect("usable").expect("free");
        assert!(DataDirectory::take(&root).expect("usable").is_none());
        drop(held);
        assert!(DataDirectory::take(&root).expect("usable").is_some());
    }

    #[test]
    fn everything_in_it_is_private() {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().join("data");
        let held = DataDirectory::take(&root).expect("usable").expect("free");
        held.page_key().expect("a key");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&root), 0o700);
        for file in [
            held.layout().version(),
            held.layout().lock(),
            held.layout().page_key(),
        ] {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
        assert_eq!(
            held.page_key().expect("the key"),
            held.page_key().expect("the same key")
        );
    }

    #[test]
    fn an_older_directory_is_upgraded_and_a_newer_one_refused_with_the_version_it_needs() {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().join("data");
        drop(DataDirectory::take(&root).expect("usable"));
        fs::write(root.join("VERSION"), "0.0.9\n").expect("older");
        let held = DataDirectory::take(&root).expect("usable").expect("free");
        assert_eq!(held.upgraded_from(), Some("0.0.9"));
        drop(held);
        assert_eq!(
            fs::read_to_string(root.join("VERSION")).expect("version").trim(),
            VERSION
        );
        fs::write(root.join("VERSION"), "99.1.0\n").expect("newer");
        let failure = DataDirectory::take(&root).expect_err("too new");
        assert_eq!(failure.reason(), Reason::DataDirectoryTooNew);
        assert!(failure.remedy().is_some_and(|r| r.contains("99.1.0")));
    }

    #[test]
    fn somebody_elses_folder_is_left_alone() {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("letter.txt"), "dear").expect("a file");
        let failure = DataDirectory::take(home.path()).expect_err("refused");
        assert_eq!(failure.reason(), Reason::ConfigInvalid);
        assert_eq!(fs::read_dir(home.path()).expect("the folder").count(), 1);
    }
}
