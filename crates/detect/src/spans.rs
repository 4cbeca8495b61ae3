//! Personal data inside text: patterns with their checks, names and places by the lists.

use crate::Engine;
use crate::judgement::Span;
use crate::naming::fold;
use crate::taxonomy::Label;
use crate::text_numbers::{Numbers, WEAK};
use crate::values::{Cell, secrets, shapes, street};
use crate::vocabulary::Vocabulary;
use regex::Regex;
use std::collections::BTreeMap;

/// Text that is looked at; what is longer is cut.
const EXAMINED: usize = 1 << 20;

/// A pattern with the test that its hits must pass.
struct Pattern {
    regex: Regex,
    label: Label,
    infotype: &'static str,
    confidence: f64,
    accept: fn(&str) -> bool,
}

/// What a text holds.
pub(crate) struct Inspection {
    /// Spans in order, without overlaps.
    pub(crate) spans: Vec<Span>,
    /// Compact forms of the numbers and codes that no certain span covers: what a single text cannot decide,
    /// many together may.
    pub(crate) unclaimed: Vec<Vec<u8>>,
}

/// Patterns for text, compiled once.
pub(crate) struct Inspector {
    patterns: Vec<Pattern>,
    numbers: Numbers,
    word: Option<Regex>,
}

type Row = (&'static str, Label, &'static str, f64, fn(&str) -> bool);

fn cell(text: &str, test: impl Fn(&Cell<'_>) -> bool) -> bool {
    Cell::of(text.as_bytes()).is_some_and(|c| test(&c))
}

const PATTERNS: &[Row] = &[
    (
        r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+",
        Label::Email,
        "email",
        0.98,
        |t| cell(t, shapes::email),
    ),
    (
        r#"(?:https?|ftp|sftp)://[^\s<>"']{3,}"#,
        Label::Url,
        "url",
        0.97,
        |t| !t.contains('@'),
    ),
    (
        r"\bwww\.[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:/[^\s<>]*)?",
        Label::Url,
        "url",
        0.9,
        |_| true,
    ),
    (
        r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
        Label::IpAddress,
        "ip_address",
        0.9,
        |t| cell(t, shapes::ipv4),
    ),
    (
        r"\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7}",
        Label::IpAddress,
        "ip_address",
        0.9,
        |t| t.len() >= 8 && cell(t, shapes::ipv6),
    ),
    (
        r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b",
        Label::MacAddress,
        "mac_address",
        0.95,
        |t| cell(t, shapes::mac),
    ),
    (r"\b\d{3}-\d{2}-\d{4}\b", Label::NationalId, "us_ssn", 0.9, |t| {
        cell(t, shapes::ssn_written)
    }),
    (
        r"(?:\+|\b00)[1-9][\d ()./-]{6,18}\d",
        Label::Phone,
        "phone",
        0.9,
        |t| cell(t, |c| (8..=15).contains(&c.digits)),
    ),
    (
        r"\(\d{2,5}\) ?\d{2,4}[ .-]?\d{2,4}(?:[ .-]?\d{2,4})?\b",
        Label::Phone,
        "phone",
        0.85,
        |t| cell(t, |c| (8..=13).contains(&c.digits)),
    ),
    (
        r"\b(?:1[-. ])?\d{3}[-.]\d{3}[-.]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?\b",
        Label::Phone,
        "phone",
        0.85,
        |_| true,
    ),
    (
        r"\b0\d{1,4}[ /-]\d{2,4}(?:[ -]?\d{2,4}){1,4}\b",
        Label::Phone,
        "phone",
        0.75,
        |t| cell(t, |c| (9..=12).contains(&c.digits)),
    ),
    (
        r"\b\d{1,5} (?:[A-Z][\p{L}'.]*\.? ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Square|Terrace|Parkway|Highway)\b\.?",
        Label::Address,
        "address",
        0.85,
        |_| true,
    ),
    (
        r"\b[\p{Lu}][\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|gatan|vägen|veien) ?\d{1,4}[a-z]?\b",
        Label::Address,
        "address",
        0.85,
        |_| true,
    ),
    (
        r"\b(?:\d{1,4},? )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hemin|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]alle|[Aa]venida|[Pp]laza|[Rr]ua|[Uu]l\.|[Uu]lica|ул\.) (?:(?:de|du|des|la|le|los|las|da|do|dos|del|della) ){0,2}\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,3},? ?(?:n[º°.]? ?)?\d{0,4}",
        Label::Address,
        "address",
        0.75,
        |t| cell(t, |c| c.digits > 0 || street::is_address(c)),
    ),
    (
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abpr]-|sk_live_|sk_test_|AIza|npm_|sk-)[A-Za-z0-9_-]{16,}",
        Label::Secret,
        "api_key",
        0.97,
        |t| cell(t, secrets::known_key),
    ),
    (
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        Label::Secret,
        "jwt",
        0.97,
        |t| cell(t, secrets::jwt),
    ),
    (
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----",
        Label::Secret,
        "private_key",
        0.99,
        |_| true,
    ),
];

