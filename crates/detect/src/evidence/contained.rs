//! What a column merely holds: verified types in a minority of rows, and personal data inside prose.

use super::repeated;
use crate::Engine;
use crate::catalogue::countries::{Alphabet, rules};
use crate::judgement::{Evidence, Finding, wilson};
use crate::reasons::Reason;
use crate::scoring::{Column, advice};
use crate::taxonomy::Label;
use crate::text_numbers::{BARE, stands_on_one};
use crate::values::profile::{Profile, Shape, ratio};
use datawave_facts::{EvidenceKind, FindingKind};
use std::collections::{BTreeMap, BTreeSet};

/// Texts of a column that are searched for spans; more are thinned evenly in the order of values.
const SEARCHED: usize = 1_500;

/// Octets of each text that are searched.
const SEARCHED_LENGTH: usize = 2_000;

/// Shapes that a single hit proves.
const PROVEN: &[(Shape, &str)] = &[
    (Shape::Email, "email"),
    (Shape::Jwt, "jwt"),
    (Shape::PrivateKey, "private_key"),
    (Shape::KnownKey, "api_key"),
    (Shape::PasswordHash, "password_hash"),
];

/// Appends what the column contains to what it is.
pub(crate) fn contained(engine: &Engine, column: &Column<'_>, findings: &mut Vec<Finding>) {
    let profile = &column.profile;
    if profile.filled == 0 {
        return;
    }
    let prose = profile.share(Shape::Prose) >= 0.4
        && profile.share(Shape::LooksRandom) < 0.3
        && profile.share(Shape::Vector) < 0.3
        && profile.share(Shape::Url) < 0.5
        && profile.share_of(|c| c.text.starts_with("Mozilla/") || c.text.starts_with("Opera/")) < 0.3;
    if prose {
        in_prose(engine, profile, findings);
        return;
    }
    for (shape, infotype) in PROVEN {
        let rows = profile.count(*shape).rows;
        if rows == 0 || rows * 2 > profile.filled {
            continue;
        }
        let Some(entry) = engine.entry(infotype) else {
            continue;
        };
        if findings.iter().any(|f| f.label == entry.label) {
            continue;
        }
        findings.push(finding(
            entry.label,
            entry.id,
            rows,
            profile.filled,
            0.95,
            vec![Evidence {
                kind: EvidenceKind::Format,
                weight: 6.0,
                support: rows,
                total: profile.filled,
                reason: Reason::Format {
                    infotype: entry.id,
                    support: rows,
                    total: profile.filled,
                },
            }],
        ));
    }
}

