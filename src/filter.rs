//! Predicates over events: the one tree that every query language lowers to, and its evaluators.

pub mod elements;
pub mod eval;
mod find;
mod leaves;
pub mod matching;
pub mod message;
pub mod naive;
pub mod predicate;
