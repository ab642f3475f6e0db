//! The sweep: how an alarm would have done with other limits, periods and M of N, as a grid. The limit is the threshold, or
//! the width of the band.

use super::chart::ticks;
use super::formula::{band_width, set_band_width};
use super::{format, lab};
use crate::alarm::{Options, Outcome, depends_on_range, statistics, sweep, watched, watched_by_width};
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE};
use crate::metric::{Samples, sliding};
use crate::model::alarm::MetricAlarm;
use crate::model::series::{Series, Sliding};
use crate::model::statistic::Statistic;

/// Limits tried at most, the alarm's own one included.
const LIMITS: usize = 8;
/// Widths of a band tried besides the alarm's own, in standard deviations.
const WIDTHS: [f64; LIMITS - 1] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0];
/// Periods tried besides the alarm's own, in seconds.
const PERIODS: [u32; 5] = [60, 300, 900, 3_600, 86_400];
/// Datapoints to alarm and evaluation periods tried besides the alarm's own.
const M_OF_N: [(u32, u32); 5] = [(1, 1), (2, 3), (3, 3), (3, 5), (5, 5)];

/// What is tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Ascending.
    pub limits: Vec<f64>,
    /// In seconds, ascending.
    pub periods: Vec<u32>,
    /// Datapoints to alarm and evaluation periods, in the order of evaluation periods.
    pub m_of_n: Vec<(u32, u32)>,
}

/// What came out for one period and M of N.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Seconds.
    pub period_s: u32,
    /// Datapoints to alarm.
    pub m: u32,
    /// Evaluation periods.
    pub n: u32,
    /// One for each limit; `None` where CloudWatch would refuse the alarm.
    pub cells: Vec<Option<Outcome>>,
}

/// All that was tried around one alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The alarm it was made around.
    pub alarm: MetricAlarm,
    /// What was tried.
    pub axes: Axes,
    /// By period, then M of N.
    pub rows: Vec<Row>,
    /// Weeks of history.
    pub weeks: f64,
}

impl Grid {
    /// Where an alarm stands: its row and limit; `None` when that was not tried.
    pub fn place(&self, alarm: &MetricAlarm) -> Option<(usize, usize)> {
        let wanted = (alarm.period, alarm.datapoints_to_alarm(), alarm.evaluation_periods);
        let row = self.rows.iter().position(|row| (row.period_s, row.m, row.n) == wanted)?;
        let own = limit(alarm)?;
        let column = self.axes.limits.iter().position(|limit| *limit == own)?;
        Some((row, column))
    }

    /// The largest number that `shown` has in any cell.
    pub fn most(&self, shown: Shown) -> f64 {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().flatten());
        cells.map(|outcome| shown.amount(outcome)).fold(0.0, f64::max)
    }
}

/// The number a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// How often ALARM was entered, a week of history.
    #[default]
    FiresPerWeek,
    /// Time in ALARM, all of it.
    TimeInAlarm,
    /// The longest time in ALARM.
    LongestAlarm,
    /// When ALARM was entered first.
    FirstAlarm,
}

/// What the alarm compares with: its threshold, or the width of its band in standard deviations; `None` for a band whose
/// width is not a plain number.
pub fn limit(alarm: &MetricAlarm) -> Option<f64> {
    if alarm.comparison_operator.needs_band() { band_width(alarm) } else { Some(alarm.threshold) }
}

fn set_limit(alarm: &mut MetricAlarm, limit: f64) {
    if alarm.comparison_operator.needs_band() {
        set_band_width(alarm, limit);
    } else {
        alarm.threshold = limit;
    }
}

/// A limit as the head of its column: `≥ 5`, `2.5 σ`.
pub fn limit_label(alarm: &MetricAlarm, limit: f64) -> String {
    let number = format::number(limit);
    let operator = alarm.comparison_operator;
    if operator.needs_band() { format!("{number} σ") } else { format!("{} {number}", lab::sign(operator)) }
}

