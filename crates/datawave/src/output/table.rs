//! Tables for people: as wide as the terminal, or as they need to be where there is none.

use comfy_table::{Attribute, Cell as Drawn, Color, ContentArrangement, presets};

use super::text::plain;

/// A table under construction.
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// One cell.
pub(crate) struct Cell {
    text: String,
    colour: Option<Color>,
}

impl Cell {
    /// Good news.
    pub(crate) fn good(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            colour: Some(Color::Green),
        }
    }

    /// Something to look at.
    pub(crate) fn warn(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            colour: Some(Color::Yellow),
        }
    }

    /// Bad news.
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            colour: Some(Color::Red),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            colour: None,
        }
    }
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn render(&self, colours: bool) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if let Some(width) = terminal_width() {
            table.set_width(width);
        }
        let styled = |drawn: Drawn, colour: Option<Color>, bold: bool| {
            let drawn = if bold && colours {
                drawn.add_attribute(Attribute::Bold)
            } else {
                drawn
            };
            match colour {
                Some(colour) if colours => drawn.fg(colour),
                _ => drawn,
            }
        };
        // Width and colours are decided here, not by what the library finds out about the terminal.
        table.force_no_tty();
        if colours {
            table.enforce_styling();
        }
        table.set_header(self.head.iter().map(|name| styled(Drawn::new(name), None, true)));
        for row in &self.rows {
            table.add_row(
                row.iter()
                    .map(|cell| styled(Drawn::new(plain(&cell.text)), cell.colour, false)),
            );
        }
        // Space between columns, none before the first.
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let mut text = String::new();
        for line in table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Columns of the terminal on standard output; none where there is no terminal.
fn terminal_width() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    (size.ws_col >= 40).then_some(size.ws_col)
}
