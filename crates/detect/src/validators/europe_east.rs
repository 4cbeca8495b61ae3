//! Poland, Czechia and Slovakia, Hungary, Romania, Bulgaria, Russia, Ukraine, Kazakhstan, Moldova.

use super::checksum::{alnum, digit, number, weighted};
use super::date;

/// PESEL: date with the century in the month, check 1-3-7-9.
pub(crate) fn pl_pesel(b: &[u8]) -> bool {
    if b.len() != 11 {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    let year = [1900, 2000, 2100, 2200, 1800][(m / 20) as usize % 5] + y;
    date::exists(year, m % 20, d)
        && weighted(b, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_some_and(|s| s % 10 == 0)
}

/// NIP: ten digits, weighted mod 11.
pub(crate) fn pl_nip(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"PL").unwrap_or(b);
    b.len() == 10
        && b[0] != b'0'
        && weighted(b, &[6, 5, 7, 2, 3, 4, 5, 6, 7]).is_some_and(|s| digit(b[9]) == Some(s % 11))
}

/// REGON: nine or fourteen digits, weighted mod 11.
pub(crate) fn pl_regon(b: &[u8]) -> bool {
    let short = b.len() >= 9
        && weighted(b, &[8, 9, 2, 3, 4, 5, 6, 7]).is_some_and(|s| digit(b[8]) == Some(s % 11 % 10));
    match b.len() {
        9 => short,
        14 => {
            short
                && weighted(b, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8])
                    .is_some_and(|s| digit(b[13]) == Some(s % 11 % 10))
        }
        _ => false,
    }
}

/// Dowód osobisty: three letters, six digits, the first of them the check.
pub(crate) fn pl_dowod(b: &[u8]) -> bool {
    if b.len() != 9 || !b[..3].iter().all(u8::is_ascii_uppercase) || !b[3..].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = b
        .iter()
        .zip([7, 3, 1, 9, 7, 3, 1, 7, 3])
        .map(|(byte, w)| alnum(*byte).unwrap_or(0) * w)
        .sum();
    sum.is_multiple_of(10)
}

/// Rodné číslo: date, month plus 50 for women, divisible by 11; nine digits without check before 1954.
pub(crate) fn cz_rc(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    let month = match m {
        71..=82 => m - 70,
        51..=62 => m - 50,
        21..=32 => m - 20,
        m => m,
    };
    let Some(front) = number(&b[..9]) else {
        return false;
    };
    date::exists_two_digits(y, month, d) && digit(b[9]) == Some(front % 11 % 10)
}

/// IČO: eight digits, weighted mod 11.
pub(crate) fn cz_ico(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"CZ").unwrap_or(b);
    b.len() == 8
        && weighted(b, &[8, 7, 6, 5, 4, 3, 2])
            .is_some_and(|s| s > 0 && digit(b[7]) == Some((11 - s % 11) % 10))
}

/// TAJ: nine digits, 3 and 7 in turn, mod 10.
pub(crate) fn hu_taj(b: &[u8]) -> bool {
    b.len() == 9
        && weighted(b, &[3, 7, 3, 7, 3, 7, 3, 7]).is_some_and(|s| s > 0 && digit(b[8]) == Some(s % 10))
}

/// Adóazonosító jel: 8, days since 1867, check mod 11.
pub(crate) fn hu_adoazonosito(b: &[u8]) -> bool {
    b.len() == 10
        && b[0] == b'8'
        && weighted(b, &[1, 2, 3, 4, 5, 6, 7, 8, 9]).is_some_and(|s| digit(b[9]) == Some(s % 11))
}

/// Adószám: eight digits checked 9-7-3-1, perhaps three more.
pub(crate) fn hu_adoszam(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"HU").unwrap_or(b);
    matches!(b.len(), 8 | 11)
        && b.iter().all(u8::is_ascii_digit)
        && weighted(b, &[9, 7, 3, 1, 9, 7, 3, 1]).is_some_and(|s| s > 0 && s % 10 == 0)
}

/// CNP: sex and century, date, county, check 279146358279.
pub(crate) fn ro_cnp(b: &[u8]) -> bool {
    if b.len() != 13 || b[0] == b'0' {
        return false;
    }
    let (Some(y), Some(m), Some(d), Some(county)) = (
        number(&b[1..3]),
        number(&b[3..5]),
        number(&b[5..7]),
        number(&b[7..9]),
    ) else {
        return false;
    };
    date::exists_two_digits(y, m, d)
        && ((1..=52).contains(&county) || county == 70)
        && weighted(b, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]).is_some_and(|s| {
            let check = s % 11;
            digit(b[12]) == Some(if check == 10 { 1 } else { check })
        })
}

