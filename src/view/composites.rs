//! The composite alarms of the lab: which names their rules may use, which wait for each other, and their states.

use super::code::Choice;
use super::complete::LISTED;
use super::state::{NamedComposite, ViewState};
use crate::alarm::composite::{Place, Rule, Wanted, alarm_name, check, cycles, problems, quote, timeline};
use crate::alarm::suppression::Suppression;
use crate::alarm::{Problem, Timeline};
use crate::base::Severity;
use crate::pattern::PatternError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A composite alarm, as far as it could be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Id in the list.
    pub id: u32,
    /// Its name as other rules use it.
    pub name: String,
    /// Its rule, or what is wrong with it.
    pub rule: Result<Rule, PatternError>,
    /// What CloudWatch would refuse besides the rule, and what is worth knowing.
    pub problems: Vec<Problem>,
    /// Its states; none while the rule is not valid or a child has none.
    pub timeline: Option<Arc<Timeline>>,
    /// The states of the alarms in its rule, by name and in order.
    pub children: Vec<(String, Option<Arc<Timeline>>)>,
    /// The states of the alarm that suppresses its actions.
    pub suppressor: Option<Arc<Timeline>>,
}

impl Evaluated {
    /// Whether CloudWatch would take the alarm.
    pub fn is_valid(&self) -> bool {
        self.rule.is_ok() && self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }

    /// Why there are no states although the rule is valid, without a full stop.
    pub fn without_states(&self) -> String {
        match self.children.iter().find(|(_, states)| states.is_none()) {
            Some((name, _)) => format!("“{name}”, which its rule names, has no states here"),
            None => "No alarm has states".into(),
        }
    }

    /// The suppressor with the periods of the alarm, where it has one. One without states is never in ALARM: the alarm waits
    /// for it all the same.
    pub fn suppression<'a>(&'a self, item: &NamedComposite) -> Option<Suppression<'a>> {
        static WITHOUT_STATES: Timeline = Timeline { transitions: Vec::new(), spans: Vec::new(), log_end: None };
        item.alarm.actions_suppressor.as_ref()?;
        Some(Suppression {
            suppressor: self.suppressor.as_deref().unwrap_or(&WITHOUT_STATES),
            wait_s: item.alarm.actions_suppressor_wait_period?,
            extension_s: item.alarm.actions_suppressor_extension_period?,
        })
    }
}

/// The names rules can use: those of alarms, and the list's name where an alarm has none.
pub fn alarm_names(view: &ViewState) -> Vec<(u32, String)> {
    let metric = view.backtests.iter().map(|item| (item.id, named(&item.backtest.alarm.alarm_name, &item.name)));
    let formula = view.formulas.iter().map(|item| (item.id, named(&item.backtest.alarm.alarm_name, &item.name)));
    let composite = view.composites.iter().map(|item| (item.id, item.alarm_name().to_owned()));
    metric.chain(formula).chain(composite).collect()
}

/// The name of an alarm, or what stands in for it.
pub fn named(alarm_name: &str, list_name: &str) -> String {
    if alarm_name.is_empty() { list_name } else { alarm_name }.to_owned()
}

/// The states of alarms by name. Of several of one name the first counts: it is deployed under that name.
pub fn by_name(states: impl IntoIterator<Item = (String, Arc<Timeline>)>) -> HashMap<String, Arc<Timeline>> {
    let mut found = HashMap::new();
    for (name, timeline) in states {
        found.entry(name).or_insert(timeline);
    }
    found
}

/// What can be put in at a place of a rule: names of alarms, those that begin with what is typed first, or words.
pub fn choices(place: &Place, names: &[String]) -> Vec<Choice> {
    let choice = |text: String, label: &str| Choice {
        span: place.replace.clone(),
        text,
        label: label.to_owned(),
        detail: String::new(),
    };
    match &place.wanted {
        Wanted::Word(words) => words.iter().map(|word| choice((*word).to_owned(), word)).collect(),
        Wanted::Name(typed) => {
            let typed = typed.to_lowercase();
            let mut found: Vec<&String> = names.iter().filter(|name| name.to_lowercase().contains(&typed)).collect();
            found.sort_by_key(|name| !name.to_lowercase().starts_with(&typed));
            found.into_iter().take(LISTED).map(|name| choice(quote(name), name)).collect()
        }
    }
}

