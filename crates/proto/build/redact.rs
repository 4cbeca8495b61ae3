//! Debug output that never shows protected fields: `SENSITIVITY_SECRET` and `SENSITIVITY_RAW`.

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};

const SECRET: i32 = 4;
const RAW: i32 = 5;

fn protected(field: &FieldDescriptor, pool: &DescriptorPool) -> bool {
    let Some(extension) = pool.get_extension_by_name("datawave.options.v1.sensitivity") else {
        return false;
    };
    let options = field.options();
    options.has_extension(&extension)
        && options
            .get_extension(&extension)
            .as_enum_number()
            .is_some_and(|n| n == SECRET || n == RAW)
}

/// Messages whose derived `Debug` would show a protected field.
pub(crate) fn messages_with_protected_fields(pool: &DescriptorPool) -> Vec<MessageDescriptor> {
    pool.all_messages()
        .filter(|m| m.full_name().starts_with("datawave.") && m.fields().any(|f| protected(&f, pool)))
        .collect()
}

/// `Debug` implementations for them.
pub(crate) fn generate(messages: &[MessageDescriptor]) -> String {
    let mut out = String::new();
    for message in messages {
        let path = super::rust_path(message);
        out.push_str(&format!(
            "impl ::core::fmt::Debug for {path} {{\n    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{\n        f.debug_struct({:?})\n",
            message.name()
        ));
        for field in message.fields().filter(|f| f.containing_oneof().is_none()) {
            let name = super::snake(field.name());
            if protected(&field, message.parent_pool()) {
                out.push_str(&format!("            .field({name:?}, &\"[redacted]\")\n"));
            } else if !matches!(field.kind(), Kind::Bytes) {
                out.push_str(&format!("            .field({name:?}, &self.{name})\n"));
            }
        }
        out.push_str("            .finish_non_exhaustive()\n    }\n}\n");
    }
    out
}