impl Inspector {
    pub(crate) fn new() -> Self {
        let patterns = PATTERNS
            .iter()
            .filter_map(|(pattern, label, infotype, confidence, accept)| {
                Some(Pattern {
                    regex: Regex::new(pattern).ok()?,
                    label: *label,
                    infotype,
                    confidence: *confidence,
                    accept: *accept,
                })
            })
            .collect();
        Self {
            patterns,
            numbers: Numbers::new(),
            word: Regex::new(r"\p{Lu}[\p{L}'’-]*\.?").ok(),
        }
    }

    /// Looks through a text. Of overlapping spans the more certain, then the longer stays.
    pub(crate) fn inspect(&self, engine: &Engine, text: &str) -> Inspection {
        let mut end = text.len().min(EXAMINED);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let mut hits: Vec<Span> = Vec::new();
        for pattern in &self.patterns {
            for hit in pattern.regex.find_iter(text) {
                if (pattern.accept)(hit.as_str()) {
                    hits.push(span(
                        hit.start(),
                        hit.end(),
                        pattern.label,
                        pattern.infotype,
                        pattern.confidence,
                    ));
                }
            }
        }
        let numbers = self.numbers.find(engine, text);
        hits.extend(numbers.iter().filter_map(|number| {
            let (rule, confidence) = number.rule?;
            Some(span(number.start, number.end, rule.label, rule.id, confidence))
        }));
        self.names(text, engine.vocabulary(), &mut hits);
        let spans = resolve(text, hits);
        let unclaimed = numbers
            .into_iter()
            .filter(|number| {
                !spans.iter().any(|span| {
                    span.confidence > WEAK && span.byte_start < number.end && number.start < span.byte_end
                })
            })
            .map(|number| number.compact)
            .collect();
        Inspection { spans, unclaimed }
    }

    /// Two or more capitalised words in a row of which the first is a given name and another is a name too.
    fn names(&self, text: &str, vocabulary: &Vocabulary, hits: &mut Vec<Span>) {
        let Some(regex) = &self.word else {
            return;
        };
        let mut run: Vec<(usize, usize)> = Vec::new();
        let mut folded = String::new();
        let mut known = |word: &str| {
            folded.clear();
            word.trim_end_matches('.')
                .chars()
                .for_each(|c| fold(c, &mut folded));
            let part = |w: &str| (vocabulary.is_first_name(w), vocabulary.is_last_name(w));
            let (first, last) = part(&folded);
            let split = folded.split('-').next().map_or((false, false), part);
            (first || split.0, last || split.1)
        };
        let mut flush = |run: &mut Vec<(usize, usize)>, hits: &mut Vec<Span>| {
            // The run may begin with a word that only begins the sentence.
            for skip in 0..run.len().saturating_sub(1).min(2) {
                let part = &run[skip..];
                let (first, _) = known(&text[part[0].0..part[0].1]);
                if !first {
                    continue;
                }
                let surname = part[1..]
                    .iter()
                    .take(3)
                    .rposition(|w| known(&text[w.0..w.1]).1 || known(&text[w.0..w.1]).0);
                if let Some(at) = surname {
                    hits.push(span(
                        part[0].0,
                        part[at + 1].1,
                        Label::PersonName,
                        "person_name",
                        0.85,
                    ));
                    break;
                }
                if part.len() == 2 {
                    hits.push(span(part[0].0, part[1].1, Label::PersonName, "person_name", 0.7));
                    break;
                }
            }
            run.clear();
        };
        for word in regex.find_iter(text) {
            let joined = run.last().is_some_and(|(_, end)| {
                matches!(
                    &text[*end..word.start()],
                    " " | " de " | " von " | " van " | " da " | " di " | " der "
                )
            });
            if !joined {
                flush(&mut run, hits);
            }
            run.push((word.start(), word.end()));
        }
        flush(&mut run, hits);
    }
}

fn span(byte_start: usize, byte_end: usize, label: Label, infotype: &'static str, confidence: f64) -> Span {
    Span {
        start: 0,
        end: 0,
        byte_start,
        byte_end,
        label,
        infotype,
        confidence,
    }
}

/// Drops overlaps and fills in the code points.
fn resolve(text: &str, mut hits: Vec<Span>) -> Vec<Span> {
    hits.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| (b.byte_end - b.byte_start).cmp(&(a.byte_end - a.byte_start)))
            .then_with(|| a.byte_start.cmp(&b.byte_start))
    });
    let mut kept: BTreeMap<usize, Span> = BTreeMap::new();
    for hit in hits {
        let before = kept.range(..hit.byte_end).next_back();
        if before.is_none_or(|(_, span)| span.byte_end <= hit.byte_start) {
            kept.insert(hit.byte_start, hit);
        }
    }
    let mut spans: Vec<Span> = kept.into_values().collect();
    let (mut bytes, mut chars) = (0, 0);
    for span in &mut spans {
        chars += text[bytes..span.byte_start].chars().count();
        span.start = chars;
        chars += text[span.byte_start..span.byte_end].chars().count();
        span.end = chars;
        bytes = span.byte_end;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern that does not compile would be left out in silence.
    #[test]
    fn every_pattern_compiles() {
        let inspector = Inspector::new();
        assert_eq!(inspector.patterns.len(), PATTERNS.len());
        assert!(inspector.numbers.is_ready() && inspector.word.is_some());
    }
}
