//! Closed vocabularies and lists of names.

use crate::Engine;
use crate::reasons::Reason;
use crate::scoring::{self, Candidates, Column};
use crate::taxonomy::Label;
use crate::values::profile::{Count, Shape, ratio};
use crate::values::street;
use crate::vocabulary::{self, fold_into};
use datawave_facts::EvidenceKind;

/// Counts of one column over the vocabularies.
#[derive(Default)]
struct Tally {
    given: Count,
    family: Count,
    full: Count,
    some_name: Count,
    city: Count,
    country: Count,
    country_2: Count,
    country_3: Count,
    region: Count,
    region_code: Count,
    marital: Count,
    religion: Count,
    ethnicity: Count,
    orientation: Count,
    party: Count,
    union: Count,
    conviction: Count,
    blood: Count,
    demonym: Count,
    medical: Count,
    icd: Count,
    icd_dotted: Count,
    gender: Count,
    gender_letters: Count,
    street: Count,
    plain_words: Count,
    colour: Count,
}

/// Distinct values that are looked up; more are thinned evenly in the order of values.
const LOOKED_UP: usize = 600;

/// Most distinct values of a column that is held against the closed vocabularies.
const CLOSED: usize = 250;

/// Adds the evidence of the vocabularies.
pub(super) fn collect(engine: &Engine, column: &Column<'_>, thing: bool, candidates: &mut Candidates) {
    let profile = &column.profile;
    if profile.filled == 0 || profile.mean_length > 120.0 || profile.range.is_some() {
        return;
    }
    let (tally, looked_up) = tally(engine, column);
    let n = looked_up.distinct;
    let share = |c: Count| ratio(c.distinct, n);
    let rows = |c: Count| ratio(c.rows, looked_up.rows);
    let mut add = |infotype: &'static str, count: Count, weight: f64| {
        let Some(entry) = engine.entry(infotype).filter(|_| weight > 0.0) else {
            return;
        };
        let candidate = candidates.of(entry);
        candidate.by_value = true;
        candidate.matched = Some(candidate.matched.unwrap_or(0).max(count.rows));
        candidate.count(
            EvidenceKind::Dictionary,
            weight,
            count.rows,
            looked_up.rows,
            Reason::Dictionary {
                infotype,
                support: count.rows,
                total: looked_up.rows,
            },
        );
    };
    // The more distinct values, the less a vocabulary is hit by accident.
    let grown = |weight: f64, full_at: f64| weight * (n as f64 / full_at).min(1.0);
    let over = |share: f64, from: f64, full: f64| ((share - from) / (full - from)).clamp(0.0, 1.0);

    let names = share(tally.full).max(share(tally.given)).max(share(tally.family));
    let places = share(tally.city)
        .max(share(tally.country))
        .max(share(tally.region));
    let companies = profile.share(Shape::Company);
    let colours = share(tally.colour);
    // A column of people repeats few names; a column of product lines repeats the same ones.
    let varied = if n * 4 >= looked_up.rows || n >= 60 {
        1.0
    } else {
        0.55
    };
    if names > places && companies < 0.15 && colours < 0.3 {
        let multi = ratio(
            profile.tally(|c| c.words() >= 2 || c.wide * 2 > c.chars).rows,
            profile.filled,
        );
        if multi > 0.6 {
            add(
                "person_name",
                tally.full,
                varied * grown(6.5 * over(share(tally.full), 0.3, 0.5), 8.0),
            );
        } else if share(tally.given) >= share(tally.family) {
            add(
                "given_name",
                tally.given,
                varied * grown(6.2 * over(share(tally.given), 0.3, 0.5), 9.0),
            );
        } else {
            add(
                "family_name",
                tally.family,
                varied * grown(6.0 * over(share(tally.family), 0.35, 0.6), 12.0),
            );
        }
    }
    if share(tally.city) >= share(tally.region)
        && share(tally.city) >= share(tally.country)
        && share(tally.city) > names
    {
        add(
            "city",
            tally.city,
            grown(5.6 * over(share(tally.city), 0.3, 0.5), 8.0),
        );
    }
    if share(tally.region) >= share(tally.city) {
        add(
            "region",
            tally.region,
            grown(5.8 * over(share(tally.region), 0.35, 0.6), 6.0),
        );
    }
    if share(tally.region_code) > 0.93 && share(tally.region_code) >= share(tally.country_2) {
        add("region", tally.region_code, grown(4.9, 12.0));
    }
    add(
        "country",
        tally.country,
        grown(6.5 * over(share(tally.country), 0.5, 0.75), 2.0),
    );
    add(
        "country",
        tally.country_2,
        grown(5.2 * over(share(tally.country_2), 0.93, 0.99), 14.0),
    );
    add(
        "country",
        tally.country_3,
        grown(5.8 * over(share(tally.country_3), 0.8, 0.92), 8.0),
    );
    add(
        "nationality",
        tally.demonym,
        grown(6.4 * over(share(tally.demonym), 0.5, 0.75), 4.0),
    );
    add("address", tally.street, 6.0 * over(rows(tally.street), 0.35, 0.6));
    add("gender", tally.gender, 6.2 * over(rows(tally.gender), 0.85, 0.95));
    add(
        "gender",
        tally.gender_letters,
        5.2 * over(rows(tally.gender_letters), 0.9, 0.97),
    );
    add(
        "diagnosis",
        tally.medical,
        grown(6.2 * over(share(tally.medical), 0.3, 0.6), 5.0),
    );
    let dotted = ratio(tally.icd_dotted.distinct, n);
    add(
        "icd10_code",
        tally.icd,
        grown(
            (3.2 + 2.8 * over(dotted, 0.1, 0.4)) * over(share(tally.icd), 0.8, 0.95),
            8.0,
        ),
    );
    add(
        "blood_type",
        tally.blood,
        6.0 * over(rows(tally.blood), 0.85, 0.95),
    );
    for (infotype, count, weight) in [
        ("marital_status", tally.marital, 6.2),
        ("religion", tally.religion, 6.4),
        ("ethnicity", tally.ethnicity, 5.8),
        ("sexual_orientation", tally.orientation, 6.6),
        ("political_affiliation", tally.party, 5.4),
        ("trade_union", tally.union, 5.2),
        ("criminal_record", tally.conviction, 5.4),
    ] {
        if count.distinct >= 2 {
            add(
                infotype,
                count,
                grown(weight * over(rows(count).min(share(count)), 0.55, 0.8), 3.0),
            );
        }
    }
    contradict(column, &tally, looked_up, thing, candidates);
}

