//! Types that only the neighbours' values tell: a birthday beside names, a postal code beside a city, a
//! latitude beside a longitude.

use crate::Engine;
use crate::naming::TableKind;
use crate::reasons::{Identifier, Reason};
use crate::scoring::{Candidates, Column, ColumnType, Context};
use crate::taxonomy::Label;
use crate::values::profile::{Profile, Range, Shape};
use crate::values::shapes;
use datawave_facts::EvidenceKind;

/// What the values of each column say most, after a first look.
pub(crate) struct Seen {
    labels: Vec<Option<Label>>,
}

/// Score from which a column counts as seen.
const SEEN: f64 = 4.4;

impl Seen {
    /// Takes the best candidate by values of every column.
    pub(crate) fn of(looks: &[Candidates]) -> Self {
        let labels = looks
            .iter()
            .map(|candidates| {
                candidates
                    .iter()
                    .filter(|c| c.by_value && c.score() >= SEEN)
                    .max_by(|a, b| {
                        a.score()
                            .total_cmp(&b.score())
                            .then_with(|| b.infotype.cmp(a.infotype))
                    })
                    .map(|c| c.entry.label)
            })
            .collect();
        Self { labels }
    }

    /// The nearest other column seen as one of `labels`.
    fn nearest(&self, of: usize, labels: &[Label]) -> Option<usize> {
        (0..self.labels.len())
            .filter(|i| *i != of && self.labels[*i].is_some_and(|l| labels.contains(&l)))
            .min_by_key(|i| i.abs_diff(of))
    }

    /// Adds what the neighbours' values say about one column.
    pub(crate) fn second_look(
        &self,
        engine: &Engine,
        context: &Context<'_>,
        index: usize,
        candidates: &mut Candidates,
    ) {
        things(context, candidates);
        let column = &context.columns[index];
        if !column.has_values() {
            return;
        }
        let profile = &column.profile;
        let mut add = |infotype: &str, weight: f64, neighbour: usize, matched: u64| {
            let Some(entry) = engine.entry(infotype) else {
                return;
            };
            let candidate = candidates.of(entry);
            candidate.by_value = true;
            candidate.matched.get_or_insert(matched);
            candidate.count(
                EvidenceKind::TableContext,
                weight,
                matched,
                profile.filled,
                Reason::Neighbours {
                    column: Identifier::of_schema(context.columns[neighbour].input.name),
                },
            );
        };
        let person = self.nearest(
            index,
            &[
                Label::PersonName,
                Label::NationalId,
                Label::Gender,
                Label::Email,
                Label::Phone,
            ],
        );
        let place = self.nearest(
            index,
            &[Label::City, Label::Region, Label::Address, Label::Country],
        );

        let free = column.hints.is_empty();
        if let (Some(neighbour), true) = (
            person,
            free && birthdays(profile) && !column.tokens.has_any(OTHER_DAYS),
        ) {
            add("date_of_birth", 5.6, neighbour, profile.count(Shape::Day).rows);
        }
        if let (Some(neighbour), true) = (
            place,
            free && postcodes(column) && !column.tokens.has_any(OTHER_NUMBERS),
        ) {
            let beside = neighbour.abs_diff(index) <= 3;
            let matched = profile.count(Shape::PostcodeLike).rows;
            add("postcode", if beside { 5.2 } else { 4.0 }, neighbour, matched);
        }
        if is_coordinate(column) && !column.tokens.has_any(MEASURES) {
            let other = [index.wrapping_sub(1), index + 1].into_iter().find(|i| {
                context
                    .columns
                    .get(*i)
                    .is_some_and(|c| is_coordinate(c) && differs(&c.profile, profile))
            });
            if let Some(other) = other {
                add("geo_coordinate", 5.6, other, profile.filled);
            }
        }
        // A name beside a name: given and family names come in pairs, and what the lists know half of one
        // they know less of the other.
        for candidate in candidates.iter_mut().filter(|c| c.by_value) {
            let pair = match candidate.entry.label {
                Label::PersonName => self
                    .nearest(index, &[Label::PersonName])
                    .filter(|i| i.abs_diff(index) <= 2),
                Label::City => self.nearest(
                    index,
                    &[Label::Postcode, Label::Country, Label::Region, Label::Address],
                ),
                Label::Region => self.nearest(index, &[Label::City, Label::Country]),
                _ => None,
            };
            if let Some(neighbour) = pair {
                let weight = if candidate.entry.label == Label::PersonName {
                    2.0
                } else {
                    1.0
                };
                candidate.say(
                    EvidenceKind::TableContext,
                    weight,
                    Reason::Neighbours {
                        column: Identifier::of_schema(context.columns[neighbour].input.name),
                    },
                );
            }
        }
    }
}

