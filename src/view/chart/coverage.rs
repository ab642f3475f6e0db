//! The coverage grid as a draw list: a row for each account and Region, a column for each stretch of time.

use super::draw::time_axis;
use super::{Align, Frame, Ink, Primitive, Rect, TimeScale};
use crate::base::EpochMs;
use crate::model::coverage::Tampering;
use crate::view::TimeRange;
use crate::view::coverage::Coverage;

/// Height of a row in CSS pixels.
const ROW: f64 = 20.0;
/// Height of the line that names an account.
const HEADING: f64 = 20.0;
/// Space above the rows, for marks of changes to logging.
const TOP: f64 = 16.0;
/// Space below, for the time axis.
const BOTTOM: f64 = 24.0;
/// Space left of the cells, for the names of Regions.
const LEFT: f64 = 118.0;
const RIGHT: f64 = 12.0;
/// Inks of cells, by [`Coverage::level`].
const LEVELS: [Ink; 5] = [Ink::Heat0, Ink::Heat1, Ink::Heat2, Ink::Heat3, Ink::Heat4];

/// Where what stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The times shown, whole columns.
    pub range: TimeRange,
    /// Length of a column in milliseconds.
    pub step: i64,
    /// Top of each row.
    rows: Vec<f64>,
    /// Top and row of each account's name.
    headings: Vec<(f64, usize)>,
    frame: Frame,
}

impl Layout {
    /// Lays the rows out over `width` pixels; `range` is widened to whole columns of `step` on a grid shifted by `offset`.
    pub fn new(coverage: &Coverage, range: TimeRange, step: i64, offset: i64, width: f64) -> Self {
        let (mut rows, mut headings, mut y) = (Vec::new(), Vec::new(), TOP);
        for (number, row) in coverage.rows.iter().enumerate() {
            if number == 0 || coverage.rows[number - 1].account != row.account {
                headings.push((y, number));
                y += HEADING;
            }
            rows.push(y);
            y += ROW;
        }
        let start = |time: i64| (time - offset).div_euclid(step) * step + offset;
        let range = TimeRange { from: EpochMs(start(range.from.0)), to: EpochMs(start(range.to.0 - 1) + step) };
        let frame = Frame { left: LEFT, top: TOP, width: (width - LEFT - RIGHT).max(1.0), height: (y - TOP).max(1.0) };
        Self { range, step, rows, headings, frame }
    }

