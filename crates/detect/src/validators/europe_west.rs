//! Great Britain, Ireland, France, Germany, Netherlands, Belgium, Luxembourg, Switzerland, Austria.

use super::checksum::{alnum, digit, luhn, mod_11_10, number, verhoeff, weighted, weighted_digit_sums};
use super::date;

/// National insurance number: prefix rules, six digits, suffix A to D.
pub(crate) fn gb_nino(b: &[u8]) -> bool {
    let &[p0, p1, ref digits @ .., suffix] = b else {
        return false;
    };
    digits.len() == 6
        && p0.is_ascii_uppercase()
        && p1.is_ascii_uppercase()
        && !b"DFIQUV".contains(&p0)
        && !b"DFIQUVO".contains(&p1)
        && ![*b"BG", *b"GB", *b"NK", *b"KN", *b"TN", *b"NT", *b"ZZ"].contains(&[p0, p1])
        && digits.iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(&suffix)
}

/// NHS number: weights 10 to 2, mod 11.
pub(crate) fn gb_nhs(b: &[u8]) -> bool {
    weighted(b, &[10, 9, 8, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
        let check = (11 - s % 11) % 11;
        check < 10 && b.len() == 10 && digit(b[9]) == Some(check)
    })
}

/// Unique taxpayer reference: the check digit leads.
pub(crate) fn gb_utr(b: &[u8]) -> bool {
    const CHECK: [u8; 11] = *b"21987654321";
    b.len() == 10
        && weighted(&b[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]).is_some_and(|s| CHECK[(s % 11) as usize] == b[0])
}

/// Value added tax number: GB and nine digits, mod 97 or mod 97 less 55.
pub(crate) fn gb_vat(b: &[u8]) -> bool {
    let Some(b) = b.strip_prefix(b"GB") else {
        return false;
    };
    if b.len() != 9 && b.len() != 12 {
        return false;
    }
    let check = weighted(b, &[8, 7, 6, 5, 4, 3, 2, 10, 1]);
    check.is_some_and(|s| s % 97 == 0 || (s + 55) % 97 == 0)
}

