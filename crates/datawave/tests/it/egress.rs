//! Canaries: values that a scan reads and that must be in no store, log, span, metric or output afterwards,
//! however they are encoded or compressed there. A planted leak of each kind shows that the search can find one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use base64_of::forms;
use serde_json::Value;

use crate::process::{Place, database};

/// Stands twice in every canary, at its beginning and its end, so that a piece of one is found as well.
const MARK: &str = "qzvkxw7j";
const CANARIES: usize = 5_000;

fn canary(number: usize) -> String {
    format!("{MARK}{number:06x}{MARK}")
}

mod base64_of {
    /// Every form in which a search looks for `mark`: as it is, reversed, hexadecimal, base64 at its three
    /// offsets, UTF-16 in both orders.
    pub(super) fn forms(mark: &str) -> Vec<Vec<u8>> {
        let bytes = mark.as_bytes();
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let mut out = vec![
            bytes.to_vec(),
            bytes.iter().rev().copied().collect(),
            hex.into_bytes(),
        ];
        for offset in 0..3 {
            let mut padded = vec![0; offset];
            padded.extend_from_slice(bytes);
            // Only whole groups of four characters that depend on the mark alone.
            let encoded = encode(&padded);
            let first = if offset == 0 { 0 } else { 4 };
            out.push(encoded.as_bytes()[first..encoded.len() / 4 * 4 - 4].to_vec());
        }
        out.push(mark.encode_utf16().flat_map(u16::to_le_bytes).collect());
        out.push(mark.encode_utf16().flat_map(u16::to_be_bytes).collect());
        out
    }

    pub(super) fn encode(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for group in bytes.chunks(3) {
            let word = group.iter().fold(0_u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - group.len()));
            for place in 0..4 {
                let digit = DIGITS[(word >> (18 - 6 * place) & 63) as usize] as char;
                out.push(if place > group.len() { '=' } else { digit });
            }
        }
        out
    }
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    let folded = |b: u8| b.to_ascii_lowercase();
    needle.len() <= haystack.len()
        && haystack
            .windows(needle.len())
            .any(|w| w.iter().zip(needle).all(|(a, b)| folded(*a) == folded(*b)))
}

/// Where in `things` a canary is, in any form.
fn search(things: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let forms = forms(MARK);
    things
        .iter()
        .filter(|(_, bytes)| forms.iter().any(|form| holds(bytes, form)))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Every file below `dir`, and every document of search indexes in it: those are compressed on disk.
fn contents(dir: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents(&path, out);
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        out.insert(path.display().to_string(), bytes);
        if path.file_name().is_some_and(|n| n == "meta.json") {
            out.insert(format!("{} (documents)", dir.display()), documents(dir));
        }
    }
}

fn documents(dir: &Path) -> Vec<u8> {
    let index = tantivy::Index::open_in_dir(dir).unwrap();
    let reader = index.reader().unwrap().searcher();
    let mut out = Vec::new();
    for segment in reader.segment_readers() {
        let store = segment.get_store_reader(10).unwrap();
        for document in store.iter::<tantivy::TantivyDocument>(segment.alive_bitset()) {
            out.extend_from_slice(format!("{:?}\n", document.unwrap()).as_bytes());
        }
        for (field, entry) in index.schema().fields() {
            if !entry.is_indexed() {
                continue;
            }
            let inverted = segment.inverted_index(field).unwrap();
            let mut terms = inverted.terms().stream().unwrap();
            while terms.advance() {
                out.extend_from_slice(terms.key());
                out.push(b'\n');
            }
        }
    }
    out
}

