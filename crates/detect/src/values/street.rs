//! Lines of addresses and codes of diseases, by their words and shapes.

use super::Cell;

/// Words of streets that stand alone, in the languages that databases are written in.
const WORDS: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "av",
    "road",
    "rd",
    "boulevard",
    "blvd",
    "lane",
    "ln",
    "drive",
    "dr",
    "court",
    "ct",
    "way",
    "place",
    "pl",
    "square",
    "sq",
    "terrace",
    "suite",
    "ste",
    "apt",
    "unit",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "crescent",
    "alley",
    "trail",
    "trl",
    "loop",
    "plaza",
    "hill",
    "grove",
    "gardens",
    "park",
    "mews",
    "pike",
    "route",
    "box",
    "crossing",
    "manor",
    "strasse",
    "straße",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "damm",
    "ufer",
    "rue",
    "chemin",
    "impasse",
    "quai",
    "allée",
    "cours",
    "via",
    "viale",
    "piazza",
    "corso",
    "vicolo",
    "largo",
    "strada",
    "contrada",
    "borgo",
    "calle",
    "avenida",
    "paseo",
    "ronda",
    "camino",
    "carretera",
    "urbanización",
    "pasaje",
    "callejón",
    "cuesta",
    "glorieta",
    "vial",
    "cañada",
    "alameda",
    "rua",
    "travessa",
    "praça",
    "praca",
    "rodovia",
    "estrada",
    "viela",
    "vila",
    "quadra",
    "jardim",
    "straat",
    "laan",
    "plein",
    "gracht",
    "kade",
    "steeg",
    "hof",
    "gatan",
    "vägen",
    "gata",
    "vei",
    "veien",
    "vej",
    "gade",
    "katu",
    "ul",
    "ulica",
    "aleja",
    "plac",
    "utca",
    "út",
    "bd",
    "bulevardul",
    "strada",
    "ulice",
    "náměstí",
    "nám",
    "sokak",
    "cadde",
    "caddesi",
    "mahallesi",
    "cad",
    "sok",
    "ул",
    "улица",
    "пр",
    "проспект",
    "пер",
    "шоссе",
    "наб",
    "jalan",
    "jl",
    "gang",
    "gg",
    "jln",
    "kp",
    "đường",
    "шоссе",
    "бульвар",
    "nagar",
    "marg",
    "colonia",
    "zona",
    "apartado",
    "andador",
    "prolongación",
    "calzada",
    "privada",
    "eje",
    "circuito",
    "cerrada",
];

/// Ends of words that are streets.
const ENDS: &[&str] = &[
    "straße", "strasse", "str.", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "straat",
    "laan", "plein", "gracht", "kade", "dreef", "singel", "gatan", "vägen", "gata", "vegen", "veien", "vej",
    "gade", "katu", "kuja", "polku", "utca",
];

/// A line of an address: a word of streets beside a number, or the marks of eastern Asia.
pub(crate) fn is_address(cell: &Cell<'_>) -> bool {
    if unit(cell) {
        return true;
    }
    if cell.chars < 5
        || cell.chars > 160
        || cell.letters() + cell.wide < 3
        || cell.text.contains('@')
        || cell.text.contains("://")
    {
        return false;
    }
    if cell.wide * 3 > cell.chars
        && cell
            .text
            .contains(['丁', '番', '路', '号', '길', '로', '동', '町', '区', '街', '巷'])
        && (cell.digits > 0 || cell.chars > 8)
    {
        return true;
    }
    if cell.digits == 0 && !cell.text.contains(',') {
        // Without a number only what can be nothing else.
        return cell.blanks > 0 && cell.words() <= 4 && strong_word(cell.text);
    }
    cell.blanks > 0 && cell.digits > 0 && cell.digits * 2 < cell.chars && near_number(cell.text)
}

/// Whether a word of streets stands within three words of a number.
fn near_number(text: &str) -> bool {
    let mut number: Option<usize> = None;
    let mut street: Option<usize> = None;
    for (at, word) in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|w| !w.is_empty())
        .enumerate()
    {
        if word.bytes().any(|b| b.is_ascii_digit()) {
            number = Some(at);
        }
        if is_street_word(word) {
            street = Some(at);
        }
        if matches!((number, street), (Some(n), Some(s)) if n.abs_diff(s) <= 3) {
            return true;
        }
    }
    false
}

fn is_street_word(word: &str) -> bool {
    let word = word.trim_matches(['.', '(', ')', '#']).to_lowercase();
    !word.is_empty()
        && (WORDS.contains(&word.as_str())
            || (word.chars().count() >= 6 && ENDS.iter().any(|end| word.ends_with(end))))
}

fn strong_word(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let word = word.trim_matches(['.', ',']).to_lowercase();
        matches!(
            word.as_str(),
            "street"
                | "avenue"
                | "boulevard"
                | "rue"
                | "calle"
                | "avenida"
                | "rua"
                | "ulica"
                | "улица"
                | "ул"
        ) || (word.chars().count() >= 8
            && ["straße", "strasse", "straat", "gatan", "vägen"]
                .iter()
                .any(|end| word.ends_with(end)))
    })
}

/// Letter, digit, digit or letter, and up to four more behind a point: the shape of ICD-10.
pub(crate) fn icd10(cell: &Cell<'_>) -> bool {
    let b = cell.text.as_bytes();
    let upper = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
    match b {
        [l, d, x] => l.is_ascii_uppercase() && *l != b'U' && d.is_ascii_digit() && upper(*x),
        [l, d, x, b'.', rest @ ..] => {
            l.is_ascii_uppercase()
                && d.is_ascii_digit()
                && upper(*x)
                && (1..=4).contains(&rest.len())
                && rest.iter().all(|c| upper(*c))
        }
        _ => false,
    }
}

/// The second line of an address: `Apt. 80`, `Suite 12`, `#3`, `c/o Lee`, `2. OG`.
fn unit(cell: &Cell<'_>) -> bool {
    if cell.chars > 40 {
        return false;
    }
    let lower = cell.text.to_lowercase();
    if lower.starts_with("c/o ") {
        return true;
    }
    if cell.digits == 0 || cell.digits > 5 {
        return false;
    }
    const BEGINS: &[&str] = &[
        "apt",
        "apartment",
        "suite",
        "ste ",
        "ste. ",
        "unit ",
        "floor ",
        "room ",
        "bldg",
        "building ",
        "flat ",
        "space ",
        "lot ",
        "piso ",
        "dpto",
        "depto",
        "apto",
        "bloco ",
        "wohnung ",
        "whg",
        "etage ",
        "appt",
        "appartement ",
        "bât",
        "bat ",
        "interno ",
        "int. ",
        "scala ",
    ];
    const ENDS: &[&str] = &[" og", " stock", " floor", " étage", " etage", " piso"];
    BEGINS.iter().any(|b| lower.starts_with(b))
        || ENDS.iter().any(|e| lower.ends_with(e))
        || (lower.starts_with('#') && cell.digits + 1 == cell.chars)
}
