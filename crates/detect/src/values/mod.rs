//! What values say.

pub(crate) mod cell;
pub(crate) mod harmless;
pub(crate) mod profile;
pub(crate) mod secrets;
pub(crate) mod shapes;
pub(crate) mod street;

pub(crate) use cell::Cell;
pub(crate) use profile::Profile;
