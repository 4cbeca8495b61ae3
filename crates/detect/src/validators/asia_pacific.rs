//! India, China, Taiwan, Hong Kong, Japan, Korea, Thailand, Vietnam, Indonesia, Malaysia, Singapore, Australia,
//! New Zealand.

use super::checksum::{all_same, alnum, digit, mod_11_2, number, verhoeff, weighted};
use super::date;

/// Aadhaar: twelve digits, not beginning with 0 or 1, Verhoeff.
pub(crate) fn in_aadhaar(b: &[u8]) -> bool {
    b.len() == 12 && b[0] >= b'2' && verhoeff(b) && !all_same(b)
}

/// PAN: five letters, the fourth of which tells the kind of holder, four digits, a letter.
pub(crate) fn in_pan(b: &[u8]) -> bool {
    b.len() == 10
        && b[..5].iter().all(u8::is_ascii_uppercase)
        && b"ABCFGHJKLPT".contains(&b[3])
        && b[5..9].iter().all(u8::is_ascii_digit)
        && b[9].is_ascii_uppercase()
}

/// GSTIN: state, PAN, entity, Z, check mod 36.
pub(crate) fn in_gstin(b: &[u8]) -> bool {
    if b.len() != 15 || !number(&b[..2]).is_some_and(|s| (1..=99).contains(&s)) || !in_pan(&b[2..12]) {
        return false;
    }
    let mut sum = 0;
    for (i, byte) in b[..14].iter().enumerate() {
        let Some(v) = alnum(*byte) else {
            return false;
        };
        let product = v * if i % 2 == 0 { 1 } else { 2 };
        sum += product / 36 + product % 36;
    }
    alnum(b[14]) == Some((36 - sum % 36) % 36)
}

/// Elector's card: three letters and seven digits.
pub(crate) fn in_epic(b: &[u8]) -> bool {
    b.len() == 10 && b[..3].iter().all(u8::is_ascii_uppercase) && super::checksum::luhn(&b[3..])
}

/// Resident identity card: region, date, serial, ISO 7064 mod 11-2.
pub(crate) fn cn_ric(b: &[u8]) -> bool {
    if b.len() != 18 {
        return false;
    }
    match (number(&b[6..10]), number(&b[10..12]), number(&b[12..14])) {
        (Some(y), Some(m), Some(d)) => {
            (1850..=2100).contains(&y)
                && date::exists(y, m, d)
                && number(&b[..2]).is_some_and(|p| (11..=91).contains(&p))
                && mod_11_2(b)
        }
        _ => false,
    }
}

/// Unified social credit code: mod 31 over an alphabet without I, O, S, V, Z.
pub(crate) fn cn_uscc(b: &[u8]) -> bool {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    if b.len() != 18 || !b[2..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let value = |c: u8| ALPHABET.iter().position(|a| *a == c).map(|v| v as u32);
    let mut weight = 1;
    let mut sum = 0;
    for byte in &b[..17] {
        let Some(v) = value(*byte) else {
            return false;
        };
        sum += v * weight;
        weight = weight * 3 % 31;
    }
    value(b[17]) == Some((31 - sum % 31) % 31)
}

/// National identification card: letter of the county, sex, check mod 10.
pub(crate) fn tw_id(b: &[u8]) -> bool {
    const ORDER: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    if b.len() != 10 || !matches!(b[1], b'1' | b'2' | b'8' | b'9' | b'A'..=b'D') {
        return false;
    }
    let Some(position) = ORDER.iter().position(|c| *c == b[0]) else {
        return false;
    };
    let code = position as u32 + 10;
    let second = match b[1] {
        c @ b'A'..=b'D' => u32::from(c - b'A'),
        c => u32::from(c - b'0'),
    };
    weighted(&b[2..], &[7, 6, 5, 4, 3, 2, 1, 1])
        .is_some_and(|s| (code / 10 + code % 10 * 9 + second * 8 + s).is_multiple_of(10))
}

/// HKID: one or two letters, six digits, check mod 11 with A for ten.
pub(crate) fn hk_id(b: &[u8]) -> bool {
    let letters = match b.len() {
        8 => 1,
        9 => 2,
        _ => return false,
    };
    if !b[..letters].iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let first = if letters == 1 {
        36 * 9
    } else {
        alnum(b[0]).unwrap_or(0) * 9
    };
    let second = alnum(b[letters - 1]).unwrap_or(0) * 8;
    let check = match b[b.len() - 1] {
        b'A' => Some(10),
        other => digit(other),
    };
    match (weighted(&b[letters..], &[7, 6, 5, 4, 3, 2]), check) {
        (Some(s), Some(check)) => (first + second + s + check).is_multiple_of(11),
        _ => false,
    }
}

/// My Number: twelve digits, weighted mod 11.
pub(crate) fn jp_my_number(b: &[u8]) -> bool {
    b.len() == 12
        && !all_same(b)
        && weighted(b, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
            let rest = s % 11;
            digit(b[11]) == Some(if rest <= 1 { 0 } else { 11 - rest })
        })
}

