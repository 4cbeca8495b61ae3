//! Dates without a clock: the estate's today is fixed.

use super::rng::Rng;

/// 1 June 2026, in days since 1970-01-01: the day on which the company's databases were copied.
pub(super) const TODAY: i64 = 20_605;

/// `2026-06-01` for days since 1970-01-01 (Hinnant's civil_from_days).
pub(super) fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day for days since 1970-01-01.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// A birthday of somebody between 18 and 90 years old.
pub(super) fn birthday(rng: &mut Rng) -> i64 {
    TODAY - rng.range(18 * 365, 90 * 365)
}

/// A day within the `back` days before today.
pub(super) fn recent(rng: &mut Rng, back: i64) -> i64 {
    TODAY - rng.range(1, back)
}

/// A day and a time of day within the `back` days before today, `2026-05-03 14:07:55`.
pub(super) fn moment(rng: &mut Rng, back: i64) -> String {
    let day = date(recent(rng, back));
    let second = rng.range(0, 86_399);
    format!(
        "{day} {:02}:{:02}:{:02}",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}
