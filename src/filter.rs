//! Predicates over events: the one tree that every query language lowers to, and its evaluators.

pub mod eval;
mod find;
pub mod matching;
pub mod message;
pub mod naive;
pub mod predicate;
