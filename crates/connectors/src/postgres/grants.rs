//! The statements that an owner runs to let a login read. They are shown, never executed.

use datawave_core::Failure;

use crate::quote::postgres as quoted;

/// Lets the role open the database.
pub(super) fn connect(database: &str, role: &str) -> Result<String, Failure> {
    Ok(format!(
        "GRANT CONNECT ON DATABASE {} TO {};",
        quoted(database)?,
        quoted(role)?
    ))
}

/// Lets the role look names up in a schema.
pub(super) fn usage(schema: &str, role: &str) -> Result<String, Failure> {
    Ok(format!(
        "GRANT USAGE ON SCHEMA {} TO {};",
        quoted(schema)?,
        quoted(role)?
    ))
}

/// Lets the role read a table or view.
pub(super) fn select(schema: &str, table: &str, role: &str) -> Result<String, Failure> {
    Ok(format!(
        "GRANT SELECT ON {}.{} TO {};",
        quoted(schema)?,
        quoted(table)?,
        quoted(role)?
    ))
}
