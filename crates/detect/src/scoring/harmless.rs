//! Evidence that a column is something without a label: each harmless kind speaks against all types that
//! cannot look like it.

use super::Column;
use crate::judgement::Evidence;
use crate::reasons::Reason;
use crate::taxonomy::Label;
use crate::values::harmless as values_harmless;
use crate::values::profile::{Shape, ratio};
use datawave_facts::EvidenceKind;

/// A harmless kind that was seen.
pub(crate) struct Kind {
    /// In words.
    pub(crate) name: &'static str,
    /// Nats against types that are not in `spares`.
    pub(crate) weight: f64,
    /// Labels whose columns look like this too.
    pub(crate) spares: &'static [Label],
    /// Rows.
    pub(crate) support: u64,
    /// Rows looked at.
    pub(crate) total: u64,
}

impl Kind {
    /// As evidence against a type.
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            kind: EvidenceKind::Statistics,
            weight: -self.weight,
            support: self.support,
            total: self.total,
            reason: Reason::Harmless {
                kind: self.name,
                support: self.support,
                total: self.total,
            },
        }
    }
}

/// The harmless kinds of a column.
pub(crate) fn kinds(column: &Column<'_>) -> Vec<Kind> {
    use Label::*;
    let profile = &column.profile;
    let mut kinds = Vec::new();
    let mut add = |name, support: u64, share_needed: f64, weight, spares: &'static [Label]| {
        if profile.filled > 0 && ratio(support, profile.filled) >= share_needed {
            let trust = (profile.filled as f64 / (profile.filled as f64 + 1.0)).powi(2);
            kinds.push(Kind {
                name,
                weight: weight * trust,
                spares,
                support,
                total: profile.filled,
            });
        }
    };
    let shape = |s: Shape| profile.count(s).rows;
    if profile.distinct_count() <= 4 {
        add(
            "yes or no",
            shape(Shape::Boolean),
            0.95,
            if profile.distinct_count() <= 2 { 6.0 } else { 3.0 },
            &[Health, SpecialCategory, Gender, Demographic],
        );
    }
    add(
        "universally unique ids",
        shape(Shape::Uuid),
        0.6,
        7.0,
        &[DeviceId, Secret],
    );
    add(
        "hexadecimal digests",
        shape(Shape::HexDigest),
        0.6,
        5.0,
        &[Secret, DeviceId, BiometricPhoto],
    );
    add(
        "version numbers",
        shape(Shape::Version)
            .saturating_sub(shape(Shape::Ip))
            .saturating_sub(shape(Shape::Day)),
        0.3,
        6.0,
        &[],
    );
    if profile.distinct_count() >= 8 {
        add(
            "product numbers with a valid check digit",
            shape(Shape::ProductNumber),
            0.9,
            6.0,
            &[],
        );
    }
    add(
        "seconds or milliseconds since 1970",
        shape(Shape::Epoch),
        0.95,
        4.0,
        &[BankAccount, IpAddress, DeviceId],
    );
    add("dates", shape(Shape::Day), 0.8, 6.0, &[DateOfBirth]);
    add("moments", shape(Shape::DayWithTime), 0.6, 3.0, &[]);
    add(
        "paths or file names",
        shape(Shape::Path),
        0.6,
        5.0,
        &[BiometricPhoto, Url],
    );
    add(
        "numbers of securities or legal entities",
        profile.tally(values_harmless::market_code).rows,
        0.8,
        7.0,
        &[],
    );
    // Other ten digits pass the same rule; only a book's number ends in X.
    if profile.tally(|c| c.text.ends_with(['X', 'x'])).rows > 0 {
        add(
            "numbers of books",
            profile.tally(values_harmless::isbn10).rows,
            0.9,
            7.0,
            &[],
        );
    }
    add(
        "user agents of browsers",
        profile
            .tally(|c| c.text.starts_with("Mozilla/") || c.text.starts_with("Opera/"))
            .rows,
        0.5,
        7.0,
        &[],
    );
    add(
        "names of companies",
        shape(Shape::Company),
        0.3,
        4.0,
        &[Address, FreeTextPii, Health, SpecialCategory, Demographic],
    );
    if let Some(range) = profile.range {
        let whole = range.fraction == 0;
        let small = whole && range.min >= 0.0 && range.max < 10_000.0;
        if small && !profile.is_enum() {
            add(
                "small whole numbers",
                shape(Shape::Integer),
                0.9,
                3.0,
                &[
                    Postcode,
                    DateOfBirth,
                    Demographic,
                    Financial,
                    Secret,
                    GeoCoordinate,
                    Health,
                    CreditCard,
                ],
            );
        }
        if !whole {
            add(
                "fractions",
                shape(Shape::Decimal),
                0.5,
                6.0,
                &[GeoCoordinate, Financial, Health, Demographic, BiometricPhoto],
            );
        }
        let span = range.max - range.min;
        if whole
            && profile.distinct_count() >= 10
            && profile.distinct_count() * 10 >= profile.filled * 9
            && span + 1.0 <= profile.distinct_count() as f64 * 1.2
        {
            add("consecutive numbers", shape(Shape::Integer), 0.95, 6.0, &[]);
        }
    }
    kinds
}
