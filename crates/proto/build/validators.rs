//! Validators from `datawave.options.v1.field`. Fails on a rule that does not fit the field's type, so that
//! no rule stands in a contract without being checked.

use std::error::Error;
use std::fmt::Write as _;

use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};

pub(crate) fn generate(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for message in pool
        .all_messages()
        .filter(|m| m.full_name().starts_with("datawave."))
    {
        if message.is_map_entry() {
            continue;
        }
        let mut body = String::new();
        for field in message
            .fields()
            .filter(|f| f.containing_oneof().is_none_or(|o| is_optional(&o)))
        {
            checks(&field, pool, &mut body)?;
        }
        for oneof in message.oneofs().filter(|o| !is_optional(o)) {
            if let Some(field) = oneof.fields().find(|f| rule(f, pool).is_some()) {
                return Err(format!(
                    "{}: rules on members of a oneof are not supported",
                    field.full_name()
                )
                .into());
            }
        }
        let (path_name, out_name) = if body.is_empty() {
            ("_path", "_out")
        } else {
            ("path", "out")
        };
        write!(
            out,
            "impl crate::Validate for {} {{\n    fn violations(&self, {path_name}: &str, {out_name}: &mut Vec<crate::Violation>) {{\n{body}    }}\n}}\n",
            super::rust_path(&message)
        )?;
    }
    Ok(out)
}

/// A proto3 `optional` field sits in a synthetic oneof of its own.
fn is_optional(oneof: &prost_reflect::OneofDescriptor) -> bool {
    oneof.is_synthetic()
}

fn rule(field: &FieldDescriptor, pool: &DescriptorPool) -> Option<DynamicMessage> {
    let extension = pool.get_extension_by_name("datawave.options.v1.field")?;
    let options = field.options();
    if !options.has_extension(&extension) {
        return None;
    }
    match options.get_extension(&extension).as_ref() {
        Value::Message(rule) => Some(rule.clone()),
        _ => None,
    }
}

