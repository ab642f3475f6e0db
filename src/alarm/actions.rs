//! Which actions would have run ("Alarm actions"; cases `al-act-*`). Nothing is ever sent: this only names them.

use super::dispatch::Dispatch;
use super::mute::Mute;
use super::timeline::Timeline;
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::composite::CompositeAlarm;

/// What an action ARN addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A notification to an SNS topic.
    Sns,
    /// A Lambda function, version or alias.
    Lambda,
    /// EC2 stop, terminate, reboot or recover.
    Ec2,
    /// An Auto Scaling policy.
    AutoScaling,
    /// A Systems Manager OpsItem.
    OpsItem,
    /// An Incident Manager response plan.
    IncidentManager,
    /// A CloudWatch investigation.
    Investigation,
    /// None of these.
    Unknown,
}

impl Target {
    /// By service and resource of the ARN.
    pub fn of(arn: &str) -> Self {
        let mut parts = arn.splitn(6, ':');
        if parts.next() != Some("arn") {
            return Self::Unknown;
        }
        let service = parts.nth(1).unwrap_or_default();
        let resource = parts.nth(2).unwrap_or_default();
        match service {
            "sns" => Self::Sns,
            "lambda" => Self::Lambda,
            "automate" | "swf" => Self::Ec2,
            "autoscaling" => Self::AutoScaling,
            "ssm" if resource.starts_with("opsitem") => Self::OpsItem,
            "ssm-incidents" => Self::IncidentManager,
            "aiops" => Self::Investigation,
            _ => Self::Unknown,
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sns => "SNS notification",
            Self::Lambda => "Lambda function",
            Self::Ec2 => "EC2 action",
            Self::AutoScaling => "Auto Scaling policy",
            Self::OpsItem => "OpsItem",
            Self::IncidentManager => "Incident Manager response plan",
            Self::Investigation => "investigation",
            Self::Unknown => "unknown action",
        }
    }
}

/// Whether actions with this target run in `state` at all: OpsItems, incidents and investigations on ALARM only.
pub fn runs_in(target: Target, state: AlarmState) -> bool {
    state == AlarmState::Alarm || !matches!(target, Target::OpsItem | Target::IncidentManager | Target::Investigation)
}

/// Whether an evaluation that leads from `from` to `to` runs an action with this target set for state `to`: on a change of
/// state only, except that Auto Scaling actions repeat while the state lasts.
pub fn runs_on(target: Target, from: AlarmState, to: AlarmState) -> bool {
    runs_in(target, to) && (from != to || target == Target::AutoScaling)
}

/// The actions that an alarm of either kind names.
#[derive(Clone, Copy, Debug)]
pub struct ActionLists<'a> {
    /// `ActionsEnabled`
    pub enabled: bool,
    ok: &'a [String],
    alarm: &'a [String],
    insufficient_data: &'a [String],
}

impl<'a> ActionLists<'a> {
    /// Those that run on entering a state.
    pub fn of(self, state: AlarmState) -> &'a [String] {
        match state {
            AlarmState::Ok => self.ok,
            AlarmState::Alarm => self.alarm,
            AlarmState::InsufficientData => self.insufficient_data,
        }
    }
}

impl<'a> From<&'a MetricAlarm> for ActionLists<'a> {
    fn from(alarm: &'a MetricAlarm) -> Self {
        Self {
            enabled: alarm.actions_enabled,
            ok: &alarm.ok_actions,
            alarm: &alarm.alarm_actions,
            insufficient_data: &alarm.insufficient_data_actions,
        }
    }
}

impl<'a> From<&'a CompositeAlarm> for ActionLists<'a> {
    fn from(alarm: &'a CompositeAlarm) -> Self {
        Self {
            enabled: alarm.actions_enabled,
            ok: &alarm.ok_actions,
            alarm: &alarm.alarm_actions,
            insufficient_data: &alarm.insufficient_data_actions,
        }
    }
}

/// An action that would have run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedAction {
    /// Which change of state ran it, as an index of [`Timeline::transitions`].
    pub transition: usize,
    /// When it would have run first.
    pub time: EpochMs,
    /// The state that was entered.
    pub state: AlarmState,
    /// The action as the alarm names it.
    pub arn: String,
    /// What the ARN addresses.
    pub target: Target,
    /// How often it would have been repeated, once a minute while the state lasted (Auto Scaling only).
    pub repeats: u64,
}

impl SimulatedAction {
    /// The last part of the ARN: topic, function or policy name.
    pub fn name(&self) -> &str {
        self.arn.rsplit([':', '/']).next().unwrap_or(&self.arn)
    }
}

/// All actions that the transitions of `timeline` would have run, in order of the transitions, when [`Dispatch`] lets
/// them. `mutes` are the rules about this alarm: they keep repeated actions from running as well.
pub fn simulate<'a>(
    lists: ActionLists<'a>,
    timeline: &'a Timeline,
    dispatches: &'a [Dispatch],
    mutes: &'a [&'a Mute],
) -> impl Iterator<Item = SimulatedAction> + 'a {
    let changes = timeline.transitions.iter().zip(timeline.spans.iter().skip(1)).zip(dispatches).enumerate();
    changes.flat_map(move |(at, ((transition, span), dispatch))| {
        let runs = dispatch.runs.into_iter();
        runs.flat_map(move |time| {
            lists.of(transition.to).iter().filter_map(move |arn| {
                let target = Target::of(arn);
                runs_on(target, transition.from, transition.to).then(|| SimulatedAction {
                    transition: at,
                    time,
                    state: transition.to,
                    arn: arn.clone(),
                    target,
                    repeats: if runs_on(target, transition.to, transition.to) {
                        repeats(time, span.to, mutes)
                    } else {
                        0
                    },
                })
            })
        })
    })
}

/// Whole minutes after `from` and before `to` in which nothing is muted.
fn repeats(from: EpochMs, to: EpochMs, mutes: &[&Mute]) -> u64 {
    let (mut count, mut time) = (0, EpochMs(from.0 + MINUTE));
    while time < to {
        match mutes.iter().find_map(|mute| mute.window_at(time)) {
            // On to the first minute after the window.
            Some(window) => time = EpochMs(from.0 + (window.to.0 - from.0 + MINUTE - 1).div_euclid(MINUTE) * MINUTE),
            None if mutes.is_empty() => return ((to.0 - from.0 - 1) / MINUTE) as u64,
            None => {
                count += 1;
                time = EpochMs(time.0 + MINUTE);
            }
        }
    }
    count
}
