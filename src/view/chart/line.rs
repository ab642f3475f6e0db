//! A metric as a line or as bars: columns of at least one pixel that keep every extreme, with gaps where
//! there is no datapoint.

use super::draw::{Ink, Primitive, Rect};
use super::scale::{Frame, TimeScale, ValueScale};
use crate::base::EpochMs;
use crate::model::alarm::ComparisonOperator;
use crate::model::series::{Series, Sliding};

/// Values that share a pixel, or one value that is wider than a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Left edge in CSS pixels.
    pub left: f64,
    /// Right edge in CSS pixels.
    pub right: f64,
    /// Earliest value.
    pub first: f64,
    /// Latest value.
    pub last: f64,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Where anomaly detection expects them.
    pub band: Option<Band>,
}

/// The band at a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lowest lower edge.
    pub lower: f64,
    /// Highest upper edge.
    pub upper: f64,
    /// Whether any value lies below the lower edge of its own time.
    pub has_below: bool,
    /// Whether any lies above the upper edge.
    pub has_above: bool,
}

impl Band {
    fn at(value: f64, (lower, upper): (f64, f64)) -> Option<Self> {
        let has_edges = lower.is_finite() && upper.is_finite();
        has_edges.then_some(Self { lower, upper, has_below: value < lower, has_above: value > upper })
    }

    fn joined(self, other: Self) -> Self {
        Self {
            lower: self.lower.min(other.lower),
            upper: self.upper.max(other.upper),
            has_below: self.has_below || other.has_below,
            has_above: self.has_above || other.has_above,
        }
    }
}

impl Column {
    /// Whether any of the values breaches.
    pub fn breaches(&self, operator: ComparisonOperator, threshold: f64) -> bool {
        let (below, above) = self.band.map(|band| (band.has_below, band.has_above)).unwrap_or_default();
        match operator {
            ComparisonOperator::GreaterThanUpperThreshold => above,
            ComparisonOperator::LessThanLowerThreshold => below,
            ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold => below || above,
            _ => [self.high, self.low].iter().any(|value| operator.breaches(*value, threshold, threshold)),
        }
    }
}

/// Columns without a gap between them.
pub type Stretch = Vec<Column>;

/// What an alarm compares: the value of the period that ends at each tick, shown from that tick to the next.
pub fn sliding_columns(sliding: &Sliding, scale: &TimeScale, frame: &Frame) -> Vec<Stretch> {
    let step_ms = i64::from(sliding.step_s.max(1)) * 1_000;
    let mut columns = Columns::new(frame);
    for run in &sliding.runs {
        let first = scale.range.from.0.div_euclid(step_ms) - run.first_end;
        let after = scale.range.to.0.div_euclid(step_ms) + 1 - run.first_end;
        let len = run.values.len() as i64;
        let visible = first.clamp(0, len) as usize..after.clamp(0, len) as usize;
        for (index, value) in visible.clone().zip(&run.values[visible]) {
            let start = sliding.time(run.first_end + index as i64);
            let value = Some(*value).filter(|value| !value.is_nan());
            columns.push(scale.x(start), scale.x(EpochMs(start.0 + step_ms)), value, run.band.get(index).copied());
        }
        columns.close();
    }
    columns.finish()
}

/// Clock-aligned datapoints, each shown over its own period; `edges` are those of the band at a period's end.
pub fn series_columns(
    series: &Series,
    scale: &TimeScale,
    frame: &Frame,
    edges: impl Fn(EpochMs) -> Option<(f64, f64)>,
) -> Vec<Stretch> {
    let period_ms = i64::from(series.period_s.max(1)) * 1_000;
    let from = series.points.partition_point(|point| point.start.0 + period_ms <= scale.range.from.0);
    let to = series.points.partition_point(|point| point.start < scale.range.to);
    let mut columns = Columns::new(frame);
    let mut end = None;
    for point in series.points.get(from..to).unwrap_or_default() {
        if end != Some(point.start) {
            columns.close();
        }
        let next = EpochMs(point.start.0 + period_ms);
        columns.push(scale.x(point.start), scale.x(next), Some(point.value), edges(next));
        end = Some(next);
    }
    columns.finish()
}

