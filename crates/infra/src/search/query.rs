//! A search as up to four index queries, one per tier, best tier first.

use std::ops::Bound;

use datawave_core::{Failure, TenantId};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::{self, Fields};
use super::text;
use super::{Filter, Match, SearchQuery};

/// Longer text is cut before it is split into words.
const MAX_QUERY_CHARS: usize = 256;

/// Where a page ends: tier and sort key of its last hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) tier: Match,
    pub(super) order: String,
}

impl Position {
    pub(super) fn encode(&self) -> String {
        let tier = match self.tier {
            Match::Exact => 'e',
            Match::Prefix => 'p',
            Match::Word => 'w',
            Match::Part => 's',
        };
        format!("{tier}{}", self.order)
    }

    pub(super) fn decode(text: &str) -> Result<Self, Failure> {
        let mut characters = text.chars();
        let tier = match characters.next() {
            Some('e') => Match::Exact,
            Some('p') => Match::Prefix,
            Some('w') => Match::Word,
            Some('s') => Match::Part,
            _ => {
                return Err(Failure::invalid(
                    "after",
                    "is no position in a search; begin again without it",
                ));
            }
        };
        Ok(Self {
            tier,
            order: characters.as_str().to_owned(),
        })
    }
}

/// The tiers of one search.
pub(super) struct Plan {
    fields: Fields,
    tenant: TenantId,
    filters: Vec<Filter>,
    tiers: Vec<(Match, Box<dyn Query>)>,
}

impl Plan {
    pub(super) fn new(fields: Fields, query: &SearchQuery) -> Self {
        let folded = text::folded(&query.text);
        let mut tiers: Vec<(Match, Box<dyn Query>)> = Vec::new();
        if folded.is_empty() {
            tiers.push((Match::Part, Box::new(AllQuery)));
        } else {
            tiers.push((Match::Exact, term(fields.names, &folded)));
            tiers.push((Match::Prefix, begins_with(fields.names, &folded)));
            let readings = readings(&query.text);
            if !query.prefix && !readings.is_empty() {
                let word = |word: &String| term(fields.words, word);
                let part = |word: &String| part(fields, word);
                tiers.push((
                    Match::Word,
                    any(readings.iter().map(|words| all(words.iter().map(word)))),
                ));
                tiers.push((
                    Match::Part,
                    any(readings.iter().map(|words| all(words.iter().map(part)))),
                ));
            }
        }
        Self {
            fields,
            tenant: query.tenant.clone(),
            filters: query.filters.clone(),
            tiers,
        }
    }

    /// The queries to run one after another: what is in a better tier is left out of the later ones, and so
    /// is everything up to `after`.
    pub(super) fn queries(&self, after: Option<&Position>) -> Vec<(Match, BooleanQuery)> {
        let first = after.map_or(Match::Exact, |position| position.tier);
        self.tiers
            .iter()
            .enumerate()
            .filter(|(_, (tier, _))| *tier >= first)
            .map(|(index, (tier, query))| {
                let mut clauses = self.always();
                clauses.push((Occur::Must, query.box_clone()));
                for (_, better) in &self.tiers[..index] {
                    clauses.push((Occur::MustNot, better.box_clone()));
                }
                if let Some(position) = after.filter(|position| position.tier == *tier) {
                    let lower = Term::from_field_text(self.fields.order, &position.order);
                    clauses.push((
                        Occur::Must,
                        Box::new(RangeQuery::new(Bound::Excluded(lower), Bound::Unbounded)),
                    ));
                }
                (*tier, BooleanQuery::new(clauses))
            })
            .collect()
    }

    /// Tenant and filters: clauses of every query.
    fn always(&self) -> Vec<(Occur, Box<dyn Query>)> {
        let mut clauses = vec![(Occur::Must, term(self.fields.tenant, self.tenant.as_str()))];
        for filter in &self.filters {
            let accepted: Vec<Term> = filter
                .any_of
                .iter()
                .map(|value| {
                    Term::from_field_text(self.fields.filters, &schema::filter(&filter.field, value))
                })
                .collect();
            let clause: Box<dyn Query> = match accepted.is_empty() {
                true => Box::new(EmptyQuery),
                false => Box::new(TermSetQuery::new(accepted)),
            };
            clauses.push((Occur::Must, clause));
        }
        clauses
    }
}

/// The words of the typed text, once split at changes of case (`BirthDate`) and once not (`eMail`).
fn readings(text: &str) -> Vec<Vec<String>> {
    let text: String = text.chars().take(MAX_QUERY_CHARS).collect();
    let mut readings = vec![text::words(&text), text::words(&text.to_lowercase())];
    readings.dedup();
    readings.retain(|words| !words.is_empty());
    readings
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::Basic,
    ))
}

fn begins_with(field: Field, prefix: &str) -> Box<dyn Query> {
    let (lower, upper) = schema::prefix_range(field, prefix);
    Box::new(InvertedIndexRangeQuery::new(lower, upper))
}

fn any(queries: impl Iterator<Item = Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::union(queries.collect()))
}

fn all(queries: impl Iterator<Item = Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(queries.collect()))
}

/// `word` is part of the name, or begins one of the words.
fn part(fields: Fields, word: &str) -> Box<dyn Query> {
    let begins = begins_with(fields.words, word);
    let pairs: Vec<Term> = text::pairs(word)
        .iter()
        .map(|pair| Term::from_field_text(fields.pairs, pair))
        .collect();
    let contains: Box<dyn Query> = match pairs.len() {
        0 => return begins,
        1 => Box::new(TermQuery::new(pairs[0].clone(), IndexRecordOption::Basic)),
        _ => Box::new(PhraseQuery::new(pairs)),
    };
    Box::new(BooleanQuery::union(vec![begins, contains]))
}
