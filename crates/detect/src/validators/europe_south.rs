//! Spain, Portugal, Italy, Greece, Croatia, Slovenia and the successors of Yugoslavia, Turkey.

use super::checksum::{alnum, digit, luhn, mod_11_10, number, weighted};
use super::{date, europe_north::day_month_year};

const DNI: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// DNI: eight digits and a letter mod 23.
pub(crate) fn es_dni(b: &[u8]) -> bool {
    b.len() == 9 && number(&b[..8]).is_some_and(|n| DNI[(n % 23) as usize] == b[8])
}

/// NIE: X, Y or Z for 0, 1, 2, then as the DNI.
pub(crate) fn es_nie(b: &[u8]) -> bool {
    b.len() == 9
        && matches!(b[0], b'X'..=b'Z')
        && number(&b[1..8])
            .is_some_and(|n| DNI[((u32::from(b[0] - b'X') * 10_000_000 + n) % 23) as usize] == b[8])
}

/// CIF: letter of the form, seven digits, check as digit or letter.
pub(crate) fn es_cif(b: &[u8]) -> bool {
    if b.len() != 9 || !b"ABCDEFGHJNPQRSUVW".contains(&b[0]) {
        return false;
    }
    let mut sum = 0;
    for (i, byte) in b[1..8].iter().enumerate() {
        let Some(d) = digit(*byte) else {
            return false;
        };
        sum += if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d };
    }
    let check = (10 - sum % 10) % 10;
    digit(b[8]) == Some(check) || b"JABCDEFGHI"[check as usize] == b[8]
}

/// NAF: province, eight digits, the rest by 97.
pub(crate) fn es_naf(b: &[u8]) -> bool {
    if b.len() != 12 {
        return false;
    }
    let n = b[..10]
        .iter()
        .try_fold(0_u64, |n, x| Some(n * 10 + u64::from(digit(*x)?)));
    number(&b[..2]).is_some_and(|p| (1..=66).contains(&p))
        && n.is_some_and(|n| number(&b[10..]).map(u64::from) == Some(n % 97))
}

/// NIF: nine digits, weighted mod 11.
pub(crate) fn pt_nif(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"PT").unwrap_or(b);
    b.len() == 9
        && b[0] != b'0'
        && weighted(b, &[9, 8, 7, 6, 5, 4, 3, 2])
            .is_some_and(|s| digit(b[8]) == Some((11 - s % 11) % 11 % 10))
}

/// Cartão de cidadão: nine digits, two letters, check, Luhn over letters as numbers.
pub(crate) fn pt_cc(b: &[u8]) -> bool {
    if b.len() != 12 || !b[..9].iter().all(u8::is_ascii_digit) || !b[11].is_ascii_digit() {
        return false;
    }
    let mut sum = 0;
    for (i, byte) in b.iter().rev().enumerate() {
        let Some(mut v) = alnum(*byte) else {
            return false;
        };
        if i % 2 == 1 {
            v *= 2;
            if v > 9 {
                v -= 9;
            }
        }
        sum += v;
    }
    sum % 10 == 0
}

/// NISS: eleven digits, weights of primes.
pub(crate) fn pt_niss(b: &[u8]) -> bool {
    b.len() == 11
        && matches!(b[0], b'1' | b'2')
        && weighted(b, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2])
            .is_some_and(|s| digit(b[10]) == Some(9 - s % 10))
}

/// Codice fiscale: names, date, place, check letter; digits may be replaced by letters in homonyms.
pub(crate) fn it_codice_fiscale(b: &[u8]) -> bool {
    const ODD: [u32; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
        14, 16, 10, 22, 25, 24, 23,
    ];
    if b.len() != 16 || !b[..6].iter().all(u8::is_ascii_uppercase) || !b"ABCDEHLMPRST".contains(&b[8]) {
        return false;
    }
    let mut sum = 0;
    for (i, byte) in b[..15].iter().enumerate() {
        let Some(v) = alnum(*byte) else {
            return false;
        };
        sum += if i % 2 == 0 {
            ODD[v as usize]
        } else if v < 10 {
            v
        } else {
            v - 10
        };
    }
    b[11].is_ascii_uppercase() && u32::from(b[15]) == u32::from(b'A') + sum % 26
}

/// Partita IVA: eleven digits, Luhn.
pub(crate) fn it_iva(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"IT").unwrap_or(b);
    b.len() == 11 && luhn(b) && number(&b[..7]) != Some(0)
}

/// AMKA: date of birth and Luhn.
pub(crate) fn gr_amka(b: &[u8]) -> bool {
    b.len() == 11 && luhn(b) && day_month_year(b)
}

/// AFM: nine digits, powers of two mod 11.
pub(crate) fn gr_afm(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"EL").unwrap_or(b);
    b.len() == 9
        && weighted(b, &[256, 128, 64, 32, 16, 8, 4, 2])
            .is_some_and(|s| s > 0 && digit(b[8]) == Some(s % 11 % 10))
}

/// OIB: eleven digits, ISO 7064 mod 11, 10.
pub(crate) fn hr_oib(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"HR").unwrap_or(b);
    b.len() == 11 && mod_11_10(b)
}

/// JMBG and EMŠO: date with three digits of the year, region, serial, check mod 11.
pub(crate) fn jmbg(b: &[u8]) -> bool {
    if b.len() != 13 {
        return false;
    }
    let (Some(d), Some(m), Some(y)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..7])) else {
        return false;
    };
    let year = if y >= 800 { 1000 + y } else { 2000 + y };
    year <= 2100
        && date::exists(year, m, d)
        && weighted(b, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
            let check = (11 - s % 11) % 11;
            check < 10 && digit(b[12]) == Some(check)
        })
}

/// Slovenian tax number: eight digits, weighted mod 11.
pub(crate) fn si_ddv(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"SI").unwrap_or(b);
    b.len() == 8
        && b[0] != b'0'
        && weighted(b, &[8, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
            let check = 11 - s % 11;
            check != 11 && digit(b[7]) == Some(check % 10)
        })
}

/// TCKN: two checks over sums of odd and even places.
pub(crate) fn tr_tckn(b: &[u8]) -> bool {
    if b.len() != 11 || b[0] == b'0' || !b.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let d = |i: usize| u32::from(b[i] - b'0');
    let odd: u32 = (0..9).step_by(2).map(d).sum();
    let even: u32 = (1..8).step_by(2).map(d).sum();
    let tenth = (odd * 7 + 100 - even) % 10;
    d(9) == tenth && d(10) == (0..10).map(d).sum::<u32>() % 10
}

/// VKN: ten digits, powers of two mod 9.
pub(crate) fn tr_vkn(b: &[u8]) -> bool {
    if b.len() != 10 || !b.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let mut sum = 0;
    for (i, byte) in b[..9].iter().enumerate() {
        let c1 = (u32::from(byte - b'0') + 9 - i as u32) % 10;
        if c1 > 0 {
            let c2 = (c1 << (9 - i)) % 9;
            sum += if c2 == 0 { 9 } else { c2 };
        }
    }
    digit(b[9]) == Some((10 - sum % 10) % 10)
}
