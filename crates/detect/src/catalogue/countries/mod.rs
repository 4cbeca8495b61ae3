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
    }
}
