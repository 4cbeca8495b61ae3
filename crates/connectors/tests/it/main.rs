//! Behaviour of the connectors through their public interface.