/// Evaluates all composite alarms, composites of composites too. `metrics` are the states of the other alarms by name,
/// without those that have none yet; `known` are the names of all of them.
pub fn evaluate(
    items: &[NamedComposite],
    metrics: &HashMap<String, Arc<Timeline>>,
    known: &HashSet<String>,
) -> Vec<Evaluated> {
    let composites: HashSet<&str> = items.iter().map(NamedComposite::alarm_name).collect();
    let is_known = |name: &str| known.contains(name) || composites.contains(name);
    let rules: Vec<Result<Rule, PatternError>> =
        items.iter().map(|item| check(&item.alarm.alarm_rule, is_known)).collect();
    let children: HashMap<&str, Vec<&str>> = items
        .iter()
        .zip(&rules)
        .filter_map(|(item, rule)| {
            let names = rule.as_ref().ok()?.names();
            Some((item.alarm_name(), names.iter().map(|name| alarm_name(&name.text)).collect()))
        })
        .collect();
    let circular: HashSet<String> = cycles(&children).into_iter().map(str::to_owned).collect();

    let mut known_states: HashMap<&str, Arc<Timeline>> =
        metrics.iter().map(|(name, timeline)| (name.as_str(), Arc::clone(timeline))).collect();
    // All begin and end with the history of the metric alarms.
    let spans = || metrics.values().flat_map(|timeline| timeline.spans.first().zip(timeline.spans.last()));
    let range = spans().map(|(first, _)| first.from).min().zip(spans().map(|(_, last)| last.to).max());
    let mut waiting: Vec<usize> = (0..items.len()).filter(|at| rules[*at].is_ok()).collect();
    let mut states: Vec<Option<Arc<Timeline>>> = vec![None; items.len()];
    loop {
        let before = waiting.len();
        waiting.retain(|&at| {
            let (Ok(rule), Some((from, to))) = (&rules[at], range) else { return false };
            let names = rule.names();
            if names.iter().any(|name| !known_states.contains_key(alarm_name(&name.text))) {
                return true;
            }
            let refs: HashMap<&str, &Timeline> =
                known_states.iter().map(|(name, timeline)| (*name, timeline.as_ref())).collect();
            let own = Arc::new(timeline(rule, &refs, from, to));
            known_states.insert(items[at].alarm_name(), Arc::clone(&own));
            states[at] = Some(own);
            false
        });
        if waiting.len() == before {
            break;
        }
    }

    let state_of = |name: &str| known_states.get(name).cloned();
    items
        .iter()
        .zip(rules)
        .zip(states)
        .map(|((item, rule), timeline)| {
            let name = item.alarm_name();
            let rule = if circular.contains(name) { Err(in_circle(&item.alarm.alarm_rule, rule)) } else { rule };
            let mut names: Vec<&str> = Vec::new();
            for child in rule.iter().flat_map(Rule::names) {
                let child = alarm_name(&child.text);
                if !names.contains(&child) {
                    names.push(child);
                }
            }
            let suppressed_by = item.alarm.actions_suppressor.as_deref().map(alarm_name);
            let suppressor = suppressed_by.and_then(state_of);
            let mut problems = problems(&item.alarm, is_known);
            if let (Some(name), None, Some(_)) = (suppressed_by.filter(|name| is_known(name)), &suppressor, &timeline) {
                problems.push(Problem {
                    severity: Severity::Note,
                    field: "ActionsSuppressor",
                    message: format!(
                        "“{name}” has no states here: actions run after the wait period, as if it was never in ALARM"
                    ),
                });
            }
            Evaluated {
                id: item.id,
                name: name.to_owned(),
                problems,
                timeline,
                children: names.into_iter().map(|child| (child.to_owned(), state_of(child))).collect(),
                suppressor,
                rule,
            }
        })
        .collect()
}

