//! The chart of a composite alarm: the ribbons of its children above its own, one time axis.

use super::draw::{Primitive, time_axis};
use super::ribbon;
use super::scale::{Frame, TimeScale};
use crate::alarm::Span;

/// Height of a row with its space.
pub const ROW: f64 = 24.0;
/// Space for the time labels.
pub const AXIS: f64 = 22.0;
/// Space that sets the last row apart.
pub const GAP: f64 = 8.0;
/// Height of a ribbon.
const RIBBON: f64 = 14.0;

/// Height of the chart of so many rows.
pub fn height(rows: usize) -> f64 {
    rows as f64 * ROW + GAP + AXIS
}

/// Everything, in painting order. The last row is the alarm itself; a row without spans stays empty.
pub fn draw(rows: &[&[Span]], time: &TimeScale, plot: &Frame, offset_ms: i64) -> Vec<Primitive> {
    let mut list = Vec::new();
    for (at, spans) in rows.iter().enumerate() {
        let gap = if at + 1 == rows.len() { GAP } else { 0.0 };
        let top = plot.top + at as f64 * ROW + gap + (ROW - RIBBON) / 2.0;
        list.extend(ribbon::draw(&ribbon::cells(spans, time), &Frame { top, height: RIBBON, ..*plot }));
    }
    let all = Frame { height: rows.len() as f64 * ROW + GAP, ..*plot };
    time_axis(time, &all, offset_ms, &mut list);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::model::alarm::AlarmState;
    use crate::view::TimeRange;

    #[test]
    fn each_row_has_its_ribbon() {
        let plot = Frame { left: 0.0, top: 0.0, width: 200.0, height: 100.0 };
        let range = TimeRange { from: EpochMs(0), to: EpochMs(100_000) };
        let span = Span { state: AlarmState::Alarm, from: EpochMs(0), to: EpochMs(50_000) };
        let rows: [&[Span]; 3] = [&[span], &[], &[span]];
        let list = draw(&rows, &TimeScale::new(range, &plot), &plot, 0);
        let tops: Vec<f64> = list
            .iter()
            .filter_map(|item| match item {
                Primitive::Fill { rects, .. } => rects.first().map(|rect| rect.y),
                _ => None,
            })
            .collect();
        assert_eq!(tops, [5.0, 61.0]);
        assert_eq!(height(3), 102.0);
    }
}
