//! What values say.

pub(crate) mod cell;
pub(crate) mod harmless;
pub(crate) mod profile;
pub(crate) mod secrets;
pub(crate) mod shapes;

pub(crate) use cell::Cell;
pub(crate) use profile::Profile;
