//! The threshold: its line, the side that breaches, and how its handle moves.

use super::draw::{Ink, Primitive, Rect};
use super::scale::{Frame, ValueScale};
use super::ticks::{nice_step, round_to};
use crate::model::alarm::ComparisonOperator;

/// A key on the focused handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// One step up.
    Up,
    /// One step down.
    Down,
    /// A large step up.
    PageUp,
    /// A large step down.
    PageDown,
    /// To the bottom of the scale.
    Home,
    /// To the top of the scale.
    End,
}

/// Height of the zone beside the line that shows which side breaches, in CSS pixels.
const ZONE: f64 = 12.0;

/// How finely a threshold can be set at the height of a value. Metrics of whole numbers get whole thresholds.
fn resolution(scale: &ValueScale, value: f64, whole_numbers: bool) -> f64 {
    let step = nice_step(scale.value_per_pixel(value));
    if whole_numbers { step.max(1.0) } else { step }
}

/// The threshold under a pixel; above the frame it goes on beyond the scale.
pub fn at_pixel(y: f64, scale: &ValueScale, whole_numbers: bool) -> f64 {
    let value = scale.value(y);
    let step = resolution(scale, value, whole_numbers);
    round_to((value / step).round() * step, step)
}

/// The threshold after a key. Small steps are those of the pointer, but no coarser than whole numbers allow.
pub fn after_key(value: f64, key: Key, scale: &ValueScale, whole_numbers: bool) -> f64 {
    let small = if whole_numbers { 1.0 } else { resolution(scale, value, false) };
    let large = nice_step(10.0 * scale.value_per_pixel(value)).max(small);
    // The next multiple of the step, so that an odd value comes back to round ones.
    let up = |step: f64| round_to(((value / step + 1e-9).floor() + 1.0) * step, step);
    let down = |step: f64| round_to(((value / step - 1e-9).ceil() - 1.0) * step, step);
    match key {
        Key::Up => up(small),
        Key::Down => down(small),
        Key::PageUp => up(large),
        Key::PageDown => down(large),
        Key::Home => scale.min,
        Key::End => scale.max,
    }
}

/// The side that breaches, as a zone along the line.
pub fn zone(threshold: f64, operator: ComparisonOperator, scale: &ValueScale, frame: &Frame) -> Primitive {
    let y = scale.y(threshold).clamp(frame.top, frame.bottom());
    let (top, bottom) = match operator {
        ComparisonOperator::LessThanThreshold | ComparisonOperator::LessThanOrEqualToThreshold => {
            (y, (y + ZONE).min(frame.bottom()))
        }
        _ => ((y - ZONE).max(frame.top), y),
    };
    let rect = Rect { x: frame.left, y: top, width: frame.width, height: bottom - top };
    Primitive::Fill { rects: vec![rect], ink: Ink::BreachZone }
}

/// The line; nothing when the threshold is off the scale.
pub fn line(threshold: f64, scale: &ValueScale, frame: &Frame) -> Option<Primitive> {
    let y = scale.y(threshold);
    (frame.top - 1.0..=frame.bottom() + 1.0).contains(&y).then(|| {
        let y = y.round() - 0.5;
        let paths = vec![vec![(frame.left, y), (frame.right(), y)]];
        Primitive::Lines { paths, ink: Ink::Threshold, width: 1.5, dashed: true }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::chart::Curve;

    const FRAME: Frame = Frame { left: 0.0, top: 0.0, width: 100.0, height: 100.0 };

    fn linear(max: f64) -> ValueScale {
        ValueScale::covering([max], Curve::Linear, &FRAME)
    }

    #[test]
    fn a_dragged_threshold_is_round() {
        let scale = linear(10.0);
        assert_eq!(at_pixel(33.0, &scale, true), 7.0);
        assert_eq!(at_pixel(33.0, &scale, false), 6.7);
        assert_eq!(at_pixel(-20.0, &scale, true), 12.0);
        let log = ValueScale::covering([10_000.0], Curve::Log, &FRAME);
        assert_eq!((at_pixel(98.0, &log, false), at_pixel(1.0, &log, true)), (0.2, 9_000.0));
    }

    #[test]
    fn keys_step_over_round_values() {
        let scale = linear(100.0);
        let check = |value, key, want| assert_eq!(after_key(value, key, &scale, true), want, "{key:?}");
        check(1.0, Key::Up, 2.0);
        check(1.5, Key::Up, 2.0);
        check(1.5, Key::Down, 1.0);
        check(1.0, Key::PageUp, 10.0);
        check(30.0, Key::PageDown, 20.0);
        check(3.0, Key::Home, 0.0);
        check(3.0, Key::End, 100.0);
        let fine = linear(1.0);
        assert_eq!(after_key(0.1, Key::Up, &fine, false), 0.11);
    }

    #[test]
    fn the_zone_lies_on_the_breaching_side() {
        let scale = linear(10.0);
        let top = |operator| match zone(4.0, operator, &scale, &FRAME) {
            Primitive::Fill { rects, .. } => (rects[0].y, rects[0].height),
            other => panic!("{other:?}"),
        };
        assert_eq!(top(ComparisonOperator::GreaterThanThreshold), (48.0, 12.0));
        assert_eq!(top(ComparisonOperator::LessThanThreshold), (60.0, 12.0));
        assert!(line(4.0, &scale, &FRAME).is_some());
        assert!(line(40.0, &scale, &FRAME).is_none());
    }
}