/// Smallest and largest value shown, edges of a band included.
pub fn extremes(stretches: &[Stretch]) -> Option<(f64, f64)> {
    let of_column = |column: &Column| {
        let (lower, upper) = column.band.map_or((column.low, column.high), |band| (band.lower, band.upper));
        (column.low.min(lower), column.high.max(upper))
    };
    stretches.iter().flatten().map(of_column).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The area in which anomaly detection expects the metric.
pub fn band(stretches: &[Stretch], values: &ValueScale) -> Primitive {
    let rect = |column: &Column| {
        let band = column.band?;
        let (top, bottom) = (values.y(band.upper), values.y(band.lower));
        Some(Rect { x: column.left, y: top, width: column.right - column.left, height: (bottom - top).max(1.0) })
    };
    Primitive::Fill { rects: stretches.iter().flatten().filter_map(rect).collect(), ink: Ink::Band }
}

/// A stepped line over a filled area. Columns that breach have their own line and filling, so that even a narrow
/// one shows.
pub fn line(stretches: &[Stretch], values: &ValueScale, breaches: impl Fn(&Column) -> bool) -> Vec<Primitive> {
    let paths = stretches.iter().map(|stretch| path(stretch, values)).collect();
    let breaching = stretches
        .iter()
        .flat_map(|stretch| stretch.chunk_by(|a, b| breaches(a) == breaches(b)))
        .filter(|columns| columns.first().is_some_and(&breaches))
        .map(|columns| path(columns, values))
        .collect();
    let stroke = |paths, ink| Primitive::Lines { paths, ink, width: 1.5, dashed: false };
    let [calm, breach] = fills(stretches, values, 0.0, &breaches, (Ink::MetricArea, Ink::Breach));
    vec![calm, stroke(paths, Ink::Metric), breach, stroke(breaching, Ink::Alarm)]
}

/// Bars, one per column; those that breach have another colour.
pub fn bars(stretches: &[Stretch], values: &ValueScale, breaches: impl Fn(&Column) -> bool) -> Vec<Primitive> {
    fills(stretches, values, 1.0, breaches, (Ink::Metric, Ink::Breach)).into()
}

fn path(stretch: &[Column], values: &ValueScale) -> Vec<(f64, f64)> {
    let mut points = Vec::with_capacity(stretch.len() * 2);
    for column in stretch {
        points.push((column.left, values.y(column.first)));
        if column.low < column.high {
            let middle = (column.left + column.right) / 2.0;
            points.push((middle, values.y(column.low)));
            points.push((middle, values.y(column.high)));
        }
        points.push((column.right, values.y(column.last)));
    }
    points
}

fn fills(
    stretches: &[Stretch],
    values: &ValueScale,
    gap: f64,
    breaches: impl Fn(&Column) -> bool,
    (calm, breach): (Ink, Ink),
) -> [Primitive; 2] {
    let base = values.y(0.0);
    let (mut calm_rects, mut breach_rects) = (Vec::new(), Vec::new());
    for column in stretches.iter().flatten() {
        let gap = if column.right - column.left >= 4.0 { gap } else { 0.0 };
        let top = values.y(column.high.max(0.0));
        let bottom = values.y(column.low.min(0.0));
        // A datapoint of zero is there, unlike a gap: it keeps a hairline.
        let top = if bottom - top < 1.0 { base - 1.0 } else { top };
        let rect =
            Rect { x: column.left, y: top, width: column.right - column.left - gap, height: bottom.max(base) - top };
        if breaches(column) { breach_rects.push(rect) } else { calm_rects.push(rect) }
    }
    [Primitive::Fill { rects: calm_rects, ink: calm }, Primitive::Fill { rects: breach_rects, ink: breach }]
}

/// Gathers values from left to right into columns of at least one pixel.
struct Columns {
    left: f64,
    right: f64,
    stretches: Vec<Stretch>,
    open: Stretch,
}

impl Columns {
    fn new(frame: &Frame) -> Self {
        Self { left: frame.left, right: frame.right(), stretches: Vec::new(), open: Vec::new() }
    }

    fn push(&mut self, left: f64, right: f64, value: Option<f64>, edges: Option<(f64, f64)>) {
        let (left, right) = (left.max(self.left), right.min(self.right));
        if right <= left {
            return;
        }
        let Some(value) = value else {
            self.close_unless_within(left);
            return;
        };
        let band = edges.and_then(|edges| Band::at(value, edges));
        // All values whose left edge falls into one pixel share a column.
        let pixel = left.floor();
        if let Some(last) = self.last_column().filter(|column| column.left.floor() == pixel) {
            last.last = value;
            last.low = last.low.min(value);
            last.high = last.high.max(value);
            last.band = [last.band, band].into_iter().flatten().reduce(Band::joined);
            return;
        }
        // Whole pixels: fractions would show as seams between neighbours.
        let left = if right - left < 1.0 { pixel.max(self.left) } else { left.round() };
        let right = right.round().max(left + 1.0).min(self.right);
        self.open.push(Column { left, right, first: value, last: value, low: value, high: value, band });
    }

    /// The newest column, even if its stretch is closed.
    fn last_column(&mut self) -> Option<&mut Column> {
        if self.open.is_empty() {
            return self.stretches.last_mut().and_then(|stretch| stretch.last_mut());
        }
        self.open.last_mut()
    }

    /// A gap narrower than the pixel it falls into cannot be shown.
    fn close_unless_within(&mut self, left: f64) {
        if self.open.last().is_some_and(|column| column.left.floor() != left.floor()) {
            self.close();
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.stretches.push(std::mem::take(&mut self.open));
        }
    }

    fn finish(mut self) -> Vec<Stretch> {
        self.close();
        self.stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::{Point, Run};
    use crate::view::TimeRange;
    use crate::view::chart::Curve;

    const FRAME: Frame = Frame { left: 0.0, top: 0.0, width: 100.0, height: 100.0 };

    fn sliding(values: Vec<f64>) -> Sliding {
        let sample_counts = vec![1; values.len()];
        Sliding {
            period_s: 60,
            step_s: 60,
            runs: vec![Run { first_end: 0, values, sample_counts, ..Run::default() }],
            ..Sliding::default()
        }
    }

    fn minutes(from: i64, to: i64) -> TimeScale {
        TimeScale::new(TimeRange { from: EpochMs(from * 60_000), to: EpochMs(to * 60_000) }, &FRAME)
    }

    #[test]
    fn down_sampling_keeps_every_extreme() {
        let count = 129_600;
        let mut values = vec![5.0; count];
        values[77_777] = 900.0;
        values[77_778] = -3.0;
        let stretches = sliding_columns(&sliding(values), &minutes(0, count as i64), &FRAME);
        assert_eq!(stretches.len(), 1);
        assert_eq!(stretches[0].len(), 100);
        assert_eq!(extremes(&stretches), Some((-3.0, 900.0)));
        assert!(stretches[0].iter().all(|column| column.right - column.left >= 1.0 - 1e-6));
    }

    #[test]
    fn wide_ticks_keep_their_shape_and_their_gaps() {
        let stretches = sliding_columns(&sliding(vec![1.0, 2.0, f64::NAN, 3.0]), &minutes(0, 4), &FRAME);
        assert_eq!(stretches.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((stretches[0][1].left, stretches[0][1].right, stretches[1][0].left), (25.0, 50.0, 75.0));
        let values = ValueScale::covering([4.0], Curve::Linear, &FRAME);
        let list = line(&stretches, &values, |column| column.high > 2.0);
        let Primitive::Lines { paths, .. } = &list[1] else { panic!() };
        assert_eq!(paths[0], [(0.0, 75.0), (25.0, 75.0), (25.0, 50.0), (50.0, 50.0)]);
        let Primitive::Fill { rects, ink } = &list[2] else { panic!() };
        assert_eq!((rects.len(), *ink), (1, Ink::Breach));
    }

    #[test]
    fn a_column_breaches_where_one_of_its_values_leaves_its_own_band() {
        let mut sliding = sliding(vec![1.0, 5.0, 9.0, 5.0]);
        // The second value is inside its band although the first one's band is far below it.
        sliding.runs[0].band = vec![(0.0, 2.0), (4.0, 6.0), (4.0, 8.0), (f64::NAN, f64::NAN)];
        let of = |minutes_shown| sliding_columns(&sliding, &minutes(0, minutes_shown), &FRAME);
        let wide = of(4);
        let above = |column: &Column| column.breaches(ComparisonOperator::GreaterThanUpperThreshold, 0.0);
        assert_eq!(wide[0].iter().map(above).collect::<Vec<_>>(), [false, false, true, false]);
        assert_eq!(extremes(&wide), Some((0.0, 9.0)));
        let narrow = of(400)[0][0];
        let band = narrow.band.unwrap();
        assert_eq!((band.lower, band.upper, band.has_above, band.has_below), (0.0, 8.0, true, false));
        let values = ValueScale::covering([10.0], Curve::Linear, &FRAME);
        let Primitive::Fill { rects, ink: Ink::Band } = super::band(&wide, &values) else { panic!() };
        assert_eq!((rects.len(), rects[1].y, rects[1].height), (3, values.y(6.0), values.y(4.0) - values.y(6.0)));
    }

    #[test]
    fn only_what_is_in_range_is_laid_out() {
        let stretches = sliding_columns(&sliding((0..1_000).map(f64::from).collect()), &minutes(500, 510), &FRAME);
        assert_eq!(extremes(&stretches), Some((500.0, 509.0)));
        assert!(sliding_columns(&sliding(vec![1.0; 10]), &minutes(500, 510), &FRAME).is_empty());
    }

    #[test]
    fn a_lonely_point_of_a_long_history_is_still_a_pixel_wide() {
        let mut values = vec![f64::NAN; 100_000];
        values[50_000] = 1.0;
        let stretches = sliding_columns(&sliding(values), &minutes(0, 100_000), &FRAME);
        assert_eq!((stretches.len(), stretches[0].len()), (1, 1));
        assert!((stretches[0][0].right - stretches[0][0].left - 1.0).abs() < 1e-6);
    }

    #[test]
    fn clock_aligned_points_leave_gaps() {
        let point = |minute: i64, value| Point { start: EpochMs(minute * 60_000), value, samples: 1 };
        let series =
            Series { period_s: 300, points: vec![point(0, 1.0), point(5, 0.0), point(15, 4.0), point(40, 9.0)] };
        let stretches = series_columns(&series, &minutes(0, 20), &FRAME, |_| None);
        assert_eq!(stretches.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let values = ValueScale::covering([4.0], Curve::Linear, &FRAME);
        let list = bars(&stretches, &values, |_| false);
        let Primitive::Fill { rects, .. } = &list[0] else { panic!() };
        assert_eq!(rects[0], Rect { x: 0.0, y: 75.0, width: 24.0, height: 25.0 });
        assert_eq!(rects[1], Rect { x: 25.0, y: 99.0, width: 24.0, height: 1.0 });
    }
}
