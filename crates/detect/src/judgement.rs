//! What the engine answers for a column. Not serialisable: [`crate::declassify`] is the way out.

use crate::reasons::Reason;
use crate::taxonomy::Label;
use datawave_facts::{Decision, EvidenceKind, FindingKind};

/// The verdict on one column.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Most certain first; a column without findings holds nothing that the taxonomy knows.
    pub findings: Vec<Finding>,
    /// Evidence that the column is something harmless, strongest first. Part of the answer even when there
    /// are findings: it says what spoke against them.
    pub against: Vec<Evidence>,
    /// Values looked at, NULL included.
    pub sampled_rows: u64,
    /// Values that were not NULL.
    pub non_null: u64,
    /// Version of engine and catalogue that judged.
    pub engine_version: &'static str,
}

/// One type found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Coarse label.
    pub label: Label,
    /// Id of the finer type.
    pub infotype: &'static str,
    /// Variant, such as the country of an id (ISO 3166 alpha-2, lower case).
    pub subtype: Option<&'static str>,
    /// Whether the column is of the type or merely holds some.
    pub kind: FindingKind,
    /// What is advised.
    pub decision: Decision,
    /// Calibrated probability that the finding is right.
    pub confidence: f64,
    /// Non-null values that match.
    pub matched: u64,
    /// Share of `matched` in the non-null values; 0 when judged by names.
    pub prevalence: f64,
    /// 95 % Wilson interval of the prevalence.
    pub interval: (f64, f64),
    /// For and against, strongest first; the weights and the prior add up to the score.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Where it comes from.
    pub kind: EvidenceKind,
    /// Log-likelihood ratio in nats against the prior: positive for, negative against.
    pub weight: f64,
    /// Values that support it.
    pub support: u64,
    /// Values examined.
    pub total: u64,
    /// The sentence; made of fixed words, counts and identifiers.
    pub reason: Reason,
}

/// A piece of text that holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// First byte.
    pub byte_start: usize,
    /// One past the last byte.
    pub byte_end: usize,
    /// Coarse label.
    pub label: Label,
    /// Id of the finer type.
    pub infotype: &'static str,
    /// Probability that the span is right.
    pub confidence: f64,
}

/// 95 % Wilson score interval of `matched` in `total`; `(0, 1)` when nothing was seen.
pub fn wilson(matched: u64, total: u64) -> (f64, f64) {
    if total == 0 {
        return (0.0, 1.0);
    }
    const Z: f64 = 1.959_963_984_540_054;
    let n = total as f64;
    let p = matched.min(total) as f64 / n;
    let centre = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (
        ((centre - spread) / scale).clamp(0.0, 1.0),
        ((centre + spread) / scale).clamp(0.0, 1.0),
    )
}
