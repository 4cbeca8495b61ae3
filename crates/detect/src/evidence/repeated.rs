//! Numbers in the texts of a column that pass a rule more often than chance lets them.

use super::RuleIndex;
use super::chance::{of_layout, tail};
use crate::catalogue::countries::IdRule;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest different numbers that show a pattern.
const FEWEST: usize = 3;

/// Probability of as many passes by chance, below which they are none; divided by the rules that are tried.
const ALPHA: f64 = 0.001;

/// A rule that passes more than this is no check.
const NO_CHECK: f64 = 0.12;

/// One rule held against the numbers of one layout.
struct Trial<'n> {
    rule: &'static IdRule,
    chance: f64,
    tried: usize,
    passed: Vec<&'n [u8]>,
}

impl Trial<'_> {
    fn probability(&self, passed: usize) -> f64 {
        tail(passed as u64, self.tried as u64, self.chance)
    }
}

/// The numbers that pass a rule which more of them pass than chance explains. Each different number counts
/// once, however many texts repeat it, and is held against all numbers of the same layout.
pub(super) fn beyond_chance<'n>(
    rules: &RuleIndex,
    numbers: impl Iterator<Item = &'n Vec<u8>>,
) -> BTreeMap<Vec<u8>, &'static IdRule> {
    let mut layouts: BTreeMap<Vec<bool>, BTreeSet<&'n [u8]>> = BTreeMap::new();
    for number in numbers {
        let layout = number.iter().map(u8::is_ascii_digit).collect();
        layouts.entry(layout).or_default().insert(number);
    }
    let mut trials = Vec::new();
    let mut held = 0_usize;
    for numbers in layouts.values() {
        let Some(first) = numbers.first() else {
            continue;
        };
        for rule in rules
            .fitting(first)
            .filter(|rule| rule.stands_alone && rule.date_only.is_none())
        {
            held += 1;
            let passed: Vec<&[u8]> = numbers.iter().copied().filter(|n| (rule.check)(n)).collect();
            if passed.len() < FEWEST {
                continue;
            }
            let chance = of_layout(rule, first);
            if chance <= NO_CHECK {
                trials.push(Trial {
                    rule,
                    chance,
                    tried: numbers.len(),
                    passed,
                });
            }
        }
    }
    let limit = ALPHA / held.max(1) as f64;
    trials.retain(|trial| trial.probability(trial.passed.len()) < limit);
    trials.sort_by(|a, b| {
        a.probability(a.passed.len())
            .total_cmp(&b.probability(b.passed.len()))
            .then_with(|| a.chance.total_cmp(&b.chance))
            .then_with(|| a.rule.id.cmp(b.rule.id))
    });
    // Numbers that a rule explains speak for no other.
    let mut taken: BTreeMap<Vec<u8>, &'static IdRule> = BTreeMap::new();
    for trial in trials {
        let free: Vec<&[u8]> = trial
            .passed
            .iter()
            .copied()
            .filter(|number| !taken.contains_key(*number))
            .collect();
        if free.len() >= FEWEST && trial.probability(free.len()) < limit {
            taken.extend(free.into_iter().map(|number| (number.to_vec(), trial.rule)));
        }
    }
    taken
}

/// Other numbers of the layout from which on a column is one of such numbers, and its hits are held against
/// chance.
const MANY: usize = 10;

/// Whether the hits of a rule that stands on a single one are no more than chance lets pass among `others`,
/// which did not: a column of long tracking numbers holds some that look like cards.
pub(super) fn explained(rule: &IdRule, hits: &BTreeSet<&str>, others: &BTreeSet<&[u8]>) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let hits: BTreeSet<Vec<u8>> = hits.iter().map(|text| digits(text)).collect();
    let lengths: BTreeSet<usize> = hits.iter().map(Vec::len).collect();
    lengths.into_iter().all(|length| {
        let same: Vec<&Vec<u8>> = hits.iter().filter(|hit| hit.len() == length).collect();
        let missed = others
            .iter()
            .filter(|number| number.len() == length && number.iter().all(u8::is_ascii_digit))
            .count();
        let chance = same.first().map_or(1.0, |hit| of_layout(rule, hit));
        missed >= MANY && tail(same.len() as u64, (same.len() + missed) as u64, chance) > ALPHA
    })
}
