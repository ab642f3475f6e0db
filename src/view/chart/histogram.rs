//! The histogram of events: errors stacked on the rest, one bar per bucket.

use super::bins::Bins;
use super::draw::{Ink, Primitive, Rect};
use super::scale::{Curve, Frame, TimeScale, ValueScale};

/// Height below which a bar that stands for any event is not drawn, in CSS pixels.
const LEAST_HEIGHT: f64 = 2.0;

/// The vertical scale of a histogram.
pub fn value_scale(bins: &Bins, frame: &Frame) -> ValueScale {
    ValueScale::covering(bins.buckets.iter().map(|bucket| bucket.total() as f64), Curve::Linear, frame)
}

/// The bars. A bucket with an error shows it, however small its share is.
pub fn bars(bins: &Bins, time: &TimeScale, values: &ValueScale, frame: &Frame) -> Vec<Primitive> {
    let mut ok = Vec::new();
    let mut errors = Vec::new();
    for bucket in &bins.buckets {
        let left = time.x(bucket.from).max(frame.left).round();
        let right = time.x(bucket.to).min(frame.right()).round();
        if right <= left {
            continue;
        }
        let gap = if right - left >= 4.0 { 1.0 } else { 0.0 };
        let (x, width) = (left, (right - left - gap).max(1.0));
        let full = (values.y(0.0) - values.y(bucket.total() as f64)).max(LEAST_HEIGHT);
        let error = match bucket.error {
            0 => 0.0,
            error => (full * error as f64 / bucket.total() as f64).max(LEAST_HEIGHT),
        };
        let full = full.max(if bucket.ok > 0 { error + 1.0 } else { error });
        let top = values.y(0.0) - full;
        if bucket.error > 0 {
            errors.push(Rect { x, y: top, width, height: error });
        }
        if bucket.ok > 0 {
            ok.push(Rect { x, y: top + error, width, height: full - error });
        }
    }
    vec![Primitive::Fill { rects: ok, ink: Ink::Success }, Primitive::Fill { rects: errors, ink: Ink::Error }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::model::partial::HistogramPart;
    use crate::view::TimeRange;
    use crate::view::chart::Step;

    fn rects(part: HistogramPart) -> (Vec<Rect>, Vec<Rect>) {
        let frame = Frame { left: 0.0, top: 0.0, width: 100.0, height: 100.0 };
        let time = TimeScale::new(TimeRange { from: EpochMs(500), to: EpochMs(10_500) }, &frame);
        let bins = Bins::new(&part, Step::Fixed(1_000), 0);
        let list = bars(&bins, &time, &value_scale(&bins, &frame), &frame);
        match &list[..] {
            [Primitive::Fill { rects: ok, .. }, Primitive::Fill { rects: errors, .. }] => (ok.clone(), errors.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn errors_stand_on_the_rest() {
        let (ok, errors) = rects(HistogramPart { buckets: [(2_000, (60, 40))].into() });
        assert_eq!(ok, [Rect { x: 15.0, y: 40.0, width: 9.0, height: 60.0 }]);
        assert_eq!(errors, [Rect { x: 15.0, y: 0.0, width: 9.0, height: 40.0 }]);
    }

    #[test]
    fn one_error_in_a_million_shows() {
        let (ok, errors) = rects(HistogramPart { buckets: [(2_000, (1_000_000, 1)), (4_000, (0, 1))].into() });
        assert_eq!((errors.len(), ok.len()), (2, 1));
        assert!(errors.iter().all(|rect| rect.height >= LEAST_HEIGHT));
        assert_eq!(errors[1].y + errors[1].height, 100.0);
    }

    #[test]
    fn buckets_at_the_edges_are_cut() {
        let (ok, _) = rects(HistogramPart { buckets: [(0, (1, 0)), (10_000, (1, 0)), (20_000, (1, 0))].into() });
        assert_eq!(ok.len(), 2);
        assert_eq!((ok[0].x, ok[0].width, ok[1].x), (0.0, 4.0, 95.0));
    }
}
