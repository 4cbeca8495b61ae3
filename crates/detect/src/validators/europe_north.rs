//! Denmark, Norway, Sweden, Finland, Iceland, Estonia, Lithuania, Latvia.

use super::checksum::{digit, luhn, number, weighted};
use super::date;

/// CPR: date of birth and four digits; the old check mod 11 is not binding since 2007.
pub(crate) fn dk_cpr(b: &[u8]) -> bool {
    b.len() == 10 && day_month_year(b) && number(&b[6..]).is_some()
}

/// CVR: eight digits, weighted mod 11.
pub(crate) fn dk_cvr(b: &[u8]) -> bool {
    b.len() == 8 && b[0] != b'0' && weighted(b, &[2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|s| s % 11 == 0)
}

/// Fødselsnummer or D-number: date and two checks mod 11.
pub(crate) fn no_fnr(b: &[u8]) -> bool {
    if b.len() != 11 {
        return false;
    }
    let (Some(d), Some(m), Some(y)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    let day = if d > 40 { d - 40 } else { d };
    let month = if m > 80 {
        m - 80
    } else if m > 40 {
        m - 40
    } else {
        m
    };
    date::exists_two_digits(y, month, day)
        && weighted(b, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_some_and(|s| s % 11 == 0)
        && weighted(b, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|s| s % 11 == 0)
}

/// Organisasjonsnummer: nine digits, weighted mod 11.
pub(crate) fn no_orgnr(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"NO").unwrap_or(b);
    let b = b.strip_suffix(b"MVA").unwrap_or(b);
    b.len() == 9
        && matches!(b[0], b'8' | b'9')
        && weighted(b, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|s| s % 11 == 0)
}

/// Personnummer: date (samordningsnummer: day plus 60) and Luhn over the last ten.
pub(crate) fn se_personnummer(b: &[u8]) -> bool {
    let short = match b.len() {
        10 => b,
        12 if matches!(&b[..2], b"18" | b"19" | b"20") => &b[2..],
        _ => return false,
    };
    let (Some(y), Some(m), Some(d)) = (number(&short[..2]), number(&short[2..4]), number(&short[4..6]))
    else {
        return false;
    };
    luhn(short) && date::exists_two_digits(y, m, if d > 60 { d - 60 } else { d })
}

/// Organisationsnummer: ten digits, the third at least 2, Luhn; or SE with 01 behind.
pub(crate) fn se_orgnr(b: &[u8]) -> bool {
    let b = match b.strip_prefix(b"SE") {
        Some(vat) if vat.len() == 12 => &vat[..10],
        Some(_) => return false,
        None => b,
    };
    b.len() == 10 && b[2] >= b'2' && luhn(b)
}

/// Henkilötunnus: date, sign of the century (lost with the hyphen), serial, letter mod 31.
pub(crate) fn fi_hetu(b: &[u8]) -> bool {
    const LETTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let serial = match b.len() {
        10 => &b[6..9],
        11 if b"ABCDEFUVWXY".contains(&b[6]) => &b[7..10],
        _ => return false,
    };
    match (number(&b[..6]), number(serial)) {
        (Some(day), Some(serial)) => {
            day_month_year(b) && LETTERS[((day * 1000 + serial) % 31) as usize] == b[b.len() - 1]
        }
        _ => false,
    }
}

/// Y-tunnus: seven digits and a check mod 11.
pub(crate) fn fi_ytunnus(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"FI").unwrap_or(b);
    b.len() == 8 && weighted(b, &[7, 9, 10, 5, 8, 4, 2, 1]).is_some_and(|s| s % 11 == 0)
}

/// Kennitala: date, serial, check mod 11, century.
pub(crate) fn is_kennitala(b: &[u8]) -> bool {
    b.len() == 10
        && matches!(b[9], b'8' | b'9' | b'0')
        && number(&b[..2]).is_some_and(|d| (1..=31).contains(&d) || (41..=71).contains(&d))
        && number(&b[2..4]).is_some_and(|m| (1..=12).contains(&m))
        && weighted(b, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|s| s % 11 == 0)
}

/// Isikukood and asmens kodas: sex and century, date, serial, check in two rounds mod 11.
pub(crate) fn ee_ik(b: &[u8]) -> bool {
    if b.len() != 11 || !(b'1'..=b'8').contains(&b[0]) {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[1..3]), number(&b[3..5]), number(&b[5..7])) else {
        return false;
    };
    let century = 1800 + u32::from((b[0] - b'1') / 2) * 100;
    let first = weighted(b, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]).map(|s| s % 11);
    let check = match first {
        Some(10) => weighted(b, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]).map(|s| s % 11 % 10),
        other => other,
    };
    date::exists(century + y, m, d) && check.is_some() && check == digit(b[10])
}

/// Personas kods, old form: date and check.
pub(crate) fn lv_pk(b: &[u8]) -> bool {
    if b.len() != 11 {
        return false;
    }
    if b.starts_with(b"32") {
        return b.iter().all(u8::is_ascii_digit);
    }
    day_month_year(b)
        && weighted(b, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])
            .is_some_and(|s| digit(b[10]) == Some((1 + s) % 11 % 10))
}

/// `ddmmyy` in front.
pub(super) fn day_month_year(b: &[u8]) -> bool {
    match (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) {
        (Some(d), Some(m), Some(y)) => date::exists_two_digits(y, m, d),
        _ => false,
    }
}
