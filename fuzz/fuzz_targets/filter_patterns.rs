//! Any text as a CloudWatch filter pattern.

#![no_main]

#[path = "../../tests/any_input/filter_patterns.rs"]
mod filter_patterns;

libfuzzer_sys::fuzz_target!(|text: &str| filter_patterns::any_filter_pattern(text));