impl Axes {
    /// Settings around those of `alarm`, whose metric is `series`: round thresholds over the values it takes, or the usual
    /// widths of a band. `None` for an alarm without a [`limit`].
    pub fn around(alarm: &MetricAlarm, series: &Series) -> Option<Self> {
        let own = limit(alarm)?;
        let mut periods = [&PERIODS[..], &[alarm.period]].concat();
        periods.sort_unstable();
        periods.dedup();
        let mut m_of_n = [&M_OF_N[..], &[(alarm.datapoints_to_alarm(), alarm.evaluation_periods)]].concat();
        m_of_n.sort_unstable_by_key(|&(m, n)| (n, m));
        m_of_n.dedup();
        let limits = if alarm.comparison_operator.needs_band() { widths(own) } else { thresholds(own, series) };
        Some(Self { limits, periods, m_of_n })
    }
}

/// The alarm's own width among the usual ones.
fn widths(own: f64) -> Vec<f64> {
    let mut widths = [&WIDTHS[..], &[own]].concat();
    widths.sort_unstable_by(f64::total_cmp);
    widths.dedup();
    widths
}

/// The alarm's own threshold among round ones from the smallest value to the first that no value reaches.
fn thresholds(own: f64, series: &Series) -> Vec<f64> {
    let values = series.points.iter().map(|point| point.value).filter(|value| value.is_finite());
    let (min, max) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| (min.min(value), max.max(value)));
    let mut round = if min < 0.0 {
        ticks::value_ticks(min, max, LIMITS as f64, 0.0)
    } else {
        let least =
            series.points.iter().map(|point| point.value).filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        round_up_to(least, max)
    };
    round.retain(|threshold| *threshold != own);
    // Too many: evenly fewer, with both ends.
    let kept = LIMITS - 1;
    if round.len() > kept {
        let last = round.len() - 1;
        round = (0..kept).map(|at| round[at * last / (kept - 1)]).collect();
    }
    round.push(own);
    round.sort_unstable_by(f64::total_cmp);
    round
}

/// 1, 2, 3 and 5 times powers of ten, from the last that is not above `least` to the first above `max`.
fn round_up_to(least: f64, max: f64) -> Vec<f64> {
    if !(least > 0.0 && least <= max) {
        return Vec::new();
    }
    let decades = least.log10().floor() as i32..=max.log10().floor() as i32 + 1;
    let all: Vec<f64> =
        decades.flat_map(|decade| [1.0, 2.0, 3.0, 5.0].map(|digit| digit * 10f64.powi(decade))).collect();
    let first = all.iter().rposition(|value| *value <= least).unwrap_or_default();
    let end = all.iter().position(|value| *value > max).map_or(all.len(), |above| above + 1);
    all.get(first..end).unwrap_or_default().to_vec()
}

/// The rows of one period: one for each M of N.
///
/// `samples` are those of the alarm's metrics, in its order.
pub fn rows(alarm: &MetricAlarm, samples: &[&Samples], axes: &Axes, period_s: u32) -> Vec<Row> {
    let mut alarm = alarm.clone();
    alarm.set_period(period_s);
    let slides = |(samples, statistic): (&&Samples, Statistic)| sliding(samples, statistic, period_s);
    let metrics: Vec<Sliding> = samples.iter().zip(statistics(&alarm)).map(slides).collect();
    let slides_anew = depends_on_range(&alarm);
    let mut rows = Vec::new();
    for m_of_n in axes.m_of_n.chunk_by(|a, b| !slides_anew || a.1 == b.1) {
        alarm.evaluation_periods = m_of_n[0].1;
        let outcomes = if alarm.comparison_operator.needs_band() {
            by_width(&alarm, &metrics, &axes.limits, m_of_n)
        } else {
            let sliding = watched(&alarm, metrics.clone());
            sliding.map(|sliding| sweep(&alarm, &sliding, &axes.limits, m_of_n, Options::default()))
        };
        let cells = outcomes.into_iter().flatten();
        rows.extend(m_of_n.iter().zip(cells).map(|(&(m, n), cells)| Row { period_s, m, n, cells }));
    }
    rows.retain(|row| row.cells.iter().any(Option::is_some));
    rows
}

