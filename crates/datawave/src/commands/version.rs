//! `datawave version`.

use datawave_core::Failure;
use serde::Serialize;

use super::Context;
use crate::compose::{Endpoint, Layout, VERSION};
use crate::output::exit;

#[derive(Serialize)]
struct Versions {
    /// This binary.
    version: &'static str,
    /// The process that serves the data directory; null when none does.
    instance: Option<String>,
    /// What wrote the data directory; null when there is none.
    data_directory: Option<String>,
}

pub(super) async fn run(context: &Context) -> Result<u8, Failure> {
    let layout = Layout::new(&context.settings.data_dir);
    let versions = Versions {
        version: VERSION,
        instance: Endpoint::read(&layout)?.map(|e| e.version),
        data_directory: std::fs::read_to_string(layout.version())
            .ok()
            .map(|t| t.trim().to_owned()),
    };
    context.output.one(&versions, |v| {
        let mut text = format!("datawave {}\n", v.version);
        if let Some(instance) = &v.instance {
            text.push_str(&format!("instance {instance}\n"));
        }
        if let Some(directory) = &v.data_directory {
            text.push_str(&format!("data directory {directory}\n"));
        }
        text
    })?;
    Ok(exit::OK)
}
