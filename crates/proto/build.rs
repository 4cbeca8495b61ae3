//! Compiles `proto/` without protoc: messages, clients and servers by tonic; the method table, the
//! validators and the redacting debug output from our own options, which only survive in the encoded form of
//! the descriptor set. A method without permission, audit level or site fails the build, and so does a
//! validation rule that this generator does not know how to check.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/methods.rs"]
mod methods;
#[path = "build/redact.rs"]
mod redact;
#[path = "build/validators.rs"]
mod validators;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=build");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort();
    let mut compiler = protox::Compiler::new([&root])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(&files)?;
    let encoded = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &encoded)?;

    let pool = prost_reflect::DescriptorPool::decode(encoded.as_slice())?;
    let redacted = redact::messages_with_protected_fields(&pool);
    let mut config = tonic_prost_build::configure().build_transport(false);
    config = config.skip_debug(redacted.iter().map(|m| format!(".{}", m.full_name())));
    config.compile_fds(compiler.file_descriptor_set())?;

    fs::write(out.join("methods.rs"), methods::generate(&pool)?)?;
    fs::write(out.join("validators.rs"), validators::generate(&pool)?)?;
    fs::write(out.join("redact.rs"), redact::generate(&redacted))?;
    fs::write(out.join("modules.rs"), modules(&pool))?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "proto") {
            files.push(path.strip_prefix(root)?.to_path_buf());
        }
    }
    Ok(())
}

/// One nested module per package, so that paths in generated code resolve.
fn modules(pool: &prost_reflect::DescriptorPool) -> String {
    let mut areas: Vec<String> = pool
        .files()
        .map(|f| f.package_name().to_owned())
        .filter(|p| p.starts_with("datawave."))
        .collect();
    areas.sort();
    areas.dedup();
    let mut text = String::from("pub mod datawave {\n");
    for package in areas {
        let area = package.split('.').nth(1).unwrap_or_default();
        text.push_str(&format!(
            "pub mod {area} {{ pub mod v1 {{ include!(concat!(env!(\"OUT_DIR\"), \"/{package}.rs\")); }} }}\n"
        ));
    }
    text.push_str("}\n");
    text
}

/// Rust path of a message: `datawave.catalog.v1.Asset` becomes `crate::datawave::catalog::v1::Asset`.
fn rust_path(message: &prost_reflect::MessageDescriptor) -> String {
    let mut parts: Vec<String> = message
        .parent_file()
        .package_name()
        .split('.')
        .map(str::to_owned)
        .collect();
    let mut chain = vec![message.name().to_owned()];
    let mut parent = message.parent_message();
    while let Some(outer) = parent {
        chain.push(snake(outer.name()));
        parent = outer.parent_message();
    }
    chain.reverse();
    parts.extend(chain);
    format!("crate::{}", parts.join("::"))
}

/// Snake case as prost writes field and module names.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    match out.as_str() {
        "type" | "match" | "ref" | "move" | "use" | "in" | "as" => format!("r#{out}"),
        _ => out,
    }
}