/// What [`sweep`] answers of thresholds, of the widths of a band: each is another band, and so another metric to look at.
fn by_width(
    alarm: &MetricAlarm,
    metrics: &[Sliding],
    widths: &[f64],
    m_of_n: &[(u32, u32)],
) -> Option<Vec<Vec<Option<Outcome>>>> {
    let mut rows = vec![Vec::with_capacity(widths.len()); m_of_n.len()];
    for sliding in watched_by_width(alarm, metrics, widths)? {
        let outcomes = sweep(alarm, &sliding, &[alarm.threshold], m_of_n, Options::default());
        for (row, outcome) in rows.iter_mut().zip(outcomes) {
            row.extend(outcome);
        }
    }
    Some(rows)
}

/// Weeks of log events; at least one, so that a short history is not made out to fire more often than it did.
pub fn weeks(samples: &[&Samples]) -> f64 {
    let minutes = samples.first().and_then(|metric| metric.log_minutes()).map_or(0, |(first, last)| last - first + 1);
    (minutes as f64 * MINUTE as f64 / (7 * DAY) as f64).max(1.0)
}

impl Shown {
    /// In the order of the choice.
    pub const ALL: [Self; 4] = [Self::FiresPerWeek, Self::TimeInAlarm, Self::LongestAlarm, Self::FirstAlarm];

    /// What the choice says.
    pub fn label(self) -> &'static str {
        match self {
            Self::FiresPerWeek => "Fires a week",
            Self::TimeInAlarm => "Time in ALARM",
            Self::LongestAlarm => "Longest",
            Self::FirstAlarm => "First",
        }
    }

    /// The text of a cell.
    pub fn text(self, outcome: &Outcome, weeks: f64, format_time: impl Fn(EpochMs) -> String) -> String {
        match self {
            _ if outcome.fires == 0 && outcome.alarm_seconds == 0 => "–".into(),
            Self::FiresPerWeek => per_week(outcome.fires, weeks),
            Self::TimeInAlarm => format::duration(outcome.alarm_seconds as i64 * 1_000),
            Self::LongestAlarm => format::duration(longest_s(outcome) as i64 * 1_000),
            Self::FirstAlarm => outcome.first_alarm.map_or_else(|| "–".into(), format_time),
        }
    }

    /// How strongly a cell is coloured, from 0 to 1, where `most` is the outcome with the largest number.
    pub fn heat(self, outcome: &Outcome, most: f64) -> f64 {
        let amount = self.amount(outcome);
        if amount == 0.0 { 0.0 } else { (1.0 + amount).ln() / (1.0 + most.max(amount)).ln() }
    }

    /// The number that the colour follows.
    pub fn amount(self, outcome: &Outcome) -> f64 {
        match self {
            Self::FiresPerWeek => outcome.fires as f64,
            Self::TimeInAlarm => outcome.alarm_seconds as f64 / 60.0,
            Self::LongestAlarm => longest_s(outcome) as f64 / 60.0,
            Self::FirstAlarm => 0.0,
        }
    }
}

fn longest_s(outcome: &Outcome) -> u64 {
    outcome.longest_alarm.map_or(0, |span| span.seconds())
}

fn per_week(fires: usize, weeks: f64) -> String {
    match fires as f64 / weeks {
        often if often >= 9.95 => format::count(often.round() as u64),
        often if often >= 0.095 => format!("{}", (often * 10.0).round() / 10.0),
        _ => "<0.1".into(),
    }
}

/// Period and M of N as the head of a row: `5 min`, `2 of 3`.
pub fn row_label(row: &Row) -> (String, String) {
    (short_period(row.period_s), format!("{} of {}", row.m, row.n))
}

fn short_period(seconds: u32) -> String {
    let ms = i64::from(seconds) * 1_000;
    match ms {
        _ if ms % DAY == 0 => format!("{} d", ms / DAY),
        _ if ms % HOUR == 0 => format!("{} h", ms / HOUR),
        _ if ms % MINUTE == 0 => format!("{} min", ms / MINUTE),
        _ => format!("{seconds} s"),
    }
}

/// The alarm a cell stands for.
pub fn adopted(alarm: &MetricAlarm, row: &Row, limit: f64) -> MetricAlarm {
    let mut adopted = alarm.clone();
    adopted.set_period(row.period_s);
    (adopted.evaluation_periods, adopted.datapoints_to_alarm) = (row.n, Some(row.m));
    set_limit(&mut adopted, limit);
    adopted
}

