//! Generated contracts: messages, clients, servers, the method table, validators, the descriptor set.
//!
//! The source is `proto/` at the top of the repository; nothing generated is committed. How it is made:
//! `build.rs` and `build/`.

mod check;

#[allow(
    clippy::all,
    clippy::or_fun_call,
    clippy::large_futures,
    clippy::str_to_string,
    clippy::allow_attributes_without_reason,
    reason = "generated code is not ours to style"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}
pub use generated::datawave;

/// What is audited about a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditLevel {
    /// Refusals only.
    Denials,
    /// Refusals and every answer; the record is durable before the answer leaves.
    Read,
    /// Refusals and every change; the record commits with the change.
    Change,
}

/// Where a method may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// At the centre.
    Central,
    /// At an edge node.
    Edge,
}

/// What a repeat of a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Not to be repeated blindly.
    Unknown,
    /// Reads only.
    NoSideEffects,
    /// A repeat has no further effect.
    Idempotent,
}

/// One method of the contracts, with its governance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// Path on the wire, `/datawave.catalog.v1.CatalogService/GetAsset`.
    pub path: &'static str,
    /// Full service name, `datawave.catalog.v1.CatalogService`.
    pub service: &'static str,
    /// Method name.
    pub name: &'static str,
    /// Permission asked for, or `public`.
    pub permission: &'static str,
    /// What is audited.
    pub audit: AuditLevel,
    /// Where it may be served.
    pub site: Site,
    /// What a repeat does.
    pub idempotency: Idempotency,
    /// HTTP verb and path; empty when it has none.
    pub http: &'static str,
    /// Whether the client streams.
    pub client_streaming: bool,
    /// Whether the server streams.
    pub server_streaming: bool,
}

include!(concat!(env!("OUT_DIR"), "/methods.rs"));

/// The method with this path on the wire.
pub fn method(path: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.path == path)
}

/// The whole descriptor set with our options in it, encoded as `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// A field that breaks a rule of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, `asset.labels[2].name`.
    pub field: String,
    /// What is wrong and what would be right.
    pub description: String,
}

/// Checks a message against the rules of its contract.
pub trait Validate {
    /// Appends every violation; `path` is where this message stands in the request, empty at the top.
    fn violations(&self, path: &str, out: &mut Vec<Violation>);

    /// All violations of a request.
    fn validate(&self) -> Result<(), Vec<Violation>> {
        let mut out = Vec::new();
        self.violations("", &mut out);
        if out.is_empty() { Ok(()) } else { Err(out) }
    }
}

mod validators {
    #![allow(
        clippy::all,
        clippy::cast_lossless,
        reason = "generated code is not ours to style"
    )]
    include!(concat!(env!("OUT_DIR"), "/validators.rs"));
}
mod redact {
    include!(concat!(env!("OUT_DIR"), "/redact.rs"));
}
