//! Sources: what is governed, how it is reached, which site reads it.
