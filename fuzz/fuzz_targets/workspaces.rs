//! Any text as a workspace with metric filters and alarms, which are run.

#![no_main]

#[path = "../../tests/any_input/workspaces.rs"]
mod workspaces;

libfuzzer_sys::fuzz_target!(|text: &str| workspaces::any_workspace(text));
