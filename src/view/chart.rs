//! Charts as values: from answers and a size in CSS pixels to lists of [`Primitive`]s.
//!
//! Belongs here: scales, calendar steps and ticks, buckets, what is drawn where, what is under the pointer, how
//! a brush or a threshold handle reacts. Does not belong here: canvas, DOM, colours (an [`Ink`] is a role, the
//! style sheet gives it a colour), questions to the engine. Everything is a pure function of its arguments, so
//! all of it is tested natively; `ui::chart` paints.

pub mod backtest;
pub mod bins;
pub mod brush;
pub mod calendar;
pub mod coverage;
pub mod draw;
pub mod histogram;
pub mod line;
pub mod ribbon;
pub mod scale;
pub mod sets;
pub mod states;
pub mod threshold;
pub mod ticks;

pub use bins::{Bins, Bucket};
pub use brush::Brush;
pub use calendar::Step;
pub use draw::{Align, Ink, Primitive, Rect};
pub use scale::{Curve, Frame, TimeScale, ValueScale};