/// Claims of the name that the lists do not bear out.
fn contradict(
    column: &Column<'_>,
    tally: &Tally,
    looked_up: Count,
    thing: bool,
    candidates: &mut Candidates,
) {
    let profile = &column.profile;
    let n = looked_up.distinct;
    // The lists reach far for plain Latin words only.
    let latin = ratio(tally.plain_words.distinct, n) > 0.8;
    for candidate in candidates.iter_mut() {
        let (known, needed, loss) = match candidate.entry.label {
            Label::PersonName if candidate.entry.id == "person_name" && thing => {
                (ratio(tally.full.distinct, n), 0.35, 5.0)
            }
            Label::PersonName if candidate.entry.id == "person_name" => {
                (ratio(tally.some_name.distinct, n), 0.2, 4.5)
            }
            Label::Region => (
                ratio(
                    tally.region.distinct + tally.region_code.distinct + tally.city.distinct / 2,
                    n,
                ),
                0.2,
                5.0,
            ),
            Label::Country => (
                ratio(
                    tally
                        .country
                        .distinct
                        .max(tally.country_2.distinct)
                        .max(tally.country_3.distinct),
                    n,
                ),
                0.25,
                3.4,
            ),
            _ => continue,
        };
        let enough = if candidate.entry.label == Label::PersonName {
            n >= 12
        } else {
            n >= 3
        };
        if latin && enough && known < needed {
            let off = profile.filled - profile.filled.min(tally.some_name.rows);
            candidate.count(
                EvidenceKind::Dictionary,
                -loss * (1.0 - known / needed),
                off,
                profile.filled,
                Reason::ValuesContradict {
                    support: off,
                    total: profile.filled,
                },
            );
        }
    }
}

