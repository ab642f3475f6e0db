//! What the panel of rules says, apart from the DOM.

use super::format;
use super::rule_action::is_same;
use super::state::ListedRule;
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::partial::HistogramPart;
use crate::model::rule::{Rule, RuleState};
use crate::pattern::eventbridge::delivery::Withheld;

/// Invocations a minute that a Region allows at least, of all rules together: 750 a second, the lowest default of
/// "Invocations throttle limit in transactions per second" (EventBridge quotas). Larger Regions allow 18,750 a second.
pub const INVOCATIONS_PER_MINUTE: u64 = 750 * 60;

/// Targets that a rule can have (EventBridge quotas).
pub const TARGETS_MAX: usize = 5;

/// What became of the events in the shown range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Events looked at.
    pub events: u64,
    /// Those that match.
    pub matched: u64,
    /// Those of them that are delivered.
    pub delivered: u64,
    /// The others by reason; an event may have two.
    pub withheld: Vec<(Withheld, u64)>,
    /// The minute with most events delivered, and how many.
    pub busiest: Option<(EpochMs, u64)>,
}

impl Outcome {
    /// `12 events delivered`, or why none is.
    pub fn headline(&self) -> String {
        match (self.matched, self.delivered) {
            (0, _) => "No event matches".into(),
            (_, 0) => format!("{} match, none is delivered", format::plural(self.matched, "event", "events")),
            (matched, delivered) if matched == delivered => {
                format!("{} delivered", format::plural(delivered, "event", "events"))
            }
            (matched, delivered) => {
                format!(
                    "{} delivered of {} that match",
                    format::plural(delivered, "event", "events"),
                    format::count(matched)
                )
            }
        }
    }

    /// How the busiest minute compares with what a Region allows. A rule without targets invokes nothing: what each target
    /// would be invoked.
    pub fn rate(&self, targets: usize) -> Option<String> {
        let (_, count) = self.busiest?;
        let calls = count * targets.max(1) as u64;
        let each = if targets == 0 { " of each target" } else { "" };
        let share = calls as f64 / INVOCATIONS_PER_MINUTE as f64 * 100.0;
        let share = if share < 0.1 { "less than 0.1".into() } else { format!("{share:.1}") };
        Some(format!(
            "{}{each} in the busiest minute, {share} % of the {} invocations a minute that the smallest Region allows",
            format::plural(calls, "invocation", "invocations"),
            format::count(INVOCATIONS_PER_MINUTE),
        ))
    }
}

/// The minute with most events.
pub fn busiest(minutes: &HistogramPart) -> Option<(EpochMs, u64)> {
    let counts =
        minutes.buckets.iter().map(|(start, (ok, failed))| (EpochMs(start.div_euclid(MINUTE) * MINUTE), ok + failed));
    counts.max_by_key(|(start, count)| (*count, std::cmp::Reverse(*start))).filter(|(_, count)| *count > 0)
}

/// What the console calls a state, in words.
pub fn state_label(state: RuleState) -> &'static str {
    match state {
        RuleState::Enabled => "Enabled",
        RuleState::EnabledWithAllManagementEvents => "Enabled with all CloudTrail management events",
        RuleState::Disabled => "Disabled",
    }
}

/// A rule in a few words for the list.
pub fn summary(rule: &Rule) -> String {
    let targets = match rule.targets.len() {
        0 => "no target".to_owned(),
        count => format::plural(count as u64, "target", "targets"),
    };
    match rule.state {
        RuleState::Enabled => targets,
        state => format!("{}, {targets}", state_label(state)),
    }
}

/// Rules added at a time.
const MOST: usize = 100;

/// The rules found in files that are not in the list yet.
pub fn offered(found: &[Rule], listed: &[ListedRule]) -> Vec<Rule> {
    let is_new = |rule: &&Rule| !listed.iter().any(|item| is_same(&item.rule, rule));
    found.iter().filter(is_new).take(MOST).cloned().collect()
}

/// A rule made ready: what it watches, why, and its event pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Name of the rule.
    pub name: &'static str,
    /// What it watches.
    pub title: &'static str,
    /// Why anyone would want to know.
    pub about: &'static str,
    /// The event pattern.
    pub pattern: &'static str,
    /// Whether it needs read-only management events.
    pub read_only: bool,
}

impl Preset {
    /// The rule, without a target.
    pub fn rule(&self) -> Rule {
        let state = if self.read_only { RuleState::EnabledWithAllManagementEvents } else { RuleState::Enabled };
        Rule { name: self.name.into(), event_pattern: self.pattern.into(), state, ..Rule::default() }
    }
}

