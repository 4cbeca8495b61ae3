//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Discovers, classifies and catalogues the columns of your databases. Raw values never leave the site.
#[derive(Parser, Debug)]
#[command(
    name = "datawave",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
        datawave scan sqlite:shop.db                    scan a file, show what was found\n  \
        datawave scan postgres://ann@db/shop -o jsonl   one line for every column\n  \
        datawave up                                     serve, so that other commands attach\n  \
        datawave finding list --state review            what waits for a decision\n\n\
        Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 login refused, 5 denied or a grant is missing,\n\
        6 conflict, 7 unreachable, time-out or TLS, 8 --fail-on, 9 some objects failed, 130 interrupted"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Global {
    /// How data is printed on standard output.
    #[arg(
        short = 'o',
        long,
        value_enum,
        default_value_t,
        global = true,
        value_name = "FORMAT"
    )]
    pub(crate) output: Format,
    /// Directory of the instance [env: DATAWAVE_DATA_DIR; default: the platform's, ~/.local/share/datawave].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Instance to talk to, https://host:port [env: DATAWAVE_ENDPOINT; default: the one of the data directory].
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// File with the token to present [env: DATAWAVE_TOKEN_FILE; default: admin.token of the data directory].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// File with the certificates to trust [env: DATAWAVE_CA_FILE; default: those of the data directory].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Settings, TOML [env: DATAWAVE_CONFIG].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// No colours [env: NO_COLOR].
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// Form of the data on standard output.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One document.
    Json,
    /// One document a line.
    Jsonl,
    /// One document.
    Yaml,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Serve everything on loopback until interrupted.
    Up(UpArgs),
    /// Scan a source and show what was found, or manage scans.
    Scan(ScanArgs),
    /// Register, test and remove sources.
    #[command(subcommand)]
    Source(SourceCommand),
    /// Look at the catalog and change it.
    #[command(subcommand)]
    Asset(AssetCommand),
    /// Look at findings and decide about them.
    #[command(subcommand)]
    Finding(FindingCommand),
    /// The tamper-evident audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Tokens for people and scripts.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Check the installation; each line says what to do.
    Doctor,
    /// Write a small invented company as SQLite databases.
    Sample(SampleArgs),
    /// Show the version of this binary and of the instance.
    Version,
}

/// Options of `up`.
#[derive(Args, Debug)]
pub(crate) struct UpArgs {
    /// Address of the public listener; port 0 takes a free one [default: 127.0.0.1:7643].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Address of metrics and health; port 0 takes a free one [default: 127.0.0.1:7644].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Where traces go, http://collector:4317.
    #[arg(long, value_name = "URL")]
    pub(crate) otlp: Option<String>,
}

/// `scan <URL>` or `scan <verb>`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) start: StartArgs,
    #[command(subcommand)]
    pub(crate) verb: Option<ScanVerb>,
}

/// Options of `scan <URL>`.
#[derive(Args, Debug, Clone)]
pub(crate) struct StartArgs {
    /// Source: an address (it has a `:`), sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE, or a name.
    #[arg(value_name = "URL|SOURCE")]
    pub(crate) source: Option<String>,
    #[command(flatten)]
    pub(crate) login: LoginArgs,
    /// Name of the source, when it is new.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Only tables and columns that match, in this scan (repeatable): schema.table, table.column, `*` in them.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) include: Vec<String>,
    /// No tables and columns that match, in this scan (repeatable).
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Rows sampled per table.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rows: Option<u32>,
    /// Seed of the random part of the sample, to repeat it.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Exit with 8 when a column has this label (repeatable).
    #[arg(long, value_name = "LABEL")]
    pub(crate) fail_on: Vec<String>,
    /// Start the scan and leave it to the instance.
    #[arg(long)]
    pub(crate) detach: bool,
}

/// How the password of a source is given; in its URL it is taken out and kept at the site.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct LoginArgs {
    /// Read the password of the source from standard input, one line.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Where the site finds the password: env:NAME or file:/PATH.
    #[arg(long, value_name = "REF", conflicts_with = "password_stdin")]
    pub(crate) credential: Option<String>,
}

/// What to do with scans.
#[derive(Subcommand, Debug)]
pub(crate) enum ScanVerb {
    /// List scans, newest first.
    List {
        /// Only scans of this source.
        #[arg(long, value_name = "SOURCE")]
        source: Option<String>,
        /// Only scans that are not finished.
        #[arg(long)]
        active: bool,
    },
    /// Show a scan.
    Show {
        /// Id of the scan.
        scan: String,
    },
    /// Stop a scan; what was read stays.
    Cancel {
        /// Id of the scan.
        scan: String,
    },
    /// Take up a cancelled, failed or partial scan: what was read stays, what failed is read again.
    Resume {
        /// Id of the scan.
        scan: String,
        /// Exit with 8 when a column has this label (repeatable).
        #[arg(long, value_name = "LABEL")]
        fail_on: Vec<String>,
    },
}

/// What to do with sources.
#[derive(Subcommand, Debug)]
pub(crate) enum SourceCommand {
    /// Register a source.
    Add {
        /// Address of the source.
        url: String,
        /// Name; derived from the file or database without it.
        #[arg(long)]
        name: Option<String>,
        /// Only tables and columns that match (repeatable).
        #[arg(long, value_name = "PATTERN")]
        include: Vec<String>,
        /// No tables and columns that match (repeatable).
        #[arg(long, value_name = "PATTERN")]
        exclude: Vec<String>,
        #[command(flatten)]
        login: LoginArgs,
    },
    /// Test a source step by step: reach, tls, login, grants, list, sample.
    Test {
        /// Address or name of the source.
        source: String,
        #[command(flatten)]
        login: LoginArgs,
    },
    /// List sources.
    List,
    /// Show a source.
    Show {
        /// Name or id.
        source: String,
    },
    /// Remove a source and its password; its assets stay in the catalog.
    Remove {
        /// Name or id.
        source: String,
    },
}

