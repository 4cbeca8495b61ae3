//! What chance explains: how often a rule passes values that only look like it, and how likely a number of
//! passes is then.

use crate::catalogue::countries::{Alphabet, IdRule};

/// Values that are tried for one estimate.
const TRIED: u32 = 1_000;

/// Share of values of the same layout, digits where `compact` has digits and letters where it has letters,
/// that pass the rule. What a table says of random letters and digits says nothing of a number: a value
/// without letters passes a rule that allows them as often as its check digit lets it, one in ten or eleven.
/// The same in every run; never 0.
pub(crate) fn of_layout(rule: &IdRule, compact: &[u8]) -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut value = compact.to_vec();
    let mut passed = 0_u32;
    for _ in 0..TRIED {
        for (slot, like) in value.iter_mut().zip(compact) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let drawn = state >> 33;
            *slot = if like.is_ascii_digit() {
                b'0' + (drawn % 10) as u8
            } else {
                b'A' + (drawn % 26) as u8
            };
        }
        passed += u32::from((rule.check)(&value));
    }
    (f64::from(passed) + 0.5) / f64::from(TRIED)
}

/// Share of arbitrary codes that pass the rule with this layout: letters and digits that change at the right
/// places are a check too, and about one code in twenty has any one change there.
pub(crate) fn of_code(rule: &IdRule, compact: &[u8]) -> f64 {
    // Of digits alone the table says the same, and texts are full of them.
    if rule.alphabet == Alphabet::Digits {
        return rule.chance;
    }
    let changes = compact
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    of_layout(rule, compact) * 0.05_f64.powi(changes.min(8) as i32)
}

/// Probability of at least `hits` passes among `tried` values of which each passes with `chance`: the upper
/// tail of the binomial distribution.
pub(crate) fn tail(hits: u64, tried: u64, chance: f64) -> f64 {
    if hits == 0 || chance >= 1.0 {
        return 1.0;
    }
    if hits > tried || chance <= 0.0 {
        return 0.0;
    }
    let odds = (chance / (1.0 - chance)).ln();
    // Logarithm of the probability of exactly `k`, from one `k` to the next.
    let mut log = tried as f64 * (-chance).ln_1p();
    let mut sum = 0.0;
    for k in 0..=tried {
        if k >= hits {
            let term = log.exp();
            sum += term;
            if k as f64 > tried as f64 * chance && term < sum * 1e-12 {
                break;
            }
        }
        log += odds + ((tried - k) as f64).ln() - ((k + 1) as f64).ln();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::countries::rules;

    fn rule(id: &str) -> &'static IdRule {
        rules().find(|rule| rule.id == id).expect("a rule")
    }

    #[test]
    fn the_tail_is_that_of_the_binomial_distribution() {
        assert!((tail(1, 1, 0.1) - 0.1).abs() < 1e-12);
        assert!((tail(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((tail(1, 10, 0.1) - (1.0 - 0.9_f64.powi(10))).abs() < 1e-12);
        assert_eq!(tail(0, 10, 0.1), 1.0);
        assert_eq!(tail(11, 10, 0.1), 0.0);
        assert!(tail(30, 30, 0.01) < 1e-50);
    }

    #[test]
    fn digits_alone_pass_a_check_digit_one_time_in_ten() {
        for (id, value) in [
            ("cl_rut", "202600417"),
            ("pt_nif", "336941519"),
            ("pl_nip", "8567346215"),
        ] {
            let chance = of_layout(rule(id), value.as_bytes());
            assert!((0.04..0.13).contains(&chance), "{id}: {chance}");
        }
        assert!(of_code(rule("de_ustid"), b"DE136695976") < 0.0005);
    }
}
