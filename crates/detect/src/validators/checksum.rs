//! Families of checksums.

/// Value of a decimal digit; `None` for anything else.
pub(crate) fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// Value of a digit or, for A to Z, 10 to 35.
pub(crate) fn alnum(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

/// Number written in `bytes`; `None` when one is not a digit or there are more than nine.
pub(crate) fn number(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0, |n, b| Some(n * 10 + digit(*b)?))
}

/// Luhn (ISO/IEC 7812-1): doubles every second digit from the right.
pub(crate) fn luhn(bytes: &[u8]) -> bool {
    let mut sum = 0;
    for (i, byte) in bytes.iter().rev().enumerate() {
        let Some(mut d) = digit(*byte) else {
            return false;
        };
        if i % 2 == 1 {
            d *= 2;
            if d > 9 {
                d -= 9;
            }
        }
        sum += d;
    }
    !bytes.is_empty() && sum % 10 == 0
}

/// Luhn over letters as two-digit numbers (ISIN).
pub(crate) fn luhn_alnum(bytes: &[u8]) -> bool {
    let mut sum = 0;
    let mut position = 0;
    for byte in bytes.iter().rev() {
        let Some(value) = alnum(*byte) else {
            return false;
        };
        let mut rest = value;
        loop {
            let mut d = rest % 10;
            if position % 2 == 1 {
                d *= 2;
                if d > 9 {
                    d -= 9;
                }
            }
            sum += d;
            position += 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
    }
    !bytes.is_empty() && sum % 10 == 0
}

/// Sum of digits times weights, from the left; `None` when a byte is not a digit. Extra bytes are ignored.
pub(crate) fn weighted(bytes: &[u8], weights: &[u32]) -> Option<u32> {
    if bytes.len() < weights.len() {
        return None;
    }
    bytes
        .iter()
        .zip(weights)
        .try_fold(0, |sum, (b, w)| Some(sum + digit(*b)? * w))
}

/// Sum of digits of the products, as in Luhn's cousins.
pub(crate) fn weighted_digit_sums(bytes: &[u8], weights: &[u32]) -> Option<u32> {
    if bytes.len() < weights.len() {
        return None;
    }
    bytes.iter().zip(weights).try_fold(0, |sum, (b, w)| {
        let product = digit(*b)? * w;
        Some(sum + product / 10 + product % 10)
    })
}

/// ISO/IEC 7064 mod 11, 10 over digits.
pub(crate) fn mod_11_10(bytes: &[u8]) -> bool {
    let Some((last, front)) = bytes.split_last() else {
        return false;
    };
    let mut check = 10;
    for byte in front {
        let Some(d) = digit(*byte) else {
            return false;
        };
        check += d;
        check %= 10;
        if check == 0 {
            check = 10;
        }
        check = check * 2 % 11;
    }
    digit(*last).is_some_and(|d| (check + d) % 10 == 1)
}

/// ISO/IEC 7064 mod 11-2: last place may be X for ten.
pub(crate) fn mod_11_2(bytes: &[u8]) -> bool {
    let Some((last, front)) = bytes.split_last() else {
        return false;
    };
    let mut check = 0;
    for byte in front {
        let Some(d) = digit(*byte) else {
            return false;
        };
        check = (check + d) * 2 % 11;
    }
    let last = if *last == b'X' { Some(10) } else { digit(*last) };
    last.is_some_and(|d| (check + d) % 11 == 1)
}

/// Remainder by 97 of the number that digits and letters (A = 10) spell; IBAN, LEI and others want 1.
pub(crate) fn mod_97(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |rest, byte| {
        let value = alnum(*byte)?;
        Some(if value < 10 {
            (rest * 10 + value) % 97
        } else {
            (rest * 100 + value) % 97
        })
    })
}

const VERHOEFF_D: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

const VERHOEFF_P: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Verhoeff's check over the dihedral group.
pub(crate) fn verhoeff(bytes: &[u8]) -> bool {
    let mut check = 0_u8;
    for (i, byte) in bytes.iter().rev().enumerate() {
        let Some(d) = digit(*byte) else {
            return false;
        };
        check = VERHOEFF_D[usize::from(check)][usize::from(VERHOEFF_P[i % 8][d as usize])];
    }
    !bytes.is_empty() && check == 0
}

/// EAN-13, EAN-8, UPC-A, ISBN-13, GTIN-14: weights 3 and 1 from the right.
pub(crate) fn ean(bytes: &[u8]) -> bool {
    let mut sum = 0;
    for (i, byte) in bytes.iter().rev().enumerate() {
        let Some(d) = digit(*byte) else {
            return false;
        };
        sum += if i % 2 == 1 { d * 3 } else { d };
    }
    !bytes.is_empty() && sum % 10 == 0
}

/// Whether all bytes are the same: numbers that testers type.
pub(crate) fn all_same(bytes: &[u8]) -> bool {
    bytes.windows(2).all(|w| w[0] == w[1])
}
