//! Israel, South Africa, Emirates, Saudi Arabia, Egypt, Pakistan, Kenya, Nigeria.

use super::checksum::{luhn, number};
use super::date;

/// Teudat zehut: nine digits, Luhn.
pub(crate) fn il_id(b: &[u8]) -> bool {
    b.len() == 9 && luhn(b) && b.iter().any(|c| *c != b'0')
}

/// Identity number: date, sex, citizenship, Luhn.
pub(crate) fn za_id(b: &[u8]) -> bool {
    if b.len() != 13 || !matches!(b[10], b'0'..=b'2') {
        return false;
    }
    match (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) {
        (Some(y), Some(m), Some(d)) => date::exists_two_digits(y, m, d) && luhn(b),
        _ => false,
    }
}

/// Emirates ID: 784, year of birth, Luhn.
pub(crate) fn ae_eid(b: &[u8]) -> bool {
    b.len() == 15
        && b.starts_with(b"784")
        && number(&b[3..7]).is_some_and(|y| (1900..=2100).contains(&y))
        && luhn(b)
}

/// National id or iqama: begins with 1 or 2, ten digits, Luhn.
pub(crate) fn sa_id(b: &[u8]) -> bool {
    b.len() == 10 && matches!(b[0], b'1' | b'2') && luhn(b)
}

/// National number: century, date, governorate, serial.
pub(crate) fn eg_nid(b: &[u8]) -> bool {
    if b.len() != 14 || !matches!(b[0], b'2' | b'3') {
        return false;
    }
    match (
        number(&b[1..3]),
        number(&b[3..5]),
        number(&b[5..7]),
        number(&b[7..9]),
    ) {
        (Some(y), Some(m), Some(d), Some(g)) => {
            date::exists_two_digits(y, m, d)
                && matches!(g, 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88)
                && number(&b[9..]).is_some()
        }
        _ => false,
    }
}

/// CNIC: province, region, serial; no check digit.
pub(crate) fn pk_cnic(b: &[u8]) -> bool {
    b.len() == 13 && matches!(b[0], b'1'..=b'7') && b.iter().all(u8::is_ascii_digit)
}

/// KRA PIN: A or P, nine digits, a letter.
pub(crate) fn ke_pin(b: &[u8]) -> bool {
    b.len() == 11
        && matches!(b[0], b'A' | b'P')
        && b[1..10].iter().all(u8::is_ascii_digit)
        && b[10].is_ascii_uppercase()
}

/// NIN: eleven digits; no published check.
pub(crate) fn ng_nin(b: &[u8]) -> bool {
    b.len() == 11 && b.iter().all(u8::is_ascii_digit) && b[0] != b'0'
}
