//! The checks that generated validators call.

use crate::Violation;

pub(crate) fn join(path: &str, field: &str) -> String {
    match (path.is_empty(), field.is_empty()) {
        (true, _) => field.to_owned(),
        (_, true) => path.to_owned(),
        _ => format!("{path}.{field}"),
    }
}

pub(crate) fn index(path: &str, field: &str, index: usize) -> String {
    format!("{}[{index}]", join(path, field))
}

fn push(path: &str, field: &str, description: String, out: &mut Vec<Violation>) {
    // A request of a million bad items must not become an answer of a million lines.
    const MOST: usize = 50;
    if out.len() < MOST {
        out.push(Violation {
            field: join(path, field),
            description,
        });
    }
}

pub(crate) fn required(path: &str, field: &str, present: bool, out: &mut Vec<Violation>) {
    if !present {
        push(path, field, "is required".to_owned(), out);
    }
}

#[allow(
    dead_code,
    reason = "a rule of the contract language that no field uses at the moment"
)]
pub(crate) fn min_len(path: &str, field: &str, value: &str, least: u64, out: &mut Vec<Violation>) {
    if !value.is_empty() && (value.chars().count() as u64) < least {
        push(path, field, format!("must have at least {least} characters"), out);
    }
}

pub(crate) fn max_len(path: &str, field: &str, value: &str, most: u64, out: &mut Vec<Violation>) {
    if value.len() as u64 > most && value.chars().count() as u64 > most {
        push(path, field, format!("must have at most {most} characters"), out);
    }
}

pub(crate) fn max_octets(path: &str, field: &str, length: usize, most: u64, out: &mut Vec<Violation>) {
    if length as u64 > most {
        push(path, field, format!("must have at most {most} octets"), out);
    }
}

pub(crate) fn min_items(path: &str, field: &str, count: usize, least: u64, out: &mut Vec<Violation>) {
    if (count as u64) < least {
        push(path, field, format!("must have at least {least} items"), out);
    }
}

pub(crate) fn max_items(path: &str, field: &str, count: usize, most: u64, out: &mut Vec<Violation>) {
    if count as u64 > most {
        push(path, field, format!("must have at most {most} items"), out);
    }
}

pub(crate) fn at_least(path: &str, field: &str, value: f64, least: f64, out: &mut Vec<Violation>) {
    if value.is_nan() || value < least {
        push(path, field, format!("must be at least {least}"), out);
    }
}

pub(crate) fn at_most(path: &str, field: &str, value: f64, most: f64, out: &mut Vec<Violation>) {
    if value.is_nan() || value > most {
        push(path, field, format!("must be at most {most}"), out);
    }
}

pub(crate) fn defined(path: &str, field: &str, value: i32, numbers: &[i32], out: &mut Vec<Violation>) {
    if !numbers.contains(&value) {
        push(path, field, format!("{value} is not a value of this enum"), out);
    }
}

pub(crate) fn matches(
    path: &str,
    field: &str,
    value: &str,
    pattern: Option<&regex::Regex>,
    shown: &str,
    out: &mut Vec<Violation>,
) {
    if !value.is_empty() && !pattern.is_some_and(|p| p.is_match(value)) {
        push(path, field, format!("must match {shown}"), out);
    }
}
