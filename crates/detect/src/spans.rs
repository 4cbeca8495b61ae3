//! Personal data inside text: the pattern stage.

use crate::judgement::Span;
use crate::taxonomy::Label;
use crate::values::{Cell, shapes};
use regex::Regex;

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

/// Patterns for text, compiled once.
pub(crate) struct Inspector {
    patterns: Vec<Pattern>,
}

const PATTERNS: &[(&str, Label, &str, f64, fn(&str) -> bool)] = &[(
    r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}",
    Label::Email,
    "email",
    0.98,
    |t| Cell::of(t.as_bytes()).is_some_and(|c| shapes::email(&c)),
)];

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
        Self { patterns }
    }

    /// Spans in order, without overlaps; of overlapping ones the more certain, then the longer stays.
    pub(crate) fn inspect(&self, text: &str) -> Vec<Span> {
        let mut end = text.len().min(EXAMINED);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let mut hits: Vec<Span> = Vec::new();
        for pattern in &self.patterns {
            for hit in pattern.regex.find_iter(text) {
                if (pattern.accept)(hit.as_str()) {
                    hits.push(Span {
                        start: 0,
                        end: 0,
                        byte_start: hit.start(),
                        byte_end: hit.end(),
                        label: pattern.label,
                        infotype: pattern.infotype,
                        confidence: pattern.confidence,
                    });
                }
            }
        }
        resolve(text, hits)
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
    let mut kept: std::collections::BTreeMap<usize, Span> = std::collections::BTreeMap::new();
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
