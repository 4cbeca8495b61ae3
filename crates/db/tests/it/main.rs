//! Behaviour of the store facade, on both engines.
