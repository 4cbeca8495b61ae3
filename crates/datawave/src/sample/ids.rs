//! Numbers with check digits, made by their public formulas.

use super::calendar::civil;
use super::rng::Rng;

fn values(digits: &str) -> Vec<u32> {
    digits.chars().filter_map(|c| c.to_digit(36)).collect()
}

fn weighted(digits: &str, weights: &[u32]) -> u32 {
    values(digits).iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// The digit that makes `digits` pass the Luhn check.
pub(super) fn luhn(digits: &str) -> u32 {
    let sum: u32 = values(digits)
        .iter()
        .rev()
        .enumerate()
        .map(|(at, d)| if at % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { *d })
        .sum();
    (10 - sum % 10) % 10
}

fn with_luhn(digits: String) -> String {
    let check = luhn(&digits);
    format!("{digits}{check}")
}

/// A payment card: 16 digits, or 15 of one brand.
pub(super) fn card(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => with_luhn(format!("5{}{}", rng.range(1, 5), rng.digits(13))),
        1 => with_luhn(format!("37{}", rng.digits(12))),
        _ => with_luhn(format!("4{}", rng.digits(14))),
    }
}

/// The IMEI of a telephone: 15 digits.
pub(super) fn imei(rng: &mut Rng) -> String {
    with_luhn(format!("35{}", rng.digits(12)))
}

