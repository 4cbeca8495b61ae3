//! Shapes that tell a type by themselves or nearly.

use super::Cell;
use crate::validators::date;

/// `local@domain.tld`, one of it and nothing else.
pub(crate) fn email(cell: &Cell<'_>) -> bool {
    let text = cell
        .text
        .strip_prefix("mailto:")
        .unwrap_or(cell.text)
        .trim_end_matches(['>', ';']);
    let text = text.rsplit_once('<').map_or(text, |(_, address)| address);
    if cell.chars > 254 || text.contains(char::is_whitespace) {
        return false;
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        && domain_name(domain)
}

/// At least two labels, the last alphabetic.
pub(crate) fn domain_name(domain: &str) -> bool {
    let Some((front, last)) = domain.rsplit_once('.') else {
        return false;
    };
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !l.starts_with('-')
    };
    last.chars().count() >= 2
        && (last.chars().all(char::is_alphabetic) || last.starts_with("xn--"))
        && front.split('.').all(label)
}

/// With a scheme, or `www.`, or a bare host with a path.
pub(crate) fn url(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    if text.contains(char::is_whitespace) || text.len() < 4 {
        return false;
    }
    for scheme in [
        "http://", "https://", "ftp://", "ftps://", "sftp://", "ws://", "wss://", "HTTP://", "HTTPS://",
    ] {
        if let Some(rest) = text.strip_prefix(scheme) {
            return !rest.is_empty();
        }
    }
    let host = text.split(['/', '?', '#']).next().unwrap_or("");
    if text.starts_with("www.") {
        return domain_name(host.split(':').next().unwrap_or(host));
    }
    // `shop.example.com/path`, `example.com`: a known ending is asked for, else file names would pass.
    host.len() < text.len() + 1 && domain_name(host) && has_web_ending(host) && !text.contains('@')
}

fn has_web_ending(host: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "dev", "app", "co", "uk", "de",
        "fr", "es", "it", "nl", "be", "ch", "at", "pl", "cz", "se", "no", "dk", "fi", "pt", "br", "jp", "cn",
        "ru", "in", "au", "nz", "ca", "us", "mx", "ar", "cl", "kr", "tr", "eu", "me", "tv", "online", "shop",
        "store", "site", "example", "local", "test",
    ];
    host.rsplit('.')
        .next()
        .is_some_and(|last| ENDINGS.contains(&last.to_ascii_lowercase().as_str()))
}

/// Dotted quad, or with a prefix length or a port.
pub(crate) fn ipv4(cell: &Cell<'_>) -> bool {
    let text = cell.text.split(['/', ':']).next().unwrap_or("");
    let mut parts = 0;
    for part in text.split('.') {
        parts += 1;
        if part.is_empty() || part.len() > 3 || (part.len() > 1 && part.starts_with('0')) {
            return false;
        }
        if !part.bytes().all(|b| b.is_ascii_digit()) || part.parse::<u16>().is_ok_and(|n| n > 255) {
            return false;
        }
    }
    parts == 4 && text.len() + 6 >= cell.text.len()
}

