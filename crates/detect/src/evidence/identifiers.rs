//! Identifiers with a check rule: how many values pass, against how many would by chance.

use super::values::ratio_of;
use crate::Engine;
use crate::catalogue::countries::{Alphabet, IdRule, rules};
use crate::reasons::Reason;
use crate::scoring::{Candidates, Column};
use crate::values::Cell;
use crate::values::profile::Count;
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
    for (rule, count) in counts {
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
        let cap = if rule.stands_alone || asked {
            CAP - rule.chance.sqrt() * 5.0
        } else {
            WEAK_CAP
        };
        let weight = weight.min(cap) + if exact { 0.5 } else { 0.0 };
        if weight <= 0.0 {
            continue;
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
        }
    }
}
