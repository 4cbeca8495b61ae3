//! One value, measured once.

/// Octets of a value that are looked at; what is longer is judged by its beginning.
pub(crate) const EXAMINED: usize = 4_096;

/// Longest compact form that a validator can ask for.
const COMPACT: usize = 48;

/// A value as text with its signature: counts of character classes, and the compact form.
pub(crate) struct Cell<'a> {
    /// Without blanks at the ends.
    pub(crate) text: &'a str,
    /// Code points.
    pub(crate) chars: usize,
    /// ASCII digits.
    pub(crate) digits: usize,
    /// ASCII capitals.
    pub(crate) upper: usize,
    /// ASCII small letters.
    pub(crate) lower: usize,
    /// Code points beyond ASCII.
    pub(crate) wide: usize,
    /// Blanks inside.
    pub(crate) blanks: usize,
    /// Other ASCII: punctuation and control characters.
    pub(crate) marks: usize,
    compact: [u8; COMPACT],
    compact_len: usize,
}

impl<'a> Cell<'a> {
    /// Measures. `None` when the octets are not UTF-8 or nothing but blanks.
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        let bytes = &bytes[..bytes.len().min(EXAMINED)];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // A cut in the middle of a character at the end of what is examined is no fault of the value.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
            }
            Err(_) => return None,
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if text.is_empty() {
            return None;
        }
        let mut cell = Self {
            text,
            chars: 0,
            digits: 0,
            upper: 0,
            lower: 0,
            wide: 0,
            blanks: 0,
            marks: 0,
            compact: [0; COMPACT],
            compact_len: 0,
        };
        let mut fits = true;
        for c in text.chars() {
            cell.chars += 1;
            match c {
                '0'..='9' => cell.digits += 1,
                'A'..='Z' => cell.upper += 1,
                'a'..='z' => cell.lower += 1,
                ' ' | '\t' | '\n' | '\r' => cell.blanks += 1,
                c if c.is_ascii() => cell.marks += 1,
                _ => cell.wide += 1,
            }
            let separator = matches!(c, ' ' | '-' | '.' | '/');
            if separator {
                continue;
            }
            if c.is_ascii_alphanumeric() && cell.compact_len < COMPACT {
                cell.compact[cell.compact_len] = c.to_ascii_uppercase() as u8;
                cell.compact_len += 1;
            } else {
                fits = false;
            }
        }
        if !fits || cell.chars > COMPACT + 16 {
            cell.compact_len = 0;
        }
        Some(cell)
    }

    /// Without separators, upper case; empty when other characters than letters, digits and the separators
    /// ` -./` occur, or when it is too long for any identifier.
    pub(crate) fn compact(&self) -> &[u8] {
        &self.compact[..self.compact_len]
    }

    /// ASCII letters.
    pub(crate) fn letters(&self) -> usize {
        self.upper + self.lower
    }

    /// Digits only.
    pub(crate) fn is_digits(&self) -> bool {
        self.digits == self.chars
    }

    /// Words separated by blanks.
    pub(crate) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}
