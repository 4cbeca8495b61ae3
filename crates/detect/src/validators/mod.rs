//! Check rules: each family of checksums in its own file, identifiers by country in theirs.
//!
//! Every function takes the compact form: ASCII, upper case, without separators. None allocates, none
//! panics, whatever the octets.

pub(crate) mod checksum;
pub(crate) mod date;
