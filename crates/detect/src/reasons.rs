//! Every sentence that evidence can say.
//!
//! A sentence is made of fixed words, counts, ids of our own catalogue and identifiers of the schema, never
//! of a value: [`Reason`] has no field that could hold one. [`Identifier`] is made from names of tables and
//! columns only, which may leave a site.

use std::fmt;

/// A name of the source's schema, or a word of one, bounded in length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// Longest identifier that is shown whole.
    const LIMIT: usize = 80;

    /// Takes a name of a table or column, or words of it. Callers pass schema names, nothing else.
    pub(crate) fn of_schema(name: &str) -> Self {
        Self(
            name.chars()
                .filter(|c| !c.is_control())
                .take(Self::LIMIT)
                .collect(),
        )
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a piece of evidence counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Values pass a computed check.
    Checksum {
        /// Id of the type.
        infotype: &'static str,
        /// Passing.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// Values have the shape.
    Format {
        /// Id of the type.
        infotype: &'static str,
        /// Matching.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// Values stand in a closed vocabulary or list of names.
    Dictionary {
        /// Id of the type.
        infotype: &'static str,
        /// Matching.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// Personal data occur inside longer text.
    Spans {
        /// Label of the spans.
        label: &'static str,
        /// Values with a span.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// The column's name says so.
    ColumnName {
        /// The words that matched.
        words: Identifier,
    },
    /// The column's name has a word that makes it a fact about the thing, not the thing.
    NameQualifier {
        /// The word.
        word: Identifier,
    },
    /// The comment says so.
    Comment,
    /// The declared type cannot hold it.
    TypeExcludes,
    /// The declared type fits.
    TypeFits,
    /// The table's name says so.
    TableName {
        /// The words that matched.
        words: Identifier,
    },
    /// Other columns of the table make it likely.
    Neighbours {
        /// The neighbour that counts most.
        column: Identifier,
    },
    /// It is a key.
    Key,
    /// It refers to another table.
    Reference {
        /// That table.
        table: Identifier,
    },
    /// Values do not look like it.
    ValuesContradict {
        /// Not matching.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// Values are of a harmless kind.
    Harmless {
        /// Which, in words.
        kind: &'static str,
        /// Matching.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// Nothing was read: names decide, and confidence is capped.
    NameOnly,
    /// Distribution of the values.
    Distribution {
        /// What about it, in words.
        what: &'static str,
        /// Matching.
        support: u64,
        /// Examined.
        total: u64,
    },
    /// How rare the type is.
    Prior,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Checksum {
                infotype,
                support,
                total,
            } => {
                write!(f, "{support} of {total} values pass the check of {infotype}")
            }
            Reason::Format {
                infotype,
                support,
                total,
            } => {
                write!(f, "{support} of {total} values have the shape of {infotype}")
            }
            Reason::Dictionary {
                infotype,
                support,
                total,
            } => {
                write!(
                    f,
                    "{support} of {total} values stand in the vocabulary of {infotype}"
                )
            }
            Reason::Spans {
                label,
                support,
                total,
            } => {
                write!(f, "{support} of {total} texts hold {label}")
            }
            Reason::ColumnName { words } => write!(f, "the column's name says \"{words}\""),
            Reason::NameQualifier { word } => write!(
                f,
                "\"{word}\" in the column's name makes it a fact about the thing, not the thing"
            ),
            Reason::Comment => f.write_str("the column's comment says so"),
            Reason::TypeExcludes => f.write_str("the declared type cannot hold it"),
            Reason::TypeFits => f.write_str("the declared type fits"),
            Reason::TableName { words } => write!(f, "the table's name says \"{words}\""),
            Reason::Neighbours { column } => {
                write!(f, "it stands beside the column \"{column}\"")
            }
            Reason::Key => f.write_str("it is a key of the table"),
            Reason::Reference { table } => write!(f, "it refers to the table \"{table}\""),
            Reason::ValuesContradict { support, total } => {
                write!(f, "{support} of {total} values do not look like it")
            }
            Reason::Harmless { kind, support, total } => {
                write!(f, "{support} of {total} values are {kind}")
            }
            Reason::NameOnly => f.write_str("no values were read: judged by names alone"),
            Reason::Distribution { what, support, total } => {
                write!(f, "{what} ({support} of {total} values)")
            }
            Reason::Prior => f.write_str("how common the type is in databases"),
        }
    }
}