/// Values, comments in views, defaults, checks, index predicates, and a view that fails with a value in the text
/// of its error.
fn canary_estate(path: &Path) {
    let mut statements = vec![
        format!(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, note TEXT DEFAULT '{}', state TEXT CHECK (state <> '{}'))",
            canary(900_001),
            canary(900_002)
        ),
        format!(
            "CREATE INDEX partial ON people (state) WHERE note <> '{}'",
            canary(900_003)
        ),
        format!(
            "CREATE VIEW secretive AS SELECT id, '{}' AS fixed FROM people",
            canary(900_004)
        ),
        format!(
            "CREATE VIEW failing AS SELECT json_extract('{}', '$.a') AS broken",
            canary(900_005)
        ),
        "CREATE TABLE kinds (plain TEXT, blob BLOB, json TEXT, number TEXT)".to_owned(),
    ];
    for chunk in (0..CANARIES / 5).collect::<Vec<_>>().chunks(100) {
        let people: Vec<String> = chunk
            .iter()
            .map(|i| {
                format!(
                    "({i}, '{}@example.org', 'call {} back', 'x')",
                    canary(i * 5),
                    canary(i * 5 + 1)
                )
            })
            .collect();
        statements.push(format!("INSERT INTO people VALUES {}", people.join(",")));
        let kinds: Vec<String> = chunk
            .iter()
            .map(|i| {
                format!(
                    "('{}', CAST('{}' AS BLOB), '{{\"a\": \"{}\"}}', '5')",
                    canary(i * 5 + 2),
                    canary(i * 5 + 3),
                    canary(i * 5 + 4)
                )
            })
            .collect();
        statements.push(format!("INSERT INTO kinds VALUES {}", kinds.join(",")));
    }
    database(path, &statements);
}

fn metrics(address: &str) -> Vec<u8> {
    let host = address
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut out = Vec::new();
    stream.read_to_end(&mut out).unwrap();
    out
}

/// Scans `url` with a server that tells everything it can tell, and collects all of it: outputs, log, spans,
/// metrics, and every file of the data directory.
fn everything_said_about(url: &str, place: &Place) -> (Vec<Value>, BTreeMap<String, Vec<u8>>) {
    let spans = collector::start();
    let mut server = place.start(&[
        "up",
        "--listen",
        "127.0.0.1:0",
        "--metrics",
        "127.0.0.1:0",
        "--otlp",
        &spans.endpoint,
        "-o",
        "json",
    ]);
    let mut ready = String::new();
    BufReader::new(server.0.stdout.take().unwrap())
        .read_line(&mut ready)
        .unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let log = server.0.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut out = Vec::new();
        let _ = BufReader::new(log).read_to_end(&mut out);
        out
    });

    let mut things = BTreeMap::new();
    let output = place.run(&["scan", url, "--rows", "2000", "-o", "jsonl"]);
    let lines = crate::process::parse(&output.stdout);
    for (name, arguments) in [
        ("findings", &["finding", "list", "-o", "json"][..]),
        ("assets", &["asset", "list", "-o", "yaml"]),
        ("search", &["asset", "search", "email", "-o", "json"]),
        ("audit", &["audit", "list", "-o", "json"]),
        ("scans", &["scan", "list", "-o", "json"]),
        ("table", &["finding", "list"]),
        ("doctor", &["doctor"]),
    ] {
        let output = place.run(arguments);
        things.insert(
            format!("output of {name}"),
            [output.stdout, output.stderr].concat(),
        );
    }
    things.insert(
        "output of scan".to_owned(),
        [output.stdout, output.stderr].concat(),
    );
    things.insert("metrics".to_owned(), metrics(ready["metrics"].as_str().unwrap()));
    let terminate = std::process::Command::new("kill")
        .arg(server.0.id().to_string())
        .status()
        .unwrap();
    assert!(terminate.success());
    server.0.wait().unwrap();
    things.insert("log".to_owned(), log.join().unwrap());
    things.insert("spans".to_owned(), spans.received());
    assert!(
        !things["spans"].is_empty(),
        "spans were exported, else their search proves nothing"
    );
    contents(&place.dir, &mut things);
    (lines, things)
}

/// Non-null values read of these columns.
fn read_of(lines: &[Value], columns: &[&str]) -> u64 {
    lines
        .iter()
        .filter(|l| ["people", "kinds"].contains(&l["table"].as_str().unwrap_or_default()))
        .filter(|l| columns.contains(&l["column"].as_str().unwrap_or_default()))
        .map(|l| l["non_null"].as_u64().unwrap())
        .sum()
}

