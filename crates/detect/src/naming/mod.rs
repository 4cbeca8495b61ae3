//! What names say: words of columns and tables, in several languages.

mod lexicon;
mod qualifiers;
mod tables;
mod tokens;
mod words;

pub(crate) use lexicon::{Hint, Lexicon};
pub(crate) use tables::{TableKind, table_kind};
pub(crate) use tokens::{Tokens, fold};
