//! What a painter paints: a list of primitives in CSS pixels, in painting order.

use super::scale::{Frame, TimeScale, ValueScale};
use super::ticks::{axis_number, time_ticks};

/// Usual width of a letter in a label, in CSS pixels.
const LETTER: f64 = 6.2;

/// How far a label may reach beyond the right edge of the frame.
const EDGE: f64 = 10.0;

/// The role of a colour. The style sheet has one custom property for each, `--ink-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Grid lines.
    Grid,
    /// The base line, and lines where a larger unit of time begins.
    Axis,
    /// Labels.
    Text,
    /// Labels that stand out.
    StrongText,
    /// Events without an error code.
    Success,
    /// Events with an error code.
    Error,
    /// The metric's line or bars.
    Metric,
    /// The area under the metric.
    MetricArea,
    /// Where anomaly detection expects the metric.
    Band,
    /// Parts of the metric beyond the threshold.
    Breach,
    /// The threshold.
    Threshold,
    /// The side of the threshold that breaches.
    BreachZone,
    /// State ALARM.
    Alarm,
    /// Text on [`Ink::Alarm`].
    OnAlarm,
    /// State OK.
    Ok,
    /// State INSUFFICIENT_DATA; also where nothing is known.
    Insufficient,
    /// A file without events.
    Heat0,
    /// Few events.
    Heat1,
    /// More events.
    Heat2,
    /// Many events.
    Heat3,
    /// Most events.
    Heat4,
    /// More calls or errors than usual.
    Insight,
}

/// All inks, with the custom property that colours them.
pub const INKS: [(Ink, &str); 22] = [
    (Ink::Grid, "--ink-grid"),
    (Ink::Axis, "--ink-axis"),
    (Ink::Text, "--ink-text"),
    (Ink::StrongText, "--ink-strong-text"),
    (Ink::Success, "--ink-success"),
    (Ink::Error, "--ink-error"),
    (Ink::Metric, "--ink-metric"),
    (Ink::MetricArea, "--ink-metric-area"),
    (Ink::Band, "--ink-band"),
    (Ink::Breach, "--ink-breach"),
    (Ink::Threshold, "--ink-threshold"),
    (Ink::BreachZone, "--ink-breach-zone"),
    (Ink::Alarm, "--ink-alarm"),
    (Ink::OnAlarm, "--ink-on-alarm"),
    (Ink::Ok, "--ink-ok"),
    (Ink::Insufficient, "--ink-insufficient"),
    (Ink::Heat0, "--ink-heat-0"),
    (Ink::Heat1, "--ink-heat-1"),
    (Ink::Heat2, "--ink-heat-2"),
    (Ink::Heat3, "--ink-heat-3"),
    (Ink::Heat4, "--ink-heat-4"),
    (Ink::Insight, "--ink-insight"),
];

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Where a label stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// Something to paint.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// Filled rectangles of one colour.
    Fill {
        /// What is filled.
        rects: Vec<Rect>,
        /// Colour.
        ink: Ink,
    },
    /// Rectangles filled with diagonal lines: a state that can be told without colour.
    Hatch {
        /// What is filled.
        rects: Vec<Rect>,
        /// Colour of the lines.
        ink: Ink,
    },
    /// Lines through points, each its own stroke.
    Lines {
        /// Points of each line.
        paths: Vec<Vec<(f64, f64)>>,
        /// Colour.
        ink: Ink,
        /// Width in CSS pixels.
        width: f64,
        /// Whether the strokes are broken.
        dashed: bool,
    },
    /// A line of text, its middle at the height of the point.
    Label {
        /// Horizontal position.
        x: f64,
        /// Vertical position of the middle.
        y: f64,
        /// The text.
        text: String,
        /// Where it stands.
        align: Align,
        /// Colour.
        ink: Ink,
    },
}

/// Time labels under the frame, and hairlines where a larger unit of time begins.
pub fn time_axis(scale: &TimeScale, frame: &Frame, offset_ms: i64, list: &mut Vec<Primitive>) {
    let ticks = time_ticks(scale, offset_ms);
    let mut marks = Vec::new();
    let mut strong = Vec::new();
    let mut labels = Vec::new();
    let mut taken = f64::MIN;
    for tick in ticks {
        let x = scale.x(tick.at).round() + 0.5;
        if tick.strong {
            strong.push(vec![(x, frame.top), (x, frame.bottom())]);
        }
        marks.push(vec![(x, frame.bottom()), (x, frame.bottom() + 4.0)]);
        // A label that would be cut off leans inwards.
        let half = tick.label.chars().count() as f64 * LETTER / 2.0;
        let align = match x {
            x if x - half < 0.0 => Align::Start,
            x if x + half > frame.right() + EDGE => Align::End,
            _ => Align::Middle,
        };
        // One that leans inwards may come to stand on its neighbour.
        let left = if align == Align::End { x - 2.0 * half } else { x - half };
        if left < taken {
            continue;
        }
        taken = if align == Align::Start { x + 2.0 * half } else { x + half };
        let ink = if tick.strong { Ink::StrongText } else { Ink::Text };
        labels.push(Primitive::Label { x, y: frame.bottom() + 13.0, text: tick.label, align, ink });
    }
    list.push(Primitive::Lines { paths: strong, ink: Ink::Grid, width: 1.0, dashed: false });
    list.push(Primitive::Lines { paths: marks, ink: Ink::Axis, width: 1.0, dashed: false });
    list.append(&mut labels);
}

/// Value labels to the left of the frame, grid lines, and the base line at zero.
pub fn value_axis(scale: &ValueScale, frame: &Frame, list: &mut Vec<Primitive>) {
    let mut grid = Vec::new();
    let mut labels = Vec::new();
    for value in scale.ticks() {
        let y = scale.y(value).round() - 0.5;
        grid.push(vec![(frame.left, y), (frame.right(), y)]);
        labels.push(Primitive::Label {
            x: frame.left - 6.0,
            y,
            text: axis_number(value),
            align: Align::End,
            ink: Ink::Text,
        });
    }
    let zero = scale.y(0.0).round() - 0.5;
    let base = vec![(frame.left, zero), (frame.right(), zero)];
    list.push(Primitive::Lines { paths: grid, ink: Ink::Grid, width: 1.0, dashed: false });
    list.push(Primitive::Lines { paths: vec![base], ink: Ink::Axis, width: 1.0, dashed: false });
    list.append(&mut labels);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::view::TimeRange;
    use crate::view::chart::Curve;

    #[test]
    fn labels_stay_inside_the_canvas() {
        let frame = Frame::inside(600.0, 100.0, (4.0, 8.0, 20.0, 40.0));
        let range = TimeRange { from: EpochMs(0), to: EpochMs(86_400_000) };
        let mut list = Vec::new();
        time_axis(&TimeScale::new(range, &frame), &frame, 0, &mut list);
        value_axis(&ValueScale::covering([100.0], Curve::Linear, &frame), &frame, &mut list);
        let labels = list
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Label { text, align, x, .. } => Some((text.as_str(), *align, *x)),
                _ => None,
            })
            .collect::<Vec<_>>();
        assert_eq!(labels.first(), Some(&("1 Jan 1970", Align::Middle, 40.5)));
        assert!(labels.iter().any(|(text, align, _)| (*text, *align) == ("2 Jan", Align::End)));
        assert!(labels.contains(&("100", Align::End, 34.0)));
    }
}
