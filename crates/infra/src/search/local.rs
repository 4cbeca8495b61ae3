//! The index in a directory of this machine: tantivy with one small writer.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use datawave_core::{Failure, Reason};
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexReader, IndexWriter, Order, ReloadPolicy, TantivyError};

use super::query::{Plan, Position};
use super::schema::{self, Fields, VERSION};
use super::{Hit, IndexBatch, MAX_HITS, SearchIndex, SearchPage, SearchQuery};
use crate::files;

/// Memory that one batch may take before it is written out; the least that tantivy accepts.
const WRITER_BYTES: usize = 15_000_000;

/// What each commit carries beside the documents.
#[derive(Serialize, Deserialize)]
struct Payload {
    schema: u32,
    revision: u64,
}

/// A search index on disk. One process at a time; clones share it.
#[derive(Clone)]
pub struct LocalIndex {
    inner: Arc<Inner>,
}

struct Inner {
    fields: Fields,
    reader: IndexReader,
    state: Mutex<State>,
}

struct State {
    writer: IndexWriter,
    revision: u64,
}

impl LocalIndex {
    /// Opens the index in `dir` (made with mode 0700). Every file is compared with its checksum; an index
    /// that is damaged, or of another version, is removed and an empty one made, which has revision 0.
    ///
    /// Errors: `DATA_DIRECTORY_BUSY` when another process has it open, `CONFIG_INVALID` when the directory holds
    /// something else, `DEPENDENCY_UNAVAILABLE`.
    pub async fn open(dir: impl Into<PathBuf>) -> Result<Self, Failure> {
        let dir = dir.into();
        let existing = {
            let dir = dir.clone();
            blocking(move || open_existing(&dir)).await
        };
        match existing {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => {}
            Err(failure) if failure.reason() == Reason::StoreCorrupt => {
                tracing::warn!(
                    dir = %dir.display(),
                    cause = failure.source_chain(),
                    "search index is damaged or of another version, it is rebuilt"
                );
            }
            Err(failure) => return Err(failure),
        }
        blocking(move || create(&dir)).await
    }
}

fn open_existing(dir: &Path) -> Result<Option<LocalIndex>, Failure> {
    if !dir.join("meta.json").try_exists().map_err(unusable)? {
        return Ok(None);
    }
    let (expected, fields) = schema::schema();
    let mut index = Index::open_in_dir(dir).map_err(failure)?;
    let payload = index.load_metas().map_err(failure)?.payload.unwrap_or_default();
    let Ok(Payload { schema, revision }) = serde_json::from_str(&payload) else {
        return Err(damaged("no revision is stored with the index"));
    };
    if schema != VERSION || index.schema() != expected {
        return Err(damaged(format!("version {schema}, not {VERSION}")));
    }
    let wrong = index.validate_checksum().map_err(failure)?;
    if !wrong.is_empty() {
        return Err(damaged(format!(
            "{} files do not match their checksum",
            wrong.len()
        )));
    }
    index.set_tokenizers(schema::tokenizers());
    start(index, fields, revision).map(Some)
}

/// Removes the files of an index, but nothing of a directory that holds something else: a wrong path in a
/// configuration must not cost anybody's files.
fn wipe(dir: &Path) -> Result<(), Failure> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(unusable)?;
    let is_mark = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name == "meta.json" || name == ".managed.json" || name.starts_with(".tantivy-")
    };
    // What shows that this is an index goes last, so that a crash in between does not make it something else.
    entries.sort_by_key(is_mark);
    let is_index = entries.last().is_some_and(is_mark);
    if !entries.is_empty() && !is_index {
        return Err(Failure::new(
            Reason::ConfigInvalid,
            format!("{} is not empty and holds no search index", dir.display()),
        )
        .with_remedy("name a directory that does not exist or is empty"));
    }
    entries.iter().try_for_each(fs::remove_file).map_err(unusable)
}

/// Makes an empty index in place of what is there.
fn create(dir: &Path) -> Result<LocalIndex, Failure> {
    files::create_private_dir(dir).map_err(unusable)?;
    wipe(dir)?;
    let (schema, fields) = schema::schema();
    let mut index = Index::create_in_dir(dir, schema).map_err(failure)?;
    index.set_tokenizers(schema::tokenizers());
    let made = start(index, fields, 0)?;
    commit(&mut made.inner.lock(), 0)?;
    Ok(made)
}

