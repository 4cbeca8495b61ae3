//! Sends Facts to the centre over a channel handed to it.
