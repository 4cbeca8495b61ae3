//! The words themselves, a file per domain: `(type, nats, keys)`.
//!
//! Weights: 6.5 says it alone, 5 nearly, 3.5 needs support from values or neighbours.

mod finance;
mod identity;
mod location;
mod people;
mod technical;

/// One row: id of the type, weight, keys separated by blanks.
pub(super) type Row = (&'static str, f64, &'static str);

pub(super) const SURE: f64 = 6.5;
pub(super) const LIKELY: f64 = 5.0;
pub(super) const WEAK: f64 = 3.5;

/// Every table; of a key given twice the first counts.
pub(super) const TABLES: &[&[Row]] = &[
    identity::ROWS,
    people::ROWS,
    location::ROWS,
    finance::ROWS,
    technical::ROWS,
];

/// Words that are glued in front of others.
pub(super) const PREFIXES: &str = "user users customer cust client emp employee staff person patient member guest \
home work mobile cell contact billing shipping bill ship mail business office private personal primary secondary \
alt alternate other sender recipient receiver owner author reviewer manager student teacher doctor subscriber payer \
payee buyer seller vendor supplier lead account acct birth legal current permanent residential mailing postal daytime \
evening kunden kunde mitarbeiter rechnungs rechnung liefer lieferanten privat firmen geschafts patienten mitglieder \
absender empfanger haupt ansprech partner vertrags versicherten steuer klant werknemer bedrijfs prive kund personal \
mobil hem arbets cliente empleado usuario paciente utilisateur employe funcionario pracownik klienta pacjenta";
