//! Any text as an EventBridge event pattern.

#![no_main]

#[path = "../../tests/any_input/event_patterns.rs"]
mod event_patterns;

libfuzzer_sys::fuzz_target!(|text: &str| event_patterns::any_event_pattern(text));