    /// Height of the chart in CSS pixels.
    pub fn height(&self) -> f64 {
        self.frame.bottom() + BOTTOM
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        (self.range.millis() / self.step) as usize
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Where a column begins.
    pub fn start(&self, column: usize) -> EpochMs {
        EpochMs(self.range.from.0 + column as i64 * self.step)
    }

    /// The times of a column.
    pub fn times(&self, column: usize) -> TimeRange {
        let start = self.start(column);
        TimeRange { from: start, to: EpochMs(start.0 + self.step) }
    }

    /// The column an instant is in.
    pub fn column(&self, time: EpochMs) -> Option<usize> {
        self.range.contains(time).then(|| ((time.0 - self.range.from.0) / self.step) as usize)
    }

    /// The box of a cell.
    pub fn cell(&self, row: usize, column: usize) -> Rect {
        let width = self.frame.width / self.columns().max(1) as f64;
        let x = self.frame.left + column as f64 * width;
        // A hairline between cells while they are wide enough to spare it.
        let gap = if width >= 4.0 { 1.0 } else { 0.0 };
        Rect { x, y: self.rows[row] + 1.0, width: (width - gap).max(0.5), height: ROW - 2.0 }
    }

    /// The cell under a point.
    pub fn hit(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let row = self.rows.iter().position(|top| (*top..top + ROW).contains(&y))?;
        let inside = (self.frame.left..self.frame.right()).contains(&x);
        let share = (x - self.frame.left) / self.frame.width;
        inside.then(|| (row, ((share * self.columns() as f64) as usize).min(self.columns().saturating_sub(1))))
    }
}

/// Draws the grid. Cells by number of events, a file without events as a faint cell, gaps hatched, changes to logging
/// as marks above and in their cell.
pub fn draw(coverage: &Coverage, tampering: &[Tampering], layout: &Layout, offset: i64) -> Vec<Primitive> {
    let mut list = Vec::new();
    let mut levels: [Vec<Rect>; 5] = Default::default();
    let mut gaps: Vec<Rect> = Vec::new();
    for (number, row) in coverage.rows.iter().enumerate() {
        let mut open: Option<Rect> = None;
        for column in 0..layout.columns() {
            let (start, rect) = (layout.start(column), layout.cell(number, column));
            if row.is_gap(start, layout.step) {
                // One hatch for one gap.
                let begun = open.get_or_insert(rect);
                begun.width = rect.x + rect.width - begun.x;
                continue;
            }
            gaps.extend(open.take());
            let cell = row.cell(start);
            if cell.files + cell.events > 0 {
                levels[coverage.level(cell.events)].push(rect);
            }
        }
        gaps.extend(open);
        let y = layout.rows[number] + ROW / 2.0;
        list.push(Primitive::Label {
            x: layout.frame.left - 8.0,
            y,
            text: row.short_region(),
            align: Align::End,
            ink: Ink::Text,
        });
    }
    for (y, row) in &layout.headings {
        let text = coverage.rows[*row].short_account();
        list.push(Primitive::Label { x: 0.0, y: y + HEADING / 2.0, text, align: Align::Start, ink: Ink::StrongText });
    }
    time_axis(&TimeScale::new(layout.range, &layout.frame), &layout.frame, offset, &mut list);
    list.push(Primitive::Hatch { rects: gaps, ink: Ink::Insufficient });
    for (rects, ink) in levels.into_iter().zip(LEVELS) {
        list.push(Primitive::Fill { rects, ink });
    }
    list.extend(marks(coverage, tampering, layout));
    list
}

/// A mark above the grid and a frame around the cell for each change to logging.
fn marks(coverage: &Coverage, tampering: &[Tampering], layout: &Layout) -> Vec<Primitive> {
    let scale = TimeScale::new(layout.range, &layout.frame);
    let (mut flags, mut frames) = (Vec::new(), Vec::new());
    for event in tampering {
        let Some(column) = layout.column(event.time) else { continue };
        let x = scale.x(event.time).round();
        flags.push(Rect { x: x - 1.5, y: 2.0, width: 3.0, height: TOP - 5.0 });
        let place = coverage.rows.iter().position(|row| row.account == event.account && row.region == event.region);
        if let Some(row) = place {
            let Rect { x, y, width, height } = layout.cell(row, column);
            let (right, bottom) = (x + width.max(3.0), y + height);
            frames.push(vec![(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]);
        }
    }
    vec![
        Primitive::Fill { rects: flags, ink: Ink::Alarm },
        Primitive::Lines { paths: frames, ink: Ink::Alarm, width: 1.5, dashed: false },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::HOUR;
    use crate::model::coverage::{CoveragePart, Place};

    fn coverage() -> Coverage {
        let mut part = CoveragePart::default();
        for (account, region, hours, events) in
            [("1", "eu-west-1", 0b1011u32, 9), ("1", "us-east-1", 0b1, 90), ("2", "us-east-1", 0b1, 0)]
        {
            let mut place = Place::default();
            place.hours.insert(0, hours);
            for hour in (0..24).filter(|hour| hours & (1 << hour) != 0) {
                let cell = place.cells.entry(i64::from(hour) * HOUR).or_default();
                (cell.files, cell.events) = (1, events);
            }
            part.places.insert((account.into(), region.into()), place);
        }
        Coverage::new(&part)
    }

    fn layout(coverage: &Coverage) -> Layout {
        let range = TimeRange { from: EpochMs(HOUR / 2), to: EpochMs(4 * HOUR) };
        Layout::new(coverage, range, HOUR, 0, 530.0)
    }

    #[test]
    fn points_lead_to_cells_and_back() {
        let coverage = coverage();
        let layout = layout(&coverage);
        assert_eq!((layout.rows(), layout.columns(), layout.start(0)), (3, 4, EpochMs(0)));
        for row in 0..3 {
            for column in 0..4 {
                let Rect { x, y, width, height } = layout.cell(row, column);
                assert_eq!(layout.hit(x + width / 2.0, y + height / 2.0), Some((row, column)));
            }
        }
        assert_eq!(layout.hit(5.0, 50.0), None);
        assert_eq!(layout.hit(300.0, TOP + 2.0), None, "the name of an account is no cell");
        assert_eq!(layout.column(EpochMs(3 * HOUR)), Some(3));
        assert_eq!(layout.column(EpochMs(4 * HOUR)), None);
    }

    #[test]
    fn cells_gaps_and_marks_are_drawn() {
        let coverage = coverage();
        let layout = layout(&coverage);
        let stop = Tampering {
            time: EpochMs(HOUR + 1),
            event_id: "x".into(),
            name: "StopLogging".into(),
            account: "1".into(),
            region: "eu-west-1".into(),
            failed: false,
        };
        let list = draw(&coverage, &[stop], &layout, 0);
        let count = |wanted: Ink| {
            let rects = |primitive: &Primitive| match primitive {
                Primitive::Fill { rects, ink } | Primitive::Hatch { rects, ink } if *ink == wanted => rects.len(),
                _ => 0,
            };
            list.iter().map(rects).sum::<usize>()
        };
        assert_eq!([Ink::Heat0, Ink::Heat3, Ink::Heat4].map(count), [1, 3, 1]);
        assert_eq!((count(Ink::Insufficient), count(Ink::Alarm)), (1, 1));
        let labels = list.iter().filter(|primitive| matches!(primitive, Primitive::Label { ink: Ink::StrongText, text, .. } if text == "1" || text == "2"));
        assert_eq!(labels.count(), 2);
    }
}
