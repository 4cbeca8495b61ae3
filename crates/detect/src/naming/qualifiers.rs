//! Words that turn "the thing" into "a fact about the thing": `email_sent`, `phone_model`, `num_addresses`.

use std::ops::Range;

/// After the match. `id` makes a key of everything that is not itself an id.
const AFTER: &[&str] = &[
    "count",
    "cnt",
    "flag",
    "flg",
    "sent",
    "verified",
    "valid",
    "validated",
    "validation",
    "required",
    "provided",
    "checked",
    "confirmed",
    "length",
    "len",
    "size",
    "type",
    "typ",
    "kind",
    "status",
    "state",
    "format",
    "template",
    "model",
    "brand",
    "score",
    "rating",
    "date",
    "datum",
    "fecha",
    "time",
    "at",
    "on",
    "expiry",
    "expires",
    "expire",
    "expiration",
    "exp",
    "last",
    "updated",
    "created",
    "group",
    "category",
    "level",
    "class",
    "enabled",
    "disabled",
    "optin",
    "opt",
    "consent",
    "preference",
    "pref",
    "label",
    "total",
    "avg",
    "min",
    "max",
    "pct",
    "percent",
    "index",
    "order",
    "sort",
    "rank",
    "weight",
    "width",
    "height",
    "version",
    "id",
    "ids",
    "key",
    "fk",
    "pk",
    "seq",
    "seqno",
    "sequence",
    "reset",
    "attempts",
    "failures",
    "retries",
    "changed",
    "policy",
    "strength",
    "field",
    "mask",
    "visible",
    "visibility",
    "public",
    "private",
    "bounced",
    "bounce",
    "subject",
    "body",
    "notification",
    "notifications",
    "subscribed",
    "allowed",
    "supported",
    "available",
    "uploaded",
    "present",
    "match",
    "matches",
    "quality",
    "accuracy",
    "precision",
    "source",
    "provider",
    "method",
    "reason",
    "error",
    "issued",
    "issuer",
    "required",
    "minutes",
    "seconds",
    "days",
    "hours",
    "edition",
    "series",
    "range",
    "tier",
    "limit",
    "plan",
    "vorhanden",
    "gesendet",
    "gueltig",
    "anzahl",
    "flagge",
    "cantidad",
    "enviado",
    "verificado",
    "valido",
    "requerido",
    "tipo",
    "estado",
    "tamano",
    "tipus",
    "rodzaj",
    "liczba",
    "geprueft",
    "hinterlegt",
    "signed",
    "priority",
    "locale",
    "language",
    "lang",
    "delivery",
    "campaign",
    "frequency",
    "hidden",
    "show",
    "displayed",
    "primary",
    "default",
    "concept",
    "reminder",
    "queue",
    "regex",
    "pattern",
    "pos",
    "role",
    "roles",
    "position",
    "column",
    "target",
];

/// Before the match.
const BEFORE: &[&str] = &[
    "is",
    "has",
    "had",
    "num",
    "number",
    "count",
    "cnt",
    "nb",
    "no",
    "n",
    "total",
    "max",
    "min",
    "avg",
    "allow",
    "allows",
    "show",
    "hide",
    "use",
    "uses",
    "enable",
    "require",
    "requires",
    "can",
    "should",
    "must",
    "send",
    "anzahl",
    "anz",
    "cantidad",
    "nombre",
    "numero",
    "qtd",
    "quantidade",
    "ist",
    "hat",
    "es",
    "tiene",
    "liczba",
    "czy",
    "check",
    "verify",
    "validate",
    "valid",
    "invalid",
    "unique",
    "distinct",
    "skip",
    "ignore",
    "missing",
    "default",
    "iso",
];

/// Words that number the thing without changing it: `phone_number`, `numero_telefono`.
const NUMBER_TAKES: &[&str] = &["number", "numero", "no", "num", "nombre", "n"];

/// The word that qualifies the match at `range`, if there is one.
pub(super) fn of<'w>(words: &'w [String], range: Range<usize>, infotype: &str) -> Option<&'w str> {
    let after = words[range.end..]
        .iter()
        .map(String::as_str)
        .find(|w| AFTER.contains(w) && !keeps(w, infotype));
    if after.is_some() {
        return after;
    }
    words[..range.start]
        .iter()
        .map(String::as_str)
        .find(|w| BEFORE.contains(w) && !numbers_a_singular(words, range.clone(), w, infotype))
}

/// `state` after a country is a region, a date of birth is a date, a password key is still secret.
fn keeps(word: &str, infotype: &str) -> bool {
    match infotype {
        "date_of_birth" | "age" => matches!(
            word,
            "date" | "datum" | "fecha" | "time" | "at" | "on" | "last" | "primary" | "default"
        ),
        "password" | "api_key" | "token" | "secret" => {
            matches!(
                word,
                "key" | "id" | "private" | "public" | "last" | "field" | "signed" | "primary" | "default"
            )
        }
        "phone" | "email" | "address" | "person_name" | "given_name" | "family_name" | "city"
        | "postcode" | "country" | "region" | "url" => {
            matches!(
                word,
                "last" | "primary" | "default" | "private" | "order" | "present" | "source" | "public"
            )
        }
        "salary" | "income" | "balance" | "amount" => matches!(
            word,
            "total" | "min" | "max" | "avg" | "pct" | "percent" | "range" | "level" | "last"
        ),
        "photo" => matches!(
            word,
            "last" | "primary" | "default" | "private" | "public" | "template"
        ),
        "fingerprint" => matches!(word, "template" | "key" | "id"),
        "ip_address" => matches!(
            word,
            "last" | "source" | "created" | "public" | "private" | "primary" | "range"
        ),
        _ => matches!(word, "last" | "primary" | "default"),
    }
}

/// "number" before a singular thing numbers it ("numero_telefono"); before a plural it counts
/// ("number_addresses").
fn numbers_a_singular(words: &[String], range: Range<usize>, word: &str, infotype: &str) -> bool {
    if matches!(infotype, "country") && word == "iso" {
        return true;
    }
    let last = words[range.end - 1].as_str();
    if matches!(word, "es" | "n" | "no" | "default" | "unique" | "valid") && range.start > 1 {
        return true;
    }
    if matches!(word, "default" | "unique") {
        return true;
    }
    NUMBER_TAKES.contains(&word) && !last.ends_with('s')
}
