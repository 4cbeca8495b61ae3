//! The Americas.

use super::checksum::{all_same, alnum, digit, luhn, number, weighted};
use super::date;

/// SSN: no 000, 666, 9xx area, no 00 group, no 0000 serial.
pub(crate) fn us_ssn(b: &[u8]) -> bool {
    if b.len() != 9 {
        return false;
    }
    match (number(&b[..3]), number(&b[3..5]), number(&b[5..])) {
        (Some(area), Some(group), Some(serial)) => {
            area > 0 && area != 666 && area < 900 && group > 0 && serial > 0
        }
        _ => false,
    }
}

/// ITIN: 9xx and the groups that are given out.
pub(crate) fn us_itin(b: &[u8]) -> bool {
    b.len() == 9
        && b[0] == b'9'
        && number(&b[5..]).is_some()
        && number(&b[3..5]).is_some_and(|g| matches!(g, 50..=65 | 70..=88 | 90..=92 | 94..=99))
}

/// NPI: ten digits that begin with 1 or 2, Luhn with 80840 in front.
pub(crate) fn us_npi(b: &[u8]) -> bool {
    if b.len() != 10 || !matches!(b[0], b'1' | b'2') {
        return false;
    }
    let mut full = *b"808400000000000";
    full[5..].copy_from_slice(b);
    luhn(&full)
}

/// DEA number: two letters, seven digits, sums of odd and even places.
pub(crate) fn us_dea(b: &[u8]) -> bool {
    if b.len() != 9 || !b[0].is_ascii_uppercase() || !(b[1].is_ascii_uppercase() || b[1] == b'9') {
        return false;
    }
    weighted(&b[2..], &[1, 2, 1, 2, 1, 2]).is_some_and(|s| digit(b[8]) == Some(s % 10))
}

/// MBI: pattern of letters and digits without S, L, O, I, B, Z.
pub(crate) fn us_mbi(b: &[u8]) -> bool {
    let letter = |c: u8| c.is_ascii_uppercase() && !b"SLOIBZ".contains(&c);
    if b.len() != 11 || !matches!(b[0], b'1'..=b'9') {
        return false;
    }
    letter(b[1])
        && (letter(b[2]) || b[2].is_ascii_digit())
        && b[3].is_ascii_digit()
        && letter(b[4])
        && (letter(b[5]) || b[5].is_ascii_digit())
        && b[6].is_ascii_digit()
        && letter(b[7])
        && letter(b[8])
        && b[9].is_ascii_digit()
        && b[10].is_ascii_digit()
}

/// SIN: nine digits, Luhn, not beginning with 0 or 8.
pub(crate) fn ca_sin(b: &[u8]) -> bool {
    b.len() == 9 && !matches!(b[0], b'0' | b'8') && luhn(b) && !all_same(b)
}

/// CURP: names, date, sex, state, check mod 10.
pub(crate) fn mx_curp(b: &[u8]) -> bool {
    if b.len() != 18 || !b[..4].iter().all(u8::is_ascii_uppercase) || !matches!(b[10], b'H' | b'M' | b'X') {
        return false;
    }
    let (Some(y), Some(m), Some(d)) = (number(&b[4..6]), number(&b[6..8]), number(&b[8..10])) else {
        return false;
    };
    let mut sum = 0;
    for (i, byte) in b[..17].iter().enumerate() {
        // The alphabet of the check has Ñ between N and O.
        let value = match *byte {
            b'O'..=b'Z' => u32::from(byte - b'O') + 25,
            other => match alnum(other) {
                Some(v) => v,
                None => return false,
            },
        };
        sum += value * (18 - i as u32);
    }
    date::exists_two_digits(y, m, d) && digit(b[17]) == Some((10 - sum % 10) % 10)
}

/// RFC: three or four letters, date, homoclave.
pub(crate) fn mx_rfc(b: &[u8]) -> bool {
    let letters = match b.len() {
        12 => 3,
        13 => 4,
        _ => return false,
    };
    let rest = &b[letters..];
    b[..letters].iter().all(u8::is_ascii_uppercase)
        && matches!((number(&rest[..2]), number(&rest[2..4]), number(&rest[4..6])), (Some(y), Some(m), Some(d)) if date::exists_two_digits(y, m, d))
        && rest[6..8].iter().all(|c| alnum(*c).is_some())
        && (rest[8].is_ascii_digit() || rest[8] == b'A')
}

fn br_check(b: &[u8], weights: &[u32]) -> Option<u32> {
    weighted(b, weights).map(|s| {
        let check = 11 - s % 11;
        if check > 9 { 0 } else { check }
    })
}

/// CPF: two checks mod 11.
pub(crate) fn br_cpf(b: &[u8]) -> bool {
    b.len() == 11
        && !all_same(b)
        && br_check(b, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) == digit(b[9])
        && br_check(b, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) == digit(b[10])
        && digit(b[10]).is_some()
}

