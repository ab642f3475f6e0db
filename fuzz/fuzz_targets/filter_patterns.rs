//! Any text as a CloudWatch filter pattern.

#![no_main]

#[path = "../../tests/any_input/patterns.rs"]
#[allow(dead_code, reason = "other targets use the rest")]
mod patterns;

libfuzzer_sys::fuzz_target!(|text: &str| patterns::any_filter_pattern(text));