/// What to do with assets.
#[derive(Subcommand, Debug)]
pub(crate) enum AssetCommand {
    /// List assets by qualified name.
    List {
        /// Only assets of this source.
        #[arg(long, value_name = "SOURCE")]
        source: Option<String>,
        /// Only assets of this kind.
        #[arg(long, value_enum)]
        kind: Option<AssetKindArg>,
        /// Only assets with this label.
        #[arg(long)]
        label: Option<String>,
        /// Only assets whose qualified name begins so.
        #[arg(long)]
        prefix: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Show an asset.
    Show {
        /// Id or qualified name.
        asset: String,
    },
    /// Find assets by name, path, comment, description or label.
    Search {
        /// Words.
        #[arg(required = true)]
        words: Vec<String>,
        /// The last word may be the beginning of a word.
        #[arg(long)]
        prefix: bool,
        /// Only assets of this kind.
        #[arg(long, value_enum)]
        kind: Option<AssetKindArg>,
        /// Only assets with this label.
        #[arg(long)]
        label: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
    },
    /// Change an asset.
    Update {
        /// Id or qualified name.
        asset: String,
        /// Attach a label by hand (repeatable).
        #[arg(long, value_name = "LABEL")]
        add_label: Vec<String>,
        /// Take a label away, also for the scans to come (repeatable).
        #[arg(long, value_name = "LABEL")]
        remove_label: Vec<String>,
        /// New description.
        #[arg(long)]
        description: Option<String>,
        /// New owner.
        #[arg(long)]
        owner: Option<String>,
        /// Change it only if it is still this version (`etag` of `asset show`).
        #[arg(long)]
        etag: Option<String>,
    },
    /// Show the versions of an asset, newest first.
    History {
        /// Id or qualified name.
        asset: String,
    },
}

/// Kinds of assets.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AssetKindArg {
    /// A governed source.
    Source,
    /// A database.
    Database,
    /// A schema.
    Schema,
    /// A table.
    Table,
    /// A view.
    View,
    /// A column.
    Column,
}

/// What to do with findings.
#[derive(Subcommand, Debug)]
pub(crate) enum FindingCommand {
    /// List findings by source and path.
    List {
        /// Only findings of this source.
        #[arg(long, value_name = "SOURCE")]
        source: Option<String>,
        /// Only findings with this label.
        #[arg(long)]
        label: Option<String>,
        /// Only findings in this state.
        #[arg(long, value_enum)]
        state: Option<FindingStateArg>,
    },
    /// Show a finding with its evidence.
    Show {
        /// Id of the finding.
        finding: String,
    },
    /// Accept a finding: its label stays.
    Accept {
        /// Id of the finding.
        finding: String,
        /// Why; no values of the column.
        #[arg(long)]
        note: Option<String>,
    },
    /// Reject a finding: it gives no label, also after other scans.
    Reject {
        /// Id of the finding.
        finding: String,
        /// Why; no values of the column.
        #[arg(long)]
        note: Option<String>,
    },
    /// Take a decision back; the engine's advice applies again.
    Clear {
        /// Id of the finding.
        finding: String,
    },
}

/// States of findings.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FindingStateArg {
    /// The engine is certain.
    Applied,
    /// Waits for a decision.
    Review,
    /// A person accepted it.
    Accepted,
    /// A person rejected it.
    Rejected,
    /// Not found any more.
    Gone,
}

/// What to do with the audit log.
#[derive(Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// List records, newest first.
    List {
        /// Only records of this subject, user:ann.
        #[arg(long)]
        subject: Option<String>,
        /// Only records of this resource.
        #[arg(long)]
        resource: Option<String>,
        /// Only refusals.
        #[arg(long)]
        denied: bool,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
    /// Recompute the whole log and compare it with itself and with a checkpoint kept from earlier.
    Verify {
        /// A file that `audit checkpoint` wrote.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// Read the data directory itself instead of asking the instance.
        #[arg(long)]
        offline: bool,
    },
    /// Write a signed checkpoint to FILE, or print it. Keep it elsewhere.
    Checkpoint {
        /// File to write.
        file: Option<PathBuf>,
    },
}

/// What to do with tokens.
#[derive(Subcommand, Debug)]
pub(crate) enum TokenCommand {
    /// Make a token; its secret is shown this once.
    Create {
        /// Who it is for: ann or user:ann.
        subject: String,
        /// Roles to give as well (repeatable): admin, steward, viewer.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// What it is for.
        #[arg(long, default_value = "")]
        description: String,
        /// Life: 30d, 12h [default: 90d].
        #[arg(long, value_name = "TIME", value_parser = crate::config::parse_duration)]
        ttl: Option<std::time::Duration>,
        /// Write the secret to this new file (0600) instead of standard output.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// List tokens, without their secrets.
    List,
    /// Revoke a token; the next call with it is refused.
    Revoke {
        /// Id of the token.
        token: String,
    },
}

/// Options of `sample`.
#[derive(Args, Debug)]
pub(crate) struct SampleArgs {
    /// Folder for the databases; made when it is missing.
    pub(crate) dir: PathBuf,
    /// Equal seeds give equal databases.
    #[arg(long, default_value_t = crate::sample::DEFAULT_SEED)]
    pub(crate) seed: u64,
}
