//! Identifiers with a check rule: how many values pass, against how many would by chance.

use super::births;
use super::values::ratio_of;
use crate::Engine;
use crate::catalogue::countries::{Alphabet, IdRule, rules};
use crate::reasons::Reason;
use crate::scoring::{Candidates, Column};
use crate::taxonomy::Label;
use crate::values::Cell;
use crate::values::profile::{Count, Profile, Shape};
use datawave_facts::EvidenceKind;

/// Rules by the length of what they check, so that a value meets only the few that can fire.
pub(crate) struct RuleIndex {
    by_length: Vec<Vec<&'static IdRule>>,
}

/// Nats that a rule pays for having been one of many tried.
const TRIED: f64 = 3.2;

/// Most nats of a rule.
const CAP: f64 = 9.5;

/// Most nats of a rule that many other numbers pass by nature, when the name does not ask for it.
const WEAK_CAP: f64 = 2.5;

/// Nats against rules without a check digit when the numbers run.
const RUNNING: f64 = 3.0;

/// Score by values from which a rule is taken as met when it speaks against another.
const MET: f64 = 6.0;

/// Nats against what the name means by a rule that no value passes, when another rule is met.
const UNMET: f64 = 4.0;

impl RuleIndex {
    pub(crate) fn new() -> Self {
        let mut by_length: Vec<Vec<&'static IdRule>> = Vec::new();
        for rule in rules() {
            by_length.resize(by_length.len().max(rule.length.1 + 1), Vec::new());
            for slot in &mut by_length[rule.length.0..=rule.length.1] {
                slot.push(rule);
            }
        }
        Self { by_length }
    }

    /// Rules that a compact form could pass by its length and characters.
    pub(crate) fn fitting(&self, compact: &[u8]) -> impl Iterator<Item = &'static IdRule> {
        let digits_only = compact.iter().all(u8::is_ascii_digit);
        self.by_length
            .get(compact.len())
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .copied()
            .filter(move |rule| rule.alphabet == Alphabet::Alnum || digits_only)
    }

    /// Rules that the value passes.
    pub(crate) fn passing<'c>(&self, cell: &'c Cell<'_>) -> impl Iterator<Item = &'static IdRule> + use<'c> {
        let compact = cell.compact();
        let candidates: &[&'static IdRule] = self.by_length.get(compact.len()).map_or(&[], Vec::as_slice);
        let digits_only = compact.iter().all(u8::is_ascii_digit);
        let mut passing = [None; 48];
        let mut count = 0;
        if !compact.is_empty() && (cell.digits >= 3 || cell.upper + cell.digits == cell.chars) {
            for rule in candidates {
                if (rule.alphabet == Alphabet::Alnum || digits_only)
                    && (rule.check)(compact)
                    && count < passing.len()
                {
                    passing[count] = Some(*rule);
                    count += 1;
                }
            }
        }
        passing.into_iter().flatten()
    }
}

