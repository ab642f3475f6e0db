//! Any text as metric filters, alarms, a template, a plan and an account list.

#![no_main]

#[path = "../../tests/any_input/configuration.rs"]
mod configuration;

libfuzzer_sys::fuzz_target!(|text: &str| configuration::any_configuration(text));
