//! What the values say.

use super::names::neighbour_weight;
use super::{dictionary, identifiers};
use crate::Engine;
use crate::naming::TableKind;
use crate::reasons::Reason;
use crate::scoring::{Candidates, Context};
use crate::values::profile::{Count, Profile, Shape};
use datawave_facts::EvidenceKind;

/// A shape that speaks for a type by itself.
struct Speaks {
    shape: Shape,
    infotype: &'static str,
    /// Share of other values that look so.
    chance: f64,
    /// Most nats.
    cap: f64,
}

const SPEAK: &[Speaks] = &[
    Speaks {
        shape: Shape::Email,
        infotype: "email",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::Url,
        infotype: "url",
        chance: 0.002,
        cap: 8.0,
    },
    Speaks {
        shape: Shape::Ip,
        infotype: "ip_address",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::Mac,
        infotype: "mac_address",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::PasswordHash,
        infotype: "password_hash",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::KnownKey,
        infotype: "api_key",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::Jwt,
        infotype: "jwt",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::PrivateKey,
        infotype: "private_key",
        chance: 0.001,
        cap: 9.0,
    },
    Speaks {
        shape: Shape::ConnectionString,
        infotype: "api_key",
        chance: 0.001,
        cap: 8.5,
    },
    Speaks {
        shape: Shape::CoordinatePair,
        infotype: "geo_coordinate",
        chance: 0.005,
        cap: 7.0,
    },
    Speaks {
        shape: Shape::SsnWritten,
        infotype: "us_ssn",
        chance: 0.03,
        cap: 6.8,
    },
    Speaks {
        shape: Shape::PostcodeDistinct,
        infotype: "postcode",
        chance: 0.05,
        cap: 5.4,
    },
    Speaks {
        shape: Shape::Wallet,
        infotype: "crypto_address",
        chance: 0.001,
        cap: 8.5,
    },
    Speaks {
        shape: Shape::JpegOrPng,
        infotype: "photo",
        chance: 0.001,
        cap: 7.0,
    },
    Speaks {
        shape: Shape::Vector,
        infotype: "fingerprint",
        chance: 0.01,
        cap: 4.8,
    },
    Speaks {
        shape: Shape::LooksRandom,
        infotype: "token",
        chance: 0.02,
        cap: 4.9,
    },
    Speaks {
        shape: Shape::PhoneWritten,
        infotype: "phone",
        chance: 0.05,
        cap: 6.5,
    },
];

/// Log-likelihood ratio of `count` in the distinct values: one in ten may be dirt; negative shares are left
/// to the fit of claims.
pub(crate) fn ratio_of(count: Count, profile: &Profile<'_>, chance: f64, cap: f64) -> f64 {
    let n = profile.distinct_count() as f64;
    let k = count.distinct as f64;
    // More than half of the rows and of the distinct values, or it is a minority.
    if n == 0.0 || count.rows * 2 <= profile.filled || k * 2.0 <= n {
        return 0.0;
    }
    let llr = k * (0.9 / chance).ln() + (n - k) * (0.1 / (1.0 - chance)).ln();
    llr.clamp(0.0, cap)
}

/// Adds the evidence of values.
pub(crate) fn from_values(engine: &Engine, context: &Context<'_>, index: usize, candidates: &mut Candidates) {
    let column = &context.columns[index];
    let profile = &column.profile;
    if profile.filled > 0 {
        for speaks in SPEAK {
            let count = profile.count(speaks.shape);
            let weight = ratio_of(count, profile, speaks.chance, speaks.cap);
            if weight <= 0.0 {
                continue;
            }
            if let Some(entry) = engine.entry(speaks.infotype) {
                let candidate = candidates.of(entry);
                candidate.by_value = true;
                candidate.matched = Some(count.rows);
                candidate.count(
                    EvidenceKind::Format,
                    weight,
                    count.rows,
                    profile.filled,
                    Reason::Format {
                        infotype: speaks.infotype,
                        support: count.rows,
                        total: profile.filled,
                    },
                );
            }
        }
    }
    if profile.filled > 0 {
        identifiers::collect(engine, column, candidates);
        let thing = context.kind == TableKind::Thing;
        dictionary::collect(engine, column, thing, candidates);
        candidates.share_names();
    }
    for candidate in candidates.iter_mut() {
        if let Some((weight, column)) = neighbour_weight(context, index, candidate.entry.label) {
            candidate.say(EvidenceKind::TableContext, weight, Reason::Neighbours { column });
        }
    }
}
