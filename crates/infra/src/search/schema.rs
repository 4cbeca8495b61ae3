//! Fields of the index. A change here, in `text.rs` or in what `document` writes raises [`VERSION`], and
//! every index of another version is thrown away and rebuilt.

use std::ops::Bound;

use datawave_core::{Failure, TenantId};
use tantivy::TantivyDocument;
use tantivy::Term;
use tantivy::schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

use super::Document;
use super::text::{self, Splitter};

/// Version of everything that decides what is in the index.
pub(super) const VERSION: u32 = 1;

const WORDS: &str = "datawave_words";
const PAIRS: &str = "datawave_pairs";

/// Handles of the fields.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    /// Tenant and id together: what upserts and deletes address.
    pub(super) key: Field,
    /// Tenant, a clause of every query.
    pub(super) tenant: Field,
    /// Folded name and aliases, each one term.
    pub(super) names: Field,
    /// Words of names, aliases and text.
    pub(super) words: Field,
    /// Pairs of letters of the name.
    pub(super) pairs: Field,
    /// `field NUL value`.
    pub(super) filters: Field,
    /// Folded name, NUL, id: the order of hits in one tier, and where the id is read from.
    pub(super) order: Field,
}

/// The name of the field that orders hits.
pub(super) const ORDER: &str = "order";

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let split_by = |tokenizer: &str, record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_fieldnorms(false)
                .set_index_option(record),
        )
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        tenant: builder.add_text_field("tenant", STRING),
        names: builder.add_text_field("names", STRING),
        words: builder.add_text_field("words", split_by(WORDS, IndexRecordOption::Basic)),
        pairs: builder.add_text_field("pairs", split_by(PAIRS, IndexRecordOption::WithFreqsAndPositions)),
        filters: builder.add_text_field("filters", STRING),
        order: builder.add_text_field(ORDER, STRING | FAST),
    };
    (builder.build(), fields)
}

/// The splitters under the names that the schema uses.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(WORDS, TextAnalyzer::from(Splitter(text::words)));
    tokenizers.register(PAIRS, TextAnalyzer::from(Splitter(text::pairs)));
    tokenizers
}

/// Refuses ids that could be mistaken for another one inside a key.
pub(super) fn check_id(id: &str) -> Result<(), Failure> {
    if (1..=256).contains(&id.len()) && !id.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Failure::invalid(
        "id",
        "must be 1 to 256 bytes without control characters",
    ))
}

impl Fields {
    /// The index's form of `document`.
    pub(super) fn document(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        out.add_text(self.key, key(&document.tenant, &document.id));
        out.add_text(self.tenant, document.tenant.as_str());
        out.add_text(self.order, order(&text::folded(&document.name), &document.id));
        out.add_text(self.pairs, text::bounded(&document.name));
        for name in std::iter::once(&document.name).chain(&document.aliases) {
            out.add_text(self.names, text::folded(name));
            out.add_text(self.words, text::bounded(name));
        }
        out.add_text(self.words, text::bounded(&document.text));
        for (field, value) in &document.filters {
            out.add_text(self.filters, filter(field, value));
        }
        out
    }

    /// The term that addresses one document.
    pub(super) fn key_term(&self, tenant: &TenantId, id: &str) -> Term {
        Term::from_field_text(self.key, &key(tenant, id))
    }
}

fn key(tenant: &TenantId, id: &str) -> String {
    format!("{tenant}\0{id}")
}

/// The filter term of `field` with `value`. Field names are ours and hold no NUL.
pub(super) fn filter(field: &str, value: &str) -> String {
    // Bounded like names: a longer value is cut in documents and in queries alike.
    format!("{field}\0{}", value.chars().take(1024).collect::<String>())
}

/// The sort key of a document in its tier.
pub(super) fn order(folded_name: &str, id: &str) -> String {
    format!("{folded_name}\0{id}")
}

/// The id in a sort key; ids hold no NUL, names may.
pub(super) fn id_in_order(order: &str) -> &str {
    order.rsplit_once('\0').map_or(order, |(_, id)| id)
}

/// All terms of `field` that begin with `prefix`.
pub(super) fn prefix_range(field: Field, prefix: &str) -> (Bound<Term>, Bound<Term>) {
    let mut end = prefix.as_bytes().to_vec();
    // UTF-8 holds no byte 0xFF, so the last byte can always be raised.
    let upper = match end.last_mut() {
        Some(last) => {
            *last += 1;
            let mut term = Term::from_field_text(field, "");
            term.append_bytes(&end);
            Bound::Excluded(term)
        }
        None => Bound::Unbounded,
    };
    (Bound::Included(Term::from_field_text(field, prefix)), upper)
}
