//! `alarm`: a metric filter and an alarm on it, backtested.

use super::backtest::{Chosen, DeliveryArgs, Run, delivered};
use super::data::Data;
use super::deployed::{Choice, Lab};
use super::failure::Failure;
use super::metric::{findings, left_out};
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::alarm::actions::{ActionLists, simulate};
use crate::alarm::headline::duration;
use crate::alarm::mute::Mute;
use crate::alarm::{Span, Timeline, headline, validate};
use crate::base::{EpochMs, Severity};
use crate::metric::{not_evaluated, notices};
use crate::model::alarm::AlarmState;
use crate::model::partial::SeriesPart;
use crate::view::advice::advise;
use crate::view::composites::{self, named};
use crate::view::inbox::{self, Inbox};
use crate::view::what_if::{Delivery, difference};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `alarm`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// JSON document with the fields of PutMetricFilter (filterPattern, metricTransformations) and of PutMetricAlarm; a
    /// workspace that the page saved; or what is deployed: describe-metric-filters and describe-alarms output, a
    /// CloudFormation template as JSON, `terraform show -json`.
    #[arg(long, value_name = "FILE", required = true)]
    alarm: Vec<PathBuf>,
    /// Which alarm, where the files hold several; a composite alarm, too.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    delivery: DeliveryArgs,
    #[command(flatten)]
    data: Data,
}

/// The life of the alarm.
#[derive(Serialize)]
pub struct Report {
    alarm: String,
    headline: String,
    fires: usize,
    /// Seconds in each state.
    seconds: Seconds,
    longest_alarm: Option<Longest>,
    /// The evaluated time.
    from: Option<String>,
    to: Option<String>,
    transitions: Vec<Change>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Seconds {
    #[serde(rename = "OK")]
    ok: u64,
    #[serde(rename = "ALARM")]
    alarm: u64,
    #[serde(rename = "INSUFFICIENT_DATA")]
    insufficient_data: u64,
}

#[derive(Serialize)]
struct Longest {
    from: String,
    to: String,
    seconds: u64,
}

#[derive(Serialize)]
struct Change {
    time: String,
    from: AlarmState,
    to: AlarmState,
    reason: String,
    /// Simulated: nothing is sent.
    actions: Vec<Action>,
}

#[derive(Serialize)]
struct Action {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    arn: String,
    /// Whether it would have run.
    runs: bool,
    /// When, if not at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    /// What kept it from running at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<String>,
    repeats: u64,
}

impl Output for Report {}

/// Loads the data and evaluates the alarm.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let lab = Lab::read(Vec::new(), &args.alarm)?;
    let files: Vec<_> = args.alarm.iter().map(|file| file.display().to_string()).collect();
    let in_file = |failure: Failure| Failure::usage(format!("{}: {}", files.join(", "), failure.message));
    let choice = lab.choose(args.name.as_deref())?;
    if let Choice::Metric(_, chosen) = choice {
        chosen.check().and_then(|()| chosen.check_metrics()).map_err(in_file)?;
    }
    let (shards, _) = args.data.load_and_tell()?;
    let delivery = args.delivery.or(lab.delivery);
    let keep_duplicates = args.data.reading.keep_duplicates;
    let (mutes, notices) = mutes(&lab);
    let mut report = match choice {
        Choice::Metric(name, chosen) => on_metrics(&shards, name, chosen, delivery, keep_duplicates, &mutes),
        Choice::Composite(at) => on_alarms(&shards, &lab, at, delivery, keep_duplicates, &mutes),
    }
    .map_err(in_file)?;
    report.notices.extend(notices);
    Ok(report)
}

/// The mute rules that can be applied, and why others cannot.
fn mutes(lab: &Lab) -> (Vec<Mute>, Vec<String>) {
    let (mut mutes, mut notices) = (Vec::new(), Vec::new());
    for rule in &lab.mutes {
        match Mute::new(rule, |_| None) {
            Ok(mute) => mutes.push(mute),
            Err(problems) => {
                let reasons: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
                notices.push(format!("mute rule “{}” is not applied: {}", rule.name, reasons.join("; ")));
            }
        }
    }
    (mutes, notices)
}

