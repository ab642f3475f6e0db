//! The events of two filters over time: only the first, both, only the second, each in a lane of its own under one scale.

use super::bins::{Bins, bucket_step};
use super::calendar::Step;
use super::draw::{Align, Ink, Primitive};
use super::histogram::bars;
use super::scale::{Curve, Frame, TimeScale, ValueScale};
use crate::base::time::MINUTE;
use crate::model::partial::HistogramPart;
use crate::model::tuning::ComparisonPart;
use crate::view::TimeRange;
use crate::view::compare::Part;

/// Height of the line that names a lane, in CSS pixels.
const NAME: f64 = 14.0;

/// The lanes of a comparison, from top to bottom.
pub fn lanes(
    part: &ComparisonPart,
    range: TimeRange,
    offset_ms: i64,
    time: &TimeScale,
    frame: &Frame,
) -> Vec<Primitive> {
    // Minutes are what is counted.
    let step = match bucket_step(range, frame.width) {
        Step::Fixed(ms) => Step::Fixed(ms.max(MINUTE)),
        longer => longer,
    };
    let binned = Part::ALL.map(|lane| {
        let counts = part.minutes.iter().map(|(minute, sets)| (minute * MINUTE, (lane.of(*sets), 0)));
        let inside = counts.filter(|(start, _)| range.from.0 - MINUTE < *start && *start < range.to.0);
        Bins::new(&HistogramPart { buckets: inside.collect() }, step, offset_ms)
    });
    let totals = || binned.iter().flat_map(|bins| &bins.buckets).map(|bucket| bucket.total() as f64);
    let height = frame.height / Part::ALL.len() as f64;
    let mut list = Vec::new();
    for ((lane, bins), number) in Part::ALL.into_iter().zip(&binned).zip(0u8..) {
        let top = frame.top + f64::from(number) * height;
        let lane_frame = Frame { top: top + NAME, height: (height - NAME).max(1.0), ..*frame };
        let values = ValueScale::covering(totals(), Curve::Linear, &lane_frame);
        let edge = vec![(frame.left, lane_frame.bottom()), (frame.right(), lane_frame.bottom())];
        list.push(Primitive::Lines { paths: vec![edge], ink: Ink::Grid, width: 1.0, dashed: false });
        list.extend(bars(bins, time, &values, &lane_frame));
        let text = lane.label().into();
        list.push(Primitive::Label { x: frame.left, y: top + NAME / 2.0, text, align: Align::Start, ink: Ink::Text });
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::model::tuning::Sets;

    #[test]
    fn each_set_has_a_lane_and_all_share_a_scale() {
        let frame = Frame { left: 0.0, top: 0.0, width: 600.0, height: 150.0 };
        let range = TimeRange { from: EpochMs(0), to: EpochMs(60 * MINUTE) };
        let minutes = [(0, Sets { only_a: 4, both: 0, only_b: 1 }), (30, Sets { only_a: 2, both: 2, only_b: 0 })];
        let part = ComparisonPart { minutes: minutes.into(), ..ComparisonPart::default() };
        let list = lanes(&part, range, 0, &TimeScale::new(range, &frame), &frame);
        let drawn: Vec<_> = list
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Fill { rects, ink: Ink::Success } => Some(rects.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(drawn.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
        for (lane, rects) in drawn.iter().enumerate() {
            let (top, bottom) = (50.0 * lane as f64 + NAME, 50.0 * (lane + 1) as f64);
            assert!(
                rects.iter().all(|rect| rect.y >= top - 0.01 && rect.y + rect.height <= bottom + 0.01),
                "{rects:?}"
            );
        }
        assert!((drawn[0][0].height - 2.0 * drawn[0][1].height).abs() < 0.01);
        assert!((drawn[0][1].height - drawn[1][0].height).abs() < 0.01);
    }
}
