//! Which CloudTrail events reach a rule at all.
//!
//! Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail" and "Receiving read-only management
//! events from AWS services". Data and network activity events arrive if a trail logs them, and what is loaded was
//! logged. A record says by `managementEvent` and `readOnly` what it is; older ones lack both, and then the name of the
//! event decides. Read-only events of other names arrive anyway; undocumented which: we choose all of them.
//!
//! Each reason is a search for the events it keeps back, so that a rule's events are a search, too.

use super::ast::Pattern;
use super::{envelope, matching, parse};
use crate::model::rule::RuleState;
use serde_json::Value;

/// Bytes of the longest record that is delivered.
pub const MAX_BYTES: usize = 256 * 1024;

/// Read-only management events.
const READ_ONLY: &str = r#"{"detail": {"eventType": ["AwsApiCall", {"exists": false}], "eventName": [{"prefix": "Get"}, {"prefix": "List"}, {"prefix": "Describe"}], "readOnly": [true, "true", {"exists": false}], "managementEvent": [true, "true", {"exists": false}], "eventCategory": ["Management", {"exists": false}]}}"#;

/// Events of kinds that EventBridge lists no `detail-type` for.
const OTHER_KIND: &str = r#"{"detail": {"eventType": [{"anything-but": ["AwsApiCall", "AwsConsoleSignIn", "AwsConsoleAction", "AwsServiceEvent", "AwsCloudTrailInsight", "AwsVpceEvent"]}]}}"#;

/// Why an event does not reach a rule whose pattern it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// The rule is disabled.
    Disabled,
    /// It is a read-only management event, and the rule is not in the state for these.
    ReadOnly,
    /// The record is too long.
    TooLarge,
    /// It is of a kind that is not sent.
    OtherKind,
}

impl Withheld {
    /// Reasons that concern some events only.
    pub const OF_EVENTS: [Self; 3] = [Self::ReadOnly, Self::TooLarge, Self::OtherKind];

    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Disabled => "the rule is disabled",
            Self::ReadOnly => {
                "read-only management events reach only rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
            }
            Self::TooLarge => "records of more than 256 KB are not delivered",
            Self::OtherKind => "EventBridge lists no detail-type for events of this eventType",
        }
    }

    /// Whether it keeps events from a rule in this state.
    pub fn concerns(self, state: RuleState) -> bool {
        match self {
            Self::Disabled => state == RuleState::Disabled,
            Self::ReadOnly => state != RuleState::EnabledWithAllManagementEvents,
            Self::TooLarge | Self::OtherKind => true,
        }
    }

    /// The search for the events it keeps back.
    fn clause(self) -> String {
        match self {
            Self::Disabled => String::new(),
            Self::ReadOnly => READ_ONLY.into(),
            Self::TooLarge => format!("@size:>{MAX_BYTES}"),
            Self::OtherKind => OTHER_KIND.into(),
        }
    }
}

/// The search for the events that match.
pub fn matched(pattern: &Pattern) -> String {
    pattern.print()
}

/// The search for the events that match and are kept back for this reason; every event of a disabled rule is.
pub fn withheld(pattern: &Pattern, reason: Withheld) -> String {
    format!("{} {}", pattern.print(), reason.clause()).trim_end().to_owned()
}

/// The search for the events that reach a rule in this state; `None` if none does.
pub fn delivered(pattern: &Pattern, state: RuleState) -> Option<String> {
    if state == RuleState::Disabled {
        return None;
    }
    let reasons = Withheld::OF_EVENTS.into_iter().filter(|reason| reason.concerns(state));
    Some(reasons.fold(pattern.print(), |search, reason| format!("{search} -{}", reason.clause())))
}

/// Why a record does not reach a rule in this state; `None` if it does, provided that it matches.
pub fn reason(record: &Value, bytes: usize, state: RuleState) -> Option<Withheld> {
    let is = |pattern: &str| parse(pattern).is_ok_and(|pattern| matching::matches(&pattern, &envelope::wrap(record)));
    let holds = |reason: &Withheld| match reason {
        Withheld::Disabled => true,
        Withheld::ReadOnly => is(READ_ONLY),
        Withheld::TooLarge => bytes > MAX_BYTES,
        Withheld::OtherKind => is(OTHER_KIND),
    };
    let mut reasons = [Withheld::Disabled].into_iter().chain(Withheld::OF_EVENTS);
    reasons.find(|reason| reason.concerns(state) && holds(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::predicate::DETAIL_TYPES;
    use crate::pattern::search;
    use serde_json::json;

    #[test]
    fn read_only_events_need_the_state_made_for_them() {
        let listed = json!({"eventName": "ListUsers", "readOnly": true, "managementEvent": true});
        assert_eq!(reason(&listed, 900, RuleState::Enabled), Some(Withheld::ReadOnly));
        assert_eq!(reason(&listed, 900, RuleState::EnabledWithAllManagementEvents), None);
        let old = json!({"eventVersion": "1.04", "eventName": "DescribeInstances"});
        assert_eq!(reason(&old, 900, RuleState::Enabled), Some(Withheld::ReadOnly));
        for arrives in [
            json!({"eventName": "GetObject", "readOnly": true, "managementEvent": false, "eventCategory": "Data"}),
            json!({"eventName": "CreateUser", "readOnly": false, "managementEvent": true}),
            json!({"eventName": "AssumeRole", "readOnly": true, "managementEvent": true}),
            json!({"eventName": "GetSigninToken", "eventType": "AwsConsoleSignIn", "readOnly": true}),
        ] {
            assert_eq!(reason(&arrives, 900, RuleState::Enabled), None, "{arrives}");
            assert_eq!(reason(&arrives, 900, RuleState::Disabled), Some(Withheld::Disabled));
            assert_eq!(reason(&arrives, MAX_BYTES + 1, RuleState::Enabled), Some(Withheld::TooLarge));
        }
        let other = json!({"eventType": "AwsCloudTrailAggregatedEvent"});
        assert_eq!(reason(&other, 900, RuleState::Enabled), Some(Withheld::OtherKind));
        assert!(
            DETAIL_TYPES.iter().all(|(kind, _)| reason(&json!({"eventType": kind}), 9, RuleState::Enabled).is_none())
        );
    }

    #[test]
    fn the_searches_are_searches() {
        let pattern = parse(r#"{"source": ["aws.iam"]}"#).unwrap();
        for state in [RuleState::Enabled, RuleState::EnabledWithAllManagementEvents] {
            let text = delivered(&pattern, state).unwrap();
            let query = search::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(query.clauses.len(), if state == RuleState::Enabled { 4 } else { 3 });
        }
        assert_eq!(delivered(&pattern, RuleState::Disabled), None);
        assert_eq!(search::parse(&withheld(&pattern, Withheld::TooLarge)).unwrap().clauses.len(), 2);
        assert_eq!(search::parse(&withheld(&pattern, Withheld::Disabled)).unwrap().clauses.len(), 1);
    }
}