/// All of a cell in one sentence: `Sum over 5 minutes ≥ 5, 2 of 3 periods: fires 14 times, 3 h 20 m in ALARM …`
pub fn sentence(alarm: &MetricAlarm, outcome: Option<&Outcome>, format_time: impl Fn(EpochMs) -> String) -> String {
    let condition = lab::condition(alarm);
    let Some(outcome) = outcome else { return format!("{condition}: CloudWatch refuses this alarm") };
    let Some(first) = outcome.first_alarm else { return format!("{condition}: never fires") };
    format!(
        "{condition}: fires {}, {} in ALARM, longest {}, first {}",
        format::times(outcome.fires),
        format::duration(outcome.alarm_seconds as i64 * 1_000),
        format::duration(longest_s(outcome) as i64 * 1_000),
        format_time(first),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Span, evaluate};
    use crate::metric::{Collector, series};
    use crate::model::alarm::{AlarmState, Backtest};
    use crate::model::series::Point;
    use crate::view::formula::band_on;

    fn of_values(values: &[f64]) -> Series {
        let point = |&value: &f64| Point { start: EpochMs(0), value, samples: 1 };
        Series { period_s: 300, points: values.iter().map(point).collect() }
    }

    #[test]
    fn thresholds_are_round_and_reach_past_the_largest_value() {
        assert_eq!(thresholds(1.0, &of_values(&[0.0, 1.0, 4.0])), [1.0, 2.0, 3.0, 5.0]);
        assert_eq!(thresholds(7.0, &of_values(&[3.0, 12.0])), [3.0, 5.0, 7.0, 10.0, 20.0]);
        assert_eq!(thresholds(4.5, &of_values(&[])), [4.5]);
        assert_eq!(thresholds(0.3, &of_values(&[0.0])), [0.3]);
        assert_eq!(thresholds(0.0, &of_values(&[-1.0, 1.0])), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        let many = thresholds(1.0, &of_values(&[1.0, 123_456.0]));
        assert_eq!((many.len(), many[0], many[7]), (LIMITS, 1.0, 200_000.0));
        assert!(many.is_sorted());
    }

    #[test]
    fn a_cell_is_what_the_alarm_comes_to() {
        let mut collector = Collector::new(0);
        for minute in 0..20_000 {
            collector.log_event(minute);
            if minute % 97 == 0 || (5_000..5_050).contains(&minute) {
                collector.matched(minute, Some(1.0), None);
            }
        }
        let samples = Samples::new(&collector.finish(), &[], Some(0.0));
        let alarm = MetricAlarm {
            threshold: 2.0,
            evaluation_periods: 2,
            datapoints_to_alarm: Some(2),
            ..MetricAlarm::default()
        };
        let axes = Axes::around(&alarm, &series(&samples, Statistic::Sum, alarm.period)).unwrap();
        assert!(axes.periods.contains(&300) && axes.m_of_n.contains(&(2, 2)) && axes.limits.contains(&2.0));
        let mut cells = 0;
        for &period in &axes.periods {
            for row in rows(&alarm, &[&samples], &axes, period) {
                let sliding = sliding(&samples, Statistic::Sum, period);
                for (threshold, cell) in axes.limits.iter().zip(&row.cells) {
                    let alarm = adopted(&alarm, &row, *threshold);
                    let expected =
                        evaluate(&alarm, &sliding, Options::default()).ok().map(|timeline| Outcome::of(&timeline));
                    assert_eq!(*cell, expected, "{alarm:?}");
                    cells += usize::from(expected.is_some_and(|outcome| outcome.fires > 0));
                }
            }
        }
        assert!(cells > 30, "{cells} cells fire");
        assert!((weeks(&[&samples]) - 20_000.0 / 10_080.0).abs() < 1e-9);
    }

    #[test]
    fn a_cell_is_what_the_alarm_on_a_band_of_that_width_comes_to() {
        let mut collector = Collector::new(0);
        for minute in 0..12 * 1_440 {
            collector.log_event(minute);
            // Three storms, each stronger than the one before.
            let storm = if minute % 4_001 < 120 { [0, 0, 3, 8, 60][minute as usize / 4_001] } else { 0 };
            let calls = 5 + minute % 7 + storm;
            (0..calls).for_each(|_| collector.matched(minute, Some(1.0), None));
        }
        let samples = Samples::new(&collector.finish(), &[], Some(0.0));
        let mut alarm = band_on(&Backtest::default()).alarm;
        set_band_width(&mut alarm, 2.2);
        let axes = Axes::around(&alarm, &Series::default()).unwrap();
        assert_eq!(axes.limits, [1.0, 1.5, 2.0, 2.2, 2.5, 3.0, 4.0, 6.0]);
        let mut narrow_and_wide = [0, 0];
        for period in [300, 3_600] {
            for row in rows(&alarm, &[&samples], &axes, period) {
                let fires =
                    |cell: Option<&Option<Outcome>>| cell.and_then(|cell| *cell).map_or(0, |outcome| outcome.fires);
                narrow_and_wide[0] += fires(row.cells.first());
                narrow_and_wide[1] += fires(row.cells.last());
                for (&width, cell) in axes.limits.iter().zip(&row.cells) {
                    let alarm = adopted(&alarm, &row, width);
                    let sliding = watched(&alarm, vec![sliding(&samples, Statistic::Sum, period)]).unwrap();
                    let expected = Outcome::of(&evaluate(&alarm, &sliding, Options::default()).unwrap());
                    assert_eq!(*cell, Some(expected), "{alarm:?}");
                }
            }
        }
        assert!(narrow_and_wide[0] > narrow_and_wide[1] && narrow_and_wide[1] > 0, "{narrow_and_wide:?}");
        let row = Row { period_s: 300, m: 1, n: 1, cells: Vec::new() };
        let cell = adopted(&alarm, &row, 4.0);
        assert_eq!((limit(&cell), limit_label(&cell, 2.5)), (Some(4.0), "2.5 σ".into()));
        assert!(sentence(&cell, None, |_| String::new()).contains("above its band of width 4:"));
    }

    #[test]
    fn a_band_whose_width_is_calculated_has_no_limit() {
        let mut alarm = band_on(&Backtest::default()).alarm;
        let band = alarm.threshold_metric_id.clone();
        let query = alarm.metrics.iter_mut().find(|query| Some(&query.id) == band.as_ref()).unwrap();
        query.expression = Some("ANOMALY_DETECTION_BAND(m1, 2 + 1)".into());
        assert_eq!((limit(&alarm), Axes::around(&alarm, &Series::default())), (None, None));
    }

    #[test]
    fn cells_read_at_a_glance() {
        let quiet = Outcome::default();
        let longest = Span { state: AlarmState::Alarm, from: EpochMs(0), to: EpochMs(2_400_000) };
        let outcome =
            Outcome { fires: 14, alarm_seconds: 12_000, longest_alarm: Some(longest), first_alarm: Some(EpochMs(0)) };
        let text = |shown: Shown, outcome: &Outcome| shown.text(outcome, 4.0, |_| "1 Jan".into());
        assert_eq!(Shown::ALL.map(|shown| text(shown, &outcome)), ["3.5", "3 h 20 m", "40 m", "1 Jan"]);
        assert_eq!(Shown::ALL.map(|shown| text(shown, &quiet)), ["–"; 4]);
        assert_eq!([per_week(1, 52.0), per_week(600, 2.0), per_week(39, 4.0)], ["<0.1", "300", "9.8"]);
        assert_eq!((Shown::FiresPerWeek.heat(&outcome, 14.0), Shown::FiresPerWeek.heat(&quiet, 14.0)), (1.0, 0.0));
        let alarm = MetricAlarm { threshold: 5.0, ..MetricAlarm::default() };
        let said = sentence(&alarm, Some(&outcome), |_| "1 Jan".into());
        assert_eq!(said, "Sum over 5 minutes ≥ 5: fires 14 times, 3 h 20 m in ALARM, longest 40 m, first 1 Jan");
        assert!(sentence(&alarm, Some(&quiet), |_| String::new()).ends_with("never fires"));
    }
}
