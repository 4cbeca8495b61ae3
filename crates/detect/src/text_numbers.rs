//! Numbers and codes inside text that pass a rule, and what else must speak for them.
//!
//! A check digit lets one number in ten or eleven pass, and texts are full of numbers. One hit is believed
//! only when chance would hardly pass it, when the words beside it name it, or when it is written as its
//! country writes it; other hits stay below what decides.

use crate::Engine;
use crate::catalogue::countries::IdRule;
use crate::evidence::chance_of_code;
use crate::values::{Cell, shapes};
use regex::Regex;

/// Confidence of a hit that nothing but its check digit speaks for.
pub(crate) const WEAK: f64 = 0.4;

/// Confidence of a hit that its rule alone proves.
pub(crate) const BARE: f64 = 0.95;

/// Confidence of such a hit when words name it too.
const NAMED: f64 = 0.98;

/// Confidence of a hit that is named or written as its country does.
const SUPPORTED: f64 = 0.92;

/// A rule that passes fewer codes than this stands on one hit.
const STRONG: f64 = 0.0005;

/// A rule that passes more digits than this is no check: only words can tell.
const NO_CHECK: f64 = 0.2;

/// A rule that passes more than this says nothing without support.
const SILENT: f64 = 0.012;

/// Longest run that is looked at.
const LONGEST: usize = 42;

/// Octets before and after a number in which words that name it are looked for.
const BEFORE: usize = 40;
const AFTER: usize = 20;

/// How countries write their numbers where that is unlike other numbers: `9` a digit, `A` a letter, anything
/// else itself.
const WRITTEN: &[(&str, &str)] = &[
    ("ar_cuit", "99-99999999-9"),
    ("be_nn", "99.99.99-999.99"),
    ("be_nn", "99.99.99-999 99"),
    ("br_cnpj", "99.999.999/9999-99"),
    ("br_cpf", "999.999.999-99"),
    ("br_pis", "999.99999.99-9"),
    ("ch_ahv", "999.9999.9999.99"),
    ("cl_rut", "99.999.999-9"),
    ("cl_rut", "99.999.999-A"),
    ("cl_rut", "9.999.999-9"),
    ("cl_rut", "9.999.999-A"),
    ("cz_rc", "999999/9999"),
    ("fr_nir", "9 99 99 99 999 999 99"),
    ("in_aadhaar", "9999 9999 9999"),
    ("it_codice_fiscale", "AAAAAA99A99A999A"),
    ("kr_rrn", "999999-9999999"),
    ("lv_pk", "999999-99999"),
    ("ru_snils", "999-999-999 99"),
    ("se_personnummer", "99999999-9999"),
    ("th_pin", "9-9999-99999-99-9"),
];

/// A number or code.
pub(crate) struct Number {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Without separators.
    pub(crate) compact: Vec<u8>,
    /// The best rule that it passes, with the probability that it is meant.
    pub(crate) rule: Option<(&'static IdRule, f64)>,
}

/// Finds numbers and codes in text.
pub(crate) struct Numbers {
    run: Option<Regex>,
}

impl Numbers {
    pub(crate) fn new() -> Self {
        Self {
            run: Regex::new(r"\b[A-Z0-9][A-Z0-9 ./-]{5,40}[A-Z0-9]\b").ok(),
        }
    }

    /// Whether the pattern compiled.
    #[cfg(test)]
    pub(crate) fn is_ready(&self) -> bool {
        self.run.is_some()
    }

