//! The keys: name, meaning, and how a value is read. One line here is all that a new setting needs besides its
//! field.

use secrecy::SecretString;
use toml::Value;

use super::Settings;
use super::values::{address, bytes, count, duration, path, text, texts};

/// One key of the settings.
pub(crate) struct Key {
    /// Dotted name, `listen.grpc`; in the environment `DATAWAVE__LISTEN__GRPC`.
    pub(crate) name: &'static str,
    /// What it means.
    pub(crate) meaning: &'static str,
    /// Puts a value in; an error says what is expected instead.
    pub(super) set: fn(&mut Settings, &Value) -> Result<(), &'static str>,
}

/// Puts a read value into a place.
fn put<T, U: From<T>>(place: &mut U, value: Result<T, &'static str>) -> Result<(), &'static str> {
    *place = value?.into();
    Ok(())
}

/// Every key, in the order of the documentation.
pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "data_dir",
        meaning: "directory of the instance",
        set: |s, v| put(&mut s.data_dir, path(v)),
    },
    Key {
        name: "store",
        meaning: "postgres:// address of the stores; without it they are files in the data directory",
        set: |s, v| put(&mut s.store, text(v).map(SecretString::from)),
    },
    Key {
        name: "log",
        meaning: "filter of the log, such as info or info,datawave_scans=debug",
        set: |s, v| put(&mut s.log, text(v)),
    },
    Key {
        name: "otlp.endpoint",
        meaning: "where traces go, http://collector:4317",
        set: |s, v| put(&mut s.otlp, text(v)),
    },
    Key {
        name: "listen.grpc",
        meaning: "address of the public listener",
        set: |s, v| put(&mut s.listen, address(v)),
    },
    Key {
        name: "listen.metrics",
        meaning: "address of metrics and health",
        set: |s, v| put(&mut s.metrics, address(v)),
    },
    Key {
        name: "listen.hosts",
        meaning: "further names and addresses of the server's certificate",
        set: |s, v| put(&mut s.hosts, texts(v)),
    },
    Key {
        name: "audit.origin",
        meaning: "name of a new audit log in its checkpoints",
        set: |s, v| put(&mut s.audit_origin, text(v)),
    },
    Key {
        name: "client.endpoint",
        meaning: "instance that commands talk to",
        set: |s, v| put(&mut s.client.endpoint, text(v)),
    },
    Key {
        name: "client.token_file",
        meaning: "file with the token that commands present",
        set: |s, v| put(&mut s.client.token_file, path(v)),
    },
    Key {
        name: "client.ca_file",
        meaning: "file with the certificates that commands trust",
        set: |s, v| put(&mut s.client.ca_file, path(v)),
    },
    Key {
        name: "limits.unary_deadline",
        meaning: "longest run of a unary call",
        set: |s, v| put(&mut s.limits.unary_deadline, duration(v)),
    },
    Key {
        name: "limits.stream_age",
        meaning: "longest life of a stream; then the caller resumes it",
        set: |s, v| put(&mut s.limits.stream_age, duration(v)),
    },
    Key {
        name: "limits.calls_in_flight",
        meaning: "unary calls served at one time",
        set: |s, v| put(&mut s.limits.calls_in_flight, count(v)),
    },
    Key {
        name: "limits.streams_open",
        meaning: "streams open at one time",
        set: |s, v| put(&mut s.limits.streams_open, count(v)),
    },
    Key {
        name: "limits.connections",
        meaning: "connections open at one time",
        set: |s, v| put(&mut s.limits.connections, count(v)),
    },
    Key {
        name: "limits.connection_age",
        meaning: "age at which a connection is asked to close",
        set: |s, v| put(&mut s.limits.connection_age, duration(v)),
    },
    Key {
        name: "limits.connection_grace",
        meaning: "time that open calls still have when a connection or the process ends",
        set: |s, v| put(&mut s.limits.connection_grace, duration(v)),
    },
    Key {
        name: "edge.name",
        meaning: "name of the edge node in this process",
        set: |s, v| put(&mut s.edge.name, text(v)),
    },
    Key {
        name: "edge.scans_in_parallel",
        meaning: "scans carried out at one time",
        set: |s, v| put(&mut s.edge.scans_in_parallel, count(v)),
    },
    Key {
        name: "edge.tables_in_parallel",
        meaning: "tables of one scan read at one time",
        set: |s, v| put(&mut s.edge.tables_in_parallel, count(v)),
    },
    Key {
        name: "edge.child_memory",
        meaning: "memory that a scan child may commit",
        set: |s, v| put(&mut s.edge.child_memory_bytes, bytes(v)),
    },
    Key {
        name: "edge.connect_timeout",
        meaning: "deadline for the connection to a source",
        set: |s, v| put(&mut s.edge.connect_timeout, duration(v)),
    },
    Key {
        name: "edge.discovery_timeout",
        meaning: "deadline for reading a source's catalogue",
        set: |s, v| put(&mut s.edge.discovery_timeout, duration(v)),
    },
    Key {
        name: "edge.table_timeout",
        meaning: "deadline for one table",
        set: |s, v| put(&mut s.edge.table_timeout, duration(v)),
    },
    Key {
        name: "edge.test_timeout",
        meaning: "deadline for a step-by-step test of a source",
        set: |s, v| put(&mut s.edge.test_timeout, duration(v)),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_every_key_with_its_meaning() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/config.md");
        let text = std::fs::read_to_string(path).expect("docs/config.md");
        let listed: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<String> = KEYS
            .iter()
            .map(|key| format!("| `{}` | {} |", key.name, key.meaning))
            .collect();
        assert_eq!(
            listed, expected,
            "docs/config.md lists other keys than the code has"
        );
    }
}
