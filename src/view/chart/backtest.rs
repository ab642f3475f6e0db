//! The chart of a backtest: the metric with its threshold, the ribbon of alarm states under it, one time axis.

use super::draw::{Primitive, time_axis, value_axis};
use super::line::{self, Column, Stretch};
use super::ribbon::{self, Cell};
use super::scale::{Curve, Frame, TimeScale, ValueScale};
use super::threshold;
use crate::model::alarm::MetricAlarm;

/// Space around everything: top, right (the threshold's handle), bottom (time labels), left (value labels).
const MARGIN: (f64, f64, f64, f64) = (8.0, 72.0, 22.0, 48.0);
/// Height of the ribbon.
const RIBBON: f64 = 18.0;
/// Space between metric and ribbon.
const GAP: f64 = 8.0;
/// Share of the threshold that stays free above it.
const HEADROOM: f64 = 0.15;

/// Which values of the metric are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// The value of the period that ends at each minute: what the alarm looks at.
    #[default]
    Sliding,
    /// One bar for each clock-aligned period: what the console graphs.
    Periods,
}

/// Where the parts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The metric.
    pub plot: Frame,
    /// The states.
    pub ribbon: Frame,
}

impl Layout {
    /// Divides a canvas.
    pub fn new(width: f64, height: f64) -> Self {
        let all = Frame::inside(width, height, MARGIN);
        let plot = Frame { height: (all.height - RIBBON - GAP).max(1.0), ..all };
        Self { plot, ribbon: Frame { top: plot.bottom() + GAP, height: RIBBON, ..all } }
    }

    /// Both parts together.
    fn both(&self) -> Frame {
        Frame { height: self.ribbon.bottom() - self.plot.top, ..self.plot }
    }
}

/// A scale that holds the metric with its band, or the threshold with room to drag it up.
pub fn value_scale(stretches: &[Stretch], alarm: &MetricAlarm, curve: Curve, layout: &Layout) -> ValueScale {
    let (low, high) = line::extremes(stretches).unwrap_or_default();
    if alarm.comparison_operator.needs_band() {
        return ValueScale::covering([low, high], curve, &layout.plot);
    }
    let threshold = alarm.threshold;
    let beyond = threshold * (1.0 + HEADROOM);
    let beyond = if threshold.fract() == 0.0 { beyond.signum() * beyond.abs().ceil() } else { beyond };
    ValueScale::covering([low, high, threshold, beyond], curve, &layout.plot)
}

/// Everything, in painting order.
pub fn draw(
    layout: &Layout,
    time: &TimeScale,
    values: &ValueScale,
    (shape, stretches): (Shape, &[Stretch]),
    alarm: &MetricAlarm,
    states: &[Cell],
    offset_ms: i64,
) -> Vec<Primitive> {
    let has_threshold = !alarm.comparison_operator.needs_band();
    let breaches = |column: &Column| column.breaches(alarm.comparison_operator, alarm.threshold);
    let mut list = Vec::new();
    if has_threshold {
        list.push(threshold::zone(alarm.threshold, alarm.comparison_operator, values, &layout.plot));
    } else {
        list.push(line::band(stretches, values));
    }
    value_axis(values, &layout.plot, &mut list);
    list.extend(match shape {
        Shape::Sliding => line::line(stretches, values, breaches),
        Shape::Periods => line::bars(stretches, values, breaches),
    });
    if has_threshold {
        list.extend(threshold::line(alarm.threshold, values, &layout.plot));
    }
    list.extend(ribbon::draw(states, &layout.ribbon));
    time_axis(time, &layout.both(), offset_ms, &mut list);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::model::series::{Run, Sliding};
    use crate::view::TimeRange;
    use crate::view::chart::Ink;
    use crate::view::chart::line::sliding_columns;

    #[test]
    fn parts_do_not_overlap_and_the_threshold_has_headroom() {
        let layout = Layout::new(600.0, 240.0);
        assert!(layout.plot.bottom() < layout.ribbon.top && layout.ribbon.bottom() < 240.0);
        let scale = |threshold| {
            let alarm = MetricAlarm { threshold, ..MetricAlarm::default() };
            value_scale(&[], &alarm, Curve::Linear, &layout)
        };
        assert!(scale(100.0).max >= 115.0 && scale(100.0).min == 0.0);
        assert!(scale(-5.0).min < -5.0);
    }

    #[test]
    fn breaching_values_are_told_apart() {
        let layout = Layout::new(600.0, 240.0);
        let run = Run { first_end: 0, values: vec![0.0, 5.0, 1.0], sample_counts: vec![1; 3], ..Run::default() };
        let sliding = Sliding { period_s: 60, step_s: 60, runs: vec![run], ..Sliding::default() };
        let time = TimeScale::new(TimeRange { from: EpochMs(0), to: EpochMs(180_000) }, &layout.plot);
        let stretches = sliding_columns(&sliding, &time, &layout.plot);
        let alarm = MetricAlarm { threshold: 2.0, ..MetricAlarm::default() };
        let values = value_scale(&stretches, &alarm, Curve::Linear, &layout);
        let list = draw(&layout, &time, &values, (Shape::Sliding, &stretches), &alarm, &[], 0);
        let breaching = list.iter().find_map(|primitive| match primitive {
            Primitive::Fill { rects, ink: Ink::Breach } => Some(rects.len()),
            _ => None,
        });
        assert_eq!(breaching, Some(1));
    }
}
