//! Test support: PostgreSQL for tests, temporary databases, the in-process mesh, span collector.
