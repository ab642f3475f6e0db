//! Any bytes as gzip, against another decoder.

#![no_main]

#[path = "../../tests/any_input/files.rs"]
mod files;
#[path = "../../tests/any_input/gzip.rs"]
mod gzip;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gzip::any_gzip(bytes));
