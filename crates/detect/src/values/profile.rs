//! A column's values, counted.

use super::{Cell, harmless, secrets, shapes};
use crate::validators::identity;
use datawave_raw::{RawCell, RawKind};
use std::collections::BTreeMap;

/// Values of a column that are measured; a larger sample is thinned evenly.
const MOST_VALUES: usize = 4_096;

/// Kinds of values that are counted for every column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Shape {
    Email,
    Url,
    Ip,
    Mac,
    Day,
    DayWithTime,
    CoordinatePair,
    PhoneLike,
    PhoneWritten,
    SsnWritten,
    PostcodeDistinct,
    PostcodeLike,
    NameLike,
    PasswordHash,
    KnownKey,
    Jwt,
    PrivateKey,
    ConnectionString,
    LooksRandom,
    Uuid,
    HexDigest,
    Version,
    Boolean,
    ProductNumber,
    Code,
    Path,
    Epoch,
    Company,
    Integer,
    Decimal,
    Handle,
    JpegOrPng,
    Wallet,
    Vector,
    IdLike,
    Prose,
}

/// Number of shapes.
pub(crate) const SHAPES: usize = Shape::Prose as usize + 1;

/// Counts over distinct values and over rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Distinct values.
    pub(crate) distinct: u64,
    /// Rows.
    pub(crate) rows: u64,
}

/// Range of the numbers in a column of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    /// Smallest.
    pub(crate) min: f64,
    /// Largest.
    pub(crate) max: f64,
    /// Sum over distinct values divided by their number.
    pub(crate) mean: f64,
    /// Most digits after the point.
    pub(crate) fraction: usize,
}

/// What is known of a column's values. Independent of the order of rows.
pub(crate) struct Profile<'a> {
    /// Values sampled, NULL included.
    pub(crate) rows: u64,
    /// Not NULL.
    pub(crate) non_null: u64,
    /// Not NULL, not blank, not a word for "nothing", and text or a number.
    pub(crate) filled: u64,
    /// Octets that are not text.
    pub(crate) binary: u64,
    /// Distinct filled values with the rows that hold each, sorted.
    pub(crate) distinct: Vec<(Cell<'a>, u64)>,
    counts: [Count; SHAPES],
    /// Numbers, when at least nine in ten values are one.
    pub(crate) range: Option<Range>,
    /// Years of dates: first, median, last.
    pub(crate) years: Option<(u32, u32, u32)>,
    /// Code points of the values, mean over rows.
    pub(crate) mean_length: f64,
    /// Shortest and longest value in code points.
    pub(crate) length: (usize, usize),
    /// Most rows that share one value.
    pub(crate) most_frequent: u64,
}

impl<'a> Profile<'a> {
    /// Measures a sample.
    pub(crate) fn of(values: &'a [Option<RawCell>]) -> Self {
        let mut profile = Self {
            rows: values.len() as u64,
            non_null: 0,
            filled: 0,
            binary: 0,
            distinct: Vec::new(),
            counts: [Count::default(); SHAPES],
            range: None,
            years: None,
            mean_length: 0.0,
            length: (0, 0),
            most_frequent: 0,
        };
        let mut texts: BTreeMap<&[u8], u64> = BTreeMap::new();
        for cell in values.iter().flatten() {
            profile.non_null += 1;
            if cell.kind() == RawKind::Binary {
                profile.binary += 1;
                continue;
            }
            *texts.entry(cell.expose()).or_default() += 1;
        }
        // A thinned sample must not depend on the order of rows, hence every n-th in the order of values.
        let step = texts.len().div_ceil(MOST_VALUES).max(1);
        for (bytes, rows) in texts.into_iter().step_by(step) {
            match Cell::of(bytes) {
                Some(cell) if is_nothing(&cell) => {}
                Some(cell) => profile.distinct.push((cell, rows)),
                None if bytes.iter().any(|b| !b.is_ascii_whitespace() && *b != 0) => profile.binary += rows,
                None => {}
            }
        }
        profile.measure();
        profile
    }

    fn measure(&mut self) {
        let mut years: Vec<u32> = Vec::new();
        let mut numbers = Numbers::default();
        let mut length = 0.0;
        let mut bounds = (usize::MAX, 0);
        for (cell, rows) in &self.distinct {
            self.filled += rows;
            self.most_frequent = self.most_frequent.max(*rows);
            length += cell.chars as f64 * *rows as f64;
            bounds = (bounds.0.min(cell.chars), bounds.1.max(cell.chars));
            let mut mark = |shape: Shape| {
                let count = &mut self.counts[shape as usize];
                count.distinct += 1;
                count.rows += rows;
            };
            if let Some(day) = shapes::day(cell) {
                mark(Shape::Day);
                years.push(day.year);
                if day.has_time {
                    mark(Shape::DayWithTime);
                }
            }
            for (shape, test) in TESTS {
                if test(cell) {
                    mark(*shape);
                }
            }
            numbers.add(cell, &mut mark);
        }
        self.mean_length = if self.filled == 0 {
            0.0
        } else {
            length / self.filled as f64
        };
        self.length = if self.distinct.is_empty() { (0, 0) } else { bounds };
        let distinct = self.distinct.len();
        if distinct > 0 && numbers.count * 10 >= distinct * 9 {
            self.range = numbers.range();
        }
        if !years.is_empty() && years.len() * 10 >= distinct * 7 {
            years.sort_unstable();
            self.years = Some((years[0], years[years.len() / 2], years[years.len() - 1]));
        }
    }

