//! `datawave doctor`: is this installation in order? Each line says what to do.
//!
//! It reads the data directory and asks the process that serves it, if one does; it starts nothing.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use datawave_core::{Clock as _, Failure, Kind, SystemClock};
use datawave_db::{Db, DbUrl};
use datawave_proto::datawave::access::v1::WhoAmIRequest;
use datawave_proto::datawave::access::v1::access_service_client::AccessServiceClient;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{Context, audit};
use crate::attach::Session;
use crate::compose::{Endpoint, Layout, VERSION};
use crate::config::Settings;
use crate::output::{Cell, Table, bytes, exit};

/// Below this a scan of a large source may fill the disk.
const LITTLE_SPACE: u64 = 1 << 30;
/// Below this nothing can be promised.
const NO_SPACE: u64 = 64 << 20;
/// A certificate of the authority that ends within this is told of.
const SOON: i64 = 30 * 86_400;

/// One line.
#[derive(Serialize)]
struct Check {
    check: &'static str,
    /// ok, warn or fail.
    status: &'static str,
    /// What was seen.
    message: String,
    /// What to do; null when all is well.
    fix: Option<String>,
}

impl Check {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self {
            check,
            status: "ok",
            message: message.into(),
            fix: None,
        }
    }

    fn warn(check: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            check,
            status: "warn",
            message: message.into(),
            fix: Some(fix.into()),
        }
    }

    fn fail(check: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            check,
            status: "fail",
            message: message.into(),
            fix: Some(fix.into()),
        }
    }

    fn failed(check: &'static str, failure: &Failure) -> Self {
        let fix = failure.remedy().unwrap_or("see docs/errors for the reason");
        Self::fail(check, format!("{failure} ({})", failure.reason().as_str()), fix)
    }
}

pub(super) async fn run(context: &Context) -> Result<u8, Failure> {
    let settings = &context.settings;
    let layout = Layout::new(&settings.data_dir);
    let mut checks = vec![directory(&layout), space(&layout)];
    if layout.version().exists() || settings.client.endpoint.is_some() {
        checks.push(Box::pin(instance(context, &layout)).await);
    }
    if layout.version().exists() {
        checks.push(permissions(&layout));
        checks.push(version(&layout));
        checks.push(certificate(&layout));
        if checks
            .iter()
            .all(|check| check.check != "version" || check.status == "ok")
        {
            checks.extend(stores(settings, &layout).await);
        }
        checks.push(audit_log(settings).await);
    }
    context.output.list(&checks, |checks| {
        let mut table = Table::new(&["CHECK", "STATUS", "WHAT", "FIX"]);
        for check in checks {
            let status = match check.status {
                "ok" => Cell::good("ok"),
                "warn" => Cell::warn("warn"),
                other => Cell::bad(other),
            };
            table.row([
                check.check.into(),
                status,
                check.message.clone().into(),
                check.fix.clone().unwrap_or_default().into(),
            ]);
        }
        table
    })?;
    Ok(if checks.iter().any(|check| check.status == "fail") {
        exit::FAILURE
    } else {
        exit::OK
    })
}

fn directory(layout: &Layout) -> Check {
    let root = layout.root();
    match fs::metadata(root) {
        Err(_) => Check::warn(
            "data directory",
            format!("{} is not there yet", root.display()),
            "the first command makes it",
        ),
        Ok(meta) if !meta.is_dir() => Check::fail(
            "data directory",
            format!("{} is no directory", root.display()),
            "give another one with --data-dir",
        ),
        Ok(_) if !layout.version().exists() => Check::warn(
            "data directory",
            format!("{} holds no instance yet", root.display()),
            "the first command makes it, if the directory is empty",
        ),
        Ok(_) => Check::ok("data directory", root.display().to_string()),
    }
}

/// Whether others of this machine could read it.
fn permissions(layout: &Layout) -> Check {
    let mut open = Vec::new();
    loose(layout.root(), &mut open);
    match open.first() {
        None => Check::ok("permissions", "only this user can read it"),
        Some(first) => Check::fail(
            "permissions",
            format!(
                "{} files or folders can be read by others, {first} is one",
                open.len()
            ),
            format!("chmod -R go= {}", layout.root().display()),
        ),
    }
}

fn loose(dir: &Path, open: &mut Vec<String>) {
    let Ok(meta) = fs::metadata(dir) else { return };
    if meta.permissions().mode() & 0o077 == 0 {
        // What is in a private folder is private; nobody else gets that far.
        return;
    }
    open.push(dir.display().to_string());
    for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => loose(&entry.path(), open),
            Ok(_) if entry.metadata().is_ok_and(|m| m.mode() & 0o077 != 0) => {
                open.push(entry.path().display().to_string())
            }
            _ => {}
        }
    }
}

fn version(layout: &Layout) -> Check {
    let series = |v: &str| {
        v.splitn(3, '.')
            .take(2)
            .map(|n| n.parse::<u64>().unwrap_or(u64::MAX))
            .collect::<Vec<_>>()
    };
    match fs::read_to_string(layout.version()) {
        Err(_) => Check::fail("version", "VERSION cannot be read", "restore it from a backup"),
        Ok(text) if series(text.trim()) > series(VERSION) => Check::fail(
            "version",
            format!("written by {}, this is {VERSION}", text.trim()),
            format!("use datawave {} or newer", text.trim()),
        ),
        Ok(text) => Check::ok(
            "version",
            format!("written by {}, this is {VERSION}", text.trim()),
        ),
    }
}

