//! What the child takes from itself before it touches anything foreign.

use std::fs::File;
use std::io;
use std::panic;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// A panic prints where it happened and ends the process. Its text may hold a value, so it is never shown; a
/// backtrace is of no use to an operator and is not made either.
pub(super) fn silence_panics() {
    panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            eprintln!("{}{}:{}", crate::worker::PANIC_MARK, place.file(), place.line());
        }
        std::process::abort();
    }));
}

/// Asks the kernel to kill this process when its parent dies. Should the parent have died already, standard
/// input is at its end, and the child ends by that.
pub(super) fn die_with_parent() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// Takes standard output for frames. What anything else prints there goes to standard error, where the parent
/// drops it.
pub(super) fn take_stdout() -> io::Result<File> {
    let own = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(File::from(own))
}

/// Takes standard input for orders, past the buffer of the standard library: secrets come this way.
pub(super) fn take_stdin() -> io::Result<File> {
    Ok(File::from(rustix::io::fcntl_dupfd_cloexec(
        rustix::stdio::stdin(),
        3,
    )?))
}

/// No core dumps, no new privileges, no reading of this process's memory by others of the same user, and a
/// limit on memory.
///
/// The limit is on what the process commits (RLIMIT_DATA: writable private memory), not on its address space:
/// allocators and thread stacks reserve far more addresses than they use, and files that SQLite maps are not
/// memory of ours. An allocation above the limit fails, which aborts the child; see `SCAN_WORKER_LOST`.
pub(super) fn limit(memory_bytes: u64) -> io::Result<()> {
    lower(Resource::Core, 0)?;
    lower(Resource::Data, memory_bytes)?;
    #[cfg(target_os = "linux")]
    {
        rustix::thread::set_no_new_privs(true)?;
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

/// Lowers both halves of a limit, so that nothing in this process can raise it again.
fn lower(resource: Resource, to: u64) -> io::Result<()> {
    let hard = getrlimit(resource).maximum.map_or(to, |hard| hard.min(to));
    setrlimit(
        resource,
        Rlimit {
            current: Some(hard),
            maximum: Some(hard),
        },
    )?;
    Ok(())
}
