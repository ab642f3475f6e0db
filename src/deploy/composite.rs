//! Composite alarms, after the alarms that their rules name.

use super::document::Node;
use super::ready::{Names, unique_identifier};
use super::{CompositeEntry, Prepared};
use crate::alarm::composite::{alarm_name, check, problems};
use crate::base::Severity;
use crate::model::composite::CompositeAlarm;
use std::collections::HashSet;

/// A composite alarm with every name it needs.
pub(super) struct ReadyComposite {
    /// Letters and digits, beginning with a letter; different for each.
    pub(super) id: String,
    pub(super) alarm: CompositeAlarm,
    /// The alarms that have to be there first; the composite ones stand before this one.
    pub(super) needs: Needs,
}

/// The alarms that something names, among those that are written.
#[derive(Default)]
pub(super) struct Needs {
    /// The ids of the metric alarms.
    pub(super) metric_alarms: Vec<String>,
    /// The ids of the composite alarms.
    pub(super) composites: Vec<String>,
}

impl Needs {
    /// Finds each name; the names that are not written are the second part.
    pub(super) fn new<'a>(
        names: &'a [String],
        prepared: &Prepared,
        composites: &[ReadyComposite],
    ) -> (Self, Vec<&'a str>) {
        let (mut needs, mut missing) = (Self::default(), Vec::new());
        for name in names {
            let composite = composites.iter().find(|item| item.alarm.alarm_name == *name);
            let (list, id) = match (composite, prepared.metric_alarm(name)) {
                (Some(item), _) => (&mut needs.composites, item.id.as_str()),
                (None, Some(id)) => (&mut needs.metric_alarms, id),
                (None, None) => {
                    missing.push(name.as_str());
                    continue;
                }
            };
            if list.iter().all(|known| known != id) {
                list.push(id.to_owned());
            }
        }
        (needs, missing)
    }
}

/// Completes names and puts each behind those it depends on; says what is left out and what is missing.
pub(super) fn make(
    entries: &[CompositeEntry],
    prepared: &Prepared,
    names: &mut Names,
    notes: &mut Vec<String>,
) -> Vec<ReadyComposite> {
    let mut waiting: Vec<(&str, CompositeAlarm, Vec<String>)> = Vec::new();
    for CompositeEntry { name, alarm } in entries {
        let refused = problems(alarm, |_| true).into_iter().find(|problem| problem.severity == Severity::Error);
        let rule = check(&alarm.alarm_rule, |_| true).map_err(|error| error.message);
        let rule = match (rule, refused) {
            (Ok(rule), None) => rule,
            (Err(reason), _) | (_, Some(crate::alarm::Problem { message: reason, .. })) => {
                notes.push(format!("“{name}” is left out, because CloudWatch would refuse it: {reason}"));
                continue;
            }
        };
        let mut alarm = CompositeAlarm::clone(alarm);
        if alarm.alarm_name.is_empty() {
            alarm.alarm_name = (*name).to_owned();
        }
        let named = rule.names().into_iter().map(|name| alarm_name(&name.text).to_owned());
        let suppressor = alarm.actions_suppressor.as_deref().map(|name| alarm_name(name).to_owned());
        let needs: Vec<String> = named.chain(suppressor).collect();
        waiting.push((name, alarm, needs));
    }
    let own: HashSet<String> = waiting.iter().map(|(_, alarm, _)| alarm.alarm_name.clone()).collect();
    for (name, _, needs) in &waiting {
        let missing: Vec<&str> = needs
            .iter()
            .map(String::as_str)
            .filter(|need| !own.contains(*need) && prepared.metric_alarm(need).is_none())
            .collect();
        if let Some(first) = missing.first() {
            notes.push(format!("“{name}” is about “{first}”, which is not written here: it has to be there already"));
        }
    }
    let mut out: Vec<ReadyComposite> = Vec::new();
    loop {
        let before = waiting.len();
        waiting.retain(|(name, alarm, needs)| {
            let is_written = |need: &String| out.iter().any(|item| item.alarm.alarm_name == *need);
            if needs.iter().any(|need| own.contains(need) && !is_written(need)) {
                return true;
            }
            let (needs, _) = Needs::new(needs, prepared, &out);
            let id = unique_identifier(&mut names.ids, name);
            out.push(ReadyComposite { id, alarm: alarm.clone(), needs });
            false
        });
        if waiting.len() == before {
            break;
        }
    }
    let circular = waiting.iter().map(|(name, ..)| format!("“{name}” is left out: it waits for itself"));
    notes.extend(circular);
    out
}

impl ReadyComposite {
    /// With the members of PutCompositeAlarm, which are also the properties of AWS::CloudWatch::CompositeAlarm.
    pub(super) fn composite_alarm(&self) -> Node {
        let alarm = &self.alarm;
        let list = |arns: &Vec<String>| (!arns.is_empty()).then(|| Node::texts(arns));
        let seconds = |period: Option<u32>| period.map(|period| Node::Number(period.into()));
        Node::map([("AlarmName", Node::text(&alarm.alarm_name))])
            .with("AlarmDescription", alarm.alarm_description.as_ref().map(Node::text))
            .with("AlarmRule", Some(Node::text(&alarm.alarm_rule)))
            .with("ActionsEnabled", (!alarm.actions_enabled).then_some(Node::Bool(false)))
            .with("AlarmActions", list(&alarm.alarm_actions))
            .with("OKActions", list(&alarm.ok_actions))
            .with("InsufficientDataActions", list(&alarm.insufficient_data_actions))
            .with("ActionsSuppressor", alarm.actions_suppressor.as_ref().map(Node::text))
            .with("ActionsSuppressorWaitPeriod", seconds(alarm.actions_suppressor_wait_period))
            .with("ActionsSuppressorExtensionPeriod", seconds(alarm.actions_suppressor_extension_period))
    }
}