/// The presets, in the order offered.
pub const PRESETS: [Preset; 8] = [
    Preset {
        name: "root-activity",
        title: "Activity of the root user",
        about: "Sign-ins and calls, but for those that services make in its name",
        pattern: r#"{
  "detail-type": ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"],
  "detail": {
    "userIdentity": {
      "type": ["Root"],
      "invokedBy": [{"exists": false}]
    }
  }
}"#,
        read_only: true,
    },
    Preset {
        name: "console-sign-in-failure",
        title: "Failed console sign-ins",
        about: "Many in a short time suggest that passwords are being guessed",
        pattern: r#"{
  "source": ["aws.signin"],
  "detail": {
    "eventName": ["ConsoleLogin"],
    "responseElements": {"ConsoleLogin": ["Failure"]}
  }
}"#,
        read_only: false,
    },
    Preset {
        name: "security-group-change",
        title: "Security group changes",
        about: "Ports opened to the world begin here",
        pattern: r#"{
  "source": ["aws.ec2"],
  "detail": {
    "eventName": [
      {"prefix": "AuthorizeSecurityGroup"},
      {"prefix": "RevokeSecurityGroup"},
      "CreateSecurityGroup",
      "DeleteSecurityGroup",
      "ModifySecurityGroupRules"
    ]
  }
}"#,
        read_only: false,
    },
    Preset {
        name: "iam-change",
        title: "IAM users, keys and policies",
        about: "Permissions that grow are how intruders stay",
        pattern: r#"{
  "source": ["aws.iam"],
  "detail": {
    "eventName": [
      {"wildcard": "Attach*Policy"},
      {"wildcard": "Put*Policy"},
      {"prefix": "CreatePolicy"},
      "CreateUser",
      "CreateAccessKey",
      "CreateLoginProfile",
      "UpdateAssumeRolePolicy"
    ]
  }
}"#,
        read_only: false,
    },
    Preset {
        name: "cloudtrail-change",
        title: "Trails stopped or changed",
        about: "Whoever does that may want to go unseen",
        pattern: r#"{
  "source": ["aws.cloudtrail"],
  "detail": {
    "eventName": ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]
  }
}"#,
        read_only: false,
    },
    Preset {
        name: "access-denied",
        title: "Denied calls",
        about: "A broken job, or somebody probing what a stolen key can do",
        pattern: r#"{
  "detail": {
    "errorCode": [{"prefix": "AccessDenied"}, {"suffix": "UnauthorizedOperation"}]
  }
}"#,
        read_only: true,
    },
    Preset {
        name: "bucket-exposure",
        title: "S3 bucket policies and access",
        about: "How a bucket becomes public",
        pattern: r#"{
  "source": ["aws.s3"],
  "detail": {
    "eventName": [
      "PutBucketPolicy",
      "DeleteBucketPolicy",
      "PutBucketAcl",
      {"suffix": "PublicAccessBlock"}
    ]
  }
}"#,
        read_only: false,
    },
    Preset {
        name: "key-loss",
        title: "KMS keys disabled or deleted",
        about: "Data encrypted with a key that is gone is gone",
        pattern: r#"{
  "source": ["aws.kms"],
  "detail": {
    "eventName": ["DisableKey", "ScheduleKeyDeletion"]
  }
}"#,
        read_only: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::eventbridge::{check, parse};

    #[test]
    fn presets_are_valid_and_raise_no_warning() {
        for preset in PRESETS {
            let pattern = parse(preset.pattern).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
            assert_eq!(check(&pattern, preset.pattern), [], "{}", preset.name);
        }
    }

    #[test]
    fn the_headline_says_what_arrives() {
        let of = |matched, delivered| Outcome { matched, delivered, ..Outcome::default() }.headline();
        assert_eq!(of(0, 0), "No event matches");
        assert_eq!(of(3, 0), "3 events match, none is delivered");
        assert_eq!(of(1, 1), "1 event delivered");
        assert_eq!(of(1_200, 2), "2 events delivered of 1,200 that match");
    }

    #[test]
    fn the_busiest_minute_counts_each_target() {
        let minutes = HistogramPart { buckets: [(0, (5, 1)), (MINUTE, (40, 5)), (2 * MINUTE, (45, 0))].into() };
        let busiest = busiest(&minutes);
        assert_eq!(busiest, Some((EpochMs(MINUTE), 45)));
        let rate = Outcome { busiest, ..Outcome::default() }.rate(2).unwrap();
        assert!(rate.starts_with("90 invocations in the busiest minute, 0.2 % of the 45,000"), "{rate}");
    }
}
