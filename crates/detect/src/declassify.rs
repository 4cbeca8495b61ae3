//! The only way out of the engine, into the closed list of facts.
//!
//! Nothing here copies a value: verdicts are counts and fixed sentences, comments are cleaned of personal
//! data, expressions become a length class and a keyed digest, types lose their literals.

use crate::{Engine, Judgement};
use datawave_core::digest;
use datawave_facts::{
    CleanText, ColumnStatus, EvidenceFact, FindingFact, OpaqueText, TablePath, VerdictFact,
};

/// Longest comment that leaves a site, in code points.
pub const COMMENT_LIMIT: usize = 1_000;

/// Longest name of a type that leaves a site, in bytes.
pub const TYPE_LIMIT: usize = 120;

/// A judgement as a fact. `status_reason` is a code, never text of a driver.
pub fn verdict(
    path: TablePath,
    column: &str,
    status: ColumnStatus,
    status_reason: Option<String>,
    judgement: &Judgement,
) -> VerdictFact {
    VerdictFact {
        path,
        column: column.to_owned(),
        status,
        status_reason,
        sampled_rows: judgement.sampled_rows,
        non_null: judgement.non_null,
        findings: judgement
            .findings
            .iter()
            .map(|finding| FindingFact {
                label: finding.label.as_str().to_owned(),
                infotype: finding.infotype.to_owned(),
                subtype: finding.subtype.map(str::to_owned),
                category: finding.label.category().as_str().to_owned(),
                kind: finding.kind,
                decision: finding.decision,
                confidence: finding.confidence,
                prevalence: finding.prevalence,
                interval: finding.interval,
                evidence: finding
                    .evidence
                    .iter()
                    .map(|evidence| EvidenceFact {
                        kind: evidence.kind,
                        weight: evidence.weight,
                        support: evidence.support,
                        total: evidence.total,
                        reason: evidence.reason.to_string(),
                    })
                    .collect(),
            })
            .collect(),
        engine_version: judgement.engine_version.to_owned(),
    }
}

/// A comment without personal data: each span that the engine finds becomes `<label>`, control and
/// direction characters become spaces, and what is longer than [`COMMENT_LIMIT`] is cut.
pub fn comment(engine: &Engine, text: &str) -> CleanText {
    // One code point more than is kept, so that a span cut by the limit is still seen whole more often.
    let plain: String = text
        .chars()
        .take(COMMENT_LIMIT * 2)
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect();
    let mut out = String::with_capacity(plain.len());
    let mut from = 0;
    for span in engine.inspect(&plain) {
        if span.byte_start < from {
            continue;
        }
        out.push_str(&plain[from..span.byte_start]);
        out.push('<');
        out.push_str(span.label.as_str());
        out.push('>');
        from = span.byte_end;
    }
    out.push_str(&plain[from..]);
    let squeezed = out.split_whitespace().collect::<Vec<_>>().join(" ");
    CleanText::from_declassified(squeezed.chars().take(COMMENT_LIMIT).collect())
}

/// Control characters, and those that change the direction of text or hide in it.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A default, a check or another expression of the schema: its length class and a digest under a key of
/// the site, so that outside equal can be told from changed and nothing else.
pub fn expression(site_key: &[u8], text: &str) -> OpaqueText {
    let mac = digest::hmac_sha256(site_key, text.as_bytes());
    OpaqueText {
        length_class: u32::try_from(text.len())
            .ok()
            .and_then(u32::checked_next_power_of_two)
            .unwrap_or(u32::MAX),
        keyed_digest: digest::hex(&mac[..16]),
    }
}

/// A declared type without literals: `enum('a','b')` becomes `enum`, `varchar(20)` stays. Inside
/// parentheses only numbers and a few words of the type language are kept, because an enum's labels are
/// values. Empty when nothing remains.
pub fn type_name(declared: &str) -> String {
    let mut out = String::new();
    let mut chars = declared.chars().peekable();
    let mut depth = 0_usize;
    let mut inside = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' | '`' => {
                let literal = quoted(&mut chars, c);
                // A quoted type name is an identifier; within parentheses, or in single quotes, it is a value.
                if depth == 0 && c != '\'' && is_identifier(&literal) {
                    out.push_str(&literal);
                }
            }
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    let kept = arguments(&inside);
                    if !kept.is_empty() {
                        out.push('(');
                        out.push_str(&kept);
                        out.push(')');
                    }
                    inside.clear();
                }
            }
            _ if depth > 0 => inside.push(c),
            c if c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '$') => out.push(c),
            c if c.is_whitespace() && !out.is_empty() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
        if out.len() > TYPE_LIMIT {
            break;
        }
    }
    let mut end = out.len().min(TYPE_LIMIT);
    while !out.is_char_boundary(end) {
        end -= 1;
    }
    out[..end].trim().to_owned()
}

/// Reads up to the closing quote; a doubled quote or one after a backslash does not close.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> String {
    let mut literal = String::new();
    while let Some(c) = chars.next() {
        if c == '\\' {
            literal.extend(chars.next());
        } else if c == quote {
            if chars.peek() != Some(&quote) {
                break;
            }
            literal.extend(chars.next());
        } else {
            literal.push(c);
        }
    }
    literal
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

fn arguments(inside: &str) -> String {
    inside
        .split(',')
        .map(str::trim)
        .filter(|part| {
            !part.is_empty()
                && part.len() <= 16
                && part.split_whitespace().all(|word| {
                    word.bytes().all(|b| b.is_ascii_digit())
                        || matches!(
                            word.to_ascii_lowercase().as_str(),
                            "max" | "char" | "byte" | "point" | "linestring" | "polygon" | "geometry"
                        )
                })
        })
        .collect::<Vec<_>>()
        .join(",")
}
