//! Any text as a link.

#![no_main]

#[path = "../../tests/any_input/settings.rs"]
#[allow(dead_code, reason = "other targets use the rest")]
mod settings;

libfuzzer_sys::fuzz_target!(|text: &str| settings::any_link(text));