/// In a table of things a name is a product's, in one of languages a "German" is no person's nationality.
fn things(context: &Context<'_>, candidates: &mut Candidates) {
    let language = context.tokens.words().iter().any(|w| {
        matches!(
            w.as_str(),
            "language" | "languages" | "lang" | "locale" | "locales"
        )
    });
    for candidate in candidates.iter_mut() {
        let against = match candidate.entry.id {
            "nationality" if language => 8.0,
            "person_name" if context.kind == TableKind::Thing => 2.2,
            "person_name" if context.kind == TableKind::Organisation => 1.0,
            "photo" if matches!(context.kind, TableKind::Thing | TableKind::Organisation) => 4.0,
            "given_name" | "family_name" if context.kind == TableKind::Thing => 1.0,
            _ => continue,
        };
        candidate.say(
            EvidenceKind::TableContext,
            -against,
            Reason::TableName {
                words: Identifier::of_schema(&context.tokens.words().join("_")),
            },
        );
    }
}

/// Days without a time of day over decades, none of them recent for most: what births look like and orders
/// do not.
fn birthdays(profile: &Profile<'_>) -> bool {
    let Some((first, median, last)) = profile.years else {
        return false;
    };
    profile.count(Shape::DayWithTime).rows * 4 <= profile.count(Shape::Day).rows
        && first >= 1880
        && last - first >= 20
        && median <= 2003
        && profile.distinct_count() * 4 >= profile.filled.min(40)
}

fn postcodes(column: &Column<'_>) -> bool {
    let profile = &column.profile;
    let like = profile.count(Shape::PostcodeLike).rows;
    if like * 10 < profile.filled * 9 || profile.distinct_count() < 4 {
        return false;
    }
    if matches!(
        column.column_type,
        ColumnType::Integer | ColumnType::Decimal | ColumnType::Boolean
    ) || column.input.primary_key
        || column.input.references.is_some()
    {
        return false;
    }
    // Of one or two lengths, four digits or more, and no running number.
    let digits = profile
        .tally(|c| c.is_digits() && (4..=6).contains(&c.chars))
        .rows;
    let distinct = profile.tally(|c| shapes::postcode_distinct(c)).rows;
    let running = profile
        .range
        .is_some_and(|r| r.max - r.min < profile.distinct_count() as f64 * 1.5);
    // Sums of money are round; postal codes are not.
    let round = profile.tally(|c| c.text.ends_with("00")).rows;
    !running && round * 4 < profile.filled && (digits + distinct) * 10 >= profile.filled * 7
}

/// Fractions with at least three digits within the range of degrees.
fn is_coordinate(column: &Column<'_>) -> bool {
    column.profile.range.is_some_and(|r| {
        r.fraction >= 4
            && r.min >= -180.0
            && r.max <= 180.0
            && (r.max - r.min) > 0.0
            && (r.max.abs() > 1.5 || r.min.abs() > 1.5)
    }) && column.profile.count(Shape::Decimal).rows * 10 >= column.profile.filled * 8
}

/// Latitudes and longitudes of one place are not the same numbers.
fn differs(a: &Profile<'_>, b: &Profile<'_>) -> bool {
    match (a.range, b.range) {
        (Some(a), Some(b)) => {
            let latitude = |r: Range| r.min >= -90.0 && r.max <= 90.0;
            (a.mean - b.mean).abs() > 0.5 && (latitude(a) || latitude(b))
        }
        _ => false,
    }
}

/// Words of names of days that are no births.
const OTHER_DAYS: &[&str] = &[
    "date",
    "start",
    "end",
    "hire",
    "hired",
    "join",
    "joined",
    "created",
    "updated",
    "modified",
    "order",
    "ordered",
    "due",
    "issue",
    "issued",
    "expiry",
    "release",
    "released",
    "founded",
    "since",
    "from",
    "to",
    "until",
    "time",
    "day",
    "datum",
    "fecha",
    "data",
    "eintritt",
    "beginn",
    "ende",
    "debut",
    "fin",
    "inicio",
    "sell",
    "ship",
    "sent",
    "last",
    "first",
    "visit",
    "admission",
    "discharge",
    "death",
    "died",
    "dod",
    "opened",
    "closed",
    "published",
    "effective",
    "election",
    "review",
    "event",
];

/// Words of names of numbers that are no postal codes.
const OTHER_NUMBERS: &[&str] = &[
    "id",
    "ids",
    "no",
    "nr",
    "num",
    "number",
    "nummer",
    "key",
    "code",
    "count",
    "amount",
    "price",
    "total",
    "salary",
    "days",
    "qty",
    "quantity",
    "size",
    "value",
    "cost",
    "year",
    "sku",
    "item",
    "order",
    "invoice",
    "batch",
    "votes",
    "rank",
    "score",
    "rate",
    "population",
    "rows",
    "bytes",
    "seconds",
    "port",
    "extension",
    "ext",
    "lac",
    "cell",
];

/// Words of names of measurements.
const MEASURES: &[&str] = &[
    "width",
    "length",
    "height",
    "weight",
    "depth",
    "size",
    "score",
    "rate",
    "ratio",
    "percent",
    "pct",
    "price",
    "amount",
    "value",
    "temp",
    "temperature",
    "speed",
    "distance",
    "duration",
    "voltage",
    "pressure",
    "mean",
    "std",
    "margin",
    "error",
    "diff",
    "change",
    "return",
    "weighted",
    "index",
    "volume",
    "area",
    "radius",
    "angle",
];
