//! A table as seen by the judgement of one of its columns.

use super::ColumnType;
use crate::input::ColumnInput;
use crate::naming::{Hint, TableKind, Tokens};
use crate::taxonomy::Label;
use crate::values::Profile;

/// A column, prepared.
pub(crate) struct Column<'a> {
    /// As given.
    pub(crate) input: ColumnInput<'a>,
    /// Words of its name.
    pub(crate) tokens: Tokens,
    /// What they suggest, with the labels.
    pub(crate) hints: Vec<(Hint, Label)>,
    /// What words of the comment suggest.
    pub(crate) comment_hints: Vec<(Hint, Label)>,
    /// Declared type.
    pub(crate) column_type: ColumnType,
    /// Values.
    pub(crate) profile: Profile<'a>,
}

impl Column<'_> {
    /// Whether there are values to judge by.
    pub(crate) fn has_values(&self) -> bool {
        self.profile.filled > 0
    }

    /// The label that the name gives by itself, when nothing qualifies it.
    pub(crate) fn named(&self) -> Option<Label> {
        self.hints
            .first()
            .filter(|(hint, _)| hint.qualifier.is_none() && hint.weight >= 4.5)
            .map(|(_, label)| *label)
    }
}

/// The table.
pub(crate) struct Context<'a> {
    /// Words of its name.
    pub(crate) tokens: Tokens,
    /// What it is about.
    pub(crate) kind: TableKind,
    /// Its columns in order.
    pub(crate) columns: Vec<Column<'a>>,
}

impl<'a> Context<'a> {
    /// Whether another column is named as `label`; gives its name.
    pub(crate) fn neighbour(&self, of: usize, label: Label) -> Option<&'a str> {
        self.columns
            .iter()
            .enumerate()
            .find(|(i, c)| *i != of && c.named() == Some(label))
            .map(|(_, c)| c.input.name)
    }

    /// A neighbour that makes it a table of persons.
    pub(crate) fn person_neighbour(&self, of: usize) -> Option<&'a str> {
        [
            Label::DateOfBirth,
            Label::Gender,
            Label::NationalId,
            Label::PersonName,
            Label::Phone,
            Label::Email,
        ]
        .into_iter()
        .find_map(|label| self.neighbour(of, label))
    }
}
