//! From evidence to verdicts: collecting, adding, deciding.

mod candidates;
mod column_type;
mod context;
mod fit;
mod harmless;
mod verdict;

pub(crate) use candidates::Candidates;
pub(crate) use column_type::ColumnType;
pub(crate) use context::{Column, Context};
pub(crate) use fit::{gender as is_gender, of as fit_of};
pub(crate) use harmless::{Kind as HarmlessKind, kinds as harmless_kinds};
pub(crate) use verdict::{advice, decide};
