//! Any text as a formula over metrics.

#![no_main]

#[path = "../../tests/any_input/formulas.rs"]
mod formulas;

libfuzzer_sys::fuzz_target!(|text: &str| formulas::any_formula(text));