    /// Runs of capitals and digits, in order.
    pub(crate) fn find(&self, engine: &Engine, text: &str) -> Vec<Number> {
        let Some(regex) = &self.run else {
            return Vec::new();
        };
        regex
            .find_iter(text)
            .filter(|hit| hit.len() <= LONGEST)
            .filter_map(|hit| {
                // Capitals before the number may be its name: "CPF 390...".
                let whole = number(engine, text, hit.start(), hit.end());
                if whole.as_ref().is_some_and(|number| number.rule.is_some()) {
                    return whole;
                }
                let name: usize = hit
                    .as_str()
                    .split_inclusive(' ')
                    .take_while(|word| word.trim().bytes().all(|b| b.is_ascii_uppercase()))
                    .map(str::len)
                    .sum();
                if name == 0 || name >= hit.len() {
                    return whole;
                }
                number(engine, text, hit.start() + name, hit.end())
            })
            .collect()
    }
}

/// Reads the run from `start` to `end`; `None` when it is no number.
fn number(engine: &Engine, text: &str, start: usize, end: usize) -> Option<Number> {
    let run = &text[start..end];
    let cell = Cell::of(run.as_bytes())?;
    if cell.digits < 6
        || cell.compact().is_empty()
        || text[end..].starts_with(':')
        || shapes::day(&cell).is_some()
    {
        return None;
    }
    // A day and the time after it are no identifier: blanks do not mix with other separators, unless a
    // country writes its number so.
    let mixed = cell.blanks > 0 && cell.marks > 0;
    let beside = Beside {
        before: tail_of(text, start, BEFORE),
        after: head_of(text, end, AFTER),
    };
    let rule = engine
        .rules()
        .passing(&cell)
        .filter_map(|rule| {
            let written = is_written(rule, run);
            if mixed && !written {
                return None;
            }
            let chance = chance_of_code(rule, cell.compact());
            let confidence = confidence(engine, rule, &cell, chance, written, &beside)?;
            Some((rule, confidence, chance))
        })
        .min_by(|a, b| {
            b.1.total_cmp(&a.1)
                .then_with(|| a.2.total_cmp(&b.2))
                .then_with(|| a.0.id.cmp(b.0.id))
        })
        .map(|(rule, confidence, _)| (rule, confidence));
    (!mixed || rule.is_some()).then(|| Number {
        start,
        end,
        compact: cell.compact().to_vec(),
        rule,
    })
}

/// Text around a number.
struct Beside<'t> {
    before: &'t str,
    after: &'t str,
}

fn confidence(
    engine: &Engine,
    rule: &IdRule,
    cell: &Cell<'_>,
    chance: f64,
    written: bool,
    beside: &Beside<'_>,
) -> Option<f64> {
    let called = || engine.is_called(beside.before, rule.label) || engine.is_called(beside.after, rule.label);
    if stands_on_one(rule) {
        return Some(if called() { NAMED } else { BARE });
    }
    // Digits alone, however rarely they pass, are met by chance among the many numbers of a column.
    if rule.stands_alone && cell.letters() > 0 && rule.chance <= SILENT && chance <= STRONG {
        return Some(BARE);
    }
    if chance <= NO_CHECK && (written || called()) {
        return Some(SUPPORTED);
    }
    (rule.stands_alone && chance <= SILENT).then_some(WEAK)
}

/// Networks give cards their first digits, and as many digits in a row are rare; an IBAN begins with its
/// country and has two check digits.
pub(crate) fn stands_on_one(rule: &IdRule) -> bool {
    matches!(rule.id, "credit_card" | "iban")
}

fn is_written(rule: &IdRule, text: &str) -> bool {
    WRITTEN.iter().filter(|(id, _)| *id == rule.id).any(|(_, form)| {
        form.len() == text.len()
            && form.bytes().zip(text.bytes()).all(|(like, b)| match like {
                b'9' => b.is_ascii_digit(),
                b'A' => b.is_ascii_uppercase(),
                other => b == other,
            })
    })
}

/// Up to `most` octets before `end`, within the line.
fn tail_of(text: &str, end: usize, most: usize) -> &str {
    let mut start = end.saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let part = &text[start..end];
    part.rsplit(['\n', '\r']).next().unwrap_or(part)
}

/// Up to `most` octets from `start` on, within the line.
fn head_of(text: &str, start: usize, most: usize) -> &str {
    let mut end = text.len().min(start + most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = &text[start..end];
    part.split(['\n', '\r']).next().unwrap_or(part)
}
