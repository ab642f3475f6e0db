//! Work off the page's thread: each worker owns a shard of the data in its own memory.

#[cfg(target_arch = "wasm32")]
pub mod web;