/// Personal public service number: seven digits, check letter mod 23, perhaps a second letter.
pub(crate) fn ie_pps(b: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    if !(8..=9).contains(&b.len()) {
        return false;
    }
    let Some(mut sum) = weighted(b, &[8, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    match b.get(8) {
        None | Some(b'W') => {}
        Some(second @ b'A'..=b'I') => sum += u32::from(second - b'A' + 1) * 9,
        _ => return false,
    }
    LETTERS[(sum % 23) as usize] == b[7]
}

/// Numéro de sécurité sociale: 97 less the rest by 97, Corsica as 19 and 18.
pub(crate) fn fr_nir(b: &[u8]) -> bool {
    if b.len() != 15 || !matches!(b[0], b'1'..=b'4' | b'7' | b'8') {
        return false;
    }
    let mut value: u64 = 0;
    for (i, byte) in b[..13].iter().enumerate() {
        let d = match (i, byte) {
            (6, b'A') if b[5] == b'2' => 9,
            (6, b'B') if b[5] == b'2' => 8,
            (_, byte) => match digit(*byte) {
                Some(d) => u64::from(d),
                None => return false,
            },
        };
        // 2A counts as 19, 2B as 18
        if i == 6 && matches!(byte, b'A' | b'B') {
            value -= 1;
        }
        value = value * 10 + d;
    }
    let month = number(&b[3..5]).unwrap_or(99);
    (matches!(month, 1..=12 | 20..=42 | 50..=99))
        && number(&b[13..]).is_some_and(|key| u64::from(key) == 97 - value % 97)
}

/// SIREN: nine digits, Luhn.
pub(crate) fn fr_siren(b: &[u8]) -> bool {
    b.len() == 9 && luhn(b)
}

/// SIRET: SIREN and five digits, Luhn over both.
pub(crate) fn fr_siret(b: &[u8]) -> bool {
    b.len() == 14 && luhn(&b[..9]) && luhn(b)
}

/// TVA: FR, two characters, SIREN; the key is (12 + 3 n) mod 97 where it is a number.
pub(crate) fn fr_tva(b: &[u8]) -> bool {
    let Some(b) = b.strip_prefix(b"FR") else {
        return false;
    };
    if b.len() != 11 || !luhn(&b[2..]) {
        return false;
    }
    match (number(&b[..2]), number(&b[2..])) {
        (Some(key), Some(siren)) => u64::from(key) == (12 + 3 * (u64::from(siren) % 97)) % 97,
        (None, Some(_)) => b[..2].iter().all(u8::is_ascii_alphanumeric),
        _ => false,
    }
}

/// Numéro fiscal: the last three are the first ten mod 511.
pub(crate) fn fr_spi(b: &[u8]) -> bool {
    if b.len() != 13 || !matches!(b[0], b'0'..=b'3') {
        return false;
    }
    let front = b[..10]
        .iter()
        .try_fold(0_u64, |n, x| Some(n * 10 + u64::from(digit(*x)?)));
    front.is_some_and(|n| number(&b[10..]).map(u64::from) == Some(n % 511))
}

/// Steuer-Identifikationsnummer: ISO 7064 mod 11, 10; one digit occurs two or three times in the first ten.
pub(crate) fn de_steuer_id(b: &[u8]) -> bool {
    if b.len() != 11 || b[0] == b'0' || !mod_11_10(b) {
        return false;
    }
    let mut counts = [0; 10];
    for byte in &b[..10] {
        counts[usize::from(byte - b'0')] += 1;
    }
    counts.iter().filter(|c| **c > 1).count() == 1 && counts.iter().all(|c| *c <= 3)
}

/// Rentenversicherungsnummer: area, date of birth, letter, serial, check.
pub(crate) fn de_rvnr(b: &[u8]) -> bool {
    if b.len() != 12 || !b[8].is_ascii_uppercase() {
        return false;
    }
    let mut digits = [0_u8; 12];
    digits[..8].copy_from_slice(&b[..8]);
    let letter = b[8] - b'A' + 1;
    digits[8] = b'0' + letter / 10;
    digits[9] = b'0' + letter % 10;
    digits[10..].copy_from_slice(&b[9..11]);
    let day = number(&b[2..4]).unwrap_or(99);
    let month = number(&b[4..6]).unwrap_or(99);
    (1..=81).contains(&day)
        && (1..=12).contains(&month)
        && weighted_digit_sums(&digits, &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).map(|s| s % 10) == digit(b[11])
}

/// Krankenversichertennummer: letter and nine digits, weights 1 and 2.
pub(crate) fn de_kvnr(b: &[u8]) -> bool {
    if b.len() != 10 || !b[0].is_ascii_uppercase() {
        return false;
    }
    let letter = b[0] - b'A' + 1;
    let mut digits = [b'0' + letter / 10, b'0' + letter % 10, 0, 0, 0, 0, 0, 0, 0, 0];
    digits[2..].copy_from_slice(&b[1..9]);
    weighted_digit_sums(&digits, &[1, 2, 1, 2, 1, 2, 1, 2, 1, 2]).map(|s| s % 10) == digit(b[9])
}

/// Umsatzsteuer-Identifikationsnummer: DE and nine digits, ISO 7064 mod 11, 10.
pub(crate) fn de_ustid(b: &[u8]) -> bool {
    b.strip_prefix(b"DE")
        .is_some_and(|b| b.len() == 9 && mod_11_10(b))
}

/// Number of identity card or passport: nine characters and the check of machine-readable zones.
pub(crate) fn de_document(b: &[u8]) -> bool {
    b.len() == 10 && b[0].is_ascii_uppercase() && super::identity::mrz_check(&b[..9]) == digit(b[9])
}

/// Burgerservicenummer: the eleven test.
pub(crate) fn nl_bsn(b: &[u8]) -> bool {
    b.len() == 9
        && b != b"000000000"
        && weighted(b, &[9, 8, 7, 6, 5, 4, 3, 2]).is_some_and(|s| digit(b[8]).is_some_and(|d| s % 11 == d))
}

/// BTW number: NL, nine digits, B, two digits.
pub(crate) fn nl_btw(b: &[u8]) -> bool {
    b.strip_prefix(b"NL").is_some_and(|b| {
        b.len() == 12 && b[9] == b'B' && b[..9].iter().chain(&b[10..]).all(u8::is_ascii_digit)
    })
}

/// Rijksregisternummer: date of birth, serial, 97 less the rest by 97; born since 2000 with a leading 2.
pub(crate) fn be_nn(b: &[u8]) -> bool {
    if b.len() != 11 {
        return false;
    }
    let (Some(front), Some(key)) = (number(&b[..9]), number(&b[9..])) else {
        return false;
    };
    let (year, month, day) = (front / 10_000_000, front / 100_000 % 100, front / 1_000 % 100);
    let month = month % 20;
    if month > 12 || day > 31 || (month > 0 && day > 0 && !date::exists_two_digits(year, month, day)) {
        return false;
    }
    let rest = |n: u64| 97 - n % 97 == u64::from(key);
    rest(u64::from(front)) || rest(2_000_000_000 + u64::from(front))
}

/// Ondernemingsnummer: ten digits, 97 less the rest by 97; with or without BE.
pub(crate) fn be_vat(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"BE").unwrap_or(b);
    b.len() == 10
        && matches!(b[0], b'0' | b'1')
        && number(&b[..8]).is_some_and(|n| number(&b[8..]) == Some(97 - n % 97))
}

/// Matricule: date of birth, Luhn over twelve, Verhoeff over eleven and the last.
pub(crate) fn lu_id(b: &[u8]) -> bool {
    if b.len() != 13 {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..4]), number(&b[4..6]), number(&b[6..8])) else {
        return false;
    };
    let mut second = [0_u8; 12];
    second[..11].copy_from_slice(&b[..11]);
    second[11] = b[12];
    (1850..=2100).contains(&y) && date::exists(y, m, d) && luhn(&b[..12]) && verhoeff(&second)
}

