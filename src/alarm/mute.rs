//! Mute rules: windows of time in which alarms change state without running actions ("Alarm Mute Rules",
//! PutAlarmMuteRule).
//!
//! [`Mute::new`] reads a rule; [`Mute::window_at`] answers for one instant, without listing the windows of years.
//! Time zones: UTC and fixed offsets (`+02:00`, `UTC-3`) are known here; whoever knows IANA zones gives their offsets.
//! Undocumented: we choose standard cron: days of the week count from 0 (Sunday), 7 is Sunday too, and when both day
//! fields are restricted either suffices.

mod cron;
mod duration;

pub use cron::Cron;
pub use duration::duration;

use crate::alarm::validate::Problem;
use crate::base::EpochMs;
use crate::base::Severity;
use crate::base::time::{DAY, HOUR, MINUTE};
use crate::model::composite::AlarmMuteRule;
use std::sync::Arc;

/// Alarms that one rule can name.
pub const TARGETS_MAX: usize = 100;

/// Windows that follow each other without a gap, up to so many, are one.
const CHAIN_MAX: usize = 1_000;

/// Milliseconds east of Greenwich at an instant.
pub type Offsets = Arc<dyn Fn(EpochMs) -> i64 + Send + Sync>;

/// A window in which a rule mutes, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it begins.
    pub from: EpochMs,
    /// When it ends.
    pub to: EpochMs,
}

/// A mute rule that can be asked.
#[derive(Clone)]
pub struct Mute {
    /// Name of the rule.
    pub name: String,
    targets: Vec<String>,
    starts: Starts,
    duration_ms: i64,
    from: Option<EpochMs>,
    until: Option<EpochMs>,
    offsets: Offsets,
}

#[derive(Clone)]
enum Starts {
    Once(EpochMs),
    Cron(Cron),
}

/// The offset of a zone that does not change: `UTC`, `Z`, `+05:30`, `UTC-3`, `GMT+2`.
pub fn fixed_offset(zone: &str) -> Option<i64> {
    let rest = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    if rest.is_empty() || zone == "Z" || zone == "Etc/UTC" {
        return (!zone.is_empty()).then_some(0);
    }
    let sign = match rest.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = rest[1..].split_once(':').unwrap_or((&rest[1..], "0"));
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * HOUR + minutes * MINUTE))
}

impl Mute {
    /// Reads a rule. `zone` gives the offsets of an IANA zone, where it can. The errors name PutAlarmMuteRule's parameters.
    pub fn new(rule: &AlarmMuteRule, zone: impl Fn(&str) -> Option<Offsets>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut refuse = |field, message: String| {
            problems.push(Problem { severity: Severity::Error, field, message });
        };
        let schedule = &rule.rule.schedule;
        let timezone = schedule.timezone.as_deref().unwrap_or("UTC");
        let known: Option<Offsets> = match fixed_offset(timezone) {
            Some(offset) => Some(Arc::new(move |_| offset)),
            None => zone(timezone),
        };
        if known.is_none() {
            refuse(
                "Timezone",
                format!(
                    "“{timezone}” is not a time zone that is known here; UTC and offsets such as +02:00 always are"
                ),
            );
        }
        let offsets: Offsets = known.unwrap_or_else(|| Arc::new(|_| 0));
        let starts = starts(&schedule.expression, &offsets);
        if let Err(message) = &starts {
            refuse("Expression", message.clone());
        }
        let duration_ms = duration(&schedule.duration);
        if let Err(message) = &duration_ms {
            refuse("Duration", message.clone());
        }
        if rule.mute_targets.alarm_names.len() > TARGETS_MAX {
            refuse("AlarmNames", format!("at most {TARGETS_MAX} alarms can be named"));
        }
        let mut date = |field, text: &Option<String>| {
            let text = text.as_deref().filter(|text| !text.trim().is_empty())?;
            let time = EpochMs::parse(text.trim()).or_else(|| local_time(text).map(|local| to_utc(local, &offsets)));
            if time.is_none() {
                refuse(field, format!("“{text}” is not a time like 2024-12-23T00:00:00Z"));
            }
            time
        };
        let (from, until) = (date("StartDate", &rule.start_date), date("ExpireDate", &rule.expire_date));
        match (starts, duration_ms) {
            (Ok(starts), Ok(duration_ms)) if problems.is_empty() => Ok(Self {
                name: rule.name.clone(),
                targets: rule.mute_targets.alarm_names.clone(),
                starts,
                duration_ms,
                from,
                until,
                offsets,
            }),
            _ => Err(problems),
        }
    }

