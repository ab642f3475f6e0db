//! The page (wasm32 only): Leptos components over the view models and the worker pool.
//!
//! Components read memos of [`state::App`], ask questions through [`state::Engine`] and change things through
//! [`state::App::dispatch`]. They never parse, inflate or scan; all text that comes from logs reaches the
//! document as text nodes or attribute values, never as markup. One folder per pane, dressed by the style
//! sheet of the same name under `style/widgets/`.

pub mod alarm;
pub mod app;
pub mod archive;
pub mod chart;
pub mod commands;
pub mod composite;
mod controls;
pub mod deploy;
pub mod detail;
pub mod export;
pub mod facets;
pub mod fields;
pub mod filter;
mod focus;
mod formula;
pub mod help;
mod lab_list;
pub mod load;
pub mod metric;
pub mod palette;
pub mod privacy;
pub mod rule;
pub mod settings;
pub mod shell;
pub mod state;
pub mod status;
pub mod table;
pub mod timeline;
pub mod topbar;
pub mod translate;
pub mod value_menu;
pub mod widgets;

pub use app::start;
