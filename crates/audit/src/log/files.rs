//! Files that are there after a crash: written beside their name, flushed, then renamed.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason};

/// Writes `files` (paths below `root`) so that each is whole or absent under its name, and returns when all
/// are on disk. They are written first and flushed afterwards, so that the disk can take them together.
pub(crate) fn write_durably(root: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    let mut written = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(root).to_path_buf();
        create_folder(&folder, &mut folders)?;
        folders.insert(folder);
        let beside = beside(&path);
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(bytes)?;
        written.push((file, beside, path));
    }
    for (file, _, _) in &written {
        file.sync_all()?;
    }
    for (_, beside, path) in &written {
        std::fs::rename(beside, path)?;
    }
    folders
        .iter()
        .try_for_each(|folder| File::open(folder)?.sync_all())
}

/// Writes a file that must not exist yet, durably, readable by its owner only. Fails with `AlreadyExists`
/// when it does.
pub(crate) fn create_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_folders(folder)?;
    let beside = beside(path);
    // What a crash left there was never named, so nobody relies on it.
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // A link, unlike a rename, never replaces a file that another process made meanwhile.
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    linked?;
    File::open(folder)?.sync_all()
}

/// Creates `folder` and what is missing above it, durably, for its owner only.
pub(crate) fn create_folders(folder: &Path) -> io::Result<()> {
    let mut dirty = BTreeSet::new();
    create_folder(folder, &mut dirty)?;
    dirty.iter().try_for_each(|folder| File::open(folder)?.sync_all())
}

fn create_folder(folder: &Path, dirty: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        create_folder(above, dirty)?;
        let named = if above.as_os_str().is_empty() {
            Path::new(".")
        } else {
            above
        };
        dirty.insert(named.to_path_buf());
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// The file's bytes, at most one more than `limit`, so that a file that is too long is seen to be, and not
/// read whole. `None` when it does not exist.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    match file.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A folder in the place of a file, or a file in the place of a folder, is as good as no file.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// What the caller hears when the disk does not do as it should.
pub(crate) fn unreadable(path: &Path, error: io::Error) -> Failure {
    Failure::new(
        Reason::AuditUnavailable,
        format!("the audit log cannot be read: {}", path.display()),
    )
    .with_remedy("check that the file's owner runs this process and that the disk has no errors")
    .with_source(error)
}

/// See [`unreadable`].
pub(crate) fn unwritable(path: &Path, error: io::Error) -> Failure {
    Failure::new(
        Reason::AuditUnavailable,
        format!("the audit log cannot be written: {}", path.display()),
    )
    .with_remedy("check free space, the owner of the directory, and that the disk has no errors")
    .with_source(error)
}