/// Adds the evidence of every rule that a majority passes.
pub(super) fn collect(engine: &Engine, column: &Column<'_>, candidates: &mut Candidates) {
    let profile = &column.profile;
    let mut counts: Vec<(&'static IdRule, Count)> = Vec::new();
    for (cell, rows) in &profile.distinct {
        for rule in engine.rules().passing(cell) {
            let at = match counts.iter().position(|(r, _)| r.id == rule.id) {
                Some(at) => at,
                None => {
                    counts.push((rule, Count::default()));
                    counts.len() - 1
                }
            };
            counts[at].1.distinct += 1;
            counts[at].1.rows += rows;
        }
    }
    let named: Vec<&str> = column
        .hints
        .iter()
        .filter(|(hint, _)| hint.qualifier.is_none())
        .map(|(hint, _)| hint.infotype)
        .collect();
    let running = running(profile);
    let mut met = Vec::new();
    for &(rule, count) in &counts {
        let asked = column
            .hints
            .iter()
            .any(|(hint, label)| hint.qualifier.is_none() && *label == rule.label);
        let exact = named.contains(&rule.id);
        let mut weight = ratio_of(count, profile, rule.chance.max(1e-6), 60.0);
        if !exact {
            weight -= TRIED;
        }
        // The rarer a pass by chance, the more it says beyond the cap: that orders rules that all pass.
        // A date that exists decides by itself only where the dates are people's.
        let alone = rule.stands_alone && rule.date_only.is_none_or(|_| births_of(rule, profile));
        let cap = if alone || asked {
            CAP - rule.chance.sqrt() * 5.0
        } else {
            WEAK_CAP
        };
        let weight = weight.min(cap) + if exact { 0.5 } else { 0.0 };
        if weight <= 0.0 {
            continue;
        }
        if weight >= MET {
            met.push(rule.label);
        }
        if let Some(entry) = engine.entry(rule.id) {
            let candidate = candidates.of(entry);
            candidate.by_value = true;
            candidate.matched = Some(count.rows);
            candidate.count(
                EvidenceKind::Checksum,
                weight,
                count.rows,
                profile.filled,
                Reason::Checksum {
                    infotype: rule.id,
                    support: count.rows,
                    total: profile.filled,
                },
            );
            if let (Some(numbers), true) = (running, rule.date_only.is_some() || rule.chance > 0.3) {
                candidate.count(
                    EvidenceKind::Statistics,
                    -RUNNING,
                    numbers,
                    profile.filled,
                    Reason::Harmless {
                        kind: "running numbers",
                        support: numbers,
                        total: profile.filled,
                    },
                );
            }
        }
    }
    unmet(profile, &counts, &met, candidates);
}

/// Whether the dates in the values are spread like births.
fn births_of(rule: &IdRule, profile: &Profile<'_>) -> bool {
    let dates: Vec<(u32, u32, u32)> = profile
        .distinct
        .iter()
        .filter(|(cell, _)| cell.compact().len() >= rule.length.0 && (rule.check)(cell.compact()))
        .filter_map(|(cell, _)| rule.date_only?.of(cell.compact()))
        .collect();
    births::spread(&dates)
}

/// Rows of whole numbers that lie close together, as keys and order numbers do: a sample of a running series
/// has gaps, but its numbers fill a small part of what as many digits could hold.
fn running(profile: &Profile<'_>) -> Option<u64> {
    let range = profile.range.filter(|range| range.fraction == 0)?;
    let distinct = profile.distinct_count();
    let width = range.max - range.min + 1.0;
    (distinct >= 10
        && distinct * 10 >= profile.filled * 9
        && profile.length.0 == profile.length.1
        && width <= distinct as f64 * 200.0
        && width * 100.0 <= 10_f64.powi(profile.length.1.min(30) as i32))
    .then(|| profile.count(Shape::Integer).rows)
}

/// Labels whose numbers stand for each other: a tax number is a national number in one country and a number
/// of its own in the next.
const OF_PERSONS: &[Label] = &[
    Label::NationalId,
    Label::TaxId,
    Label::Passport,
    Label::DriverLicence,
    Label::Health,
];

/// A name may mean two things ("pan"): where the values meet the rule of one, and nothing of the other, the
/// other is not meant.
fn unmet(
    profile: &Profile<'_>,
    counts: &[(&'static IdRule, Count)],
    met: &[Label],
    candidates: &mut Candidates,
) {
    let distinct = profile.distinct_count();
    if distinct < 5 {
        return;
    }
    for candidate in candidates.iter_mut() {
        let label = candidate.entry.label;
        let ruled_out = if rules().any(|rule| rule.id == candidate.infotype) {
            met.iter().any(|other| *other != label)
                && !counts.iter().any(|(rule, _)| rule.id == candidate.infotype)
        } else {
            OF_PERSONS.contains(&label)
                && met.iter().any(|other| !OF_PERSONS.contains(other))
                && !counts
                    .iter()
                    .any(|(rule, count)| rule.label == label && count.distinct * 2 > distinct)
        };
        if ruled_out {
            candidate.count(
                EvidenceKind::Checksum,
                -UNMET,
                profile.filled,
                profile.filled,
                Reason::ValuesContradict {
                    support: profile.filled,
                    total: profile.filled,
                },
            );
        }
    }
}
