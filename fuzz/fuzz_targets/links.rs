//! Any text as a link.

#![no_main]

#[path = "../../tests/any_input/links.rs"]
mod links;

libfuzzer_sys::fuzz_target!(|text: &str| links::any_link(text));
