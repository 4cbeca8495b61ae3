//! Whether values can be what a name claims: for each label, how many fit and what that is worth.

use crate::taxonomy::Label;
use crate::values::profile::{Profile, Shape, ratio};
use crate::values::{Cell, shapes};

/// Outcome of holding values against a claim.
pub(crate) struct Fit {
    /// Rows that fit.
    pub(crate) support: u64,
    /// Nats when all fit.
    pub(crate) gain: f64,
    /// Nats (positive) against when none fits.
    pub(crate) loss: f64,
}

impl Fit {
    /// Nats for a column of `filled` rows: full gain from nine in ten on, nothing at six in ten, full loss
    /// at two in ten.
    pub(crate) fn weight(&self, filled: u64) -> f64 {
        let share = ratio(self.support, filled);
        // One or two values are little to go by.
        let trust = (filled as f64 / (filled as f64 + 1.0)).powi(2);
        let weight = if share >= 0.6 {
            self.gain * ((share - 0.6) / 0.3).min(1.0)
        } else {
            -self.loss * ((0.6 - share) / 0.4).min(1.0)
        };
        weight * if weight < 0.0 { trust } else { 1.0 }
    }
}

/// Holds the values of a column against `label`.
pub(crate) fn of(label: Label, infotype: &str, profile: &Profile<'_>) -> Fit {
    use Label::*;
    let shape = |s: Shape| profile.count(s).rows;
    let tally = |f: &dyn Fn(&Cell<'_>) -> bool| profile.tally(f).rows;
    let fit = |support, gain, loss| Fit { support, gain, loss };
    match label {
        Email => fit(shape(Shape::Email), 4.0, 7.0),
        Phone => fit(tally(&phone), 1.5, 6.0),
        PersonName => fit(tally(&|c| shapes::name_like(c) && c.chars <= 50), 0.5, 6.0),
        Address => fit(tally(&address), 0.5, 5.0),
        Postcode => fit(tally(&|c| shapes::postcode_like(c)), 1.0, 6.0),
        City | Region => fit(tally(&place), 0.5, 6.0),
        Country => fit(tally(&|c| place(c) || (c.is_digits() && c.chars <= 3)), 0.3, 6.0),
        DateOfBirth => fit(birth(profile), 1.5, 6.0),
        Gender => fit(tally(&gender), 2.0, 5.0),
        NationalId | TaxId | Passport | DriverLicence => fit(tally(&identifier), 0.5, 6.0),
        CreditCard => fit(
            tally(&|c| {
                if infotype == "card_verification" {
                    c.is_digits() && (3..=4).contains(&c.chars)
                } else {
                    masked(c) || ((12..=19).contains(&c.digits) && c.letters() == 0)
                }
            }),
            1.0,
            6.0,
        ),
        BankAccount => fit(
            tally(&|c| {
                identifier(c)
                    || (c.digits + c.letters() >= 6 && c.chars <= 100 && c.lower == 0)
                    || infotype == "crypto_address" && c.chars > 24
            }),
            0.5,
            6.0,
        ),
        IpAddress => fit(
            shape(Shape::Ip) + tally(&|c| c.is_digits() && (8..=10).contains(&c.chars)),
            4.0,
            7.0,
        ),
        MacAddress => fit(
            shape(Shape::Mac) + tally(&|c| c.chars == 12 && c.text.bytes().all(|b| b.is_ascii_hexdigit())),
            4.0,
            7.0,
        ),
        DeviceId => fit(
            tally(&|c| c.blanks <= 1 && c.chars >= 8 && c.digits > 0),
            0.5,
            6.0,
        ),
        Url => fit(
            shape(Shape::Url) + shape(Shape::Path).min(profile.filled / 2),
            3.0,
            5.0,
        ),
        Username => fit(
            tally(&|c| {
                c.blanks <= 1 && (2..=64).contains(&c.chars) && c.letters() + c.wide > 0 && !shapes::email(c)
            }),
            0.5,
            4.5,
        ),
        Secret => fit(
            tally(&|c| c.blanks == 0 && c.chars >= 3 || c.chars > 40),
            0.3,
            4.0,
        ),
        GeoCoordinate => fit(coordinates(profile), 2.0, 6.0),
        Health => fit(tally(&|c| c.letters() + c.wide > 0 || c.digits > 0), 0.0, 0.0),
        Demographic if infotype == "age" => fit(
            if profile.range.is_some_and(|r| r.min >= 0.0 && r.max <= 50_000.0) {
                profile.filled
            } else {
                tally(&|c| c.chars <= 8 && c.digits > 0)
            },
            0.5,
            6.0,
        ),
        Demographic => fit(tally(&|c| c.chars <= 60), 0.3, 3.0),
        SpecialCategory => fit(tally(&|c| c.letters() + c.wide > 0 || c.chars <= 3), 0.3, 4.0),
        Financial => fit(tally(&money), 0.8, 6.0),
        VehicleId => fit(
            tally(&|c| {
                (4..=20).contains(&c.chars) && c.digits > 0 && c.letters() + c.wide > 0 && c.lower <= 3
            }),
            1.0,
            6.0,
        ),
        BiometricPhoto => fit(
            profile.filled.min(
                shape(Shape::Path) + shape(Shape::Url) + tally(&|c| c.chars > 60 && c.blanks * 8 <= c.chars),
            ),
            1.5,
            4.0,
        ),
        FreeTextPii => fit(tally(&|c| c.words() >= 4 || c.wide > 10), 0.3, 5.0),
    }
}

fn phone(c: &Cell<'_>) -> bool {
    shapes::phone_like(c) || (c.digits >= 6 && c.digits <= 20 && c.letters() <= 5 && c.chars <= 34)
}

fn address(c: &Cell<'_>) -> bool {
    c.letters() + c.wide >= 2 && (2..=200).contains(&c.chars) || (c.is_digits() && c.chars <= 5)
}

fn place(c: &Cell<'_>) -> bool {
    c.letters() + c.wide >= 2 && c.chars <= 60 && c.digits * 3 <= c.chars && !shapes::email(c)
}

fn identifier(c: &Cell<'_>) -> bool {
    masked(c)
        || ((4..=40).contains(&c.chars) && c.digits >= 2 && c.wide <= 1 && c.words() <= 6)
        || ((4..=20).contains(&c.chars) && c.lower == 0 && c.blanks == 0 && c.upper > 3)
}

/// Partly hidden: `***-**-1234`, `XXXX1234`.
pub(super) fn masked(c: &Cell<'_>) -> bool {
    let stars = c
        .text
        .bytes()
        .filter(|b| matches!(b, b'*' | b'X' | b'x' | b'#'))
        .count();
    stars >= 3 && c.digits >= 2 && stars + c.digits + c.blanks + c.marks >= c.chars
}

/// Words and letters for the sexes in the languages that databases are written in.
pub(crate) fn gender(c: &Cell<'_>) -> bool {
    if c.chars > 20 {
        return false;
    }
    const WORDS: &[&str] = &[
        "m",
        "f",
        "w",
        "d",
        "x",
        "h",
        "u",
        "o",
        "k",
        "male",
        "female",
        "man",
        "woman",
        "other",
        "diverse",
        "divers",
        "nonbinary",
        "non-binary",
        "unknown",
        "mannlich",
        "männlich",
        "weiblich",
        "mann",
        "frau",
        "herr",
        "homme",
        "femme",
        "masculin",
        "feminin",
        "féminin",
        "autre",
        "hombre",
        "mujer",
        "masculino",
        "femenino",
        "feminino",
        "maschio",
        "femmina",
        "uomo",
        "donna",
        "mannelijk",
        "vrouwelijk",
        "vrouw",
        "kvinna",
        "kvinde",
        "kvinne",
        "mies",
        "nainen",
        "kobieta",
        "mężczyzna",
        "muž",
        "žena",
        "férfi",
        "nő",
        "erkek",
        "kadın",
        "мужской",
        "женский",
        "м",
        "ж",
        "муж",
        "жен",
        "男",
        "女",
        "男性",
        "女性",
        "남",
        "여",
        "남성",
        "여성",
        "ذكر",
        "أنثى",
        "laki-laki",
        "perempuan",
        "nam",
        "nữ",
        "mr",
        "mrs",
        "ms",
        "1",
        "2",
        "0",
        "9",
        "trans",
        "transgender",
        "genderqueer",
        "genderfluid",
        "agender",
        "bigender",
        "polygender",
        "pria",
        "wanita",
        "mand",
        "prefer not to say",
        "na",
        "muški",
        "ženski",
        "bărbat",
        "femeie",
        "homem",
        "mulher",
        "mr.",
        "mrs.",
        "ms.",
    ];
    WORDS.contains(&c.text.to_lowercase().as_str())
}

fn birth(profile: &Profile<'_>) -> u64 {
    let days = profile.count(Shape::Day).rows;
    if let Some((first, _, last)) = profile.years {
        // Nobody is born at a given minute in a registry; what has times of day is an event.
        let timed = profile.count(Shape::DayWithTime).rows;
        if timed * 2 > days {
            return days / 3;
        }
        if first >= 1850 && last <= 2100 {
            return days;
        }
    }
    match profile.range {
        // A year, a month or a day of birth
        Some(r)
            if r.fraction == 0
                && ((1850.0..=2100.0).contains(&r.min) && r.max <= 2100.0
                    || (r.min >= 1.0 && r.max <= 31.0)) =>
        {
            profile.filled
        }
        _ => days,
    }
}

fn coordinates(profile: &Profile<'_>) -> u64 {
    let pairs = profile.count(Shape::CoordinatePair).rows;
    let hex = profile
        .tally(|c| c.chars >= 32 && c.text.bytes().all(|b| b.is_ascii_hexdigit()))
        .rows;
    match profile.range {
        Some(r) if r.min >= -180.0 && r.max <= 180.0 => profile.filled,
        _ => pairs.max(hex),
    }
}

/// A number, with currency, separators or percent.
pub(super) fn money(c: &Cell<'_>) -> bool {
    c.digits > 0
        && c.chars <= 24
        && c.letters() <= 4
        && c.digits * 2 + c.marks * 2 + c.blanks + c.wide * 2 + c.letters() >= c.chars
}
