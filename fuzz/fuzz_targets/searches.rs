//! Any text as a search.

#![no_main]

#[path = "../../tests/any_input/searches.rs"]
mod searches;

libfuzzer_sys::fuzz_target!(|text: &str| searches::any_search(text));
