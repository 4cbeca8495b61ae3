//! Search by name over derived documents, always inside one tenant.

mod local;
mod query;
mod schema;
mod text;

use async_trait::async_trait;
use datawave_core::{Failure, TenantId};

pub use local::LocalIndex;

/// The most hits of one search; more are asked for with `after`.
pub const MAX_HITS: usize = 1000;

/// What is indexed of one object. The object itself stays in its database; the index can be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Tenant that may find it.
    pub tenant: TenantId,
    /// Id that hits bring back; unique in the tenant. At most 256 bytes, no control characters.
    pub id: String,
    /// The name that people type: `customer_email`.
    pub name: String,
    /// Other full names that are as good as the name: `shop.public.customers.customer_email`.
    pub aliases: Vec<String>,
    /// Further text whose words should find the object: comments, labels.
    pub text: String,
    /// Values to filter by, as (field, value): `("kind", "column")`. A field may have several values.
    pub filters: Vec<(String, String)>,
}

/// Changes that become visible together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexBatch {
    /// Position of the batch in the owner's stream of changes. A batch at or below the last applied
    /// revision is a repetition and changes nothing.
    pub revision: u64,
    /// Documents to add or replace, by (tenant, id).
    pub upserts: Vec<Document>,
    /// Documents to remove, by (tenant, id). Missing is fine. Applied before the upserts.
    pub deletes: Vec<(TenantId, String)>,
}

/// Keeps documents that have one of `any_of` in `field`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Field name, as in [`Document::filters`].
    pub field: String,
    /// Accepted values; none accepted means no hits.
    pub any_of: Vec<String>,
}

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// Tenant to search in. There is no search over several.
    pub tenant: TenantId,
    /// What was typed. Empty: everything that the filters keep.
    pub text: String,
    /// All of them must hold.
    pub filters: Vec<Filter>,
    /// Only names (or aliases) that begin with `text`, ignoring case.
    pub prefix: bool,
    /// How many hits, 1 to [`MAX_HITS`]; others are moved to the nearest.
    pub limit: usize,
    /// `next` of the page before, to go on after it.
    pub after: Option<String>,
}

/// How a hit matches, best first. Hits are ordered by this, then by name, then by id: an order that does
/// not change when other documents come and go, so that paging neither repeats nor misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The whole name or an alias, ignoring case.
    Exact,
    /// The name or an alias begins with the text.
    Prefix,
    /// Every word of the text is a word of the name, an alias or the further text. Names are split at
    /// `_`, other signs, changes of case and between letters and digits.
    Word,
    /// Every word of the text is part of the name or begins a word.
    Part,
}

impl Match {
    /// From 1 (exact) downwards, for display.
    pub fn score(self) -> f32 {
        match self {
            Self::Exact => 1.0,
            Self::Prefix => 0.75,
            Self::Word => 0.5,
            Self::Part => 0.25,
        }
    }
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Id of the document.
    pub id: String,
    /// How it matched.
    pub matched: Match,
}

/// Hits, and how to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// Best first.
    pub hits: Vec<Hit>,
    /// Give it as `after` for the next page; `None` when this was the last one. It contains the name of the
    /// last hit and is not authenticated: what leaves the process wraps it in a page token.
    pub next: Option<String>,
}

/// An index of derived documents.
#[async_trait]
pub trait SearchIndex: Send + Sync + 'static {
    /// Applies `batch`; durable and visible to every later search when it returns.
    ///
    /// Errors: `INVALID_REQUEST` for an id that breaks its rule (nothing is applied),
    /// `DEPENDENCY_UNAVAILABLE` when the index cannot be written (repeat the batch).
    async fn apply(&self, batch: IndexBatch) -> Result<(), Failure>;

    /// Finds documents of the query's tenant.
    ///
    /// Errors: `INVALID_REQUEST` for a damaged `after`, `STORE_CORRUPT` when the index cannot be read; it is
    /// derived, so the owner clears and rebuilds it.
    async fn search(&self, query: SearchQuery) -> Result<SearchPage, Failure>;

    /// Revision of the newest applied batch; 0 for an empty index. An owner that is ahead sends what is
    /// missing, or everything when the index is at 0.
    async fn last_revision(&self) -> Result<u64, Failure>;

    /// Removes everything and goes back to revision 0.
    async fn clear(&self) -> Result<(), Failure>;
}