fn finds_email(lines: &[Value]) -> bool {
    lines
        .iter()
        .any(|l| l["column"] == "email" && l["findings"][0]["label"] == "email")
}

#[test]
fn values_that_a_scan_of_sqlite_reads_are_nowhere_afterwards() {
    let place = Place::new();
    let file = place.beside("canaries.db");
    canary_estate(&file);
    let (lines, things) = everything_said_about(&format!("sqlite:{}", file.display()), &place);
    let read = read_of(&lines, &["email", "note", "plain", "blob", "json"]);
    assert_eq!(read, CANARIES as u64, "every canary was read: {lines:?}");
    assert!(finds_email(&lines), "and looked at");
    assert_eq!(search(&things), Vec::<String>::new());
}

/// Values, comments, defaults, enum labels, checks, partition bounds, view text, and a view whose error quotes a
/// value.
fn canary_statements() -> Vec<String> {
    let mut statements = vec![
        format!("CREATE TYPE mood AS ENUM ('{}', 'calm')", canary(900_006)),
        format!(
            "CREATE TABLE people (id int PRIMARY KEY, email text, note text DEFAULT '{}', mood mood, \
             CONSTRAINT c CHECK (note <> '{}'))",
            canary(900_001),
            canary(900_002)
        ),
        format!(
            "COMMENT ON TABLE people IS 'questions to {}@example.org'",
            canary(900_003)
        ),
        format!(
            "COMMENT ON COLUMN people.email IS 'such as {}@example.org'",
            canary(900_004)
        ),
        format!(
            "CREATE VIEW failing AS SELECT id, (email || '{}')::int AS broken FROM people",
            canary(900_005)
        ),
        "CREATE TABLE kinds (plain text, bytes bytea, doc jsonb)".to_owned(),
        "CREATE TABLE parted (k text) PARTITION BY LIST (k)".to_owned(),
        format!(
            "CREATE TABLE parted_one PARTITION OF parted FOR VALUES IN ('{}')",
            canary(900_007)
        ),
    ];
    for chunk in (0..CANARIES / 5).collect::<Vec<_>>().chunks(100) {
        let people: Vec<String> = chunk
            .iter()
            .map(|i| {
                format!(
                    "({i}, '{}@example.org', 'call {} back', 'calm')",
                    canary(i * 5),
                    canary(i * 5 + 1)
                )
            })
            .collect();
        statements.push(format!("INSERT INTO people VALUES {}", people.join(",")));
        let kinds: Vec<String> = chunk
            .iter()
            .map(|i| {
                format!(
                    "('{}', '{}'::bytea, '{{\"a\": \"{}\"}}')",
                    canary(i * 5 + 2),
                    canary(i * 5 + 3),
                    canary(i * 5 + 4)
                )
            })
            .collect();
        statements.push(format!("INSERT INTO kinds VALUES {}", kinds.join(",")));
    }
    statements
}

#[test]
fn values_comments_and_error_texts_of_postgresql_are_nowhere_after_a_scan() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let Some(url) = runtime.block_on(datawave_testkit::postgres()) else {
        return;
    };
    runtime.block_on(async {
        use sqlx::{Connection as _, Executor as _};
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        for statement in canary_statements() {
            connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
        connection.close().await.unwrap();
    });
    let place = Place::new();
    let (lines, things) = everything_said_about(&url, &place);
    let read = read_of(&lines, &["email", "note", "plain", "bytes", "doc"]);
    assert_eq!(read, CANARIES as u64, "every canary was read: {lines:?}");
    assert!(finds_email(&lines), "and looked at");
    let broken = lines.iter().find(|l| l["column"] == "broken").unwrap();
    assert_eq!(
        broken["status"], "failed",
        "the error with a value in it was met: {broken}"
    );
    let assets = String::from_utf8_lossy(&things["output of assets"]);
    assert!(
        assets.contains("questions to "),
        "comments arrive, without what they hold"
    );
    assert_eq!(search(&things), Vec::<String>::new());
}

