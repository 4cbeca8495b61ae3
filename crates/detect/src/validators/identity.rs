//! Documents, cards, accounts, devices, vehicles: rules of no single country.

use super::checksum::{all_same, alnum, digit, luhn, luhn_alnum, mod_97, number, weighted};
use datawave_core::digest::sha256;

/// Check digit of machine-readable zones: 7-3-1, letters from 10, filler 0.
pub(crate) fn mrz_check(b: &[u8]) -> Option<u32> {
    b.iter()
        .zip([7, 3, 1].into_iter().cycle())
        .try_fold(0, |sum, (byte, w)| {
            let v = if *byte == b'<' { 0 } else { alnum(*byte)? };
            Some(sum + v * w)
        })
        .map(|s| s % 10)
}

/// Payment card: range and length of a network, Luhn.
pub(crate) fn card(b: &[u8]) -> bool {
    card_shape(b) && luhn(b) && !all_same(b)
}

/// Range and length of a network, without the check.
pub(crate) fn card_shape(b: &[u8]) -> bool {
    let Some(prefix) = b.get(..4).and_then(number) else {
        return false;
    };
    if !b.iter().all(u8::is_ascii_digit) {
        return false;
    }
    match b.len() {
        13 => prefix / 1000 == 4,
        14 => matches!(prefix / 100, 30 | 36 | 38 | 39),
        15 => matches!(prefix / 100, 34 | 37) || matches!(prefix, 1800 | 2131),
        16 => {
            prefix / 1000 == 4
                || (5100..=5599).contains(&prefix)
                || (2221..=2720).contains(&prefix)
                || prefix == 6011
                || (6440..=6599).contains(&prefix)
                || (3528..=3589).contains(&prefix)
                || prefix / 100 == 62
                || matches!(prefix / 100, 50 | 56 | 57 | 58 | 60 | 63 | 67)
        }
        17..=19 => {
            prefix / 1000 == 4 || matches!(prefix / 100, 50 | 56 | 57 | 58 | 62 | 63 | 67) || prefix == 6011
        }
        _ => false,
    }
}

/// Lengths of IBAN by country (registry of SWIFT).
const IBAN_LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

/// IBAN: length of the country, mod 97.
pub(crate) fn iban(b: &[u8]) -> bool {
    if b.len() < 15 {
        return false;
    }
    let known = IBAN_LENGTHS.iter().find(|(country, _)| &b[..2] == *country);
    let (front, back) = b.split_at(4);
    known.is_some_and(|(_, length)| *length == b.len())
        && mod_97(back).and_then(|rest| {
            front.iter().try_fold(rest, |rest, byte| {
                let v = alnum(*byte)?;
                Some(if v < 10 {
                    (rest * 10 + v) % 97
                } else {
                    (rest * 100 + v) % 97
                })
            })
        }) == Some(1)
}

/// BIC: four letters of the bank, a country, two characters of the place, three of the branch.
pub(crate) fn bic(b: &[u8]) -> bool {
    matches!(b.len(), 8 | 11)
        && b[..6].iter().all(u8::is_ascii_uppercase)
        && b[6..].iter().all(|c| alnum(*c).is_some())
        && (IBAN_LENGTHS.iter().any(|(country, _)| &b[4..6] == *country)
            || [
                b"US", b"CA", b"JP", b"CN", b"IN", b"AU", b"NZ", b"SG", b"HK", b"KR", b"MX", b"ZA", b"RU",
                b"TH", b"ID", b"MY", b"PH", b"AR", b"CL", b"CO", b"NG", b"KE",
            ]
            .contains(&&[b[4], b[5]]))
}

