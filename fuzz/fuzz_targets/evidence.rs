//! Any text as digest file, keys, signature of a digest file and signature of a Lake query.

#![no_main]

#[path = "../../tests/any_input/evidence.rs"]
mod evidence;

libfuzzer_sys::fuzz_target!(|text: &str| evidence::any_evidence(text));
