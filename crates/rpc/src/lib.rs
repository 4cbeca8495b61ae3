//! Transport: channels, server stack, identities and TLS, errors on the wire, health, metrics, tracing.