/// AHV number: 756 and the check of EAN-13.
pub(crate) fn ch_ahv(b: &[u8]) -> bool {
    b.len() == 13 && b.starts_with(b"756") && super::checksum::ean(b)
}

/// UID: CHE and nine digits, weighted mod 11; MWST and its sisters may follow.
pub(crate) fn ch_uid(b: &[u8]) -> bool {
    let Some(b) = b.strip_prefix(b"CHE") else {
        return false;
    };
    if b.len() < 9 || !matches!(&b[9..], b"" | b"MWST" | b"TVA" | b"IVA" | b"HR") {
        return false;
    }
    weighted(b, &[5, 4, 3, 2, 7, 6, 5, 4]).is_some_and(|s| {
        let check = (11 - s % 11) % 11;
        check < 10 && digit(b[8]) == Some(check)
    })
}

/// Sozialversicherungsnummer: the fourth digit checks, then the date of birth.
pub(crate) fn at_svnr(b: &[u8]) -> bool {
    b.len() == 10
        && b[0] != b'0'
        && weighted(b, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]).is_some_and(|s| digit(b[3]) == Some(s % 11))
        && number(&b[4..6]).is_some_and(|d| (1..=31).contains(&d))
        && number(&b[6..8]).is_some_and(|m| (1..=16).contains(&m))
}

/// Umsatzsteuer-Identifikationsnummer: ATU and eight digits.
pub(crate) fn at_uid(b: &[u8]) -> bool {
    b.strip_prefix(b"ATU").is_some_and(|b| {
        b.len() == 8
            && weighted_digit_sums(b, &[1, 2, 1, 2, 1, 2, 1])
                .is_some_and(|s| digit(b[7]) == Some((96 - s % 10) % 10))
    })
}

/// Number of value added tax of any member of the Union by its shape: two letters of a member and 8 to 12
/// characters, mostly digits.
pub(crate) fn eu_vat(b: &[u8]) -> bool {
    const MEMBERS: [&[u8]; 28] = [
        b"AT", b"BE", b"BG", b"CY", b"CZ", b"DE", b"DK", b"EE", b"EL", b"ES", b"FI", b"FR", b"GB", b"HR",
        b"HU", b"IE", b"IT", b"LT", b"LU", b"LV", b"MT", b"NL", b"PL", b"PT", b"RO", b"SE", b"SI", b"SK",
    ];
    (10..=14).contains(&b.len())
        && MEMBERS.contains(&&b[..2])
        && b[2..].iter().filter(|c| c.is_ascii_digit()).count() + 3 > b.len() - 2
        && b.iter().all(|c| alnum(*c).is_some())
}