    /// Whether the rule is about an alarm.
    pub fn targets(&self, alarm_name: &str) -> bool {
        self.targets.iter().any(|target| target == alarm_name)
    }

    /// The window that `time` lies in; windows that overlap or touch are one.
    pub fn window_at(&self, time: EpochMs) -> Option<Window> {
        let start = self.start_before(time)?;
        let mut window = Window { from: start, to: EpochMs(start.0 + self.duration_ms) };
        if time >= window.to {
            return None;
        }
        for _ in 0..CHAIN_MAX {
            match self.start_before(window.to).filter(|start| start.0 + self.duration_ms > window.to.0) {
                Some(start) => window.to = EpochMs(start.0 + self.duration_ms),
                None => break,
            }
        }
        Some(window)
    }

    /// The last time, at `time` or before and not longer ago than the duration, at which the rule began to mute.
    fn start_before(&self, time: EpochMs) -> Option<EpochMs> {
        let in_force = |start: &EpochMs| {
            self.from.is_none_or(|from| *start >= from) && self.until.is_none_or(|until| *start < until)
        };
        match &self.starts {
            Starts::Once(start) => Some(*start).filter(|start| *start <= time).filter(in_force),
            Starts::Cron(cron) => {
                // A day more on both sides, for the zone's offset and its changes.
                let newest = EpochMs(time.0.saturating_add(DAY));
                let oldest = time.0.saturating_sub(self.duration_ms).saturating_sub(DAY);
                cron.before(newest, EpochMs(oldest))
                    .map(|local| to_utc(local, &self.offsets))
                    .find(|start| *start <= time && in_force(start))
            }
        }
    }
}

/// An instant from the local calendar fields that are written as if they were UTC.
fn to_utc(local: EpochMs, offsets: &Offsets) -> EpochMs {
    let guess = EpochMs(local.0.saturating_sub(offsets(local)));
    EpochMs(local.0.saturating_sub(offsets(guess)))
}

/// `2024-12-23T00:00`, with or without seconds, as if it were UTC.
fn local_time(text: &str) -> Option<EpochMs> {
    let text = text.trim();
    match text.len() {
        16 => EpochMs::parse(&format!("{text}:00Z")),
        _ => EpochMs::parse(text).or_else(|| EpochMs::parse(&format!("{text}Z"))),
    }
}

