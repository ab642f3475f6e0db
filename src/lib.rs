//! Trailscope: read CloudTrail archives and backtest CloudWatch metric filters and alarms on them.
//!
//! One library serves the page (wasm32) and the command-line tool (native). Layers, lowest first; a
//! module may import only from what `tests/architecture.rs` allows it:
//!
//! ```text
//! base → model → ingest, store, pattern → filter → metric → alarm → query → worker → view → ui | cli
//! ```
//!
//! Data path: bytes → [`ingest`] → [`store`] segments → [`filter`] bit sets → [`metric`] series →
//! [`alarm`] timeline → `view` draw lists → `ui`.

pub mod alarm;
pub mod base;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod configuration;
pub mod controls;
pub mod deploy;
pub mod dialect;
pub mod filter;
pub mod ingest;
pub mod insights;
pub mod metric;
pub mod model;
pub mod pattern;
pub mod query;
pub mod sample;
pub mod store;
pub mod verify;
pub mod view;
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub mod ui;