/// Corporate number: the check leads, mod 9.
pub(crate) fn jp_corporate(b: &[u8]) -> bool {
    b.len() == 13
        && weighted(&b[1..], &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
            .is_some_and(|s| digit(b[0]) == Some(9 - s % 9))
}

/// RRN: date, sex and century, check mod 11.
pub(crate) fn kr_rrn(b: &[u8]) -> bool {
    if b.len() != 13 {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    date::exists_two_digits(y, m, d)
        && weighted(b, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
            .is_some_and(|s| digit(b[12]) == Some((11 - s % 11) % 10))
}

/// Business registration number: ten digits.
pub(crate) fn kr_brn(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    weighted(b, &[1, 3, 7, 1, 3, 7, 1, 3, 5]).is_some_and(|s| {
        let carry = digit(b[8]).unwrap_or(0) * 5 / 10;
        digit(b[9]) == Some((10 - (s + carry) % 10) % 10)
    })
}

/// National identification number: thirteen digits, weights 13 to 2 mod 11.
pub(crate) fn th_pin(b: &[u8]) -> bool {
    b.len() == 13
        && b[0] != b'0'
        && weighted(b, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
            .is_some_and(|s| digit(b[12]) == Some((11 - s % 11) % 10))
}

/// CCCD: province, sex and century, year; no check digit.
pub(crate) fn vn_cccd(b: &[u8]) -> bool {
    b.len() == 12
        && b.iter().all(u8::is_ascii_digit)
        && number(&b[..3]).is_some_and(|p| (1..=96).contains(&p))
        && matches!(b[3], b'0'..=b'3')
}

/// NIK: region, date with the day plus 40 for women, serial.
pub(crate) fn id_nik(b: &[u8]) -> bool {
    if b.len() != 16 {
        return false;
    }
    match (
        number(&b[..2]),
        number(&b[6..8]),
        number(&b[8..10]),
        number(&b[10..12]),
    ) {
        (Some(p), Some(d), Some(m), Some(y)) => {
            (11..=94).contains(&p)
                && date::exists_two_digits(y, m, if d > 40 { d - 40 } else { d })
                && number(&b[12..]).is_some_and(|s| s > 0)
        }
        _ => false,
    }
}

/// MyKad: date, place of birth, serial.
pub(crate) fn my_nric(b: &[u8]) -> bool {
    if b.len() != 12 {
        return false;
    }
    match (
        number(&b[..2]),
        number(&b[2..4]),
        number(&b[4..6]),
        number(&b[6..8]),
    ) {
        (Some(y), Some(m), Some(d), Some(p)) => {
            date::exists_two_digits(y, m, d)
                && number(&b[8..]).is_some()
                && matches!(p, 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99)
        }
        _ => false,
    }
}

/// NRIC and FIN: letter, seven digits, check letter mod 11.
pub(crate) fn sg_nric(b: &[u8]) -> bool {
    if b.len() != 9 {
        return false;
    }
    let Some(sum) = weighted(&b[1..], &[2, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    let (offset, letters): (u32, &[u8; 11]) = match b[0] {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    let at = ((sum + offset) % 11) as usize;
    // The series M counts from the other end.
    let at = if b[0] == b'M' { 10 - at } else { at };
    letters[at] == b[8]
}

/// UEN: eight or nine digits, or T with year, and a letter.
pub(crate) fn sg_uen(b: &[u8]) -> bool {
    match b.len() {
        9 => b[..8].iter().all(u8::is_ascii_digit) && b[8].is_ascii_uppercase(),
        10 if b[0].is_ascii_digit() => {
            number(&b[..4]).is_some_and(|y| (1900..=2100).contains(&y))
                && b[4..9].iter().all(u8::is_ascii_digit)
                && b[9].is_ascii_uppercase()
        }
        10 => {
            matches!(b[0], b'R' | b'S' | b'T')
                && b[1..3].iter().all(u8::is_ascii_digit)
                && b[3..5].iter().all(u8::is_ascii_uppercase)
                && b[9].is_ascii_uppercase()
        }
        _ => false,
    }
}

/// TFN: eight or nine digits, weighted mod 11.
pub(crate) fn au_tfn(b: &[u8]) -> bool {
    match b.len() {
        9 => weighted(b, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_some_and(|s| s > 0 && s % 11 == 0),
        8 => weighted(b, &[10, 7, 8, 4, 6, 3, 5, 1]).is_some_and(|s| s > 0 && s % 11 == 0),
        _ => false,
    }
}

/// ABN: eleven digits, the first less one, mod 89.
pub(crate) fn au_abn(b: &[u8]) -> bool {
    b.len() == 11
        && b[0] != b'0'
        && weighted(b, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).is_some_and(|s| s % 89 == 10)
}

/// ACN: nine digits, weights 8 to 1 mod 10.
pub(crate) fn au_acn(b: &[u8]) -> bool {
    b.len() == 9
        && weighted(b, &[8, 7, 6, 5, 4, 3, 2, 1])
            .is_some_and(|s| s > 0 && digit(b[8]) == Some((10 - s % 10) % 10))
}

/// Medicare number: begins with 2 to 6, 1-3-7-9 mod 10, issue number.
pub(crate) fn au_medicare(b: &[u8]) -> bool {
    matches!(b.len(), 10 | 11)
        && (b'2'..=b'6').contains(&b[0])
        && b.iter().all(u8::is_ascii_digit)
        && b[9] != b'0'
        && weighted(b, &[1, 3, 7, 9, 1, 3, 7, 9]).is_some_and(|s| digit(b[8]) == Some(s % 10))
}

/// IRD number: eight or nine digits, two rounds mod 11.
pub(crate) fn nz_ird(b: &[u8]) -> bool {
    let mut full = [b'0'; 9];
    match b.len() {
        9 => full.copy_from_slice(b),
        8 => full[1..].copy_from_slice(b),
        _ => return false,
    }
    let round = |weights: &[u32]| weighted(&full, weights).map(|s| (11 - s % 11) % 11);
    let check = match round(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        Some(10) => round(&[7, 4, 3, 2, 5, 2, 7, 6]),
        other => other,
    };
    number(&full).is_some_and(|n| (10_000_000..150_000_000).contains(&n))
        && check.is_some_and(|c| c < 10 && digit(full[8]) == Some(c))
}
