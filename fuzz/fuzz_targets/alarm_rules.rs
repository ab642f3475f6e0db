//! Any text as the rule of a composite alarm.

#![no_main]

#[path = "../../tests/any_input/alarm_rules.rs"]
mod alarm_rules;

libfuzzer_sys::fuzz_target!(|text: &str| alarm_rules::any_alarm_rule(text));
