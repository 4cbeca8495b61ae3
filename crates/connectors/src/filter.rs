//! Include and exclude patterns over schemas, tables and columns.

use datawave_core::Failure;

use crate::model::Table;

/// Longest pattern accepted, in bytes; three names at their limits and the dots fit.
const MAX_PATTERN: usize = 512;

/// A glob of one to three parts: `table`, `schema.table` or `schema.table.column`.
///
/// In a part, `*` stands for any run of characters, dots included, `?` for one character, and `\` takes the
/// next character literally (`\.` for a dot inside a name). ASCII case does not matter. Matching takes time
/// linear in the length of the name, whatever the pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    schema: Vec<Token>,
    table: Vec<Token>,
    column: Option<Vec<Token>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    One,
    Run,
}

impl Pattern {
    /// Reads a pattern; refuses one with more than three parts, an empty part, or more than 512 bytes.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let refuse = |why: &str| {
            Err(Failure::invalid("pattern", why).with_remedy(
                "write table, schema.table or schema.table.column; * and ? are wild, \\. is a dot in a name",
            ))
        };
        if text.len() > MAX_PATTERN {
            return refuse("a pattern has at most 512 bytes");
        }
        let mut parts = vec![Vec::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let token = match c {
                '.' => {
                    parts.push(Vec::new());
                    continue;
                }
                '*' => Token::Run,
                '?' => Token::One,
                '\\' => match chars.next() {
                    Some(next) => Token::Literal(next.to_ascii_lowercase()),
                    None => return refuse("a pattern does not end in a single backslash"),
                },
                other => Token::Literal(other.to_ascii_lowercase()),
            };
            if let Some(part) = parts.last_mut()
                && !(token == Token::Run && part.last() == Some(&Token::Run))
            {
                part.push(token);
            }
        }
        if parts.iter().any(Vec::is_empty) {
            return refuse("a part of the pattern is empty");
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(table), None, ..) => Ok(Self {
                schema: vec![Token::Run],
                table,
                column: None,
            }),
            (Some(schema), Some(table), column, None) => Ok(Self {
                schema,
                table,
                column,
            }),
            _ => refuse("a pattern has at most three parts"),
        }
    }

    fn covers_table(&self, schema: &str, table: &str) -> bool {
        self.column.is_none() && self.names_table(schema, table)
    }

    fn names_table(&self, schema: &str, table: &str) -> bool {
        matches(&self.schema, schema) && matches(&self.table, table)
    }

    fn covers_column(&self, schema: &str, table: &str, column: &str) -> bool {
        self.names_table(schema, table) && self.column.as_ref().is_none_or(|part| matches(part, column))
    }
}

/// What of a source is read. With no include pattern everything is; exclude patterns win over include ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What to read; empty for everything.
    pub include: Vec<Pattern>,
    /// What to leave out.
    pub exclude: Vec<Pattern>,
}

impl Filter {
    /// Reads both lists of patterns.
    pub fn parse<S: AsRef<str>>(include: &[S], exclude: &[S]) -> Result<Self, Failure> {
        let read = |list: &[S]| -> Result<Vec<Pattern>, Failure> {
            list.iter().map(|p| Pattern::parse(p.as_ref())).collect()
        };
        Ok(Self {
            include: read(include)?,
            exclude: read(exclude)?,
        })
    }

    /// Whether anything of the table may be read, as far as its name tells.
    pub fn selects_table(&self, schema: &str, table: &str) -> bool {
        let included = self.include.is_empty() || self.include.iter().any(|p| p.names_table(schema, table));
        included && !self.exclude.iter().any(|p| p.covers_table(schema, table))
    }

    /// Whether the column may be read.
    pub fn selects_column(&self, schema: &str, table: &str, column: &str) -> bool {
        let included = self.include.is_empty()
            || self
                .include
                .iter()
                .any(|p| p.covers_column(schema, table, column));
        included
            && !self
                .exclude
                .iter()
                .any(|p| p.covers_column(schema, table, column))
    }

    /// Marks what this filter leaves out.
    pub(crate) fn mark(&self, table: &mut Table) {
        let (schema, name) = (&table.at.schema, &table.at.table);
        table.excluded = !self.selects_table(schema, name);
        for column in &mut table.columns {
            column.excluded = table.excluded || !self.selects_column(schema, name, &column.name);
        }
    }
}

/// Greedy match with one point to come back to, the last run: on a mismatch only that run grows, so the
/// work is bounded by pattern length times name length.
fn matches(pattern: &[Token], name: &str) -> bool {
    let name: Vec<char> = name.chars().map(|c| c.to_ascii_lowercase()).collect();
    let (mut p, mut n) = (0, 0);
    let mut run: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(Token::Run) => {
                run = Some((p, n));
                p += 1;
            }
            Some(Token::One) => {
                p += 1;
                n += 1;
            }
            Some(Token::Literal(c)) if *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match run {
                Some((at, from)) => {
                    run = Some((at, from + 1));
                    p = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|t| *t == Token::Run)
}