/// CUI: up to ten digits, weighted mod 11.
pub(crate) fn ro_cui(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"RO").unwrap_or(b);
    if !(6..=10).contains(&b.len()) || b[0] == b'0' {
        return false;
    }
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let (front, last) = b.split_at(b.len() - 1);
    weighted(front, &WEIGHTS[9 - front.len()..]).is_some_and(|s| digit(last[0]) == Some(s * 10 % 11 % 10))
}

/// EGN: date with the century in the month, check mod 11.
pub(crate) fn bg_egn(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    let (year, month) = match m {
        41..=52 => (2000 + y, m - 40),
        21..=32 => (1800 + y, m - 20),
        m => (1900 + y, m),
    };
    date::exists(year, month, d)
        && weighted(b, &[2, 4, 8, 5, 10, 9, 7, 3, 6]).is_some_and(|s| digit(b[9]) == Some(s % 11 % 10))
}

/// EIK: nine digits, two rounds mod 11.
pub(crate) fn bg_eik(b: &[u8]) -> bool {
    let b = b.strip_prefix(b"BG").unwrap_or(b);
    if b.len() != 9 {
        return false;
    }
    let check = match weighted(b, &[1, 2, 3, 4, 5, 6, 7, 8]).map(|s| s % 11) {
        Some(10) => weighted(b, &[3, 4, 5, 6, 7, 8, 9, 10]).map(|s| s % 11 % 10),
        other => other,
    };
    check.is_some() && digit(b[8]) == check
}

/// INN: ten digits for companies, twelve for persons, weighted mod 11.
pub(crate) fn ru_inn(b: &[u8]) -> bool {
    let check =
        |weights: &[u32], at: usize| weighted(b, weights).is_some_and(|s| digit(b[at]) == Some(s % 11 % 10));
    match b.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8], 9),
        12 => check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10) && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11),
        _ => false,
    }
}

/// SNILS: nine digits, weighted mod 101.
pub(crate) fn ru_snils(b: &[u8]) -> bool {
    b.len() == 11
        && weighted(b, &[9, 8, 7, 6, 5, 4, 3, 2, 1])
            .is_some_and(|s| s > 0 && number(&b[9..]) == Some(s % 101 % 100))
}

/// OGRN: thirteen or fifteen digits, the rest by 11 or 13.
pub(crate) fn ru_ogrn(b: &[u8]) -> bool {
    let (front, modulus) = match b.len() {
        13 => (12, 11),
        15 => (14, 13),
        _ => return false,
    };
    let n = b[..front]
        .iter()
        .try_fold(0_u64, |n, x| Some(n * 10 + u64::from(digit(*x)?)));
    b[0] != b'0' && n.is_some_and(|n| digit(b[front]).map(u64::from) == Some(n % modulus % 10))
}

/// РНОКПП: ten digits, weighted mod 11.
pub(crate) fn ua_rntrc(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    // The first weight is -1, which is 10 mod 11.
    weighted(b, &[10, 5, 7, 9, 4, 6, 10, 5, 7]).is_some_and(|s| digit(b[9]) == Some(s % 11 % 10))
}

/// IIN: date, century, serial, check in two rounds mod 11.
pub(crate) fn kz_iin(b: &[u8]) -> bool {
    if b.len() != 12 || !(b'0'..=b'6').contains(&b[6]) {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[..2]), number(&b[2..4]), number(&b[4..6])) else {
        return false;
    };
    let check = match weighted(b, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).map(|s| s % 11) {
        Some(10) => weighted(b, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]).map(|s| s % 11),
        other => other,
    };
    date::exists_two_digits(y, m, d) && check.is_some_and(|c| c < 10 && digit(b[11]) == Some(c))
}

/// IDNO and IDNP: thirteen digits, 7-3-1 mod 10.
pub(crate) fn md_idno(b: &[u8]) -> bool {
    b.len() == 13
        && matches!(b[0], b'0' | b'1' | b'2')
        && weighted(b, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]).is_some_and(|s| digit(b[12]) == Some(s % 10))
}
