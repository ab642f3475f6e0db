//! Any bytes as a dropped file: what it is, containers and every format.

#![no_main]

#[path = "../../tests/any_input/files.rs"]
mod files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| files::any_file(bytes));
