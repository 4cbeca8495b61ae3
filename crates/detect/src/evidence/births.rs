//! Whether the dates inside identifiers are births of people or days of business.

use std::collections::BTreeSet;

/// Fewest dates that say anything.
const FEWEST: usize = 8;

/// Years between the first and the last birth among people of all ages, at least.
const GENERATION: usize = 20;

/// Whether days, months and years (of two digits) are spread like births: over decades, no year and no month
/// heaped up, and few days shared.
pub(super) fn spread(dates: &[(u32, u32, u32)]) -> bool {
    let n = dates.len();
    if n < FEWEST {
        return false;
    }
    let mut years = [0_usize; 100];
    let mut months = [0_usize; 13];
    let mut days = BTreeSet::new();
    for &(day, month, year) in dates {
        years[year as usize % 100] += 1;
        months[month as usize % 13] += 1;
        days.insert((month, day));
    }
    let heaped = |counts: &[usize], allowed: usize| counts.iter().any(|c| *c > allowed.max(3));
    // Days of a year that as many births at random would meet.
    let expected = 365.0 * (1.0 - (-(n as f64) / 365.0).exp());
    span(&years) >= GENERATION
        && !heaped(&years, n / 5)
        && !heaped(&months, n / 4)
        && days.len() as f64 >= expected * 0.7
}

/// Years from the first to the last on the ring of a hundred: all but the widest gap.
fn span(years: &[usize; 100]) -> usize {
    let mut gap = 0;
    let mut widest = 0;
    for at in 0..200 {
        gap = if years[at % 100] == 0 { gap + 1 } else { 0 };
        widest = widest.max(gap);
    }
    100 - widest.min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_around_the_century() {
        let mut years = [0; 100];
        years[95] = 1;
        years[5] = 1;
        assert_eq!(span(&years), 11);
        assert_eq!(span(&[0; 100]), 0);
        assert_eq!(span(&[1; 100]), 100);
    }

    #[test]
    fn one_day_is_no_spread() {
        assert!(!spread(&[(26, 10, 1); 100]));
        let births: Vec<_> = (0..100)
            .map(|i| (1 + i * 11 % 28, 1 + i * 5 % 12, i * 37 % 90))
            .collect();
        assert!(spread(&births));
    }
}
