//! The Leptos page on wasm32, the command-line tool natively.

fn main() {}
