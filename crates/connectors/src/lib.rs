//! Source drivers: SQLite and PostgreSQL. The only maker of RawCell.
