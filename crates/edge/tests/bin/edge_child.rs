//! The scan child alone: what the tests of this crate start in place of `datawave scan-child`.

fn main() -> std::process::ExitCode {
    datawave_edge::child::run()
}
