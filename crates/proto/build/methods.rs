//! The method table: one entry per RPC, from `datawave.options.v1.method`.

use std::error::Error;
use std::fmt::Write as _;

use prost_reflect::{DescriptorPool, DynamicMessage, Value};

pub(crate) fn generate(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let extension = pool
        .get_extension_by_name("datawave.options.v1.method")
        .ok_or("options.proto has no `method` extension")?;
    let mut rows = String::new();
    for service in pool.services().filter(|s| s.full_name().starts_with("datawave.")) {
        for method in service.methods() {
            let name = method.full_name().to_owned();
            let options = method.options();
            if !options.has_extension(&extension) {
                return Err(format!(
                    "{name} has no (datawave.options.v1.method): add permission, audit and site"
                )
                .into());
            }
            let rule = options.get_extension(&extension);
            let Value::Message(rule) = rule.as_ref() else {
                return Err(format!("{name}: option is not a message").into());
            };
            let permission = text(rule, "permission");
            if !valid_permission(&permission) {
                return Err(
                    format!("{name}: permission {permission:?} is not area.resource.verb or public").into(),
                );
            }
            let audit = variant(rule, "audit", &["", "Denials", "Read", "Change"])
                .ok_or_else(|| format!("{name}: audit level is missing"))?;
            let site = variant(rule, "site", &["", "Central", "Edge"])
                .ok_or_else(|| format!("{name}: site is missing"))?;
            let http = text(rule, "http");
            let level = options
                .get_field_by_name("idempotency_level")
                .and_then(|v| v.as_enum_number())
                .unwrap_or(0);
            let idempotency = ["Unknown", "NoSideEffects", "Idempotent"][usize::try_from(level)?.min(2)];
            writeln!(
                rows,
                "    Method {{ path: \"/{service}/{method}\", service: \"{service}\", name: \"{method}\", permission: {permission:?}, \
                 audit: AuditLevel::{audit}, site: Site::{site}, idempotency: Idempotency::{idempotency}, http: {http:?}, \
                 client_streaming: {cs}, server_streaming: {ss} }},",
                service = service.full_name(),
                method = method.name(),
                cs = method.is_client_streaming(),
                ss = method.is_server_streaming(),
            )?;
        }
    }
    Ok(format!(
        "/// Every method of the contracts, by service.\npub const METHODS: &[Method] = &[\n{rows}];\n"
    ))
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    rule.get_field_by_name(field)
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn variant(rule: &DynamicMessage, field: &str, names: &[&'static str]) -> Option<&'static str> {
    let number = rule.get_field_by_name(field)?.as_enum_number()?;
    names
        .get(usize::try_from(number).ok()?)
        .copied()
        .filter(|n| !n.is_empty())
}

fn valid_permission(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    text == "public"
        || (parts.len() == 3
            && parts
                .iter()
                .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')))
}