fn starts(expression: &str, offsets: &Offsets) -> Result<Starts, String> {
    let expression = expression.trim();
    let inside = |name: &str| expression.strip_prefix(name)?.strip_suffix(')');
    if let Some(time) = inside("at(") {
        let local = local_time(time).ok_or_else(|| format!("“{time}” is not a time like 2024-12-23T00:00"))?;
        return Ok(Starts::Once(to_utc(local, offsets)));
    }
    match inside("cron(") {
        Some(fields) => fields.parse().map(Starts::Cron),
        None => Err("expected cron(minutes hours day-of-month month day-of-week) or at(2024-12-23T00:00)".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::composite::{MuteSchedule, MuteTargets, Schedule};

    fn rule(expression: &str, duration: &str, timezone: &str) -> AlarmMuteRule {
        AlarmMuteRule {
            name: "maintenance".into(),
            rule: MuteSchedule {
                schedule: Schedule {
                    expression: expression.into(),
                    duration: duration.into(),
                    timezone: Some(timezone.into()),
                },
            },
            mute_targets: MuteTargets { alarm_names: vec!["noisy".into()] },
            ..AlarmMuteRule::default()
        }
    }

    fn time(text: &str) -> EpochMs {
        EpochMs::parse(text).unwrap()
    }

    fn window(mute: &Mute, at: &str) -> Option<(String, String)> {
        mute.window_at(time(at)).map(|window| (window.from.to_rfc3339(), window.to.to_rfc3339()))
    }

    #[test]
    fn windows_of_the_documented_examples() {
        // Friday 18:00 to Monday 06:00.
        let weekend = Mute::new(&rule("cron(0 18 * * FRI)", "P2DT12H", "UTC"), |_| None).unwrap();
        let inside = Some(("2024-05-10T18:00:00Z".into(), "2024-05-13T06:00:00Z".into()));
        assert_eq!(window(&weekend, "2024-05-10T17:59:59Z"), None);
        assert_eq!(window(&weekend, "2024-05-10T18:00:00Z"), inside);
        assert_eq!(window(&weekend, "2024-05-13T05:59:59Z"), inside);
        assert_eq!(window(&weekend, "2024-05-13T06:00:00Z"), None);
        let once = Mute::new(&rule("at(2024-12-23T00:00)", "P7D", "+01:00"), |_| None).unwrap();
        assert_eq!(window(&once, "2024-12-22T22:59:59Z"), None);
        assert_eq!(
            window(&once, "2024-12-25T00:00:00Z"),
            Some(("2024-12-22T23:00:00Z".into(), "2024-12-29T23:00:00Z".into()))
        );
        assert!(once.targets("noisy") && !once.targets("other"));
    }

    #[test]
    fn local_times_follow_the_zone() {
        let berlin = |name: &str| {
            let change = time("2024-03-31T01:00:00Z");
            (name == "Europe/Berlin")
                .then(|| Arc::new(move |at: EpochMs| if at < change { HOUR } else { 2 * HOUR }) as Offsets)
        };
        let nightly = Mute::new(&rule("cron(0 2 * * *)", "PT1H", "Europe/Berlin"), berlin).unwrap();
        assert!(nightly.window_at(time("2024-03-30T01:30:00Z")).is_some());
        assert!(nightly.window_at(time("2024-04-01T00:30:00Z")).is_some());
        assert!(nightly.window_at(time("2024-04-01T01:30:00Z")).is_none());
        let problems = Mute::new(&rule("cron(0 2 * *)", "PT30S", "Mars/Base"), |_| None).err().unwrap();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["Timezone", "Expression", "Duration"]);
    }

    #[test]
    fn touching_windows_are_one_and_dates_bound_the_rule() {
        let mut rule = rule("cron(0 * * * *)", "PT1H", "UTC");
        (rule.start_date, rule.expire_date) = (Some("2024-01-01T05:00".into()), Some("2024-01-01T08:00".into()));
        let mute = Mute::new(&rule, |_| None).unwrap();
        // The same as instants, in a zone two hours ahead.
        let mut instants = rule.clone();
        instants.rule.schedule.timezone = Some("+02:00".into());
        (instants.start_date, instants.expire_date) =
            (Some("2024-01-01T05:00:00Z".into()), Some("2024-01-01T08:00:00Z".into()));
        let instants = Mute::new(&instants, |_| None).unwrap();
        for minute in 0..12 * 60 {
            let at = EpochMs(time("2024-01-01T00:00:00Z").0 + minute * MINUTE);
            assert_eq!(instants.window_at(at), mute.window_at(at), "{at:?}");
        }
        assert_eq!(window(&mute, "2024-01-01T04:30:00Z"), None);
        assert_eq!(window(&mute, "2024-01-01T07:30:00Z").map(|window| window.1), Some("2024-01-01T08:00:00Z".into()));
        assert_eq!(window(&mute, "2024-01-01T08:00:00Z"), None);
    }

    #[test]
    fn offsets_are_read() {
        for (zone, offset) in [
            ("UTC", Some(0)),
            ("+05:30", Some(330)),
            ("UTC-3", Some(-180)),
            ("GMT+2", Some(120)),
            ("", None),
            ("Asia/Tokyo", None),
            ("+99", None),
            ("+é", None),
        ] {
            assert_eq!(fixed_offset(zone), offset.map(|minutes| minutes * MINUTE), "{zone}");
        }
    }
}
