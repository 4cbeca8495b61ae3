//! Kinds of values that are no personal data. They are types too: a value that is one of them is evidence
//! against everything that looks alike.

use super::Cell;
use crate::validators::{checksum, identity};

/// `8-4-4-4-12` hexadecimal.
pub(crate) fn uuid(cell: &Cell<'_>) -> bool {
    let text = cell.text.trim_matches(['{', '}']);
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// Hexadecimal of the length of MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
pub(crate) fn hex_digest(cell: &Cell<'_>) -> bool {
    matches!(cell.chars, 32 | 40 | 56 | 64 | 96 | 128)
        && cell.text.bytes().all(|b| b.is_ascii_hexdigit())
        && cell.letters() > 0
}

/// `1.2.3`, `v2.0`, `10.0.19041.1`, `1.2.3-beta+4`.
pub(crate) fn version(cell: &Cell<'_>) -> bool {
    let text = cell.text.strip_prefix(['v', 'V']).unwrap_or(cell.text);
    if cell.chars > 40 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let core = text.split(['-', '+', ' ']).next().unwrap_or("");
    let parts = core.split('.').count();
    parts >= 3
        && core
            .split('.')
            .all(|p| !p.is_empty() && p.len() <= 6 && p.bytes().all(|b| b.is_ascii_digit()))
}

/// Yes or no in the ways of databases.
pub(crate) fn boolean(cell: &Cell<'_>) -> bool {
    if cell.chars > 5 {
        return false;
    }
    matches!(
        cell.text.to_ascii_lowercase().as_str(),
        "0" | "1"
            | "t"
            | "f"
            | "y"
            | "n"
            | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "ja"
            | "nein"
            | "j"
    )
}

/// A product code of the retail trade with a valid check digit.
pub(crate) fn product_number(cell: &Cell<'_>) -> bool {
    cell.is_digits() && matches!(cell.chars, 8 | 12 | 13 | 14) && checksum::ean(cell.text.as_bytes())
}

/// Letters and digits mixed with separators, upper case: `AB-1234-X`, `SKU00123`.
pub(crate) fn code(cell: &Cell<'_>) -> bool {
    cell.digits > 0
        && cell.letters() > 0
        && cell.lower == 0
        && cell.blanks == 0
        && cell.wide == 0
        && cell.chars <= 30
        && cell
            .text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'.' | b'#'))
}

/// Path of a file or a file's name.
pub(crate) fn path(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    if text.contains("://") || text.contains('@') {
        return false;
    }
    if text.starts_with('/') || text.starts_with("./") || text.contains(":\\") || text.starts_with("\\\\") {
        return cell.chars > 1;
    }
    text.rsplit_once('.').is_some_and(|(front, end)| {
        !front.is_empty()
            && matches!(
                end.to_ascii_lowercase().as_str(),
                "jpg"
                    | "jpeg"
                    | "png"
                    | "gif"
                    | "pdf"
                    | "doc"
                    | "docx"
                    | "xls"
                    | "xlsx"
                    | "txt"
                    | "csv"
                    | "xml"
                    | "json"
                    | "html"
                    | "htm"
                    | "php"
                    | "js"
                    | "css"
                    | "zip"
                    | "mp3"
                    | "mp4"
                    | "svg"
                    | "log"
                    | "sql"
                    | "tpl"
                    | "twig"
            )
    })
}

/// Seconds or milliseconds since 1970, between 1990 and 2040.
pub(crate) fn epoch(cell: &Cell<'_>) -> bool {
    cell.is_digits()
        && cell.text.parse::<u64>().is_ok_and(|n| {
            (631_152_000..2_208_988_800).contains(&n)
                || (631_152_000_000..2_208_988_800_000).contains(&n)
                || (631_152_000_000_000..2_208_988_800_000_000).contains(&n)
        })
        && matches!(cell.chars, 9 | 10 | 13 | 16)
}

/// A company: ends in the form of a company, or holds a word of it.
pub(crate) fn company(cell: &Cell<'_>) -> bool {
    if cell.blanks == 0 || cell.chars > 80 {
        return false;
    }
    const FORMS: &[&str] = &[
        "inc",
        "ltd",
        "llc",
        "llp",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "aps",
        "corp",
        "corporation",
        "company",
        "co",
        "group",
        "holding",
        "holdings",
        "limited",
        "kft",
        "sro",
        "zrt",
        "ltda",
        "eirl",
        "pty",
        "kk",
        "bank",
        "university",
        "college",
        "school",
        "store",
        "stores",
        "shop",
        "bikes",
        "services",
        "systems",
        "solutions",
        "industries",
        "enterprises",
        "partners",
        "associates",
        "foundation",
        "institute",
        "museum",
        "hotel",
        "restaurant",
        "cafe",
        "airlines",
        "international",
        "&",
        "and",
        "sons",
        "und",
        "restaurante",
        "stiftung",
        "hospital",
        "airport",
        "clinic",
        "supplies",
        "trading",
        "sports",
        "cycles",
        "bicycles",
        "labs",
        "media",
        "studio",
        "studios",
    ];
    cell.text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '(' | ')'))
        .filter(|w| !w.is_empty())
        .skip(1)
        .any(|w| w.len() <= 13 && FORMS.contains(&w.to_ascii_lowercase().as_str()))
}

/// A security or a legal entity, by its international number with a valid check.
pub(crate) fn market_code(cell: &Cell<'_>) -> bool {
    cell.letters() >= 2 && (identity::isin(cell.compact()) || identity::lei(cell.compact()))
}

/// An ISBN of ten places with a valid check.
pub(crate) fn isbn10(cell: &Cell<'_>) -> bool {
    identity::isbn10(cell.compact())
}
