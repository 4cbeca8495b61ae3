//! The engine: prepared once, asked many times.

use crate::catalogue::{self, InfoType};
use crate::input::{ColumnInput, TableMeta};
use crate::judgement::{Judgement, Span};
use crate::naming::{Hint, Lexicon, Tokens, table_kind};
use crate::scoring::{self, Candidates, Column, ColumnType, Context};
use crate::taxonomy::Label;
use crate::values::Cell;
use crate::values::Profile;
use crate::vocabulary::Vocabulary;
use crate::{
    evidence,
    evidence::RuleIndex,
    spans::{Inspection, Inspector},
};
use std::collections::HashMap;

/// Version of engine and catalogue; changes whenever a verdict can.
pub(crate) const VERSION: &str = "detect-2";

/// Nats of a name from which it names a type in the middle of a text.
const NAMING: f64 = 4.5;

/// The detection engine. Building it compiles patterns and indexes vocabularies; it holds no state between
/// calls, and one value serves all threads.
pub struct Engine {
    lexicon: Lexicon,
    types: Vec<InfoType>,
    by_id: HashMap<&'static str, usize>,
    inspector: Inspector,
    vocabulary: Vocabulary,
    rules: RuleIndex,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// Builds the engine.
    pub fn new() -> Self {
        let types = catalogue::all();
        let by_id = types.iter().enumerate().map(|(i, t)| (t.id, i)).collect();
        Self {
            lexicon: Lexicon::new(),
            types,
            by_id,
            inspector: Inspector::new(),
            vocabulary: Vocabulary::new(),
            rules: RuleIndex::new(),
        }
    }

    /// Version of engine and catalogue, such as `detect-2`.
    pub fn version(&self) -> &'static str {
        VERSION
    }

    /// Every type of the catalogue.
    pub fn infotypes(&self) -> &[InfoType] {
        &self.types
    }

    /// One verdict for each column, in their order. Looks at the whole table, because neighbours are
    /// evidence. Deterministic; the order of values does not matter.
    pub fn judge_table(&self, table: &TableMeta<'_>, columns: &[ColumnInput<'_>]) -> Vec<Judgement> {
        let tokens = Tokens::of(table.table);
        let context = Context {
            kind: table_kind(&tokens),
            tokens,
            columns: columns.iter().map(|column| self.prepare(*column)).collect(),
        };
        let mut looks: Vec<Candidates> = (0..columns.len())
            .map(|index| self.first_look(&context, index))
            .collect();
        let seen = evidence::Seen::of(&looks);
        looks
            .iter_mut()
            .enumerate()
            .for_each(|(index, candidates)| seen.second_look(self, &context, index, candidates));
        looks
            .into_iter()
            .enumerate()
            .map(|(index, mut candidates)| {
                let column = &context.columns[index];
                let against = evidence::counter(&context, index, &mut candidates);
                let mut findings = scoring::decide(candidates, column.has_values(), column.profile.filled);
                evidence::contained(self, column, &mut findings);
                Judgement {
                    findings,
                    against,
                    sampled_rows: column.profile.rows,
                    non_null: column.profile.non_null,
                    engine_version: VERSION,
                }
            })
            .collect()
    }

    /// Personal data in a text, in order, without overlaps.
    pub fn inspect(&self, text: &str) -> Vec<Span> {
        self.look_through(text).spans
    }

    pub(crate) fn look_through(&self, text: &str) -> Inspection {
        self.inspector.inspect(self, text)
    }

    /// Whether words beside a value name its type or another of the same label.
    pub(crate) fn is_called(&self, words: &str, label: Label) -> bool {
        self.labelled(self.lexicon.hints(&Tokens::of(words)))
            .iter()
            .any(|(hint, called)| *called == label && hint.qualifier.is_none() && hint.weight >= NAMING)
    }

    /// Whether a value passes the check rule of a type, separators aside; `None` when the type has no rule.
    pub fn validates(&self, infotype: &str, value: &str) -> Option<bool> {
        catalogue::countries::rules().find(|rule| rule.id == infotype)?;
        Some(
            Cell::of(value.as_bytes())
                .is_some_and(|cell| self.rules.passing(&cell).any(|rule| rule.id == infotype)),
        )
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(crate) fn rules(&self) -> &RuleIndex {
        &self.rules
    }

    /// The type with this id.
    pub(crate) fn entry(&self, id: &str) -> Option<InfoType> {
        self.by_id.get(id).map(|&i| self.types[i])
    }

    fn prepare<'a>(&self, input: ColumnInput<'a>) -> Column<'a> {
        let tokens = Tokens::of(input.name);
        let hints = self.labelled(self.lexicon.hints(&tokens));
        let comment_hints = input
            .comment
            .map(|comment| self.labelled(self.lexicon.hints(&Tokens::of(comment))))
            .unwrap_or_default();
        Column {
            tokens,
            hints,
            comment_hints,
            column_type: ColumnType::of(input.declared_type),
            profile: Profile::of(input.values),
            input,
        }
    }

    fn labelled(&self, hints: Vec<Hint>) -> Vec<(Hint, Label)> {
        hints
            .into_iter()
            .filter_map(|hint| {
                let label = self.entry(hint.infotype)?.label;
                Some((hint, label))
            })
            .collect()
    }

    /// Candidates of one column by its own names and values.
    fn first_look(&self, context: &Context<'_>, index: usize) -> Candidates {
        let mut candidates = Candidates::default();
        evidence::from_names(self, context, index, &mut candidates);
        evidence::from_values(self, context, index, &mut candidates);
        candidates
    }
}
