//! What PutCompositeAlarm would refuse, and what it accepts but the user should know.

use super::lexer::{Lexeme, lex};
use super::{Rule, alarm_name, parse};
use crate::alarm::actions::{ActionLists, Target, runs_in};
use crate::alarm::validate::{ACTIONS_MAX, Problem};
use crate::base::Severity;
use crate::model::alarm::AlarmState;
use crate::model::composite::CompositeAlarm;
use crate::pattern::PatternError;
use std::collections::HashSet;

/// Alarms that a rule may name.
pub const CHILDREN_MAX: usize = 100;
/// Alarms, constants and pairs of brackets in a rule.
pub const ELEMENTS_MAX: usize = 500;
/// Characters of a rule.
pub const CHARACTERS_MAX: usize = 10_240;

/// Reads a rule and holds it to the limits; `is_known` tells whether there is an alarm of a name. The first problem is
/// told. Undocumented: what a missing child is; PutCompositeAlarm refuses unknown names, so we choose that it is invalid.
pub fn check(text: &str, is_known: impl Fn(&str) -> bool) -> Result<Rule, PatternError> {
    let characters = text.chars().count();
    if characters > CHARACTERS_MAX {
        return Err(PatternError::new(
            0..text.len(),
            format!("the rule has {characters} characters; at most {CHARACTERS_MAX} are allowed"),
        ));
    }
    let rule = parse(text)?;
    let names = rule.names();
    let unknown = names.iter().find(|name| !is_known(alarm_name(&name.text)));
    if let Some(name) = unknown {
        return Err(PatternError::new(name.span, format!("there is no alarm called “{}”", alarm_name(&name.text)))
            .help("PutCompositeAlarm refuses rules with unknown alarms"));
    }
    let children: HashSet<&str> = names.iter().map(|name| alarm_name(&name.text)).collect();
    if children.len() > CHILDREN_MAX {
        return Err(PatternError::new(
            0..text.len(),
            format!("the rule names {} alarms; at most {CHILDREN_MAX} are allowed", children.len()),
        ));
    }
    let elements = names.len() + others(text);
    if elements > ELEMENTS_MAX {
        return Err(PatternError::new(
            0..text.len(),
            format!("the rule has {elements} elements; at most {ELEMENTS_MAX} are allowed"),
        )
        .help("alarms, TRUE, FALSE and pairs of brackets count"));
    }
    Ok(rule)
}

/// Constants and brackets that group; those of a condition belong to it.
fn others(text: &str) -> usize {
    let tokens = lex(text);
    let word =
        |at: usize| tokens.get(at).filter(|token| token.lexeme == Lexeme::Word).map(|token| &text[token.span.clone()]);
    let counts = |at: usize| match tokens[at].lexeme {
        Lexeme::Open => at == 0 || !matches!(word(at - 1), Some("ALARM" | "OK" | "INSUFFICIENT_DATA" | "AT_LEAST")),
        Lexeme::Word => {
            matches!(word(at), Some("TRUE" | "FALSE"))
                && tokens.get(at + 1).is_none_or(|next| next.lexeme != Lexeme::Comma)
        }
        _ => false,
    };
    (0..tokens.len()).filter(|at| counts(*at)).count()
}

/// Everything to say about a composite alarm but its rule, errors first.
pub fn problems(alarm: &CompositeAlarm, is_known: impl Fn(&str) -> bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |severity, field, message: String| problems.push(Problem { severity, field, message });
    if alarm.alarm_name.chars().count() > 255 {
        say(Severity::Error, "AlarmName", "the name is longer than 255 characters".into());
    }
    if alarm.alarm_description.as_ref().is_some_and(|text| text.chars().count() > 1_024) {
        say(Severity::Error, "AlarmDescription", "the description is longer than 1,024 characters".into());
    }
    match &alarm.actions_suppressor {
        Some(name) if !is_known(alarm_name(name)) => {
            say(Severity::Error, "ActionsSuppressor", format!("there is no alarm called “{}”", alarm_name(name)));
        }
        Some(_) => {
            for (field, value) in [
                ("ActionsSuppressorWaitPeriod", alarm.actions_suppressor_wait_period),
                ("ActionsSuppressorExtensionPeriod", alarm.actions_suppressor_extension_period),
            ] {
                if value.is_none() {
                    say(Severity::Error, field, "a suppressor needs a wait period and an extension period".into());
                }
            }
        }
        None => {}
    }
    let lists = ActionLists::from(alarm);
    for (field, state) in [
        ("AlarmActions", AlarmState::Alarm),
        ("OKActions", AlarmState::Ok),
        ("InsufficientDataActions", AlarmState::InsufficientData),
    ] {
        let actions = lists.of(state);
        if actions.len() > ACTIONS_MAX {
            say(Severity::Error, field, format!("at most {ACTIONS_MAX} actions per state, not {}", actions.len()));
        }
        for arn in actions {
            match Target::of(arn) {
                Target::Unknown => say(Severity::Note, field, format!("“{arn}” is not an action CloudWatch knows")),
                Target::Ec2 | Target::AutoScaling => {
                    say(Severity::Error, field, format!("composite alarms cannot run {arn}"));
                }
                target if !runs_in(target, state) => say(Severity::Note, field, format!("{arn} runs on ALARM only")),
                _ => {}
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        check(text, |name| name != "missing").unwrap_err().message
    }

    #[test]
    fn the_limits_hold() {
        let alarms = |count: usize| (0..count).map(|at| format!("ALARM(a{at})")).collect::<Vec<_>>().join(" OR ");
        assert!(check(&alarms(100), |_| true).is_ok());
        assert_eq!(refused(&alarms(101)), "the rule names 101 alarms; at most 100 are allowed");
        let same = |count: usize| vec!["OK(a)"; count].join(" OR ");
        assert!(check(&same(500), |_| true).is_ok());
        assert_eq!(refused(&same(501)), "the rule has 501 elements; at most 500 are allowed");
        assert!(check(&format!("({})", same(500)), |_| true).is_err());
        assert!(check(&format!("{} OR TRUE", same(500)), |_| true).is_err());
        assert!(refused(&format!("ALARM({})", "a".repeat(10_240))).starts_with("the rule has 10247 characters"));
        assert_eq!(refused("ALARM(missing)"), "there is no alarm called “missing”");
        assert_eq!(
            refused("OK(\"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:missing\")"),
            "there is no alarm called “missing”"
        );
    }

    #[test]
    fn composites_run_no_ec2_and_no_scaling_actions() {
        let alarm = CompositeAlarm {
            alarm_actions: vec!["arn:aws:automate:eu-west-1:ec2:stop".into()],
            actions_suppressor: Some("maintenance".into()),
            ..CompositeAlarm::default()
        };
        let fields: Vec<_> = problems(&alarm, |_| true).iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod", "AlarmActions"]);
        assert_eq!(problems(&alarm, |_| false)[0].field, "ActionsSuppressor");
    }
}