/// An article number, EAN-13: digits that look like an identity and are none.
pub(super) fn ean13(rng: &mut Rng) -> String {
    let body = format!("4{}", rng.digits(11));
    let sum = weighted(&body, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// `text` with letters as numbers (A = 10), modulo 97.
fn mod97(text: &str) -> u32 {
    values(text).iter().fold(0, |rest, value| {
        let step = if *value > 9 { 100 } else { 10 };
        (rest * step + value) % 97
    })
}

/// A bank account in IBAN form for countries whose account part is digits.
pub(super) fn iban(rng: &mut Rng, country: &str) -> String {
    let account = match country {
        "DE" => rng.digits(18),
        "ES" => rng.digits(20),
        "PL" => rng.digits(24),
        "FR" => rng.digits(23),
        "GB" => format!("{}{}", rng.letters("ABCDEFGHKLMNPRSTW", 4), rng.digits(14)),
        "NL" => format!("{}{}", rng.letters("ABCDEFGHKLMNPRSTW", 4), rng.digits(10)),
        "GR" => rng.digits(23),
        "TR" => format!("{}0{}", rng.digits(5), rng.digits(16)),
        "SE" => rng.digits(20),
        _ => format!("{}{}", rng.letters("ABCDEFGHKLMNPRSTW", 4), rng.digits(12)),
    };
    let country = match country {
        "DE" | "ES" | "PL" | "FR" | "GB" | "NL" | "GR" | "TR" | "SE" => country,
        _ => "RO",
    };
    let account = if country == "RO" {
        format!("{account}0000")
    } else {
        account
    };
    let check = 98 - mod97(&format!("{account}{country}00"));
    format!("{country}{check:02}{account}")
}

/// The national or tax number that people of `country` have; `born` in days since 1970-01-01.
pub(super) fn national(rng: &mut Rng, country: &str, born: i64, female: bool) -> Option<String> {
    let (year, month, day) = civil(born);
    let text = match country {
        // Steuer-Identifikationsnummer: one digit occurs twice, ISO 7064 MOD 11,10.
        "DE" => {
            let mut pool: Vec<char> = "123456789".chars().collect();
            for at in (1..pool.len()).rev() {
                pool.swap(at, rng.below(at + 1));
            }
            pool.truncate(9);
            let twice = pool[rng.below(8)];
            pool.push(twice);
            let body: String = pool.into_iter().collect();
            let product = values(&body).iter().fold(10, |product, digit| {
                let sum = (digit + product) % 10;
                (if sum == 0 { 10 } else { sum }) * 2 % 11
            });
            format!("{body}{}", (11 - product) % 10)
        }
        // National Health Service number: weights 10 to 2, modulo 11; a check of 10 is not given out.
        "GB" => loop {
            let body = format!("4{}", rng.digits(8));
            let check = (11 - weighted(&body, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            if check < 10 {
                break format!("{body}{check}");
            }
        },
        "US" => format!(
            "{:03}-{:02}-{:04}",
            rng.range(1, 665),
            rng.range(1, 99),
            rng.range(1, 9_999)
        ),
        // NIR: sex, year, month, department, commune, order; key 97 minus the rest.
        "FR" => {
            let body = format!(
                "{}{:02}{month:02}{:02}{:03}{:03}",
                if female { 2 } else { 1 },
                year % 100,
                rng.range(1, 95),
                rng.range(1, 900),
                rng.range(1, 999)
            );
            format!("{body}{:02}", 97 - mod97(&body))
        }
        // DNI: the letter is the number modulo 23.
        "ES" => {
            let number = rng.range(10_000_000, 99_999_999);
            let letter = "TRWAGMYFPDXBNJZSQVHLCKE".as_bytes()[(number % 23) as usize];
            format!("{number}{}", char::from(letter))
        }
        // PESEL: date of birth with the century in the month.
        "PL" => {
            let month = if year >= 2000 { month + 20 } else { month };
            let sex = rng.range(0, 4) * 2 + i64::from(!female);
            let body = format!("{:02}{month:02}{day:02}{}{sex}", year % 100, rng.digits(3));
            let sum = weighted(&body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
            format!("{body}{}", (10 - sum % 10) % 10)
        }
        // BSN: the eleven test.
        "NL" => loop {
            let body = format!("{}{}", rng.range(1, 9), rng.digits(7));
            let check = weighted(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            if check < 10 {
                break format!("{body}{check}");
            }
        },
        // Personnummer: date of birth, three digits, Luhn.
        "SE" => {
            let short = format!("{:02}{month:02}{day:02}{:03}", year % 100, rng.range(1, 999));
            let check = luhn(&short);
            format!("{}-{}{check}", &short[..6], &short[6..])
        }
        // CPF: two check digits.
        "BR" => {
            let mut body = rng.digits(9);
            for weights in [
                &[10, 9, 8, 7, 6, 5, 4, 3, 2][..],
                &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2][..],
            ] {
                let rest = weighted(&body, weights) % 11;
                let check = if rest < 2 { 0 } else { 11 - rest };
                body.push_str(&check.to_string());
            }
            format!("{}.{}.{}-{}", &body[..3], &body[3..6], &body[6..9], &body[9..])
        }
        // T.C. kimlik: two check digits.
        "TR" => {
            let body = format!("{}{}", rng.range(1, 9), rng.digits(8));
            let d = values(&body);
            let odd: u32 = d.iter().step_by(2).sum();
            let even: u32 = d.iter().skip(1).step_by(2).sum();
            let tenth = (odd * 7 + 10 * 9 - even) % 10;
            let eleventh = (odd + even + tenth) % 10;
            format!("{body}{tenth}{eleventh}")
        }
        // Aadhaar: Verhoeff.
        "IN" => {
            let body = format!("{}{}", rng.range(2, 9), rng.digits(10));
            let all = format!("{body}{}", verhoeff(&body));
            format!("{} {} {}", &all[..4], &all[4..8], &all[8..])
        }
        _ => return None,
    };
    Some(text)
}

/// The digit that makes `digits` pass the Verhoeff check (dihedral group of order ten).
fn verhoeff(digits: &str) -> u32 {
    const PERMUTE: [[u32; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let multiply = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let check = values(digits)
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (at, digit)| {
            multiply(sum, PERMUTE[(at + 1) % 8][*digit as usize])
        });
    // The inverse: rotations turn back, reflections are their own.
    if check < 5 { (5 - check) % 5 } else { check }
}

/// A vehicle identification number with its check digit in the ninth place.
pub(super) fn vin(rng: &mut Rng) -> String {
    const ALPHABET: &str = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let transliterate = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        'A'..='H' => c as u32 - 'A' as u32 + 1,
        'J'..='N' => c as u32 - 'J' as u32 + 1,
        'P' => 7,
        'R' => 9,
        _ => c as u32 - 'S' as u32 + 2,
    };
    let mut text = format!("W{}0{}", rng.letters(ALPHABET, 7), rng.letters(ALPHABET, 8));
    let sum: u32 = text
        .chars()
        .zip(WEIGHTS)
        .map(|(c, weight)| transliterate(c) * weight)
        .sum();
    let check = match sum % 11 {
        10 => "X".to_owned(),
        rest => rest.to_string(),
    };
    text.replace_range(8..9, &check);
    text
}

/// A network card's address, locally administered, so that it belongs to no maker.
pub(super) fn mac(rng: &mut Rng) -> String {
    let bits = rng.bits();
    format!(
        "02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
        bits & 255,
        bits >> 8 & 255,
        bits >> 16 & 255,
        bits >> 24 & 255,
        bits >> 32 & 255
    )
}

/// An address of a network, most in version 4, some in version 6.
pub(super) fn ip(rng: &mut Rng) -> String {
    if rng.chance(1, 8) {
        format!(
            "2001:db8:{:x}:{:x}::{:x}",
            rng.below(65_536),
            rng.below(65_536),
            rng.range(1, 65_535)
        )
    } else {
        format!(
            "{}.{}.{}.{}",
            rng.range(11, 223),
            rng.below(256),
            rng.below(256),
            rng.range(1, 254)
        )
    }
}

/// A random identifier in the form of a UUID of version 4.
pub(super) fn uuid(rng: &mut Rng) -> String {
    let (a, b) = (rng.bits(), rng.bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        8 + (b >> 62),
        b >> 48 & 0xfff,
        b & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_have_the_check_digits_that_are_published() {
        assert_eq!(luhn("411111111111111"), 1);
        assert_eq!(luhn("49015420323751"), 8);
        assert_eq!(verhoeff("236"), 3);
        assert_eq!(mod97("370400440532013000DE89"), 1);
    }

    #[test]
    fn account_numbers_pass_their_own_check() {
        let mut rng = Rng::new(1, "iban");
        for country in ["DE", "ES", "PL", "FR", "GB", "NL", "GR", "TR", "SE", "RU"] {
            for _ in 0..50 {
                let iban = iban(&mut rng, country);
                assert_eq!(mod97(&format!("{}{}", &iban[4..], &iban[..4])), 1, "{iban}");
            }
        }
    }
}
