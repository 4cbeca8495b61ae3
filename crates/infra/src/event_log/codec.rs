//! Events as bytes: length-prefixed fields in a fixed order, integers little-endian.

use datawave_core::{EventRecord, Timestamp};

/// Appends the encoding of `event` to `out`.
pub(super) fn encode(event: &EventRecord, out: &mut Vec<u8>) {
    for text in [&event.id, &event.tenant, &event.topic, &event.kind, &event.key] {
        put_bytes(text.as_bytes(), out);
    }
    out.extend_from_slice(&event.time.as_micros().to_le_bytes());
    out.push(u8::from(event.trace_id.is_some()));
    put_bytes(event.trace_id.as_deref().unwrap_or_default().as_bytes(), out);
    put_bytes(&event.payload, out);
}

/// An upper bound of what [`encode`] appends.
pub(super) fn encoded_len(event: &EventRecord) -> usize {
    event.id.len()
        + event.tenant.len()
        + event.topic.len()
        + event.kind.len()
        + event.key.len()
        + event.trace_id.as_ref().map_or(0, String::len)
        + event.payload.len()
        + 64
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    // Events above the size limit of the log are refused before they are encoded, so this never saturates.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Takes one event from the front of `bytes`; `None` when they are no event.
pub(super) fn decode(bytes: &mut &[u8]) -> Option<EventRecord> {
    let id = take_text(bytes)?;
    let tenant = take_text(bytes)?;
    let topic = take_text(bytes)?;
    let kind = take_text(bytes)?;
    let key = take_text(bytes)?;
    let time = Timestamp::from_micros(i64::from_le_bytes(*bytes.split_first_chunk::<8>().map(
        |(head, rest)| {
            *bytes = rest;
            head
        },
    )?));
    let (traced, rest) = bytes.split_first()?;
    *bytes = rest;
    let trace = take_text(bytes)?;
    let trace_id = match traced {
        0 => None,
        1 => Some(trace),
        _ => return None,
    };
    let payload = take_bytes(bytes)?.to_vec();
    Some(EventRecord {
        id,
        tenant,
        topic,
        kind,
        key,
        time,
        trace_id,
        payload,
    })
}

fn take_bytes<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (taken, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    String::from_utf8(take_bytes(bytes)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events() -> impl Strategy<Value = EventRecord> {
        (
            (
                any::<String>(),
                any::<String>(),
                any::<String>(),
                any::<String>(),
                any::<String>(),
            ),
            any::<i64>(),
            any::<Option<String>>(),
            any::<Vec<u8>>(),
        )
            .prop_map(
                |((id, tenant, topic, kind, key), time, trace_id, payload)| EventRecord {
                    id,
                    tenant,
                    topic,
                    kind,
                    key,
                    time: Timestamp::from_micros(time),
                    trace_id,
                    payload,
                },
            )
    }

    proptest! {
        #[test]
        fn events_come_back_as_they_went_in(event in events()) {
            let mut bytes = Vec::new();
            encode(&event, &mut bytes);
            prop_assert!(bytes.len() <= encoded_len(&event));
            let mut rest = bytes.as_slice();
            prop_assert_eq!(decode(&mut rest), Some(event));
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn cut_events_are_no_events(event in events(), keep in 0.0..1.0_f64) {
            let mut bytes = Vec::new();
            encode(&event, &mut bytes);
            let cut = (bytes.len() as f64 * keep) as usize;
            prop_assert_eq!(decode(&mut &bytes[..cut]), None);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let _ = decode(&mut bytes.as_slice());
        }
    }
}
