//! From time and value to pixels and back.

use super::ticks::{nice_step, value_ticks};
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

/// How values are spread over the vertical axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    /// Evenly.
    #[default]
    Linear,
    /// By their magnitude, from zero: a storm does not flatten everything else.
    Log,
}

/// A value on the vertical axis, growing upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    /// Value at the bottom.
    pub min: f64,
    /// Value at the top, above `min`.
    pub max: f64,
    curve: Curve,
    /// Smallest distance of two ticks: counts have no halves.
    least_step: f64,
    top: f64,
    height: f64,
}

impl ValueScale {
    /// Covers zero and all the given values, rounded outwards to full ticks; whole ones if all values are. Values that
    /// are not finite are passed over; with negative or only small values the scale is linear whatever is asked for.
    pub fn covering(values: impl IntoIterator<Item = f64>, curve: Curve, frame: &Frame) -> Self {
        let (mut low, mut high, mut least_step) = (0.0f64, 0.0f64, 1.0);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
            least_step = if value.fract() == 0.0 { least_step } else { 0.0 };
        }
        let high = if low == high { low + 1.0 } else { high };
        let (top, height) = (frame.top, frame.height);
        if curve == Curve::Log && low >= 0.0 && high > SMALL {
            return Self { min: 0.0, max: nice_step(high), curve, least_step, top, height };
        }
        let step = nice_step((high - low) / tick_count(height)).max(least_step);
        let (min, max) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { min, max, curve: Curve::Linear, least_step, top, height }
    }

    /// Pixel of a value.
    pub fn y(&self, value: f64) -> f64 {
        let share = match self.curve {
            Curve::Linear => (value - self.min) / (self.max - self.min),
            Curve::Log => value.max(0.0).ln_1p() / self.max.ln_1p(),
        };
        self.top + (1.0 - share) * self.height
    }

    /// Value at a pixel, also a little outside the frame.
    pub fn value(&self, y: f64) -> f64 {
        let share = (1.0 - (y - self.top) / self.height).clamp(-0.5, 1.5);
        match self.curve {
            Curve::Linear => self.min + share * (self.max - self.min),
            Curve::Log => (share.max(0.0) * self.max.ln_1p()).exp_m1(),
        }
    }

    /// Value one pixel stands for at the height of a value.
    pub fn value_per_pixel(&self, value: f64) -> f64 {
        match self.curve {
            Curve::Linear => (self.max - self.min) / self.height,
            Curve::Log => (value.max(0.0) + 1.0) * self.max.ln_1p() / self.height,
        }
    }

    /// Round values for grid lines, as many as fit the height.
    pub fn ticks(&self) -> Vec<f64> {
        match self.curve {
            Curve::Linear => value_ticks(self.min, self.max, tick_count(self.height), self.least_step),
            Curve::Log => self.log_ticks(),
        }
    }

    /// Zero and powers of ten, then what fits between them.
    fn log_ticks(&self) -> Vec<f64> {
        let powers = || (0..).map(|power| 10f64.powi(power)).take_while(|power| *power <= self.max);
        let between = powers().flat_map(|power| [2.0 * power, 5.0 * power]).filter(|value| *value <= self.max);
        let mut ticks = vec![0.0];
        for value in powers().chain(between) {
            if ticks.iter().all(|tick| (self.y(*tick) - self.y(value)).abs() >= TICK_DISTANCE) {
                ticks.push(value);
            }
        }
        ticks.sort_by(f64::total_cmp);
        ticks
    }
}

/// Below this a logarithmic scale is hardly different from a linear one.
const SMALL: f64 = 5.0;

/// Pixels between two grid lines of a logarithmic scale.
const TICK_DISTANCE: f64 = 20.0;

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
        let scale = ValueScale::covering([3.0, 17.0, f64::NAN, f64::INFINITY], Curve::Linear, &frame());
        assert_eq!((scale.min, scale.max), (0.0, 20.0));
        assert_eq!((scale.y(0.0), scale.y(20.0), scale.value(60.0)), (110.0, 10.0, 10.0));
        let negative = ValueScale::covering([-4.0, 9.0], Curve::Log, &frame());
        assert!(negative.min <= -4.0 && negative.max >= 9.0);
        assert_eq!(ValueScale::covering([], Curve::Log, &frame()).max, 1.0);
        assert_eq!(ValueScale::covering([1.0], Curve::Linear, &frame()).ticks(), [0.0, 1.0]);
        assert_eq!(ValueScale::covering([0.9], Curve::Linear, &frame()).ticks(), [0.0, 0.5, 1.0]);
    }
    #[test]
    fn a_logarithmic_scale_shows_one_beside_thousands() {
        let scale = ValueScale::covering([3_400.0], Curve::Log, &frame());
        assert_eq!((scale.min, scale.max, scale.y(0.0), scale.y(scale.max)), (0.0, 5_000.0, 110.0, 10.0));
        assert!(scale.y(0.0) - scale.y(1.0) > 5.0);
        for value in [0.0, 1.0, 42.0, 4_000.0] {
            assert!((scale.value(scale.y(value)) - value).abs() < 1e-6);
        }
        assert_eq!(scale.ticks(), [0.0, 10.0, 100.0, 1_000.0]);
        assert!(scale.value_per_pixel(1.0) < 1.0 && scale.value_per_pixel(4_000.0) > 100.0);
    }
}