/// CNPJ: two checks mod 11.
pub(crate) fn br_cnpj(b: &[u8]) -> bool {
    b.len() == 14
        && !all_same(b)
        && br_check(b, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == digit(b[12])
        && br_check(b, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == digit(b[13])
        && digit(b[13]).is_some()
}

/// CNH: two checks mod 11.
pub(crate) fn br_cnh(b: &[u8]) -> bool {
    if b.len() != 11 || all_same(b) {
        return false;
    }
    let (Some(one), Some(two)) = (
        weighted(b, &[9, 8, 7, 6, 5, 4, 3, 2, 1]),
        weighted(b, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ) else {
        return false;
    };
    let mut first = one % 11;
    let mut discount = 0;
    if first >= 10 {
        first = 0;
        discount = 2;
    }
    let second = two % 11;
    let second = if second >= 10 {
        0
    } else {
        (second + 11 - discount) % 11 % 10
    };
    digit(b[9]) == Some(first) && digit(b[10]) == Some(second)
}

/// PIS: eleven digits, weighted mod 11.
pub(crate) fn br_pis(b: &[u8]) -> bool {
    b.len() == 11
        && !all_same(b)
        && br_check(b, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == digit(b[10])
        && digit(b[10]).is_some()
}

/// CUIT and CUIL: kind, eight digits, check mod 11.
pub(crate) fn ar_cuit(b: &[u8]) -> bool {
    b.len() == 11
        && matches!(
            &b[..2],
            b"20" | b"23" | b"24" | b"25" | b"26" | b"27" | b"30" | b"33" | b"34" | b"50" | b"51" | b"55"
        )
        && weighted(b, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
            let check = (11 - s % 11) % 11;
            digit(b[10]) == Some(if check == 10 { 9 } else { check })
        })
}

/// RUT: seven or eight digits, check mod 11 with K.
pub(crate) fn cl_rut(b: &[u8]) -> bool {
    if !(8..=9).contains(&b.len()) {
        return false;
    }
    let Some((last, front)) = b.split_last() else {
        return false;
    };
    let sum = front
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].into_iter().cycle())
        .try_fold(0, |sum, (byte, w)| Some(sum + digit(*byte)? * w));
    sum.is_some_and(|s| match (11 - s % 11) % 11 {
        10 => *last == b'K',
        check => digit(*last) == Some(check),
    })
}

/// NIT of Colombia: nine digits and a check mod 11.
pub(crate) fn co_nit(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    weighted(b, &[41, 37, 29, 23, 19, 17, 13, 7, 3]).is_some_and(|s| {
        let rest = s % 11;
        digit(b[9]) == Some(if rest > 1 { 11 - rest } else { rest })
    })
}

/// RUC of Peru: kind, eight digits or a DNI, check mod 11.
pub(crate) fn pe_ruc(b: &[u8]) -> bool {
    b.len() == 11
        && matches!(&b[..2], b"10" | b"15" | b"16" | b"17" | b"20")
        && weighted(b, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
            .is_some_and(|s| digit(b[10]) == Some((11 - s % 11) % 10))
}

/// Cédula of Ecuador: province, Luhn.
pub(crate) fn ec_ci(b: &[u8]) -> bool {
    b.len() == 10
        && number(&b[..2]).is_some_and(|p| (1..=24).contains(&p) || p == 30)
        && b[2] < b'6'
        && luhn(b)
}

/// Cédula of Uruguay: eight digits, 2-9-8-7-6-3-4 mod 10.
pub(crate) fn uy_ci(b: &[u8]) -> bool {
    b.len() == 8
        && weighted(b, &[2, 9, 8, 7, 6, 3, 4]).is_some_and(|s| digit(b[7]) == Some((10 - s % 10) % 10))
}

/// RIF of Venezuela: letter and nine digits, weighted mod 11.
pub(crate) fn ve_rif(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    let kind = match b[0] {
        b'V' => 4,
        b'E' => 8,
        b'J' | b'C' => 12,
        b'P' => 16,
        b'G' => 20,
        _ => return false,
    };
    weighted(&b[1..], &[3, 2, 7, 6, 5, 4, 3, 2]).is_some_and(|s| {
        let check = 11 - (s + kind) % 11;
        digit(b[9]) == Some(if check > 9 { 0 } else { check })
    })
}

/// Cédula of the Dominican Republic: eleven digits, Luhn.
pub(crate) fn do_cedula(b: &[u8]) -> bool {
    b.len() == 11 && luhn(b) && !all_same(b)
}

/// RNC of the Dominican Republic: nine digits, weighted mod 11.
pub(crate) fn do_rnc(b: &[u8]) -> bool {
    b.len() == 9
        && weighted(b, &[7, 9, 8, 6, 5, 4, 3, 2]).is_some_and(|s| digit(b[8]) == Some((10 - s % 11) % 9 + 1))
}