async fn instance(context: &Context, layout: &Layout) -> Check {
    let settings = &context.settings;
    let endpoint = match Endpoint::read(layout) {
        Ok(endpoint) => endpoint,
        Err(failure) => return Check::failed("instance", &failure),
    };
    let held = fs::File::open(layout.lock()).is_ok_and(|lock| lock.try_lock_shared().is_err());
    if !held && settings.client.endpoint.is_none() {
        return Check::ok(
            "instance",
            "nobody serves the directory; commands carry the instance themselves",
        );
    }
    if endpoint.is_none() && settings.client.endpoint.is_none() {
        return Check::warn(
            "instance",
            "a process holds the directory and does not say where it listens",
            "wait: it starts or stops",
        );
    }
    // The lock is held, so this attaches and starts nothing.
    let asked = async {
        let session = Session::open(settings, &context.output).await?;
        let who = AccessServiceClient::new(session.channel.clone())
            .who_am_i(WhoAmIRequest {})
            .await;
        let who = who
            .map_err(datawave_rpc::failure)
            .map(|answer| answer.into_inner().subject);
        session.close(&context.output).await;
        who
    };
    match Box::pin(asked).await {
        Ok(subject) => {
            let at = settings
                .client
                .endpoint
                .clone()
                .or_else(|| endpoint.map(|e| e.grpc))
                .unwrap_or_default();
            Check::ok("instance", format!("{at} answers; you are {subject}"))
        }
        Err(failure) if failure.kind() == Kind::Unavailable => Check::fail(
            "instance",
            failure.to_string(),
            "look into its log, or stop and start it",
        ),
        Err(failure) => Check::failed("instance", &failure),
    }
}

fn certificate(layout: &Layout) -> Check {
    let path = layout.roots();
    let read = CertificateDer::from_pem_file(&path).ok();
    let end = read.as_ref().and_then(|der| {
        X509Certificate::from_der(der)
            .ok()
            .map(|(_, c)| c.validity().not_after.timestamp())
    });
    let Some(end) = end else {
        return Check::warn(
            "certificates",
            format!("{} is not there or damaged", path.display()),
            "the next start makes it",
        );
    };
    let left = end - SystemClock.now().as_micros() / 1_000_000;
    match left {
        ..=0 => Check::fail(
            "certificates",
            "the authority's certificate has expired",
            "move tls/ away and start again: a new one is made",
        ),
        1..SOON => Check::warn(
            "certificates",
            format!("the authority's certificate ends in {} days", left / 86_400),
            "move tls/ away at a time that suits you: a new one is made, and clients must trust it anew",
        ),
        _ => Check::ok(
            "certificates",
            format!(
                "the authority's certificate is valid for {} more days",
                left / 86_400
            ),
        ),
    }
}

async fn stores(settings: &Settings, layout: &Layout) -> Vec<Check> {
    let services = [
        ("sources", datawave_sources::MIGRATIONS),
        ("catalog", datawave_catalog::MIGRATIONS),
        ("classification", datawave_classification::MIGRATIONS),
        ("scans", datawave_scans::MIGRATIONS),
        ("access", datawave_access::MIGRATIONS),
        ("audit", datawave_audit::MIGRATIONS),
    ];
    let mut bad = Vec::new();
    for (service, migrations) in services {
        let url = match &settings.store {
            Some(address) => match DbUrl::parse(address.expose_secret()) {
                Ok(url) => url,
                Err(failure) => return vec![Check::failed("stores", &failure)],
            },
            None if !layout.store(service).exists() => continue,
            None => DbUrl::sqlite(layout.store(service)),
        };
        match Db::open(&url, service, migrations).await {
            Ok(db) => db.close().await,
            Err(failure) => bad.push(Check::fail(
                "stores",
                format!("{service}: {failure}"),
                failure.remedy().unwrap_or("restore it from a backup").to_owned(),
            )),
        }
    }
    if bad.is_empty() {
        let place = if settings.store.is_some() {
            "PostgreSQL"
        } else {
            "SQLite files"
        };
        bad.push(Check::ok(
            "stores",
            format!("{} stores open ({place})", services.len()),
        ));
    }
    bad
}

async fn audit_log(settings: &Settings) -> Check {
    match Box::pin(audit::offline(settings, None)).await {
        Ok(line) if line.ok => Check::ok(
            "audit log",
            format!("{} records agree with one another", line.size),
        ),
        Ok(line) => Check::fail(
            "audit log",
            format!(
                "{} problems, first at {}",
                line.problem_count,
                line.first_bad_index.unwrap_or_default()
            ),
            "run `datawave audit verify`, and keep a copy as evidence",
        ),
        Err(failure) => Check::failed("audit log", &failure),
    }
}

fn space(layout: &Layout) -> Check {
    // The nearest folder that exists: the directory itself may not.
    let place = layout
        .root()
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or_else(|| Path::new("/"));
    let Ok(disk) = rustix::fs::statvfs(place) else {
        return Check::warn("disk", "the free space cannot be found out", "look with `df`");
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free {
        0..NO_SPACE => Check::fail(
            "disk",
            format!("{} free", bytes(free)),
            "free some space, or move the data directory",
        ),
        NO_SPACE..LITTLE_SPACE => {
            Check::warn("disk", format!("{} free", bytes(free)), "free some space soon")
        }
        _ => Check::ok("disk", format!("{} free", bytes(free))),
    }
}