#[test]
fn a_planted_leak_of_each_kind_is_found_by_the_same_search() {
    let place = Place::new();
    let planted = place.beside("planted");
    std::fs::create_dir(&planted).unwrap();
    database(
        &planted.join("rows.sqlite"),
        &[format!("CREATE TABLE t AS SELECT '{}' AS v", canary(1))],
    );
    plant_document(&planted.join("index"));
    let text = canary(2);
    let hex: String = text.bytes().map(|b| format!("{b:02X}")).collect();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut kinds: Vec<(String, Vec<u8>)> = vec![
        ("plain".into(), text.clone().into_bytes()),
        ("upper case".into(), text.to_ascii_uppercase().into_bytes()),
        ("reversed".into(), text.bytes().rev().collect()),
        ("hex".into(), hex.into_bytes()),
        ("utf-16".into(), utf16),
        ("a piece".into(), text.as_bytes()[3..].to_vec()),
    ];
    for shift in 0..3 {
        kinds.push((
            format!("base64 at {shift}"),
            base64_of::encode(format!("{}{text}", "-".repeat(shift)).as_bytes()).into_bytes(),
        ));
    }
    let mut leaks: BTreeMap<String, Vec<u8>> = kinds.into_iter().collect();
    contents(&planted, &mut leaks);
    let found = search(&leaks);
    for kind in leaks.keys().filter(|k| !k.contains("planted")) {
        assert!(found.contains(kind), "a leak as {kind} is not found");
    }
    assert!(found.iter().any(|f| f.ends_with("rows.sqlite")), "{found:?}");
    assert!(found.iter().any(|f| f.ends_with("(documents)")), "{found:?}");
}

/// An index with a canary in a stored and indexed field.
fn plant_document(dir: &Path) {
    use tantivy::schema::{STORED, STRING, Schema};
    std::fs::create_dir(dir).unwrap();
    let mut schema = Schema::builder();
    let field = schema.add_text_field("v", STRING | STORED);
    let index = tantivy::Index::create_in_dir(dir, schema.build()).unwrap();
    let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
    let filler = "filler ".repeat(200);
    writer
        .add_document(tantivy::doc!(field => format!("{filler}{}", canary(3))))
        .unwrap();
    writer.commit().unwrap();
}

/// A collector of spans that keeps what it is sent, in words.
mod collector {
    use std::sync::{Arc, Mutex};

    use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
        TraceService, TraceServiceServer,
    };
    use opentelemetry_proto::tonic::collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
    };
    use tonic::{Request, Response, Status};

    pub(super) struct Collector {
        pub(super) endpoint: String,
        spans: Arc<Mutex<Vec<u8>>>,
        _runtime: tokio::runtime::Runtime,
    }

    impl Collector {
        pub(super) fn received(&self) -> Vec<u8> {
            self.spans.lock().unwrap().clone()
        }
    }

    struct Keep(Arc<Mutex<Vec<u8>>>);

    #[tonic::async_trait]
    impl TraceService for Keep {
        async fn export(
            &self,
            request: Request<ExportTraceServiceRequest>,
        ) -> Result<Response<ExportTraceServiceResponse>, Status> {
            let text = format!("{:?}\n", request.into_inner());
            self.0.lock().unwrap().extend_from_slice(text.as_bytes());
            Ok(Response::new(ExportTraceServiceResponse {
                partial_success: None,
            }))
        }
    }

    pub(super) fn start() -> Collector {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let spans = Arc::new(Mutex::new(Vec::new()));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let service = TraceServiceServer::new(Keep(Arc::clone(&spans)));
        runtime.spawn(
            tonic::transport::Server::builder()
                .add_service(service)
                .serve_with_incoming(incoming),
        );
        Collector {
            endpoint,
            spans,
            _runtime: runtime,
        }
    }
}