/// ABA routing number: 3-7-1 mod 10, ranges of the Federal Reserve.
pub(crate) fn us_aba(b: &[u8]) -> bool {
    b.len() == 9
        && number(&b[..2]).is_some_and(|p| matches!(p, 0..=12 | 21..=32 | 61..=72 | 80))
        && weighted(b, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_some_and(|s| s > 0 && s % 10 == 0)
}

/// CLABE: eighteen digits, 3-7-1, each product mod 10.
pub(crate) fn mx_clabe(b: &[u8]) -> bool {
    if b.len() != 18 {
        return false;
    }
    let sum = b[..17]
        .iter()
        .zip([3, 7, 1].into_iter().cycle())
        .try_fold(0, |sum, (byte, w)| Some(sum + digit(*byte)? * w % 10));
    sum.is_some_and(|s| digit(b[17]) == Some((10 - s % 10) % 10))
}

/// CBU: two blocks, weights 3-1-7-9 from the right.
pub(crate) fn ar_cbu(b: &[u8]) -> bool {
    let block = |b: &[u8]| {
        let Some((last, front)) = b.split_last() else {
            return false;
        };
        let sum = front
            .iter()
            .rev()
            .zip([3, 1, 7, 9].into_iter().cycle())
            .try_fold(0, |sum, (byte, w)| Some(sum + digit(*byte)? * w));
        sum.is_some_and(|s| digit(*last) == Some((10 - s % 10) % 10))
    };
    b.len() == 22 && block(&b[..8]) && block(&b[8..])
}

/// IMEI: fifteen digits, Luhn, known allocating body.
pub(crate) fn imei(b: &[u8]) -> bool {
    b.len() == 15
        && luhn(b)
        && number(&b[..2]).is_some_and(|p| matches!(p, 1 | 10..=17 | 30..=36 | 41..=54 | 86 | 91 | 98 | 99))
}

/// IMSI: fourteen or fifteen digits that begin with a country code of mobile networks.
pub(crate) fn imsi(b: &[u8]) -> bool {
    matches!(b.len(), 14 | 15)
        && b.iter().all(u8::is_ascii_digit)
        && number(&b[..3]).is_some_and(
            |mcc| matches!(mcc, 202..=297 | 302..=376 | 400..=475 | 502..=560 | 602..=659 | 702..=750 | 901),
        )
}

/// ICCID: 89, nineteen or twenty digits, Luhn over nineteen or all.
pub(crate) fn iccid(b: &[u8]) -> bool {
    matches!(b.len(), 18..=20)
        && b.starts_with(b"89")
        && b.iter().all(u8::is_ascii_digit)
        && (luhn(b) || luhn(&b[..b.len() - 1]))
}

/// VIN: seventeen characters without I, O, Q, check at place nine.
pub(crate) fn vin(b: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if !vin_shape(b) {
        return false;
    }
    let sum: u32 = b.iter().zip(WEIGHTS).map(|(c, w)| vin_value(*c) * w).sum();
    match sum % 11 {
        10 => b[8] == b'X',
        check => digit(b[8]) == Some(check),
    }
}

/// Seventeen characters without I, O, Q; the last four are digits. The check binds in North America only.
pub(crate) fn vin_shape(b: &[u8]) -> bool {
    b.len() == 17
        && b.iter()
            .all(|c| c.is_ascii_digit() || (c.is_ascii_uppercase() && !b"IOQ".contains(c)))
        && b[13..].iter().all(u8::is_ascii_digit)
        && b.iter().filter(|c| c.is_ascii_uppercase()).count() >= 3
}

fn vin_value(c: u8) -> u32 {
    match c {
        b'0'..=b'9' => u32::from(c - b'0'),
        b'A'..=b'H' => u32::from(c - b'A') + 1,
        b'J'..=b'N' => u32::from(c - b'J') + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => u32::from(c - b'S') + 2,
        _ => 0,
    }
}

/// LEI: twenty characters, mod 97.
pub(crate) fn lei(b: &[u8]) -> bool {
    b.len() == 20 && b[18..].iter().all(u8::is_ascii_digit) && mod_97(b) == Some(1)
}

/// ISBN-10: weights 10 to 1, X for ten.
pub(crate) fn isbn10(b: &[u8]) -> bool {
    if b.len() != 10 {
        return false;
    }
    let Some(sum) = weighted(b, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    let last = if b[9] == b'X' { Some(10) } else { digit(b[9]) };
    last.is_some_and(|d| (sum + d) % 11 == 0)
}

/// Address of a wallet: Base58Check (double SHA-256), bech32 polynomial, or 0x with forty hexadecimal digits.
/// Takes the value itself, since case matters.
pub(crate) fn crypto_address(text: &str) -> bool {
    if let Some(hex) = text.strip_prefix("0x") {
        return hex.len() == 40 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if text.starts_with("bc1") || text.starts_with("tb1") || text.starts_with("ltc1") {
        return bech32(text);
    }
    (25..=36).contains(&text.len()) && base58_check(text)
}

fn base58_check(text: &str) -> bool {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 25];
    for c in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|a| *a == c) else {
            return false;
        };
        let mut carry = value as u32;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = (carry & 255) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (payload, check) = bytes.split_at(21);
    sha256(&sha256(payload))[..4] == *check
}

fn bech32(text: &str) -> bool {
    const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let Some((prefix, data)) = text.rsplit_once('1') else {
        return false;
    };
    if text.len() > 90 || data.len() < 6 {
        return false;
    }
    let mut check: u32 = 1;
    let mut step = |value: u32| {
        let top = check >> 25;
        check = ((check & 0x01ff_ffff) << 5) ^ value;
        for (i, g) in GENERATOR.iter().enumerate() {
            if (top >> i) & 1 == 1 {
                check ^= g;
            }
        }
    };
    prefix.bytes().for_each(|b| step(u32::from(b >> 5)));
    step(0);
    prefix.bytes().for_each(|b| step(u32::from(b & 31)));
    for c in data.bytes() {
        let Some(value) = CHARSET.iter().position(|x| *x == c) else {
            return false;
        };
        step(value as u32);
    }
    // bech32 and bech32m
    check == 1 || check == 0x2bc8_30a3
}

/// ISIN: two letters, nine characters, Luhn over letters as numbers.
pub(crate) fn isin(b: &[u8]) -> bool {
    b.len() == 12 && b[..2].iter().all(u8::is_ascii_uppercase) && b[11].is_ascii_digit() && luhn_alnum(b)
}
