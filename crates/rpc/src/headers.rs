//! Names and forms of the headers that the channel writes and the stack reads.

use std::time::Duration;

use http::{HeaderMap, HeaderName};

/// Correlation id; accepted from callers when well formed, sent back with every answer.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Tenant for which a service acts; believed only from parts of this process and from the mesh.
pub(crate) const TENANT: HeaderName = HeaderName::from_static("x-datawave-tenant");
/// Subject on whose behalf a service acts; believed like [`TENANT`], recorded, never a source of rights.
pub(crate) const ORIGIN: HeaderName = HeaderName::from_static("x-datawave-origin");
/// Time that the caller still waits.
pub(crate) const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
/// W3C trace context.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A header as text, if it is there once and is ASCII.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then(|| first.to_str().ok()).flatten()
}

/// A correlation id: 8 to 64 characters of `A-Z a-z 0-9 _ -`, so that it is harmless in any log and query.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    text(headers, &REQUEST_ID).filter(|id| {
        (8..=64).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    })
}

/// Time in the form of gRPC: at most 8 digits and a unit.
pub(crate) fn parse_timeout(text: &str) -> Option<Duration> {
    let (unit_at, unit) = text.char_indices().next_back()?;
    let digits = &text[..unit_at];
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(value * 3_600)),
        'M' => Some(Duration::from_secs(value * 60)),
        'S' => Some(Duration::from_secs(value)),
        'm' => Some(Duration::from_millis(value)),
        'u' => Some(Duration::from_micros(value)),
        'n' => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

/// The inverse: the finest unit in which the time has at most 8 digits; rounded down.
pub(crate) fn format_timeout(time: Duration) -> String {
    const MOST: u128 = 99_999_999;
    let forms = [
        (time.as_nanos(), 'n'),
        (time.as_micros(), 'u'),
        (time.as_millis(), 'm'),
        (u128::from(time.as_secs()), 'S'),
        (u128::from(time.as_secs() / 60), 'M'),
    ];
    forms
        .into_iter()
        .find(|(value, _)| *value <= MOST)
        .map_or_else(|| format!("{MOST}M"), |(value, unit)| format!("{value}{unit}"))
}

/// The trace id of a W3C `traceparent`, if it is valid.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<String> {
    let mut parts = text(headers, &TRACEPARENT)?.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |s: &str| {
        s.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let valid = version.len() == 2
        && hex(version)
        && trace.len() == 32
        && hex(trace)
        && trace.bytes().any(|b| b != b'0');
    valid.then(|| trace.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_survive_the_wire_within_their_unit() {
        for time in [
            Duration::ZERO,
            Duration::from_nanos(7),
            Duration::from_millis(250),
            Duration::from_secs(30),
            Duration::from_secs(86_400 * 365),
        ] {
            let parsed = parse_timeout(&format_timeout(time)).unwrap();
            assert!(
                parsed <= time && time - parsed < time / 1_000 + Duration::from_nanos(1),
                "{time:?}"
            );
        }
        for bad in ["", "5", "S", "123456789S", "-1S", "1s", "1 S", "5ä"] {
            assert_eq!(parse_timeout(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_correlation_id_cannot_smuggle_anything_into_a_log() {
        let mut headers = HeaderMap::new();
        for (given, ok) in [
            ("req-12345678", true),
            ("short", false),
            ("has space 123", false),
            ("quote\"12345", false),
        ] {
            headers.insert(REQUEST_ID, given.parse().unwrap());
            assert_eq!(request_id(&headers).is_some(), ok, "{given}");
        }
        headers.append(REQUEST_ID, "req-12345678".parse().unwrap());
        assert_eq!(request_id(&headers), None, "two of them");
    }
}
