//! Several engines side by side: messages, the worker's loop and the page's pool.
//!
//! [`server`] and [`pool`] are plain state machines without IO or clock, joined by [`protocol`] messages and
//! tested natively (`tests/worker_laws.rs`). `web` connects them in the browser.

pub mod pool;
pub mod protocol;
pub mod server;
#[cfg(target_arch = "wasm32")]
pub mod web;