fn tally(engine: &Engine, column: &Column<'_>) -> (Tally, Count) {
    let vocabulary = engine.vocabulary();
    let mut tally = Tally::default();
    let mut looked_up = Count::default();
    let mut folded = String::new();
    let distinct = &column.profile.distinct;
    let step = distinct.len().div_ceil(LOOKED_UP).max(1);
    // A column with more distinct values than any closed vocabulary has words is of none.
    let closed = distinct.len() <= CLOSED;
    for (cell, rows) in distinct.iter().step_by(step) {
        looked_up.distinct += 1;
        looked_up.rows += rows;
        let mark = |count: &mut Count, yes: bool| {
            if yes {
                count.distinct += 1;
                count.rows += rows;
            }
        };
        mark(&mut tally.street, street::is_address(cell));
        if cell.chars > 80 {
            continue;
        }
        fold_into(cell.text, &mut folded);
        let text = folded.as_str();
        mark(&mut tally.icd, street::icd10(cell));
        mark(&mut tally.icd_dotted, street::icd10(cell) && cell.marks == 1);
        mark(
            &mut tally.blood,
            cell.chars <= 10 && (cell.marks > 0 || cell.chars > 3) && vocabulary::BLOOD.has(text),
        );
        if cell.digits > 0 {
            continue;
        }
        let short = cell.chars <= 3 && cell.wide == 0;
        mark(
            &mut tally.country_2,
            cell.chars == 2 && vocabulary::COUNTRY_CODES.has(text),
        );
        mark(
            &mut tally.country_3,
            cell.chars == 3 && cell.lower == 0 && vocabulary::COUNTRY_CODES_3.has(text),
        );
        mark(
            &mut tally.region_code,
            cell.chars <= 3 && cell.lower == 0 && vocabulary::REGION_CODES.has(text),
        );
        let gender = scoring::is_gender(cell);
        mark(&mut tally.gender, gender && (!short || cell.wide > 0));
        mark(
            &mut tally.gender_letters,
            matches!(text, "m" | "f" | "w" | "d" | "x" | "м" | "ж" | "male" | "female"),
        );
        if short {
            mark(&mut tally.country, matches!(text, "usa" | "uk" | "uae"));
            mark(&mut tally.party, cell.chars == 3 && vocabulary::PARTY.has(text));
            mark(
                &mut tally.given,
                cell.chars == 3 && vocabulary.is_first_name(text),
            );
            mark(&mut tally.family, vocabulary.is_last_name(text));
            continue;
        }
        mark(&mut tally.country, vocabulary.is_country(text));
        mark(&mut tally.region, vocabulary.is_region(text));
        mark(&mut tally.city, vocabulary.is_city(text));
        if closed {
            mark(&mut tally.colour, vocabulary::COLOURS.has(text));
            mark(&mut tally.marital, vocabulary::MARITAL.has(text));
            mark(&mut tally.religion, vocabulary::RELIGION.has(text));
            mark(&mut tally.ethnicity, vocabulary::ETHNICITY.has(text));
            mark(&mut tally.orientation, vocabulary::ORIENTATION.has(text));
            mark(&mut tally.party, vocabulary::PARTY.has(text));
            mark(&mut tally.union, vocabulary::UNION.has(text));
            mark(&mut tally.conviction, vocabulary::CONVICTION.has(text));
            mark(&mut tally.demonym, vocabulary::DEMONYMS.has(text));
            mark(
                &mut tally.medical,
                vocabulary.is_medical(text)
                    || text.split([',', ';']).any(|t| vocabulary.is_medical(t.trim())),
            );
        }
        mark(
            &mut tally.plain_words,
            cell.wide * 4 <= cell.chars && cell.letters() * 10 >= cell.chars * 7,
        );
        if cell.words() <= 5 {
            let person = vocabulary.person(text);
            mark(&mut tally.some_name, person.known > 0);
            mark(
                &mut tally.given,
                person.words <= 2 && person.words > 0 && person.first == person.words,
            );
            mark(
                &mut tally.family,
                person.words <= 2 && person.words > 0 && person.last > 0 && person.known == person.words,
            );
            let all = person.words > 0 && person.known == person.words;
            let begins = person.begins_first && person.known + 1 >= person.words && person.words >= 3;
            let eastern = cell.wide * 2 > cell.chars && person.begins_last;
            mark(
                &mut tally.full,
                eastern || (all && (person.first > 0 || cell.wide > 0)) || begins,
            );
        }
    }
    (tally, looked_up)
}
