//! Detection engine: values and metadata in, evidence and verdicts out. Pure, no I/O.
//!
//! [`Engine::judge_table`] judges the columns of a table, [`Engine::inspect`] a text. What comes out may not
//! be serialised; [`declassify`] turns it into facts, and is the only way out.
//!
//! How a verdict comes about: every piece of evidence is a log-likelihood ratio for one type (`evidence`),
//! the ratios add up to a score, a softmax over all types and "nothing" gives the probability (`scoring`).
//! Names are read by `naming`, values by `values` with the check rules of `validators` and the data of
//! `catalogue`.

mod catalogue;
pub mod declassify;
mod engine;
mod evidence;
mod input;
mod judgement;
mod naming;
mod reasons;
mod scoring;
mod spans;
mod taxonomy;
mod text_numbers;
mod validators;
mod values;
mod vocabulary;

pub use catalogue::InfoType;
pub use datawave_facts::{Decision, EvidenceKind, FindingKind};
pub use engine::Engine;
pub use input::{ColumnInput, TableMeta};
pub use judgement::{Evidence, Finding, Judgement, Span, wilson};
pub use reasons::{Identifier, Reason};
pub use taxonomy::{Category, Label, Sensitivity};
