//! From time and value to pixels and back.

use super::ticks::nice_step;
use crate::base::EpochMs;
use crate::view::TimeRange;

/// The plot area of a chart in CSS pixels, origin at the top left of the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width, at least 1.
    pub width: f64,
    /// Height, at least 1.
    pub height: f64,
}

impl Frame {
    /// What remains of a canvas inside margins given as (top, right, bottom, left).
    pub fn inside(width: f64, height: f64, margin: (f64, f64, f64, f64)) -> Self {
        let (top, right, bottom, left) = margin;
        Self { left, top, width: (width - left - right).max(1.0), height: (height - top - bottom).max(1.0) }
    }

    /// Right edge.
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Bottom edge.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

/// Time on the horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// What the axis shows.
    pub range: TimeRange,
    left: f64,
    width: f64,
}

impl TimeScale {
    /// Lays a range over the width of a frame.
    pub fn new(range: TimeRange, frame: &Frame) -> Self {
        Self { range, left: frame.left, width: frame.width }
    }

    /// Pixel of an instant; outside the frame for instants outside the range.
    pub fn x(&self, at: EpochMs) -> f64 {
        self.left + (at.0 - self.range.from.0) as f64 / self.span() * self.width
    }

    /// Instant under a pixel, kept inside the range.
    pub fn time(&self, x: f64) -> EpochMs {
        let share = ((x - self.left) / self.width).clamp(0.0, 1.0);
        EpochMs(self.range.from.0 + (share * self.span()).round() as i64)
    }

    /// Milliseconds one pixel stands for.
    pub fn ms_per_pixel(&self) -> f64 {
        self.span() / self.width
    }

    /// Pixels from the left edge to the right edge of the frame.
    pub fn edges(&self) -> (f64, f64) {
        (self.left, self.left + self.width)
    }

    fn span(&self) -> f64 {
        self.range.millis().max(1) as f64
    }
}

/// A value on the vertical axis, growing upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    /// Value at the bottom.
    pub min: f64,
    /// Value at the top, above `min`.
    pub max: f64,
    top: f64,
    height: f64,
}

impl ValueScale {
    /// Covers zero and all the given values, rounded outwards to full ticks. Values that are not finite are passed over.
    pub fn covering(values: impl IntoIterator<Item = f64>, frame: &Frame) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .fold((0.0f64, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        let high = if low == high { low + 1.0 } else { high };
        let step = nice_step((high - low) / tick_count(frame.height));
        Self {
            min: (low / step).floor() * step,
            max: (high / step).ceil() * step,
            top: frame.top,
            height: frame.height,
        }
    }

    /// Pixel of a value.
    pub fn y(&self, value: f64) -> f64 {
        self.top + (self.max - value) / (self.max - self.min) * self.height
    }

    /// Value at a pixel, also outside the frame.
    pub fn value(&self, y: f64) -> f64 {
        self.max - (y - self.top) / self.height * (self.max - self.min)
    }

    /// Value one pixel stands for.
    pub fn value_per_pixel(&self) -> f64 {
        (self.max - self.min) / self.height
    }

    /// Round values for grid lines, as many as fit the height.
    pub fn ticks(&self) -> Vec<f64> {
        super::ticks::value_ticks(self.min, self.max, tick_count(self.height))
    }
}

/// Grid lines that fit a height without crowding.
fn tick_count(height: f64) -> f64 {
    (height / 36.0).clamp(2.0, 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::inside(240.0, 120.0, (10.0, 0.0, 10.0, 40.0))
    }

    #[test]
    fn time_goes_to_pixels_and_back() {
        let scale = TimeScale::new(TimeRange { from: EpochMs(1_000), to: EpochMs(3_000) }, &frame());
        assert_eq!((scale.x(EpochMs(1_000)), scale.x(EpochMs(2_000)), scale.x(EpochMs(3_000))), (40.0, 140.0, 240.0));
        assert_eq!(
            (scale.time(140.0), scale.time(-9.0), scale.time(999.0)),
            (EpochMs(2_000), EpochMs(1_000), EpochMs(3_000))
        );
        assert_eq!(scale.ms_per_pixel(), 10.0);
    }

    #[test]
    fn values_cover_zero_and_end_on_ticks() {
        let scale = ValueScale::covering([3.0, 17.0, f64::NAN, f64::INFINITY], &frame());
        assert_eq!((scale.min, scale.max), (0.0, 20.0));
        assert_eq!((scale.y(0.0), scale.y(20.0), scale.value(60.0)), (110.0, 10.0, 10.0));
        let negative = ValueScale::covering([-4.0, 9.0], &frame());
        assert!(negative.min <= -4.0 && negative.max >= 9.0);
        assert_eq!(ValueScale::covering([], &frame()).max, 1.0);
    }
}
