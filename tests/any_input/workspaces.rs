//! Any text as a workspace: metric filters and alarms that people pass on to each other.

use trailscope::alarm::composite::check;
use trailscope::alarm::mute::Mute;
use trailscope::alarm::{Options, Outcome, evaluate, sweep, validate};
use trailscope::base::EpochMs;
use trailscope::metric::{Samples, sliding};
use trailscope::model::partial::SeriesPart;
use trailscope::pattern::eventbridge;
use trailscope::view::workspace;

/// Metrics a workspace may be evaluated on: an hour of log events with a match in every fourth minute.
fn history() -> SeriesPart {
    let mut part = SeriesPart::default();
    for minute in 29_000_000..29_000_060 {
        part.log_minutes.insert(minute, 1);
        if minute % 4 == 0 {
            part.matched_minutes.insert(minute, 1);
            let samples = part.series.entry(Vec::new()).or_default().entry(minute).or_default();
            samples.values.insert(1.0f64.to_bits(), 2);
        }
    }
    part
}

/// What loads as a workspace saves and loads as the same, and each alarm is refused with a reason or evaluated, by
/// itself and in a sweep alike.
pub fn any_workspace(text: &str) {
    let Ok(loaded) = workspace::load(text) else { return };
    assert_eq!(workspace::load(&workspace::save(&loaded)).as_ref(), Ok(&loaded));
    for listed in loaded.rules.iter().take(20) {
        let _ = eventbridge::parse(&listed.rule.event_pattern).map(|pattern| pattern.lower());
    }
    for item in &loaded.composites {
        // Read as a rule or refused with a place in it.
        if let Err(error) = check(&item.alarm.alarm_rule, |_| true) {
            assert!(item.alarm.alarm_rule.get(error.span).is_some());
        }
    }
    for rule in &loaded.mutes {
        if let Ok(mute) = Mute::new(rule, |_| None) {
            assert!(mute.window_at(EpochMs(0)).is_none_or(|window| window.from.0 <= 0 && window.to.0 > 0));
        }
    }
    let part = history();
    for named in loaded.backtests.iter().take(20) {
        let alarm = &named.backtest.alarm;
        let problems = validate(alarm);
        assert!(problems.iter().all(|problem| !problem.message.is_empty()));
        let default = named.backtest.filter.metric_transformations.first().and_then(|metric| metric.default_value);
        let sliding = sliding(&Samples::new(&part, &[], default), alarm.statistic(), alarm.period.clamp(10, 86_400));
        let Ok(timeline) = evaluate(alarm, &sliding, Options::default()) else { continue };
        let m_of_n = (alarm.datapoints_to_alarm(), alarm.evaluation_periods);
        let swept = sweep(alarm, &sliding, &[alarm.threshold], &[m_of_n], Options::default());
        assert_eq!(swept[0][0], Some(Outcome::of(&timeline)));
    }
}
