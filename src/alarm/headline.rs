//! A timeline in one line of words: "fires 14 times, 3 h 20 m in ALARM, longest 12 Mar 14:05".

use super::timeline::Timeline;
use crate::base::EpochMs;
use crate::base::number::grouped;
use crate::model::alarm::AlarmState;

/// The headline. `format_time` writes an instant in the user's time zone.
pub fn headline(timeline: &Timeline, format_time: impl Fn(EpochMs) -> String) -> String {
    let Some(longest) = timeline.longest_alarm() else {
        return "never fires".into();
    };
    let in_alarm = duration(timeline.seconds_in(AlarmState::Alarm));
    let at = format_time(longest.from);
    match timeline.fires() {
        0 => format!("stays in ALARM, {in_alarm}"),
        1 => format!("fires once, {in_alarm} in ALARM, {at}"),
        fires => format!("fires {} times, {in_alarm} in ALARM, longest {at}", grouped(fires as u64)),
    }
}

/// A length of time in its two largest units: `45 s`, `5 m`, `3 h 20 m`, `2 d 1 h`.
pub fn duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let first = units.iter().position(|&(size, _)| seconds >= size).unwrap_or(3);
    let mut rest = seconds;
    let mut text = Vec::new();
    for (at, &(size, name)) in units.iter().enumerate().skip(first).take(2) {
        let count = rest / size;
        rest %= size;
        if count > 0 || (at == first) {
            text.push(format!("{count} {name}"));
        }
    }
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::timeline::{Span, Transition};

    #[test]
    fn durations_keep_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (45, "45 s"),
            (300, "5 m"),
            (90, "1 m 30 s"),
            (12_000, "3 h 20 m"),
            (176_461, "2 d 1 h"),
            (86_400, "1 d"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn headline_counts_fires_and_names_the_longest() {
        let (ok, alarm) = (AlarmState::Ok, AlarmState::Alarm);
        let span = |state, from: i64, to: i64| Span { state, from: EpochMs(from * 60_000), to: EpochMs(to * 60_000) };
        let enter = |minute: i64, from, to| {
            let time = EpochMs(minute * 60_000);
            Transition { time, data_end: time, from, to }
        };
        let format = |time: EpochMs| format!("minute {}", time.0 / 60_000);
        let mut timeline = Timeline { spans: vec![span(ok, 0, 10)], ..Timeline::default() };
        assert_eq!(headline(&timeline, format), "never fires");
        timeline.transitions.extend([enter(10, ok, alarm), enter(15, alarm, ok)]);
        timeline.spans.extend([span(alarm, 10, 15), span(ok, 15, 20)]);
        assert_eq!(headline(&timeline, format), "fires once, 5 m in ALARM, minute 10");
        timeline.transitions.extend([enter(20, ok, alarm), enter(215, alarm, ok)]);
        timeline.spans.extend([span(alarm, 20, 215), span(ok, 215, 220)]);
        assert_eq!(headline(&timeline, format), "fires 2 times, 3 h 20 m in ALARM, longest minute 20");
        timeline.transitions.extend((0..998).map(|minute| enter(220 + minute, ok, alarm)));
        assert_eq!(headline(&timeline, format), "fires 1,000 times, 3 h 20 m in ALARM, longest minute 20");
    }
}
