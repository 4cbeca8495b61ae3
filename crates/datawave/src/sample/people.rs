//! Invented persons.

use super::calendar;
use super::ids;
use super::locales::{LOCALES, Locale};
use super::rng::Rng;

/// An invented person.
pub(super) struct Person {
    pub(super) locale: &'static Locale,
    pub(super) female: bool,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) email: String,
    /// Name for logging in, made from the name.
    pub(super) login: String,
    pub(super) phone: String,
    pub(super) street: String,
    pub(super) city: &'static str,
    pub(super) region: &'static str,
    pub(super) postcode: String,
    /// Days since 1970-01-01.
    pub(super) born: i64,
    /// National or tax number, where the country has one with a formula.
    pub(super) national: Option<String>,
}

impl Person {
    /// Somebody of any country, the home market more often than others.
    pub(super) fn any(rng: &mut Rng) -> Self {
        let locale = if rng.chance(1, 4) {
            &LOCALES[0]
        } else {
            rng.pick(LOCALES)
        };
        Self::of(rng, locale)
    }

    /// Somebody of this country.
    pub(super) fn of(rng: &mut Rng, locale: &'static Locale) -> Self {
        let female = rng.chance(1, 2);
        let given = rng.pick(if female { locale.women } else { locale.men });
        let family = rng.pick(locale.families);
        let number = rng.range(1, 980);
        let email = match rng.below(3) {
            0 => format!("{}.{}@example.{}", given.1, family.1, locale.domain),
            1 => format!("{}{}@mail.example.org", family.1, number),
            _ => format!("{}_{}@post.example.{}", given.1, number, locale.domain),
        };
        let &(city, region, postcode) = rng.pick(locale.cities);
        let born = calendar::birthday(rng);
        let pattern = rng.pick(locale.phones);
        Self {
            locale,
            female,
            given: given.0,
            family: family.0,
            email,
            login: format!("{}{}{}", &given.1[..1], family.1, rng.range(1, 99)),
            phone: rng.fill(pattern),
            street: rng.pick(locale.streets).replace("{n}", &number.to_string()),
            city,
            region,
            postcode: rng.fill(postcode),
            born,
            national: ids::national(rng, locale.code, born, female),
        }
    }

    /// The name as it is written in the country.
    pub(super) fn full_name(&self) -> String {
        match (self.locale.family_first, self.locale.code) {
            (true, "JP" | "CN") => format!("{}{}", self.family, self.given),
            (true, _) => format!("{} {}", self.family, self.given),
            (false, _) => format!("{} {}", self.given, self.family),
        }
    }
}

/// Sentences that say nothing about anybody.
const REMARKS: &[&str] = &[
    "called back, wants an offer by the end of the month",
    "Rechnung noch offen, zweite Mahnung verschickt",
    "prefers delivery on Tuesdays before noon",
    "le devis a été envoyé, réponse attendue",
    "asked about the warranty of the 40 l model",
    "no answer, try again next week",
    "お見積もりを送付済み",
    "quiere cambiar el plan a anual",
    "запросил каталог и прайс-лист",
    "interested in version 3.12.1 when it is out",
    "sent 2 samples, order 2026-00417 pending",
    "تم إرسال الفاتورة",
];

/// A free text. One in a thousand names somebody: the needle that column averages hide.
pub(super) fn remark(rng: &mut Rng, nth: usize) -> String {
    let text = *rng.pick(REMARKS);
    if nth % 1_000 == 417 {
        format!("{text}; new contact is {}", Person::any(rng).email)
    } else {
        text.to_owned()
    }
}
