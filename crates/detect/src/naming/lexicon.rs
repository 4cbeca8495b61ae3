//! From words of a column's name to types.
//!
//! A key is a run of one to five consecutive words, written together without accents, so that `e_mail`,
//! `eMail` and `email` are one key. The longest run wins; of equally long ones the last, because names put
//! the thing at their end ("customer email").

use super::tokens::Tokens;
use super::{qualifiers, words};
use std::collections::HashMap;

/// What the words of a name suggest.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    /// Id of the type.
    pub(crate) infotype: &'static str,
    /// Nats in favour.
    pub(crate) weight: f64,
    /// Words that matched, joined with `_`.
    pub(crate) words: String,
    /// A word that turns the name into a fact about the thing ("email_sent"); the hint then speaks against.
    pub(crate) qualifier: Option<String>,
}

/// All keys.
pub(crate) struct Lexicon {
    keys: HashMap<&'static str, (&'static str, f64)>,
}

const LONGEST_RUN: usize = 5;

/// Stands for "no type" in the table of keys.
const NOTHING: &str = "";

impl Lexicon {
    pub(crate) fn new() -> Self {
        let mut keys = HashMap::new();
        for word in words::NOTHING.split_ascii_whitespace() {
            keys.insert(word, (NOTHING, 0.0));
        }
        for table in words::TABLES {
            for &(infotype, weight, words) in *table {
                for word in words.split_ascii_whitespace() {
                    keys.entry(word).or_insert((infotype, weight));
                }
            }
        }
        Self { keys }
    }

    /// The hints of a name, the most specific first. Usually one; a second only when another part of the
    /// name means something else ("bank_account_name").
    pub(crate) fn hints(&self, name: &Tokens) -> Vec<Hint> {
        let words = name.words();
        let mut found: Vec<(usize, usize, &'static str, f64)> = Vec::new();
        let mut run = String::new();
        for start in 0..words.len() {
            run.clear();
            for length in 1..=LONGEST_RUN.min(words.len() - start) {
                run.push_str(&words[start + length - 1]);
                if let Some(&(infotype, weight)) = self.keys.get(run.as_str()) {
                    found.push((start, length, infotype, weight));
                }
            }
        }
        if found.is_empty() {
            for (start, word) in words.iter().enumerate() {
                if let Some((infotype, weight)) = self.compound(word) {
                    found.push((start, 1, infotype, weight));
                }
            }
        }
        // Longest run first, then the one nearest to the end.
        found.sort_by_key(|(start, length, _, _)| std::cmp::Reverse((*length, *start)));
        let mut hints: Vec<Hint> = Vec::new();
        let mut taken = vec![false; words.len()];
        for (start, length, infotype, weight) in found {
            let range = start..start + length;
            if taken[range.clone()].iter().any(|t| *t) || hints.len() == 3 {
                continue;
            }
            taken[range.clone()].fill(true);
            if infotype == NOTHING {
                continue;
            }
            let qualifier = qualifiers::of(words, range.clone(), infotype).map(str::to_owned);
            hints.push(Hint {
                infotype,
                weight,
                words: words[range].join("_"),
                qualifier,
            });
        }
        hints
    }

    /// A word glued to a known one: `homephone`, `kundenname`, `顧客氏名`.
    fn compound(&self, word: &str) -> Option<(&'static str, f64)> {
        if word.is_ascii() {
            for at in 3..word.len().saturating_sub(2) {
                let (front, back) = word.split_at(at);
                if words::PREFIXES.split_ascii_whitespace().any(|p| p == front)
                    && let Some(&(infotype, weight)) = self.keys.get(back)
                {
                    return Some((infotype, weight));
                }
            }
            return None;
        }
        let starts: Vec<usize> = word.char_indices().map(|(i, _)| i).collect();
        starts
            .iter()
            .skip(1)
            .filter(|&&i| word[i..].chars().count() >= 2)
            .find_map(|&i| self.keys.get(&word[i..]).copied())
    }
}
