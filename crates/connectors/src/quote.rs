//! The only place where a name of somebody else's schema becomes SQL text.
//!
//! Both engines take `"` around an identifier and `""` for a quote inside it; nothing else is special in
//! there, neither backslashes, nor semicolons, nor comment marks. NUL would end the statement's text, and no
//! identifier of either engine can hold it, so a name with NUL is refused.

use datawave_core::{Failure, Reason};

/// Quotes one identifier for SQLite.
///
/// SQLite reads a quoted name that matches no column as a string literal. Callers therefore qualify columns
/// by their table's alias (`r."name"`), where that rule does not apply.
pub fn sqlite(name: &str) -> Result<String, Failure> {
    double_quoted(name)
}

/// Quotes one identifier for PostgreSQL.
pub fn postgres(name: &str) -> Result<String, Failure> {
    double_quoted(name)
}

fn double_quoted(name: &str) -> Result<String, Failure> {
    if name.contains('\0') {
        return Err(Failure::new(
            Reason::SourceBroken,
            "the source's catalogue has a name with a NUL character, which no statement can hold",
        )
        .with_remedy("rename that table or column at the source, or exclude it from the scan"));
    }
    Ok(format!("\"{}\"", name.replace('"', "\"\"")))
}
