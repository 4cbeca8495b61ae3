//! From scores to findings.

use super::candidates::{Candidate, Candidates};
use crate::judgement::{Evidence, Finding, wilson};
use crate::reasons::Reason;
use crate::values::profile::ratio;
use datawave_facts::{Decision, EvidenceKind, FindingKind};

/// Log odds of any one type before evidence.
const PRIOR: f64 = -4.0;

/// Below this probability a finding is not reported.
const REPORT: f64 = 0.5;

/// From this probability on the advice is yes.
const YES: f64 = 0.8;

/// Confidence that names alone can reach.
const NAME_ONLY: f64 = 0.93;

/// Decides between the candidates: a softmax over them and "nothing" (score 0), after the prior. At most
/// one type is what the column *is*.
pub(crate) fn decide(candidates: Candidates, has_values: bool, filled: u64) -> Vec<Finding> {
    let mut scored: Vec<(f64, Candidate)> = candidates
        .into_list()
        .into_iter()
        .map(|c| (c.score() + PRIOR, c))
        .collect();
    // Equal scores are ordered by id, so that the answer does not depend on the order of evidence.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.infotype.cmp(b.1.infotype)));
    let Some((best, _)) = scored.first() else {
        return Vec::new();
    };
    let top = best.max(0.0);
    // Types of one label do not compete: the label's mass is its best type's.
    let mut seen = Vec::new();
    let mut mass = (-top).exp();
    for (score, candidate) in &scored {
        if !seen.contains(&candidate.entry.label) {
            seen.push(candidate.entry.label);
            mass += (score - top).exp();
        }
    }
    let Some((score, best)) = scored.into_iter().next() else {
        return Vec::new();
    };
    let mut probability = calibrated((score - top).exp() / mass);
    if !best.by_value {
        probability = probability.min(NAME_ONLY);
    }
    if probability < REPORT {
        return Vec::new();
    }
    let matched = best.matched.unwrap_or(0).min(filled);
    let mut evidence = best.evidence;
    if !has_values {
        evidence.push(Evidence {
            kind: EvidenceKind::ColumnName,
            weight: 0.0,
            support: 0,
            total: 0,
            reason: Reason::NameOnly,
        });
    }
    evidence.push(Evidence {
        kind: EvidenceKind::Statistics,
        weight: PRIOR,
        support: 0,
        total: 0,
        reason: Reason::Prior,
    });
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    vec![Finding {
        label: best.entry.label,
        infotype: best.entry.id,
        subtype: best.entry.country,
        kind: FindingKind::Is,
        decision: advice(probability),
        confidence: probability,
        matched,
        prevalence: ratio(matched, filled),
        interval: if best.matched.is_some() {
            wilson(matched, filled)
        } else {
            (0.0, 1.0)
        },
        evidence,
    }]
}

/// Evidence was weighed cautiously, and a column that is decided either way is right more often than the
/// softmax says; the slope is fitted on the development columns, with and without their names.
fn calibrated(probability: f64) -> f64 {
    const SLOPE: f64 = 1.5;
    let odds = (probability / (1.0 - probability)).powf(SLOPE);
    if odds.is_finite() {
        odds / (1.0 + odds)
    } else {
        1.0
    }
}

/// What is advised at a probability.
pub(crate) fn advice(probability: f64) -> Decision {
    if probability >= YES {
        Decision::Yes
    } else {
        Decision::Review
    }
}
