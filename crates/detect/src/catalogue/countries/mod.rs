//! Identifiers that countries give, with their check rules; a file per part of the world.

mod africa_middle_east;
mod americas;
mod asia_pacific;
mod europe_east;
mod europe_north;
mod europe_south;
mod europe_west;
mod international;

use crate::taxonomy::Label;

/// Which characters the compact form (without separators, upper case) may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Decimal digits only.
    Digits,
    /// Letters A to Z and digits.
    Alnum,
}

/// Where an identifier holds a day of birth, for rules that check nothing but that it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateOnly {
    /// Characters from its first to the end of the identifier.
    from_end: usize,
    /// Day, month, year; otherwise year, month, day.
    day_first: bool,
}

impl DateOnly {
    /// Day (40 more for women dropped), month and year of two digits.
    pub(crate) fn of(&self, compact: &[u8]) -> Option<(u32, u32, u32)> {
        let start = compact.len().checked_sub(self.from_end)?;
        let two = |at: usize| {
            let pair = compact.get(start + at..start + at + 2)?;
            pair.iter()
                .try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
        };
        let (a, month, b) = (two(0)?, two(2)?, two(4)?);
        let (day, year) = if self.day_first { (a, b) } else { (b, a) };
        Some((if day > 40 { day - 40 } else { day }, month, year))
    }
}

/// An identifier with a rule.
#[derive(Clone, Copy)]
pub(crate) struct IdRule {
    /// Id of the type.
    pub(crate) id: &'static str,
    /// Its label.
    pub(crate) label: Label,
    /// Name for people.
    pub(crate) name: &'static str,
    /// Issuing country, ISO 3166 alpha-2 lower case.
    pub(crate) country: Option<&'static str>,
    /// Shortest and longest compact form.
    pub(crate) length: (usize, usize),
    /// Characters of the compact form.
    pub(crate) alphabet: Alphabet,
    /// Share of random values of that length and alphabet that pass, measured by a test.
    pub(crate) chance: f64,
    /// Whether the rule can carry a verdict without the name: false where other numbers pass it by nature.
    pub(crate) stands_alone: bool,
    /// The rule.
    pub(crate) check: fn(&[u8]) -> bool,
    /// The date, when it is all that the rule checks: days of business pass as well as births.
    pub(crate) date_only: Option<DateOnly>,
}

impl IdRule {
    /// The same rule, marked as checking nothing but a date.
    const fn date_only(mut self, from_end: usize, day_first: bool) -> Self {
        self.date_only = Some(DateOnly { from_end, day_first });
        self
    }
}

/// Every rule.
pub(crate) fn rules() -> impl Iterator<Item = &'static IdRule> {
    [
        international::RULES,
        americas::RULES,
        europe_west::RULES,
        europe_north::RULES,
        europe_south::RULES,
        europe_east::RULES,
        asia_pacific::RULES,
        africa_middle_east::RULES,
    ]
    .into_iter()
    .flatten()
}

/// A row of the tables.
#[expect(clippy::too_many_arguments, reason = "a row of a table, read as one")]
const fn rule(
    id: &'static str,
    label: Label,
    name: &'static str,
    country: Option<&'static str>,
    length: (usize, usize),
    alphabet: Alphabet,
    chance: f64,
    stands_alone: bool,
    check: fn(&[u8]) -> bool,
) -> IdRule {
    IdRule {
        id,
        label,
        name,
        country,
        length,
        alphabet,
        chance,
        stands_alone,
        check,
        date_only: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Random values of the lengths and characters of a rule that pass it.
    fn rate(rule: &IdRule) -> f64 {
        let alphabet: &[u8] = match rule.alphabet {
            Alphabet::Digits => b"0123456789",
            Alphabet::Alnum => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        };
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut value = Vec::new();
        let mut best = 0.0_f64;
        for length in rule.length.0..=rule.length.1 {
            let mut passed = 0;
            for _ in 0..20_000 {
                value.clear();
                for _ in 0..length {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    value.push(alphabet[(state >> 33) as usize % alphabet.len()]);
                }
                passed += u32::from((rule.check)(&value));
            }
            best = best.max(f64::from(passed) / 20_000.0);
        }
        best
    }

    #[test]
    fn random_values_pass_a_rule_as_often_as_it_declares() {
        let off: Vec<String> = rules()
            .map(|rule| (rule, rate(rule)))
            .filter(|(rule, measured)| {
                *measured > rule.chance * 1.5 + 0.001 || rule.chance > measured * 3.0 + 0.005
            })
            .map(|(rule, measured)| format!("{} {} {measured}", rule.id, rule.chance))
            .collect();
        assert!(off.is_empty(), "rule, declared, measured: {off:#?}");
    }

    #[test]
    fn ids_are_unique() {
        let mut seen = HashSet::new();
        for rule in rules() {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
        }
    }
}