fn on_metrics(
    shards: &Shards,
    name: &str,
    chosen: &Chosen,
    delivery: Delivery,
    keep_duplicates: bool,
    mutes: &[Mute],
) -> Result<Report, Failure> {
    let alarm = chosen.alarm();
    let notes = validate(alarm).into_iter().map(|problem| format!("{}: {}", problem.field, problem.message));
    let mut told: Vec<String> = notes.collect();
    let all = chosen.publish(shards, keep_duplicates)?;
    let parts = delivered(&all, delivery.exclude_oversize);
    for (filter, (all, part)) in chosen.filters().zip(all.iter().zip(&parts)) {
        let transformation = filter.metric_transformations.first().cloned().unwrap_or_default();
        told.extend(left_out(all, delivery.exclude_oversize));
        let about = findings(shards, filter)?.into_iter().chain(notices(part, &transformation));
        told.extend(about.filter(|notice| !told.contains(notice)).collect::<Vec<_>>());
    }
    let run = |delay| chosen.run(&parts, delay).ok_or_else(|| Failure::usage("the service refuses this alarm"));
    let Run { metrics, sliding, timeline } = run(delivery.delay_minutes)?;
    if delivery.delay_minutes > 0 {
        told.push(late(delivery.delay_minutes, &difference(&run(0)?.timeline, &timeline)));
    }
    told.extend(not_evaluated(&sliding, EpochMs::to_rfc3339));
    if let (Chosen::Single(backtest), Some(samples)) = (chosen, metrics.first()) {
        told.extend(advise(backtest, samples, &sliding, &timeline).into_iter().map(|advice| advice.text));
    }
    let metric = match chosen {
        Chosen::Single(backtest) => backtest.filter.metric_transformations.first().cloned(),
        Chosen::Math(_) => None,
    };
    let timeline = Arc::new(timeline);
    let about = inbox::Alarm::Metric { alarm: Box::new(alarm.clone()), metric, sliding: Arc::new(sliding) };
    let name = named(&alarm.alarm_name, name);
    let inbox = Inbox::new(&name, about, Arc::clone(&timeline), None, mutes);
    Ok(report(&name, ActionLists::from(alarm), &timeline, &inbox, mutes, told))
}

fn on_alarms(
    shards: &Shards,
    lab: &Lab,
    at: usize,
    delivery: Delivery,
    keep_duplicates: bool,
    mutes: &[Mute],
) -> Result<Report, Failure> {
    let item = &lab.composites[at];
    let mut children = Vec::new();
    for (name, chosen) in &lab.alarms {
        if chosen.check().is_ok() {
            let parts = delivered(&chosen.publish(shards, keep_duplicates)?, delivery.exclude_oversize);
            children.push((named(&chosen.alarm().alarm_name, name), chosen, parts));
        }
    }
    let evaluated = |delay| {
        let run = |(name, chosen, parts): &(String, &Chosen, Vec<SeriesPart>)| {
            Some((name.clone(), Arc::new(chosen.run(parts, delay)?.timeline)))
        };
        let states = composites::by_name(children.iter().filter_map(run));
        composites::evaluate(&lab.composites, &states, &lab.names()).swap_remove(at)
    };
    let found = evaluated(delivery.delay_minutes);
    let rule = found.rule.clone().map_err(|error| Failure::pattern("AlarmRule", &item.alarm.alarm_rule, &error))?;
    let refused = found.problems.iter().find(|problem| problem.severity == Severity::Error);
    if let Some(problem) = refused {
        return Err(Failure::usage(format!("{}: {}", problem.field, problem.message)));
    }
    let Some(timeline) = found.timeline.clone() else { return Err(Failure::usage(found.without_states())) };
    let mut told: Vec<String> =
        found.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    if delivery.delay_minutes > 0 {
        let prompt = evaluated(0).timeline.unwrap_or_default();
        told.push(late(delivery.delay_minutes, &difference(&prompt, &timeline)));
    }
    let children = found.children.iter().filter_map(|(name, states)| Some((name.clone(), states.clone()?)));
    let about = inbox::Alarm::Composite { alarm: Box::new(item.alarm.clone()), rule, children: children.collect() };
    let inbox = Inbox::new(&found.name, about, Arc::clone(&timeline), found.suppression(item), mutes);
    Ok(report(&found.name, ActionLists::from(&item.alarm), &timeline, &inbox, mutes, told))
}

