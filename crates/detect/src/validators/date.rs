//! Calendar dates inside identifiers.

/// Whether the day exists (Gregorian).
pub(crate) fn exists(year: u32, month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && day >= 1 && day <= days(year, month)
}

/// Whether the day exists in some year of a century that is not known: 29 February is taken when the two
/// digits allow it in either of the last two centuries.
pub(crate) fn exists_two_digits(year: u32, month: u32, day: u32) -> bool {
    exists(1900 + year, month, day) || exists(2000 + year, month, day)
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400) => 29,
        2 => 28,
        _ => 31,
    }
}