fn start(index: Index, fields: Fields, revision: u64) -> Result<LocalIndex, Failure> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(WRITER_BYTES)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options).map_err(failure)?;
    let reader = index
        .reader_builder()
        // Reloaded by `apply`, so that what was applied is seen by the next search.
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .map_err(failure)?;
    Ok(LocalIndex {
        inner: Arc::new(Inner {
            fields,
            reader,
            state: Mutex::new(State { writer, revision }),
        }),
    })
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it was held leaves documents that were not committed; `apply` begins by rolling back.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, batch: &IndexBatch) -> Result<(), Failure> {
        let ids = batch.deletes.iter().map(|(_, id)| id);
        ids.chain(batch.upserts.iter().map(|document| &document.id))
            .try_for_each(|id| schema::check_id(id))?;
        let mut state = self.lock();
        if batch.revision <= state.revision {
            return Ok(());
        }
        let written = (|| {
            for (tenant, id) in &batch.deletes {
                state.writer.delete_term(self.fields.key_term(tenant, id));
            }
            for document in &batch.upserts {
                state
                    .writer
                    .delete_term(self.fields.key_term(&document.tenant, &document.id));
                state
                    .writer
                    .add_document(self.fields.document(document))
                    .map_err(failure)?;
            }
            commit(&mut state, batch.revision)
        })();
        if written.is_err() {
            // Without this, half of the batch would become visible with the next one.
            state.writer.rollback().map_err(failure)?;
        }
        written?;
        self.reader.reload().map_err(failure)
    }

    fn clear(&self) -> Result<(), Failure> {
        let mut state = self.lock();
        state.writer.delete_all_documents().map_err(failure)?;
        commit(&mut state, 0)?;
        self.reader.reload().map_err(failure)
    }

    fn search(&self, query: &SearchQuery) -> Result<SearchPage, Failure> {
        let limit = query.limit.clamp(1, MAX_HITS);
        let after = query.after.as_deref().map(Position::decode).transpose()?;
        let plan = Plan::new(self.fields, query);
        let searcher = self.reader.searcher();
        let mut hits = Vec::new();
        let mut last = None;
        for (tier, tier_query) in plan.queries(after.as_ref()) {
            // One more than asked for tells whether there is a next page.
            let wanted = limit + 1 - hits.len();
            if wanted == 0 {
                break;
            }
            let collector = TopDocs::with_limit(wanted).order_by_string_fast_field(schema::ORDER, Order::Asc);
            for (order, _) in searcher.search(&tier_query, &collector).map_err(failure)? {
                let order = order.ok_or_else(|| damaged("a document has no name"))?;
                hits.push(Hit {
                    id: schema::id_in_order(&order).to_owned(),
                    matched: tier,
                });
                if hits.len() == limit {
                    last = Some(Position { tier, order });
                }
            }
        }
        let more = hits.len() > limit;
        hits.truncate(limit);
        Ok(SearchPage {
            hits,
            next: last.filter(|_| more).map(|position| position.encode()),
        })
    }
}

fn commit(state: &mut State, revision: u64) -> Result<(), Failure> {
    let payload = serde_json::to_string(&Payload {
        schema: VERSION,
        revision,
    })
    .map_err(Failure::internal)?;
    let mut prepared = state.writer.prepare_commit().map_err(failure)?;
    prepared.set_payload(&payload);
    prepared.commit().map_err(failure)?;
    state.revision = revision;
    Ok(())
}

#[async_trait]
impl SearchIndex for LocalIndex {
    async fn apply(&self, batch: IndexBatch) -> Result<(), Failure> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.apply(&batch)).await
    }

    async fn search(&self, query: SearchQuery) -> Result<SearchPage, Failure> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.search(&query)).await
    }

    async fn last_revision(&self) -> Result<u64, Failure> {
        let inner = Arc::clone(&self.inner);
        blocking(move || Ok(inner.lock().revision)).await
    }

    async fn clear(&self) -> Result<(), Failure> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.clear()).await
    }
}

/// Runs index work off the async threads. tantivy panics on some damaged files; that is damage too.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) if stopped.is_panic() => Err(damaged("reading it failed").with_source(stopped)),
        Err(stopped) => Err(Failure::internal(stopped)),
    }
}

fn failure(error: TantivyError) -> Failure {
    match error {
        TantivyError::LockFailure(..) => Failure::new(
            Reason::DataDirectoryBusy,
            "another process has the search index open",
        )
        .with_remedy("stop the other process, or use another data directory")
        .with_source(error),
        TantivyError::IoError(_) | TantivyError::OpenWriteError(_) | TantivyError::ErrorInThread(_) => {
            unusable(error)
        }
        TantivyError::DataCorruption(_)
        | TantivyError::OpenReadError(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::DeserializeError(_) => damaged("reading it failed").with_source(error),
        other => Failure::internal(other),
    }
}

fn damaged(why: impl Into<String>) -> Failure {
    Failure::new(
        Reason::StoreCorrupt,
        "the search index is damaged or of another version",
    )
    .with_remedy("start the process again: the index is derived data and is rebuilt")
    .with_source(why.into())
}

fn unusable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::new(Reason::DependencyUnavailable, "the search index cannot be used")
        .with_remedy("check free space, the disk and the rights of the data directory")
        .with_source(error)
}
