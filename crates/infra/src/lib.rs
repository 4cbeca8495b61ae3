//! Embedded infrastructure behind traits: cache, event log, search index, secrets.