fn in_circle(text: &str, rule: Result<Rule, PatternError>) -> PatternError {
    match rule {
        Err(error) => error,
        Ok(_) => PatternError::new(0..text.len(), "this alarm waits for itself, so it would not be evaluated")
            .help("set the rule of one alarm in the circle to FALSE to break it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::Span;
    use crate::alarm::dispatch::dispatch;
    use crate::base::EpochMs;
    use crate::model::alarm::AlarmState;
    use crate::model::composite::CompositeAlarm;

    fn item(id: u32, name: &str, rule: &str) -> NamedComposite {
        let alarm = CompositeAlarm { alarm_rule: rule.into(), ..CompositeAlarm::default() };
        NamedComposite { id, name: name.into(), alarm }
    }

    fn metric() -> (HashMap<String, Arc<Timeline>>, HashSet<String>) {
        let span = |state, from: i64, to: i64| Span { state, from: EpochMs(from), to: EpochMs(to) };
        let spans = vec![span(AlarmState::Ok, 0, 120_000), span(AlarmState::Alarm, 120_000, 600_000)];
        let log_end = Some(EpochMs(600_000));
        let timeline = Arc::new(Timeline { spans, log_end, ..Timeline::default() });
        (HashMap::from([("root use".to_owned(), timeline)]), HashSet::from(["root use".to_owned()]))
    }

    #[test]
    fn composites_of_composites_are_evaluated_in_any_order() {
        let (metrics, known) = metric();
        let items = [item(1, "outer", "NOT ALARM(inner)"), item(2, "inner", "ALARM(\"root use\")")];
        let evaluated = evaluate(&items, &metrics, &known);
        let state = |at: usize, ms| evaluated[at].timeline.as_ref().unwrap().state_at(EpochMs(ms));
        assert_eq!((state(1, 60_000), state(1, 130_000)), (Some(AlarmState::Ok), Some(AlarmState::Alarm)));
        assert_eq!((state(0, 60_000), state(0, 130_000)), (Some(AlarmState::Alarm), Some(AlarmState::Ok)));
        assert_eq!(evaluated[0].children.len(), 1);
    }

    #[test]
    fn actions_wait_for_a_suppressor_without_states() {
        let (metrics, mut known) = metric();
        known.insert("maintenance".into());
        let mut item = item(1, "service", "ALARM(\"root use\")");
        item.alarm.actions_suppressor = Some("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:maintenance".into());
        item.alarm.actions_suppressor_wait_period = Some(60);
        item.alarm.actions_suppressor_extension_period = Some(60);
        let found = evaluate(std::slice::from_ref(&item), &metrics, &known).swap_remove(0);
        let timeline = found.timeline.as_deref().unwrap();
        let runs: Vec<_> = dispatch(timeline, true, found.suppression(&item), &[]).iter().map(|one| one.runs).collect();
        // OK a minute after the beginning, ALARM a minute after that; each waits for another minute.
        assert_eq!(runs, [Some(EpochMs(120_000)), Some(EpochMs(180_000))]);
        assert!(found.is_valid());
        assert!(found.problems[0].message.starts_with("“maintenance” has no states here"), "{:?}", found.problems);
        item.alarm.actions_suppressor = Some("root use".into());
        assert_eq!(evaluate(&[item], &metrics, &known)[0].problems, []);
    }

    #[test]
    fn circles_and_unknown_names_are_told() {
        let (metrics, known) = metric();
        let items =
            [item(1, "a", "ALARM(b)"), item(2, "b", "OK(a)"), item(3, "c", "OK(a)"), item(4, "d", "OK(nobody)")];
        let evaluated = evaluate(&items, &metrics, &known);
        let message = |at: usize| evaluated[at].rule.as_ref().err().map(|error| error.message.clone());
        assert!(message(0).unwrap().contains("waits for itself") && message(1).is_some());
        // Only depends on the circle: valid, but without states.
        assert_eq!((message(2), &evaluated[2].timeline), (None, &None));
        assert_eq!(message(3).as_deref(), Some("there is no alarm called “nobody”"));
    }
}
