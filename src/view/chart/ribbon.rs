//! The ribbon of alarm states under a metric. A state can be told by shape, not only by colour: ALARM fills the
//! height, OK is a thin line, INSUFFICIENT_DATA is hatched; wide spans carry their name.

use super::draw::{Align, Ink, Primitive, Rect};
use super::scale::{Frame, TimeScale};
use crate::alarm::Span;
use crate::model::alarm::AlarmState;

/// Narrowest span drawn: shorter ones are widened so that no ALARM is lost, in CSS pixels.
const LEAST_WIDTH: f64 = 2.0;

/// Spans merged to what can be told apart on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Left edge in CSS pixels.
    pub left: f64,
    /// Right edge in CSS pixels.
    pub right: f64,
    /// The most urgent state in it.
    pub state: AlarmState,
}

/// Lays spans (ascending, without overlap) out in pixels. Where several share a pixel the most urgent one wins.
pub fn cells(spans: &[Span], scale: &TimeScale) -> Vec<Cell> {
    let (left_edge, right_edge) = scale.edges();
    let first = spans.partition_point(|span| span.to <= scale.range.from);
    let after = spans.partition_point(|span| span.from < scale.range.to);
    let mut cells: Vec<Cell> = Vec::new();
    for span in spans.get(first..after).unwrap_or_default() {
        let left = scale.x(span.from).floor().max(left_edge);
        let right = scale.x(span.to).ceil().min(right_edge).max((left + LEAST_WIDTH).min(right_edge));
        let mut cell = Cell { left, right, state: span.state };
        while let Some(last) = cells.last_mut() {
            if last.state == cell.state && cell.left <= last.right {
                cell = Cell { left: last.left, right: last.right.max(cell.right), ..cell };
                cells.pop();
            } else if cell.left >= last.right {
                break;
            } else if urgency(cell.state) < urgency(last.state) {
                cell.left = last.right;
                break;
            } else {
                last.right = cell.left;
                if last.right > last.left {
                    break;
                }
                cells.pop();
            }
        }
        if cell.right > cell.left {
            cells.push(cell);
        }
    }
    cells
}

fn urgency(state: AlarmState) -> u8 {
    match state {
        AlarmState::Ok => 0,
        AlarmState::InsufficientData => 1,
        AlarmState::Alarm => 2,
    }
}

/// The ribbon inside a frame.
pub fn draw(cells: &[Cell], frame: &Frame) -> Vec<Primitive> {
    let full = |cell: &Cell| Rect { x: cell.left, y: frame.top, width: cell.right - cell.left, height: frame.height };
    let of = |state| cells.iter().filter(move |cell| cell.state == state);
    let thin = |cell: &Cell| {
        let height = (frame.height / 4.0).max(2.0).round();
        Rect { y: frame.bottom() - height, height, ..full(cell) }
    };
    vec![
        Primitive::Fill { rects: of(AlarmState::Ok).map(thin).collect(), ink: Ink::Ok },
        Primitive::Hatch { rects: of(AlarmState::InsufficientData).map(full).collect(), ink: Ink::Insufficient },
        Primitive::Fill { rects: of(AlarmState::Alarm).map(full).collect(), ink: Ink::Alarm },
    ]
    .into_iter()
    .chain(cells.iter().filter_map(|cell| label(cell, frame)))
    .collect()
}

/// The state's name where it fits; a hatched background stays free of text.
fn label(cell: &Cell, frame: &Frame) -> Option<Primitive> {
    let (least, ink, y) = match cell.state {
        AlarmState::Alarm => (56.0, Ink::OnAlarm, frame.top + frame.height / 2.0 + 0.5),
        AlarmState::Ok => (40.0, Ink::Text, frame.top + frame.height * 0.375),
        AlarmState::InsufficientData => return None,
    };
    let (x, text) = (cell.left + 6.0, cell.state.as_str().to_owned());
    (cell.right - cell.left >= least).then_some(Primitive::Label { x, y, text, align: Align::Start, ink })
}

