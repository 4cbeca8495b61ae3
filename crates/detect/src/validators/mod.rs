//! Check rules: each family of checksums in its own file, identifiers by part of the world in theirs.
//!
//! Every function takes the compact form: ASCII, upper case, without separators. None allocates, none
//! panics, whatever the octets.

pub(crate) mod africa_middle_east;
pub(crate) mod americas;
pub(crate) mod asia_pacific;
pub(crate) mod checksum;
pub(crate) mod date;
pub(crate) mod europe_east;
pub(crate) mod europe_north;
pub(crate) mod europe_south;
pub(crate) mod europe_west;
pub(crate) mod identity;
