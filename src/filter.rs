//! Predicates over events: the one tree that every query language lowers to, and its evaluators.

pub mod predicate;
