//! What the names of column, table and neighbours say.

use crate::Engine;
use crate::naming::TableKind;
use crate::reasons::{Identifier, Reason};
use crate::scoring::{Candidates, Context};
use crate::taxonomy::Label;
use datawave_facts::EvidenceKind;

/// Adds the evidence of names.
pub(crate) fn from_names(engine: &Engine, context: &Context<'_>, index: usize, candidates: &mut Candidates) {
    let column = &context.columns[index];
    for (rank, (hint, _)) in column.hints.iter().enumerate() {
        let Some(entry) = engine.entry(hint.infotype) else {
            continue;
        };
        let candidate = candidates.of(entry);
        // Words further from the head of the name say less.
        let weight = if rank == 0 { hint.weight } else { hint.weight * 0.6 };
        candidate.say(
            EvidenceKind::ColumnName,
            weight,
            Reason::ColumnName {
                words: Identifier::of_schema(&hint.words),
            },
        );
        if let Some(word) = &hint.qualifier {
            candidate.say(
                EvidenceKind::ColumnName,
                -weight - 2.0,
                Reason::NameQualifier {
                    word: Identifier::of_schema(word),
                },
            );
        }
    }
    if column.hints.is_empty() {
        for (hint, _) in column
            .comment_hints
            .iter()
            .take(1)
            .filter(|(h, _)| h.qualifier.is_none())
        {
            if let Some(entry) = engine.entry(hint.infotype) {
                candidates
                    .of(entry)
                    .say(EvidenceKind::Comment, hint.weight * 0.5, Reason::Comment);
            }
        }
    }
    from_table(engine, context, index, candidates);
}

/// `name` in a table of countries is a country, in a table of customers a person, in a table of products
/// nothing.
fn from_table(engine: &Engine, context: &Context<'_>, index: usize, candidates: &mut Candidates) {
    let column = &context.columns[index];
    let words = column.tokens.words();
    // `ec_name`, `ed_name`: a prefix of the table and "name"
    let prefixed = matches!(words, [prefix, name] if name == "name" && prefix.len() <= 3);
    if !prefixed && !is_generic_name(&column.tokens.joined(), &context.tokens.joined()) {
        return;
    }
    let (infotype, weight) = match context.kind {
        TableKind::Country => ("country", 6.0),
        TableKind::Region => ("region", 6.0),
        TableKind::City => ("city", 6.0),
        TableKind::Nationality => ("nationality", 5.5),
        TableKind::Person => ("person_name", 5.2),
        // A table that says nothing of itself, but holds what only persons have.
        TableKind::Unknown
            if [Label::DateOfBirth, Label::Gender, Label::NationalId]
                .into_iter()
                .any(|label| context.neighbour(index, label).is_some()) =>
        {
            ("person_name", 4.4)
        }
        _ => return,
    };
    if matches!(context.kind, TableKind::Person | TableKind::Unknown) && is_code(column.tokens.words()) {
        return;
    }
    if let Some(entry) = engine.entry(infotype) {
        candidates.of(entry).say(
            EvidenceKind::TableContext,
            weight,
            Reason::TableName {
                words: Identifier::of_schema(&context.tokens.words().join("_")),
            },
        );
    }
}

fn is_generic_name(column: &str, table: &str) -> bool {
    matches!(
        column,
        "name"
            | "names"
            | "nom"
            | "nombre"
            | "nome"
            | "naam"
            | "namn"
            | "navn"
            | "nimi"
            | "nazwa"
            | "nazev"
            | "nev"
            | "bezeichnung"
            | "名称"
            | "名前"
            | "이름"
            | "имя"
            | "title"
            | "description"
            | "abbreviation"
            | "abbr"
            | "code"
            | "nm"
    ) || column == table
        || (column
            .strip_suffix("name")
            .is_some_and(|front| !front.is_empty() && table.starts_with(front)))
}

fn is_code(words: &[String]) -> bool {
    words.iter().any(|w| {
        matches!(
            w.as_str(),
            "code" | "title" | "description" | "abbr" | "abbreviation"
        )
    })
}

/// Adds what neighbours say; used for types that only context can tell.
pub(crate) fn neighbour_weight(
    context: &Context<'_>,
    index: usize,
    label: Label,
) -> Option<(f64, Identifier)> {
    let near = |l: Label, w: f64| context.neighbour(index, l).map(|n| (w, Identifier::of_schema(n)));
    match label {
        Label::City => near(Label::Postcode, 1.5)
            .or_else(|| near(Label::Address, 1.5))
            .or_else(|| near(Label::Country, 1.0)),
        Label::Region => near(Label::City, 1.5).or_else(|| near(Label::Country, 1.0)),
        Label::Country => near(Label::City, 1.0).or_else(|| near(Label::Address, 1.0)),
        Label::Postcode => near(Label::City, 1.5).or_else(|| near(Label::Address, 1.5)),
        Label::Address => near(Label::City, 1.2).or_else(|| near(Label::Postcode, 1.2)),
        Label::PersonName | Label::DateOfBirth | Label::Gender => context
            .person_neighbour(index)
            .map(|n| (1.2, Identifier::of_schema(n))),
        _ => None,
    }
}