fn in_prose(engine: &Engine, profile: &Profile<'_>, findings: &mut Vec<Finding>) {
    let step = profile.distinct.len().div_ceil(SEARCHED).max(1);
    let mut searched = 0;
    let mut texts = Vec::new();
    // What texts repeat word for word is one match.
    let mut different: BTreeMap<(Label, &'static str), BTreeSet<&str>> = BTreeMap::new();
    let mut named_so: BTreeSet<(Label, &'static str)> = BTreeSet::new();
    for (cell, rows) in profile.distinct.iter().step_by(step) {
        searched += rows;
        let mut end = cell.text.len().min(SEARCHED_LENGTH);
        while !cell.text.is_char_boundary(end) {
            end -= 1;
        }
        let found = engine.look_through(&cell.text[..end]);
        let mut types = Vec::new();
        for span in &found.spans {
            if span.label != Label::Url && span.confidence >= 0.8 {
                let key = (span.label, span.infotype);
                types.push(key);
                if span.confidence > BARE {
                    named_so.insert(key);
                }
                different
                    .entry(key)
                    .or_default()
                    .insert(&cell.text[span.byte_start..span.byte_end]);
            }
        }
        texts.push((*rows, types, found.unclaimed));
    }
    let beyond = repeated::beyond_chance(engine.rules(), texts.iter().flat_map(|(_, _, numbers)| numbers));
    let others: BTreeSet<&[u8]> = texts
        .iter()
        .flat_map(|(_, _, numbers)| numbers.iter().map(Vec::as_slice))
        .collect();
    different.retain(|key, hits| {
        named_so.contains(key)
            || !rules().any(|rule| {
                rule.id == key.1
                    && rule.alphabet == Alphabet::Digits
                    && stands_on_one(rule)
                    && repeated::explained(rule, hits, &others)
            })
    });
    let mut with_any = 0;
    let mut by_type: BTreeMap<(Label, &'static str), u64> = BTreeMap::new();
    for (rows, mut here, numbers) in texts {
        here.retain(|key| different.contains_key(key));
        here.extend(numbers.iter().filter_map(|number| {
            let rule = beyond.get(number)?;
            Some((rule.label, rule.id))
        }));
        here.sort_unstable();
        here.dedup();
        with_any += if here.is_empty() { 0 } else { rows };
        for key in here {
            *by_type.entry(key).or_default() += rows;
        }
    }
    let named = findings.iter().any(|f| f.label == Label::FreeTextPii);
    // Names alone, and rarely, may be names of things; what is proven by its shape counts from the first.
    let proven = different
        .iter()
        .filter(|((label, _), _)| *label != Label::PersonName)
        .map(|(_, matches)| matches.len())
        .max()
        .unwrap_or(0)
        .max(beyond.len());
    let share = ratio(with_any, searched);
    let probability: f64 = match () {
        () if proven >= 3 && share >= 0.02 => 0.95,
        () if share >= 0.3 => 0.85,
        () if share >= 0.12 && with_any >= 5 => 0.65,
        () if proven >= 1 => 0.6,
        () => 0.0,
    };
    // A line of an address or a diagnosis may be long and hold names; what the column is comes first.
    let is_other = findings
        .iter()
        .any(|f| f.kind == FindingKind::Is && f.label != Label::FreeTextPii);
    if probability > 0.0 {
        let evidence = vec![Evidence {
            kind: EvidenceKind::Format,
            weight: (probability / (1.0 - probability)).ln(),
            support: with_any,
            total: searched,
            reason: Reason::Spans {
                label: "personal data",
                support: with_any,
                total: searched,
            },
        }];
        if let Some(found) = findings.iter_mut().find(|f| f.label == Label::FreeTextPii) {
            found.kind = FindingKind::Contains;
            found.confidence = found.confidence.max(probability);
            found.decision = advice(found.confidence);
            (found.matched, found.prevalence, found.interval) = (with_any, share, wilson(with_any, searched));
            found.evidence.splice(0..0, evidence);
        } else if !is_other {
            findings.insert(
                0,
                finding(
                    Label::FreeTextPii,
                    "free_text",
                    with_any,
                    searched,
                    probability,
                    evidence,
                ),
            );
        }
    } else if named && searched >= 20 {
        // Twenty texts without any: the name promised more than the values hold.
        findings.retain(|f| f.label != Label::FreeTextPii);
    }
    for ((label, infotype), rows) in by_type {
        if findings.iter().any(|f| f.label == label) {
            continue;
        }
        let confidence = if label == Label::PersonName { 0.7 } else { 0.9 };
        let evidence = vec![Evidence {
            kind: EvidenceKind::Format,
            weight: 4.0,
            support: rows,
            total: searched,
            reason: Reason::Spans {
                label: label.as_str(),
                support: rows,
                total: searched,
            },
        }];
        findings.push(finding(label, infotype, rows, searched, confidence, evidence));
    }
}

fn finding(
    label: Label,
    infotype: &'static str,
    matched: u64,
    total: u64,
    confidence: f64,
    evidence: Vec<Evidence>,
) -> Finding {
    Finding {
        label,
        infotype,
        subtype: None,
        kind: FindingKind::Contains,
        decision: advice(confidence),
        confidence,
        matched,
        prevalence: ratio(matched, total),
        interval: wilson(matched, total),
        evidence,
    }
}
