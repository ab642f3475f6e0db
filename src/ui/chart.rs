//! Puts draw lists of [`view::chart`](crate::view::chart) on a canvas, and what all charts share: size, theme,
//! crosshair, read-out. No layout is computed here.
//!
//! A chart is a box with a canvas at the bottom, HTML on top for what can be grabbed or read, and a table for
//! screen readers behind it.

pub mod canvas;
pub mod overlay;
pub mod painter;

pub use canvas::{Canvas, use_size};
pub use overlay::{Crosshair, Readout, local_x, local_y};
