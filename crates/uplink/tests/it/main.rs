//! Behaviour of the link over an in-process centre.