/// The span of a state nearest to a pixel, at most `reach` pixels away.
pub fn nearest(spans: &[Span], state: AlarmState, x: f64, reach: f64, scale: &TimeScale) -> Option<Span> {
    let distance = |span: &Span| (scale.x(span.from) - x).max(x - scale.x(span.to)).max(0.0);
    spans
        .iter()
        .filter(|span| span.state == state)
        .map(|span| (distance(span), span))
        .filter(|(distance, _)| *distance <= reach)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, span)| *span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::view::TimeRange;
    use AlarmState::{Alarm, InsufficientData, Ok};

    const FRAME: Frame = Frame { left: 0.0, top: 0.0, width: 100.0, height: 16.0 };

    fn scale(from: i64, to: i64) -> TimeScale {
        TimeScale::new(TimeRange { from: EpochMs(from), to: EpochMs(to) }, &FRAME)
    }

    fn spans(list: &[(i64, AlarmState)], end: i64) -> Vec<Span> {
        let ends = list.iter().skip(1).map(|next| next.0).chain([end]);
        list.iter().zip(ends).map(|(&(from, state), to)| Span { from: EpochMs(from), to: EpochMs(to), state }).collect()
    }

    fn shapes(cells: &[Cell]) -> Vec<(f64, f64, AlarmState)> {
        cells.iter().map(|cell| (cell.left, cell.right, cell.state)).collect()
    }

    #[test]
    fn spans_become_cells() {
        let spans = spans(&[(0, InsufficientData), (10, Ok), (50, Alarm), (60, Ok)], 100);
        let wide = cells(&spans, &scale(0, 100));
        assert_eq!(
            shapes(&wide),
            [(0.0, 10.0, InsufficientData), (10.0, 50.0, Ok), (50.0, 60.0, Alarm), (60.0, 100.0, Ok)]
        );
        assert_eq!(shapes(&cells(&spans, &scale(55, 105))), [(0.0, 10.0, Alarm), (10.0, 90.0, Ok)]);
    }

    #[test]
    fn a_short_alarm_in_a_long_history_stays_visible() {
        let spans = spans(&[(0, Ok), (500_000, Alarm), (500_001, Ok), (500_002, Alarm), (500_003, Ok)], 1_000_000);
        let cells = cells(&spans, &scale(0, 1_000_000));
        assert_eq!(shapes(&cells), [(0.0, 50.0, Ok), (50.0, 52.0, Alarm), (52.0, 100.0, Ok)]);
    }

    #[test]
    fn many_flaps_merge_and_stay_in_order() {
        let list: Vec<_> = (0..50_000).map(|i| (i * 2, if i % 2 == 0 { Ok } else { Alarm })).collect();
        let cells = cells(&spans(&list, 100_000), &scale(0, 100_000));
        assert!(cells.len() < 110, "{}", cells.len());
        assert!(cells.windows(2).all(|pair| pair[0].right <= pair[1].left));
        assert!(cells.iter().filter(|cell| cell.state == Alarm).map(|cell| cell.right - cell.left).sum::<f64>() > 90.0);
    }

    #[test]
    fn the_pointer_finds_the_nearest_alarm() {
        let spans = spans(&[(0, Ok), (50, Alarm), (51, Ok)], 100);
        assert_eq!(nearest(&spans, Alarm, 54.0, 4.0, &scale(0, 100)).map(|span| span.from), Some(EpochMs(50)));
        assert_eq!(nearest(&spans, Alarm, 60.0, 4.0, &scale(0, 100)), None);
    }

    #[test]
    fn states_differ_in_shape() {
        let list = draw(&cells(&spans(&[(0, InsufficientData), (10, Ok), (20, Alarm)], 100), &scale(0, 100)), &FRAME);
        let Primitive::Fill { rects: ok, .. } = &list[0] else { panic!() };
        let Primitive::Fill { rects: alarm, .. } = &list[2] else { panic!() };
        assert!(matches!(list[1], Primitive::Hatch { .. }));
        assert!(ok[0].height < alarm[0].height / 2.0);
        assert!(list.iter().any(|item| matches!(item, Primitive::Label { text, .. } if text == "ALARM")));
    }
}
