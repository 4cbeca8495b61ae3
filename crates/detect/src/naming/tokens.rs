//! Splitting identifiers into words.

/// Words of an identifier, lower case, without accents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    words: Vec<String>,
}

/// Identifiers are a few words; a source that names a column with a novel gets its beginning read.
const LONGEST: usize = 256;
const MOST_WORDS: usize = 24;

impl Tokens {
    /// Splits on everything that is neither letter nor digit, on `aB`, on `ABc` before the last capital, and
    /// between letters and digits. Accents are dropped: `Straße` gives `strasse`, `Prénom` gives `prenom`.
    pub(crate) fn of(name: &str) -> Self {
        let chars: Vec<char> = name.chars().take(LONGEST).collect();
        let mut words = Vec::new();
        let mut word = String::new();
        for (i, &c) in chars.iter().enumerate() {
            if !c.is_alphanumeric() {
                flush(&mut word, &mut words);
                continue;
            }
            let before = i.checked_sub(1).and_then(|j| chars.get(j)).copied();
            let after = chars.get(i + 1).copied();
            let boundary = match before {
                Some(b) if b.is_alphanumeric() => {
                    (b.is_lowercase() && c.is_uppercase())
                        || (b.is_uppercase()
                            && c.is_uppercase()
                            && after.is_some_and(|a| a.is_lowercase())
                            // `IDs`, `PINs`: a plural s does not begin a word
                            && !(after == Some('s') && chars.get(i + 2).is_none_or(|c| !c.is_lowercase())))
                        || (b.is_ascii_digit() != c.is_ascii_digit())
                }
                _ => false,
            };
            if boundary {
                flush(&mut word, &mut words);
            }
            fold(c, &mut word);
        }
        flush(&mut word, &mut words);
        words.truncate(MOST_WORDS);
        Self { words }
    }

    /// The words.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether one of the words occurs.
    pub(crate) fn has_any(&self, words: &[&str]) -> bool {
        self.words.iter().any(|w| words.contains(&w.as_str()))
    }

    /// All words run together.
    pub(crate) fn joined(&self) -> String {
        self.words.concat()
    }
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Appends `c` in lower case without its accent; scripts other than Latin stay as they are.
pub(crate) fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase() {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' | 'ė' | 'ĕ' => out.push('e'),
            'ğ' | 'ģ' | 'ĝ' | 'ġ' => out.push('g'),
            'ì'..='ï' | 'ī' | 'į' | 'ı' | 'ĩ' => out.push('i'),
            'ķ' => out.push('k'),
            'ł' | 'ľ' | 'ļ' | 'ĺ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ơ' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ř' | 'ŕ' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'þ' => out.push_str("th"),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' | 'ư' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            // combining marks
            '\u{300}'..='\u{36f}' => {}
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    fn words(name: &str) -> Vec<String> {
        Tokens::of(name).words().to_vec()
    }

    #[test]
    fn splits_the_ways_people_write_names() {
        assert_eq!(words("first_name"), ["first", "name"]);
        assert_eq!(words("firstName"), ["first", "name"]);
        assert_eq!(words("EmailAddress2"), ["email", "address", "2"]);
        assert_eq!(words("NationalIDNumber"), ["national", "id", "number"]);
        assert_eq!(words("userIDs"), ["user", "ids"]);
        assert_eq!(words("E-Mail Adresse"), ["e", "mail", "adresse"]);
        assert_eq!(words("Straße"), ["strasse"]);
        assert_eq!(words("Prénom"), ["prenom"]);
        assert_eq!(words("顧客_氏名"), ["顧客", "氏名"]);
        assert_eq!(words(""), Vec::<String>::new());
    }
}