/// What a delay means for this alarm.
fn late(delay: u32, difference: &str) -> String {
    let effect =
        if difference.is_empty() { "which changes neither the first detection nor how often" } else { difference };
    format!("each event counts {delay} minutes after its time, when it is delivered: {effect}")
}

fn report(
    name: &str,
    lists: ActionLists,
    timeline: &Timeline,
    inbox: &Inbox,
    mutes: &[Mute],
    notices: Vec<String>,
) -> Report {
    let longest =
        |span: Span| Longest { from: span.from.to_rfc3339(), to: span.to.to_rfc3339(), seconds: span.seconds() };
    Report {
        alarm: name.to_owned(),
        headline: headline(timeline, EpochMs::to_rfc3339),
        fires: timeline.fires(),
        seconds: Seconds {
            ok: timeline.seconds_in(AlarmState::Ok),
            alarm: timeline.seconds_in(AlarmState::Alarm),
            insufficient_data: timeline.seconds_in(AlarmState::InsufficientData),
        },
        longest_alarm: timeline.longest_alarm().map(longest),
        from: timeline.spans.first().map(|span| span.from.to_rfc3339()),
        to: timeline.spans.last().map(|span| span.to.to_rfc3339()),
        transitions: changes(name, lists, timeline, inbox, mutes),
        notices,
    }
}

/// Every change of state, with what it would have run.
fn changes(name: &str, lists: ActionLists, timeline: &Timeline, inbox: &Inbox, mutes: &[Mute]) -> Vec<Change> {
    let mutes: Vec<&Mute> = mutes.iter().filter(|mute| mute.targets(name)).collect();
    let mut repeats = HashMap::new();
    for action in simulate(lists, timeline, inbox.dispatches(), &mutes).filter(|action| action.repeats > 0) {
        repeats.insert((action.transition, action.arn), action.repeats);
    }
    let mut changes: Vec<Change> = timeline
        .transitions
        .iter()
        .map(|transition| Change {
            time: transition.time.to_rfc3339(),
            from: transition.from,
            to: transition.to,
            reason: String::new(),
            actions: Vec::new(),
        })
        .collect();
    for entry in inbox.entries() {
        let change = &mut changes[entry.change];
        // An event to EventBridge tells of every change.
        let Some(arn) = inbox.arn(entry) else {
            change.reason = inbox.reason(entry);
            continue;
        };
        let (kind, name) = inbox.addressee(entry);
        change.actions.push(Action {
            kind,
            name: name.to_owned(),
            arn: arn.to_owned(),
            runs: entry.ran,
            time: (entry.ran && entry.time != timeline.transitions[entry.change].time).then(|| entry.time.to_rfc3339()),
            held: inbox.note(entry, EpochMs::to_rfc3339),
            repeats: repeats.get(&(entry.change, arn.to_owned())).copied().unwrap_or_default(),
        });
    }
    changes
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.alarm.is_empty() { "alarm" } else { &on_one_line(&self.alarm) };
        writeln!(f, "{name}: {}", self.headline)?;
        let Seconds { ok, alarm, insufficient_data } = &self.seconds;
        let (ok, alarm, insufficient) = (duration(*ok), duration(*alarm), duration(*insufficient_data));
        writeln!(f, "OK {ok}, ALARM {alarm}, INSUFFICIENT_DATA {insufficient}")?;
        for notice in &self.notices {
            writeln!(f, "note: {}", on_one_line(notice))?;
        }
        for Change { time, from, to, reason, actions } in &self.transitions {
            writeln!(f, "{time}  {} -> {}  {}", from.as_str(), to.as_str(), on_one_line(reason))?;
            for Action { kind, name, runs, held, repeats, .. } in actions {
                let again = if *repeats > 0 { format!(", repeated {repeats} times") } else { String::new() };
                let would = if *runs { "would have run" } else { "would not have run" };
                let name = on_one_line(name);
                let why = held.as_ref().map(|held| format!(", {}", on_one_line(held))).unwrap_or_default();
                writeln!(f, "{:20}  {would}: {kind} {name}{again}{why} (simulated)", "")?;
            }
        }
        Ok(())
    }
}