fn checks(field: &FieldDescriptor, pool: &DescriptorPool, body: &mut String) -> Result<(), Box<dyn Error>> {
    let name = super::snake(field.name());
    let shown = field.name();
    let ours = |m: &MessageDescriptor| m.full_name().starts_with("datawave.");
    let optional = field.containing_oneof().is_some_and(|o| o.is_synthetic());
    let rule = rule(field, pool);
    let flag = |key: &str| {
        rule.as_ref()
            .and_then(|r| r.get_field_by_name(key))
            .and_then(|v| v.as_bool())
            .unwrap_or(false)
    };
    let number = |key: &str| {
        rule.as_ref()
            .and_then(|r| r.get_field_by_name(key))
            .and_then(|v| v.as_u64())
            .filter(|n| *n > 0)
    };
    let bound = |key: &str| {
        rule.as_ref()
            .filter(|r| r.has_field_by_name(key))
            .and_then(|r| r.get_field_by_name(key))
            .and_then(|v| v.as_f64())
    };
    let pattern = rule
        .as_ref()
        .and_then(|r| r.get_field_by_name("pattern"))
        .and_then(|v| v.as_str().map(str::to_owned))
        .filter(|p| !p.is_empty());

    if field.is_list() || field.is_map() {
        if let Some(least) = number("min_items") {
            writeln!(
                body,
                "        crate::check::min_items(path, {shown:?}, self.{name}.len(), {least}, out);"
            )?;
        }
        if let Some(most) = number("max_items") {
            writeln!(
                body,
                "        crate::check::max_items(path, {shown:?}, self.{name}.len(), {most}, out);"
            )?;
        }
        if flag("required") {
            writeln!(
                body,
                "        crate::check::min_items(path, {shown:?}, self.{name}.len(), 1, out);"
            )?;
        }
        if field.is_list() {
            let mut inner = String::new();
            match field.kind() {
                Kind::Message(m) if ours(&m) => writeln!(
                    inner,
                    "            crate::Validate::violations(item, &crate::check::index(path, {shown:?}, i), out);"
                )?,
                Kind::String => string_rules(
                    &mut inner,
                    "&crate::check::index(path, ",
                    shown,
                    "item",
                    number("min_len"),
                    number("max_len"),
                    pattern.as_deref(),
                )?,
                _ => {}
            }
            if !inner.is_empty() {
                let index = if inner.contains(", i)") { "i" } else { "_i" };
                write!(
                    body,
                    "        for ({index}, item) in self.{name}.iter().enumerate() {{\n{inner}        }}\n"
                )?;
            }
        }
        return Ok(());
    }
    let unsupported = |what: &str| -> Box<dyn Error> {
        format!("{}: rule {what} does not fit its type", field.full_name()).into()
    };
    match field.kind() {
        Kind::String => {
            let mut inner = String::new();
            let place = if optional {
                "value".to_owned()
            } else {
                format!("&self.{name}")
            };
            string_rules(
                &mut inner,
                "",
                shown,
                &place,
                number("min_len"),
                number("max_len"),
                pattern.as_deref(),
            )?;
            if optional {
                if !inner.is_empty() {
                    write!(
                        body,
                        "        if let Some(value) = &self.{name} {{\n{inner}        }}\n"
                    )?;
                }
            } else {
                if flag("required") {
                    writeln!(
                        body,
                        "        crate::check::required(path, {shown:?}, !self.{name}.is_empty(), out);"
                    )?;
                }
                body.push_str(&inner);
            }
        }
        Kind::Bytes => {
            if flag("required") {
                writeln!(
                    body,
                    "        crate::check::required(path, {shown:?}, !self.{name}.is_empty(), out);"
                )?;
            }
            if let Some(most) = number("max_len") {
                writeln!(
                    body,
                    "        crate::check::max_octets(path, {shown:?}, self.{name}.len(), {most}, out);"
                )?;
            }
            if pattern.is_some() || number("min_len").is_some() {
                return Err(unsupported("pattern or min_len"));
            }
        }
        Kind::Enum(e) => {
            if flag("required") {
                writeln!(
                    body,
                    "        crate::check::required(path, {shown:?}, self.{name} != 0, out);"
                )?;
            }
            if flag("defined_only") {
                let numbers: Vec<String> = e.values().map(|v| v.number().to_string()).collect();
                writeln!(
                    body,
                    "        crate::check::defined(path, {shown:?}, self.{name}, &[{}], out);",
                    numbers.join(", ")
                )?;
            }
        }
        Kind::Message(m) => {
            if flag("required") {
                writeln!(
                    body,
                    "        crate::check::required(path, {shown:?}, self.{name}.is_some(), out);"
                )?;
            }
            if ours(&m) {
                writeln!(
                    body,
                    "        if let Some(value) = &self.{name} {{ crate::Validate::violations(value, &crate::check::join(path, {shown:?}), out); }}"
                )?;
            }
        }
        Kind::Bool => {
            if rule.is_some() && (flag("required") || bound("gte").is_some()) {
                return Err(unsupported("required or range"));
            }
        }
        _ => {
            let value = if optional { "f64::from(value)" } else { "value" };
            for (key, check) in [("gte", "at_least"), ("lte", "at_most")] {
                if let Some(limit) = bound(key) {
                    if optional {
                        writeln!(
                            body,
                            "        if let Some(value) = self.{name} {{ crate::check::{check}(path, {shown:?}, {value}, {limit:?}, out); }}"
                        )?;
                    } else {
                        writeln!(
                            body,
                            "        crate::check::{check}(path, {shown:?}, self.{name} as f64, {limit:?}, out);"
                        )?;
                    }
                }
            }
            if flag("required") {
                writeln!(
                    body,
                    "        crate::check::required(path, {shown:?}, self.{name} as f64 != 0.0, out);"
                )?;
            }
        }
    }
    Ok(())
}

fn string_rules(
    body: &mut String,
    prefix: &str,
    shown: &str,
    value: &str,
    min: Option<u64>,
    max: Option<u64>,
    pattern: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let (path, field) = if prefix.is_empty() {
        ("path".to_owned(), format!("{shown:?}"))
    } else {
        (format!("{prefix}{shown:?}, i)"), "\"\"".to_owned())
    };
    if let Some(least) = min {
        writeln!(
            body,
            "        crate::check::min_len({path}, {field}, {value}, {least}, out);"
        )?;
    }
    if let Some(most) = max {
        writeln!(
            body,
            "        crate::check::max_len({path}, {field}, {value}, {most}, out);"
        )?;
    }
    if let Some(pattern) = pattern {
        regex_is_sound(pattern)?;
        writeln!(
            body,
            "        {{ static PATTERN: std::sync::LazyLock<Option<regex::Regex>> = std::sync::LazyLock::new(|| regex::Regex::new({:?}).ok()); crate::check::matches({path}, {field}, {value}, PATTERN.as_ref(), {pattern:?}, out); }}",
            format!("^(?:{pattern})$")
        )?;
    }
    Ok(())
}

fn regex_is_sound(pattern: &str) -> Result<(), Box<dyn Error>> {
    regex::Regex::new(pattern).map(|_| ()).map_err(Into::into)
}
