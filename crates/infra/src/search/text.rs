//! How names and words become terms.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Longer names are cut for the index; the database keeps them whole.
const MAX_NAME_CHARS: usize = 1024;
/// Longer further text is cut.
const MAX_TEXT_CHARS: usize = 16 * 1024;
/// A word longer than this is cut: terms have a size limit, and nobody types such a word.
const MAX_WORD_CHARS: usize = 128;

/// The form in which names are compared: lower case, without space around, bounded.
pub(super) fn folded(name: &str) -> String {
    cut(name.trim(), MAX_NAME_CHARS).to_lowercase()
}

/// Further text, bounded.
pub(super) fn bounded(text: &str) -> &str {
    cut(text, MAX_TEXT_CHARS)
}

fn cut(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(end, _)| &text[..end])
}

/// The words of `text` in lower case: split at everything that is no letter or digit, between a lower and
/// an upper case letter, before the last capital of a run that a lower case letter follows (`HTTPServer`),
/// and between letters and digits.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    let mut previous: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_alphanumeric() {
            finish(&mut word, &mut words);
            (previous, length) = (None, 0);
            continue;
        }
        if let Some(before) = previous {
            let digit_edge = before.is_numeric() != character.is_numeric();
            let hump = before.is_lowercase() && character.is_uppercase();
            let run_end = before.is_uppercase()
                && character.is_uppercase()
                && characters.peek().is_some_and(|next| next.is_lowercase());
            if digit_edge || hump || run_end {
                finish(&mut word, &mut words);
                length = 0;
            }
        }
        if length < MAX_WORD_CHARS {
            word.extend(character.to_lowercase());
            length += 1;
        }
        previous = Some(character);
    }
    finish(&mut word, &mut words);
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Pairs of neighbouring letters and digits of `text`: what stands next to each other in the same order as
/// in a query is found by a phrase of these pairs, so any part of two characters or more is found.
pub(super) fn pairs(text: &str) -> Vec<String> {
    let characters: Vec<char> = text
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    characters.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Feeds one of the splitters above to the index.
#[derive(Clone)]
pub(super) struct Splitter(pub(super) fn(&str) -> Vec<String>);

impl Tokenizer for Splitter {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms {
            terms: (self.0)(text).into_iter(),
            token: Token::default(),
            position: 0,
        }
    }
}

/// Terms one after another. Offsets into the text are not kept, as nothing highlights.
pub(super) struct Terms {
    terms: std::vec::IntoIter<String>,
    token: Token,
    position: usize,
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(text) = self.terms.next() else {
            return false;
        };
        self.token = Token {
            text,
            position: self.position,
            ..Token::default()
        };
        self.position += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_split_as_people_read_them() {
        for (name, expected) in [
            ("customer_email", vec!["customer", "email"]),
            ("customerEmail", vec!["customer", "email"]),
            ("HTTPServerURL", vec!["http", "server", "url"]),
            ("address2line", vec!["address", "2", "line"]),
            (
                "shop.public.\"Order Items\"",
                vec!["shop", "public", "order", "items"],
            ),
            ("straße_größe", vec!["straße", "größe"]),
            ("顧客_名前", vec!["顧客", "名前"]),
            ("__", vec![]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn pairs_ignore_signs_and_case() {
        assert_eq!(pairs("A_bc"), ["ab", "bc"]);
        assert!(pairs("a").is_empty());
    }

    proptest! {
        #[test]
        fn splitting_keeps_every_letter_and_never_panics(text in "\\PC{0,60}") {
            let all: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(words(&text).concat(), all);
        }
    }
}
