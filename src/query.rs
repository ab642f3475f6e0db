//! The engine: one shard of data and everything that can be asked of it.
//!
//! [`Engine`] is what a worker runs and what the command-line tool runs; neither knows the layers below. It
//! does no IO of its own: files come as [`ReadAt`](crate::ingest::ReadAt). Answers are partial and merge with
//! those of other engines (`model::partial`).

mod cells;
mod conflicts;
mod coverage;
mod engine;
mod evidence;
mod export;
mod fields;
mod files;
mod filters;
mod group;
mod hashes;
mod histogram;
mod load;
mod matches;
mod messages;
mod ranks;
mod rates;
mod scope;
mod series;
mod sort;
mod texts;
mod tuning;

pub use crate::store::{judge, repeated};
pub use engine::Engine;
pub use evidence::{Evidence, Found};
pub use load::{LoadStep, Loading};
