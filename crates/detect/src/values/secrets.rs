//! Credentials by their known shapes, and by the look of chance.

use super::Cell;

/// Hash of a password in one of the formats that carry their method.
pub(crate) fn password_hash(cell: &Cell<'_>) -> bool {
    const PREFIXES: &[&str] = &[
        "$2a$",
        "$2b$",
        "$2y$",
        "$2x$",
        "$argon2",
        "$1$",
        "$5$",
        "$6$",
        "$y$",
        "$7$",
        "$pbkdf2",
        "pbkdf2_",
        "pbkdf2:",
        "scrypt:",
        "$scrypt$",
        "argon2$",
        "bcrypt$",
        "bcrypt_sha256$",
        "{SSHA}",
        "{SHA}",
        "{MD5}",
        "{CRYPT}",
        "{bcrypt}",
        "{noop}",
        "$P$",
        "$H$",
        "$S$",
        "sha1$",
        "sha256$",
        "sha512$",
        "md5$",
        "$apr1$",
        "$sha1$",
        "*pbkdf2",
    ];
    cell.chars >= 13 && PREFIXES.iter().any(|p| cell.text.starts_with(p))
}

/// Key of a known maker.
pub(crate) fn known_key(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    if cell.blanks > 0 || cell.chars < 16 {
        return false;
    }
    let body = |rest: &str, min: usize| {
        rest.len() >= min
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    const PREFIXES: &[(&str, usize)] = &[
        ("AKIA", 16),
        ("ASIA", 16),
        ("ghp_", 30),
        ("gho_", 30),
        ("ghu_", 30),
        ("ghs_", 30),
        ("ghr_", 30),
        ("github_pat_", 30),
        ("glpat-", 16),
        ("xoxb-", 16),
        ("xoxp-", 16),
        ("xoxa-", 16),
        ("xoxr-", 16),
        ("xapp-", 16),
        ("sk_live_", 16),
        ("sk_test_", 16),
        ("pk_live_", 16),
        ("pk_test_", 16),
        ("rk_live_", 16),
        ("rk_test_", 16),
        ("whsec_", 16),
        ("AIza", 30),
        ("ya29.", 20),
        ("SG.", 40),
        ("npm_", 30),
        ("pypi-", 30),
        ("dop_v1_", 30),
        ("shpat_", 30),
        ("shpss_", 30),
        ("sk-", 30),
        ("hf_", 30),
        ("EAACEdEose0cBA", 10),
        ("key-", 32),
        ("sq0atp-", 20),
        ("sq0csp-", 30),
        ("AGE-SECRET-KEY-", 40),
        ("hvs.", 20),
        ("dapi", 32),
        ("xkeysib-", 30),
        ("lin_api_", 30),
    ];
    PREFIXES
        .iter()
        .any(|(prefix, min)| text.strip_prefix(prefix).is_some_and(|rest| body(rest, *min)))
}

/// Three parts in base64url, the first of which is a JSON object.
pub(crate) fn jwt(cell: &Cell<'_>) -> bool {
    let text = cell.text.strip_prefix("Bearer ").unwrap_or(cell.text);
    text.starts_with("eyJ")
        && text.split('.').count() == 3
        && text.split('.').take(2).all(|p| p.len() >= 8)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'='))
}

/// PEM of a private key, or an SSH key.
pub(crate) fn private_key(cell: &Cell<'_>) -> bool {
    cell.text.contains("PRIVATE KEY-----") || cell.text.starts_with("PuTTY-User-Key-File")
}

/// A URL or connection string that carries a password.
pub(crate) fn connection_string(cell: &Cell<'_>) -> bool {
    let text = cell.text;
    if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split('/').next().unwrap_or("");
        return authority
            .rsplit_once('@')
            .is_some_and(|(user, _)| user.split_once(':').is_some_and(|(_, p)| !p.is_empty()));
    }
    let lower = text.to_ascii_lowercase();
    lower.contains("password=") || lower.contains("pwd=")
}

/// Long, one word, of mixed classes, and no word of a language in it: what generators of tokens write.
pub(crate) fn looks_random(cell: &Cell<'_>) -> bool {
    if !(16..=200).contains(&cell.chars)
        || cell.blanks > 0
        || cell.wide > 0
        || super::harmless::uuid(cell)
        || cell.text.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return false;
    }
    let allowed = cell
        .text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'/' | b'=' | b'.'));
    let classes = usize::from(cell.digits > 0) + usize::from(cell.upper > 0) + usize::from(cell.lower > 0);
    allowed
        && classes >= 2
        && cell.digits * 12 >= cell.chars
        && entropy(cell.text) > 3.2
        && changes(cell.text) * 4 > cell.chars
}

/// Bits per character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 128];
    let mut total = 0_u32;
    for b in text.bytes().filter(u8::is_ascii) {
        counts[usize::from(b)] += 1;
        total += 1;
    }
    counts
        .iter()
        .filter(|c| **c > 0)
        .map(|c| {
            let p = f64::from(*c) / f64::from(total);
            -p * p.log2()
        })
        .sum()
}

/// Places where the class of character changes.
fn changes(text: &str) -> usize {
    let class = |b: u8| match b {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    text.as_bytes()
        .windows(2)
        .filter(|w| class(w[0]) != class(w[1]))
        .count()
}

/// A picture in base64: the first octets of JPEG, PNG, GIF or WebP.
pub(crate) fn jpeg_or_png(cell: &Cell<'_>) -> bool {
    let body = cell.text.split_once(";base64,").map_or(cell.text, |(_, b)| b);
    cell.chars > 60
        && ["/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR"]
            .iter()
            .any(|p| body.starts_with(p))
}

/// At least sixteen fractions in a list: an embedding.
pub(crate) fn vector(cell: &Cell<'_>) -> bool {
    let inner = cell.text.trim_matches(['[', ']', '{', '}', '(', ')']);
    if cell.chars < 60 || inner.len() == cell.text.len() {
        return false;
    }
    let mut numbers = 0;
    for part in inner.split(',') {
        // The last one may be cut off.
        if part.trim().parse::<f64>().is_ok() {
            numbers += 1;
        } else {
            break;
        }
    }
    numbers >= 16 && inner.contains('.')
}
