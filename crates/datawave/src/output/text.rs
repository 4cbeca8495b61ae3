//! Small texts.

use std::time::Duration;

/// Text from a governed source, made harmless for a terminal: an escape sequence in a table's name must not move
/// the cursor, change colours or ring bells.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            // Marks that turn the reading direction can make one name look like another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// `1.4 s`, `3 m 12 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} m {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `12 B`, `3.4 KiB`.
pub(crate) fn bytes(count: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut size = count as f64;
    let mut shown = None;
    for unit in units {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        shown = Some(unit);
    }
    shown.map_or_else(|| format!("{count} B"), |unit| format!("{size:.1} {unit}"))
}

/// `1 table`, `3 tables`.
pub(crate) fn count(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// The id in a resource name: `scn_…` of `scans/scn_…`.
pub(crate) fn short_id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_control_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[31mb\u{7}\u{202e}c"),
            "a\u{fffd}[31mb\u{fffd}\u{fffd}c"
        );
        assert_eq!(plain("kürt 表 😀"), "kürt 表 😀");
    }

    #[test]
    fn amounts_are_short() {
        assert_eq!(bytes(12), "12 B");
        assert_eq!(bytes(3 << 20), "3.0 MiB");
        assert_eq!(duration(Duration::from_millis(1440)), "1.4 s");
        assert_eq!(duration(Duration::from_secs(192)), "3 m 12 s");
    }
}
