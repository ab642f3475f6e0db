//! Mute rules, after the alarms that they mute.

use super::Prepared;
use super::composite::Needs;
use super::document::Node;
use super::filter::complete;
use super::ready::{Names, unique_identifier};
use crate::alarm::mute::{Mute, Offsets};
use crate::model::composite::AlarmMuteRule;
use std::sync::Arc;

/// A mute rule with every name it needs.
pub(super) struct ReadyMute {
    /// Letters and digits, beginning with a letter; different for each.
    pub(super) id: String,
    pub(super) rule: AlarmMuteRule,
    /// The alarms that have to be there first.
    pub(super) needs: Needs,
}

/// The rules that mute one of the alarms written; says what is left out and what is missing.
pub(super) fn make(
    rules: &[AlarmMuteRule],
    prepared: &Prepared,
    names: &mut Names,
    notes: &mut Vec<String>,
) -> Vec<ReadyMute> {
    let mut ready = Vec::new();
    for rule in rules {
        let targets = &rule.mute_targets.alarm_names;
        let (needs, missing) = Needs::new(targets, prepared, &prepared.composites);
        if missing.len() == targets.len() {
            continue;
        }
        let stand_in = if rule.name.is_empty() { "Mute rule" } else { &rule.name };
        // Which zones there are is known to AWS, not here.
        let any_zone = |_: &str| Some(Arc::new(|_| 0i64) as Offsets);
        if let Err(problems) = Mute::new(rule, any_zone) {
            let reasons = problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ");
            notes.push(format!("“{stand_in}” is left out, because CloudWatch would refuse it: {reasons}"));
            continue;
        }
        if let Some(first) = missing.first() {
            notes.push(format!("“{stand_in}” mutes “{first}”, which is not written here: it has to be there already"));
        }
        let id = unique_identifier(&mut names.ids, stand_in);
        let mut rule = rule.clone();
        complete(&mut rule.name, stand_in, "name of the mute rule", stand_in, &mut names.mutes, notes);
        ready.push(ReadyMute { id, rule, needs });
    }
    ready
}

impl ReadyMute {
    /// With the members of PutAlarmMuteRule, which are also the properties of AWS::CloudWatch::AlarmMuteRule.
    pub(super) fn mute_rule(&self) -> Node {
        let AlarmMuteRule { name, description, rule, mute_targets, start_date, expire_date } = &self.rule;
        let schedule = Node::map([
            ("Expression", Node::text(&rule.schedule.expression)),
            ("Duration", Node::text(&rule.schedule.duration)),
        ])
        .with("Timezone", rule.schedule.timezone.as_ref().map(Node::text));
        Node::map([("Name", Node::text(name))])
            .with("Description", description.as_ref().map(Node::text))
            .with("Rule", Some(Node::map([("Schedule", schedule)])))
            .with("MuteTargets", Some(Node::map([("AlarmNames", Node::texts(&mute_targets.alarm_names))])))
            .with("StartDate", start_date.as_ref().map(Node::text))
            .with("ExpireDate", expire_date.as_ref().map(Node::text))
    }
}
