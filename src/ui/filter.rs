//! The search: as text in the top bar and as chips below it, two views of one tree.

pub mod chips;
pub mod search_bar;
