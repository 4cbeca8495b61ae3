//! How values of settings are read. Errors say what is expected and never repeat what was given: it may be a
//! secret in the wrong place. Text forms are accepted everywhere, because the environment has nothing else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use toml::Value;

type Read<T> = Result<T, &'static str>;

pub(super) fn text(value: &Value) -> Read<String> {
    value
        .as_str()
        .map(str::to_owned)
        .filter(|t| !t.is_empty())
        .ok_or("a text in quotes, not empty")
}

pub(super) fn texts(value: &Value) -> Read<Vec<String>> {
    const EXPECTED: &str = "a list of texts, [\"a\", \"b\"]";
    match value {
        Value::String(list) => Ok(list
            .split(',')
            .map(|t| t.trim().to_owned())
            .filter(|t| !t.is_empty())
            .collect()),
        Value::Array(list) => list.iter().map(|item| text(item).map_err(|_| EXPECTED)).collect(),
        _ => Err(EXPECTED),
    }
}

pub(super) fn path(value: &Value) -> Read<PathBuf> {
    text(value).map(PathBuf::from)
}

pub(super) fn address(value: &Value) -> Read<SocketAddr> {
    let expected = "an address with a port, such as 127.0.0.1:7643 or [::1]:0";
    value.as_str().and_then(|t| t.parse().ok()).ok_or(expected)
}

pub(super) fn count(value: &Value) -> Read<usize> {
    let number = match value {
        Value::Integer(number) => usize::try_from(*number).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.filter(|n| *n > 0).ok_or("a whole number above zero")
}

pub(super) fn bytes(value: &Value) -> Read<u64> {
    const EXPECTED: &str = "a size such as \"512MiB\" or a number of bytes";
    match value {
        Value::Integer(number) => u64::try_from(*number).map_err(|_| EXPECTED),
        Value::String(text) => {
            let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0), ("", 0)];
            units
                .iter()
                .find_map(|(unit, shift)| {
                    let number: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
                    number.checked_mul(1 << shift)
                })
                .ok_or(EXPECTED)
        }
        _ => Err(EXPECTED),
    }
}

pub(super) fn duration(value: &Value) -> Read<Duration> {
    const EXPECTED: &str = "a time such as \"500ms\", \"30s\", \"5m\", \"6h\" or \"90d\"";
    value
        .as_str()
        .and_then(|text| parse_duration(text).ok())
        .ok_or(EXPECTED)
}

/// Reads `500ms`, `30s`, `5m`, `6h`, `90d`; more than zero.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let units = [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    units
        .iter()
        .find_map(|(unit, millis)| {
            let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
            number
                .checked_mul(*millis)
                .filter(|m| *m > 0)
                .map(Duration::from_millis)
        })
        .ok_or_else(|| "write a time such as 30s, 5m, 6h or 90d".to_owned())
}

/// The known name that differs least from `name`, when it differs little.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(parse_duration("1500ms"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse_duration("90d"), Ok(Duration::from_secs(90 * 86_400)));
        for bad in ["", "s", "5", "-5s", "5 s", "0s", "99999999999999999d"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
        assert_eq!(bytes(&Value::String("512MiB".into())), Ok(512 << 20));
        assert_eq!(bytes(&Value::Integer(7)), Ok(7));
        assert!(bytes(&Value::String("many".into())).is_err());
    }

    #[test]
    fn likely_names_are_near_names() {
        let known = ["listen.grpc", "edge.name"];
        assert_eq!(nearest("listen.grcp", known.into_iter()), Some("listen.grpc"));
        assert_eq!(nearest("colour", known.into_iter()), None);
    }
}