    /// How many values have the shape.
    pub(crate) fn count(&self, shape: Shape) -> Count {
        self.counts[shape as usize]
    }

    /// Share of rows with the shape, 0 to 1.
    pub(crate) fn share(&self, shape: Shape) -> f64 {
        ratio(self.count(shape).rows, self.filled)
    }

    /// Distinct filled values.
    pub(crate) fn distinct_count(&self) -> u64 {
        self.distinct.len() as u64
    }

    /// Counts values with a property.
    pub(crate) fn tally(&self, property: impl Fn(&Cell<'a>) -> bool) -> Count {
        let mut count = Count::default();
        for (cell, rows) in &self.distinct {
            if property(cell) {
                count.distinct += 1;
                count.rows += rows;
            }
        }
        count
    }

    /// Share of rows with a property.
    pub(crate) fn share_of(&self, property: impl Fn(&Cell<'a>) -> bool) -> f64 {
        ratio(self.tally(property).rows, self.filled)
    }

    /// Few values, often repeated.
    pub(crate) fn is_enum(&self) -> bool {
        let distinct = self.distinct_count();
        distinct > 0 && self.filled >= 20 && (distinct <= 12 || distinct * 20 <= self.filled)
    }
}

/// `part` of `whole`, 0 when there is no whole.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

type Test = fn(&Cell<'_>) -> bool;

const TESTS: &[(Shape, Test)] = &[
    (Shape::Email, shapes::email),
    (Shape::Url, shapes::url),
    (Shape::Ip, |c| shapes::ipv4(c) || shapes::ipv6(c)),
    (Shape::Mac, shapes::mac),
    (Shape::CoordinatePair, shapes::coordinate_pair),
    (Shape::PhoneLike, shapes::phone_like),
    (Shape::PhoneWritten, shapes::phone_written),
    (Shape::SsnWritten, shapes::ssn_written),
    (Shape::PostcodeDistinct, shapes::postcode_distinct),
    (Shape::PostcodeLike, shapes::postcode_like),
    (Shape::NameLike, shapes::name_like),
    (Shape::PasswordHash, secrets::password_hash),
    (Shape::KnownKey, secrets::known_key),
    (Shape::Jwt, secrets::jwt),
    (Shape::PrivateKey, secrets::private_key),
    (Shape::ConnectionString, secrets::connection_string),
    (Shape::LooksRandom, secrets::looks_random),
    (Shape::Uuid, harmless::uuid),
    (Shape::HexDigest, harmless::hex_digest),
    (Shape::Version, harmless::version),
    (Shape::Boolean, harmless::boolean),
    (Shape::ProductNumber, harmless::product_number),
    (Shape::Code, harmless::code),
    (Shape::JpegOrPng, secrets::jpeg_or_png),
    (Shape::Wallet, |c| {
        (25..=90).contains(&c.chars) && identity::crypto_address(c.text)
    }),
    (Shape::Vector, secrets::vector),
    (Shape::Path, harmless::path),
    (Shape::Epoch, harmless::epoch),
    (Shape::Company, harmless::company),
    (Shape::Handle, |c| {
        c.blanks == 0 && (2..=64).contains(&c.chars) && c.letters() + c.wide > 0
    }),
    (Shape::IdLike, |c| {
        (4..=40).contains(&c.chars)
            && c.digits >= 3
            && c.wide == 0
            && c.letters() <= c.digits.max(8)
            && c.words() <= 6
    }),
    (Shape::Prose, |c| c.chars >= 30 && c.words() >= 5 || c.wide > 20),
];

/// Words that people and programs write where there is nothing.
fn is_nothing(cell: &Cell<'_>) -> bool {
    if cell.chars > 12 {
        return false;
    }
    if cell.digits + cell.letters() + cell.wide == 0 {
        return true;
    }
    matches!(
        cell.text.to_ascii_lowercase().as_str(),
        "n/a"
            | "na"
            | "none"
            | "null"
            | "nil"
            | "nan"
            | "unknown"
            | "undefined"
            | "tbd"
            | "test"
            | "xxx"
            | "missing"
            | "n.a."
            | "\\n"
            | "not available"
            | "unbekannt"
            | "keine"
            | "k.a."
            | "inconnu"
            | "desconocido"
            | "(null)"
            | "#n/a"
            | "empty"
            | "redacted"
    )
}

#[derive(Default)]
struct Numbers {
    count: usize,
    min: f64,
    max: f64,
    sum: f64,
    fraction: usize,
}

impl Numbers {
    fn add(&mut self, cell: &Cell<'_>, mark: &mut impl FnMut(Shape)) {
        if cell.digits == 0 || cell.chars > 24 || cell.letters() > 1 {
            return;
        }
        let text = cell.text;
        let Ok(number) = text.parse::<f64>() else {
            return;
        };
        if !number.is_finite() {
            return;
        }
        let fraction = text.split_once('.').map_or(0, |(_, f)| f.len());
        mark(if fraction == 0 {
            Shape::Integer
        } else {
            Shape::Decimal
        });
        if self.count == 0 {
            (self.min, self.max) = (number, number);
        }
        self.count += 1;
        self.min = self.min.min(number);
        self.max = self.max.max(number);
        self.sum += number;
        self.fraction = self.fraction.max(fraction);
    }

    fn range(&self) -> Option<Range> {
        (self.count > 0).then(|| Range {
            min: self.min,
            max: self.max,
            mean: self.sum / self.count as f64,
            fraction: self.fraction,
        })
    }
}