/// As the standard library reads it, zone and prefix length aside.
pub(crate) fn ipv6(cell: &Cell<'_>) -> bool {
    let text = cell.text.split(['/', '%']).next().unwrap_or("");
    text.len() >= 3 && text.matches(':').count() >= 2 && text.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Six octets with `:` or `-`, or three groups with dots.
pub(crate) fn mac(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    let groups = |separator: char, count: usize, width: usize| {
        text.split(separator).count() == count
            && text
                .split(separator)
                .all(|g| g.len() == width && g.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    match text.len() {
        17 => groups(':', 6, 2) || groups('-', 6, 2),
        14 => groups('.', 3, 4),
        23 => groups(':', 8, 2) || groups('-', 8, 2),
        _ => false,
    }
}

/// A calendar date at the beginning of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Year, four digits.
    pub(crate) year: u32,
    /// Whether a time of day follows that is not midnight.
    pub(crate) has_time: bool,
}

/// Reads `2001-02-03`, `03.02.2001`, `2/3/2001`, `20010203`, `2001年2月3日`, `3 Feb 2001`, with or without a time.
pub(crate) fn day(cell: &Cell<'_>) -> Option<Day> {
    let text = cell.text;
    if cell.digits < 4 || cell.chars > 40 {
        return None;
    }
    let mut numbers = [0_u32; 3];
    let mut widths = [0_usize; 3];
    let mut count = 0;
    let mut end = 0;
    let mut in_number = false;
    let mut month_name = None;
    let mut word_start = None;
    let mut rest = 0;
    for (i, c) in text.char_indices() {
        if let Some(d) = c.to_digit(10) {
            if let Some(start) = word_start.take() {
                month_name = month_name.or_else(|| month(&text[start..i]));
            }
            if !in_number {
                if count == 3 || (count == 2 && month_name.is_some()) {
                    rest = i;
                    break;
                }
                count += 1;
                in_number = true;
            }
            widths[count - 1] += 1;
            if widths[count - 1] > 8 {
                return None;
            }
            numbers[count - 1] = numbers[count - 1] * 10 + d;
            end = i + 1;
        } else {
            in_number = false;
            match c {
                '-' | '/' | '.' | ' ' | ',' | '年' | '月' | '日' | 'T' | '년' | '월' | '일' => {
                    if let Some(start) = word_start.take() {
                        month_name = month_name.or_else(|| month(&text[start..i]));
                    }
                    if c == 'T' && count < 3 && word_start.is_none() {
                        word_start = Some(i);
                    }
                    if count == 3 && matches!(c, 'T' | ' ') {
                        rest = i + c.len_utf8();
                        break;
                    }
                }
                c if c.is_alphabetic() => {
                    if count == 3 {
                        return None;
                    }
                    word_start.get_or_insert(i);
                }
                _ => return None,
            }
        }
    }
    let _ = end;
    let has_time = rest > 0 && text[rest..].contains(|c: char| ('1'..='9').contains(&c));
    let year = match (count, month_name) {
        (1, None) if widths[0] == 8 => {
            let (y, m, d) = (numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100);
            date::exists(y, m, d).then_some(y)?
        }
        (2, Some(m)) => {
            let (d, y) = if widths[1] >= widths[0] {
                (numbers[0], numbers[1])
            } else {
                (numbers[1], numbers[0])
            };
            let y = full_year(y)?;
            date::exists(y, m, d).then_some(y)?
        }
        (3, None) if widths[0] == 4 => {
            date::exists(numbers[0], numbers[1], numbers[2]).then_some(numbers[0])?
        }
        (3, None)
            if widths[2] == 4 || (widths[2] == 2 && widths[0] <= 2 && text.contains(['/', '.', '-'])) =>
        {
            let y = full_year(numbers[2])?;
            (date::exists(y, numbers[1], numbers[0]) || date::exists(y, numbers[0], numbers[1]))
                .then_some(y)?
        }
        _ => return None,
    };
    (1850..=2100).contains(&year).then_some(Day { year, has_time })
}

fn full_year(year: u32) -> Option<u32> {
    match year {
        0..=29 => Some(2000 + year),
        30..=99 => Some(1900 + year),
        1850..=2100 => Some(year),
        _ => None,
    }
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene", "janv", "gen", "янв"],
        &["feb", "fév", "fev", "фев"],
        &["mar", "mär", "mrz", "маr"],
        &["apr", "avr", "abr", "апр"],
        &["may", "mai", "mag", "maj", "мая"],
        &["jun", "juin", "giu", "июн"],
        &["jul", "juil", "lug", "июл"],
        &["aug", "août", "ago", "авг"],
        &["sep", "set", "сен"],
        &["oct", "okt", "out", "ott", "окт"],
        &["nov", "ноя"],
        &["dec", "dez", "déc", "dic", "дек"],
    ];
    let word = word.to_lowercase();
    MONTHS
        .iter()
        .position(|names| names.iter().any(|n| word.starts_with(n)))
        .map(|m| m as u32 + 1)
}

/// `lat, lon` in one value, also as WKT or with degree signs.
pub(crate) fn coordinate_pair(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    if cell.chars > 80 || cell.digits < 4 {
        return false;
    }
    let inner = text
        .strip_prefix("POINT")
        .map(|t| t.trim_start().trim_start_matches('(').trim_end_matches(')'))
        .unwrap_or_else(|| text.trim_matches(['(', ')', '[', ']']));
    let parts: Vec<&str> = inner.split([',', ' ', ';']).filter(|p| !p.is_empty()).collect();
    if parts.len() != 2 {
        return false;
    }
    let number = |p: &str| p.parse::<f64>().ok().filter(|_| p.contains('.'));
    match (number(parts[0]), number(parts[1])) {
        (Some(a), Some(b)) => (a.abs() <= 90.0 && b.abs() <= 180.0) || (a.abs() <= 180.0 && b.abs() <= 90.0),
        _ => false,
    }
}

/// Digits and the marks people write in telephone numbers, of a plausible length.
pub(crate) fn phone_like(cell: &Cell<'_>) -> bool {
    if !(6..=30).contains(&cell.chars) || !(6..=17).contains(&cell.digits) {
        return false;
    }
    let mut letters = 0;
    for c in cell.text.chars() {
        match c {
            '0'..='9' | '+' | '-' | '(' | ')' | ' ' | '.' | '/' => {}
            'x' | 'e' | 't' | 'X' => letters += 1,
            _ => return false,
        }
    }
    letters == 0 || cell.text.contains('x') || cell.text.contains("ext")
}

/// Phone-like and written as only telephone numbers are: with `+`, parentheses, an extension or groups.
pub(crate) fn phone_written(cell: &Cell<'_>) -> bool {
    if !phone_like(cell) {
        return false;
    }
    let text = cell.text;
    if text.starts_with('+') && cell.digits >= 8 {
        return true;
    }
    if text.starts_with('(') && text.contains(')') && cell.digits >= 7 {
        return true;
    }
    if text.contains('(') && text.contains(')') && cell.digits >= 10 {
        return true;
    }
    if text.contains('x') && cell.digits >= 10 {
        return true;
    }
    if text.starts_with("00") && (10..=15).contains(&cell.digits) && !text.contains('.') {
        return true;
    }
    // groups: 555-123-4567, 0171/1234567, 06 12 34 56 78
    let groups: Vec<usize> = text
        .split(['-', ' ', '.', '/'])
        .filter(|g| !g.is_empty())
        .map(str::len)
        .collect();
    match groups.as_slice() {
        [3, 3, 4] => true,
        [1, 3, 3, 4] => text.starts_with('1'),
        [2, 2, 2, 2, 2] => text.starts_with('0'),
        [a, rest @ ..]
            if text.starts_with('0') && (2..=6).contains(a) && !rest.is_empty() && rest.len() <= 4 =>
        {
            (9..=12).contains(&cell.digits) && rest.iter().all(|g| (2..=8).contains(g))
        }
        _ => false,
    }
}

/// Five ways the world writes postal codes that nothing else looks like: UK, Canada, Netherlands, `12345-6789`,
/// Brazil, Japan, Poland, Portugal, with letters or a hyphen.
pub(crate) fn postcode_distinct(cell: &Cell<'_>) -> bool {
    let t = cell.text.as_bytes();
    let shape: Vec<u8> = t
        .iter()
        .take(12)
        .map(|b| match b {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' | b'a'..=b'z' => b'A',
            other => *other,
        })
        .collect();
    if t.len() > 10 {
        return false;
    }
    matches!(
        shape.as_slice(),
        b"A9 9AA" | b"A99 9AA" | b"AA9 9AA" | b"AA99 9AA" | b"A9A 9AA" | b"AA9A 9AA" // United Kingdom
        | b"A9A 9A9" | b"9999 AA" | b"99999-9999" | b"99999-999" | b"999-9999" | b"99-999" | b"9999-999" | b"999 99"
    )
}

/// Four to six digits, with one optional separator, or the distinct ones.
pub(crate) fn postcode_like(cell: &Cell<'_>) -> bool {
    (cell.is_digits() && (3..=7).contains(&cell.chars))
        || postcode_distinct(cell)
        || ((3..=10).contains(&cell.chars)
            && cell.digits >= 2
            && cell.lower == 0
            && cell.wide <= 1
            && cell.letters() + cell.digits + cell.blanks + cell.marks == cell.chars - cell.wide
            && cell.marks <= 1)
}

/// Characters of a person's name: letters, blanks, `.'-,`; few words; no digits.
pub(crate) fn name_like(cell: &Cell<'_>) -> bool {
    if cell.digits > 0 || cell.chars > 60 || cell.chars < 2 {
        return cell.chars == 1 && cell.letters() + cell.wide == 1;
    }
    cell.text.chars().all(|c| {
        c.is_alphabetic()
            || matches!(
                c,
                ' ' | '.' | '\'' | '-' | ',' | '’' | '・' | '·' | '(' | ')' | '"'
            )
            || ('\u{300}'..='\u{36f}').contains(&c)
            || c == 'ー'
    }) && cell.words() <= 6
}

/// `123-45-6789` within the ranges that are given out.
pub(crate) fn ssn_written(cell: &Cell<'_>) -> bool {
    let b = cell.text.as_bytes();
    b.len() == 11 && b[3] == b'-' && b[6] == b'-' && crate::validators::americas::us_ssn(cell.compact())
}
