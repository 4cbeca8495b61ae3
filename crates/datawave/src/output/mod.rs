//! What reaches people and scripts: data on standard output, everything else on standard error.

pub(crate) mod exit;
mod table;
mod text;

use std::io::{self, IsTerminal as _, Write as _};

use datawave_core::Failure;
use serde::Serialize;

use crate::cli::Format;

pub(crate) use table::{Cell, Table};
pub(crate) use text::{bytes, count, duration, plain, short_id};

/// Where and how a command prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: Format,
    colours: bool,
    /// Whether people watch standard error.
    pub(crate) watched: bool,
}

impl Output {
    /// Output in `format`; colours only where a terminal shows them.
    pub(crate) fn new(format: Format, no_color: bool) -> Self {
        Self {
            format,
            colours: !no_color && io::stdout().is_terminal(),
            watched: io::stderr().is_terminal(),
        }
    }

    /// The chosen form.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Whether a person reads the data.
    pub(crate) fn is_table(&self) -> bool {
        self.format == Format::Table
    }

    /// A list of things.
    pub(crate) fn list<T: Serialize>(
        &self,
        items: &[T],
        table: impl FnOnce(&[T]) -> Table,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table if items.is_empty() => {
                self.note("nothing");
                Ok(())
            }
            Format::Table => data(&table(items).render(self.colours)),
            Format::Json => data(&(json(&items)? + "\n")),
            Format::Yaml => data(&yaml(&items)?),
            Format::Jsonl => items.iter().try_for_each(|item| self.line(item)),
        }
    }

    /// One thing.
    pub(crate) fn one<T: Serialize>(&self, item: &T, text: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        match self.format {
            Format::Table => data(&text(item)),
            Format::Json => data(&(json(item)? + "\n")),
            Format::Yaml => data(&yaml(item)?),
            Format::Jsonl => self.line(item),
        }
    }

    /// One document on one line, whatever the form.
    pub(crate) fn line<T: Serialize>(&self, item: &T) -> Result<(), Failure> {
        let mut line = serde_json::to_string(item).map_err(Failure::internal)?;
        line.push('\n');
        data(&line)
    }

    /// A table below other output.
    pub(crate) fn table(&self, table: &Table) -> Result<(), Failure> {
        data(&table.render(self.colours))
    }

    /// A remark for people, on standard error.
    pub(crate) fn note(&self, text: &str) {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// A failure: what, why, what next. With `-o json` one JSON object.
    pub(crate) fn failure(&self, failure: &Failure) {
        let code = exit::code(failure);
        let request_id = failure.metadata().get(datawave_rpc::REQUEST_ID).cloned();
        let text = match self.format {
            Format::Json | Format::Jsonl => {
                let document = ErrorDocument {
                    code,
                    reason: failure.reason().as_str(),
                    message: failure.message(),
                    remedy: failure.remedy(),
                    request_id: request_id.as_deref(),
                };
                serde_json::to_string(&document).unwrap_or_default()
            }
            Format::Table | Format::Yaml => {
                let mut text = format!(
                    "error: {} ({})",
                    plain(failure.message()),
                    failure.reason().as_str()
                );
                if let Some(remedy) = failure.remedy() {
                    text.push_str(&format!("\n  try: {}", plain(remedy).replace('\n', "\n       ")));
                }
                if let Some(id) = request_id {
                    text.push_str(&format!("\n  request: {id}"));
                }
                text
            }
        };
        self.note(&text);
    }
}

/// A failure as `-o json` shows it.
#[derive(Serialize)]
struct ErrorDocument<'a> {
    /// Exit code.
    code: u8,
    /// Reason, with a page under docs/errors.
    reason: &'a str,
    /// What failed and why.
    message: &'a str,
    /// What to do next.
    remedy: Option<&'a str>,
    /// Correlation id; absent when no call was made.
    request_id: Option<&'a str>,
}

/// Writes data. A reader that went away (`| head`) ends the command as it ends every filter.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => std::process::exit(exit::OK.into()),
        Err(cause) => Err(Failure::internal(cause)),
    }
}

fn json<T: Serialize>(item: &T) -> Result<String, Failure> {
    serde_json::to_string_pretty(item).map_err(Failure::internal)
}

fn yaml<T: Serialize>(item: &T) -> Result<String, Failure> {
    yaml_serde::to_string(item).map_err(Failure::internal)
}
