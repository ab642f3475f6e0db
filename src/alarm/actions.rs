//! Which actions would have run ("Alarm actions"; cases `al-act-*`). Nothing is ever sent: this only names them.

use super::timeline::Timeline;
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, MetricAlarm};

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

/// An action that would have run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedAction {
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

/// The actions set for a state.
pub fn actions_of(alarm: &MetricAlarm, state: AlarmState) -> &[String] {
    match state {
        AlarmState::Ok => &alarm.ok_actions,
        AlarmState::Alarm => &alarm.alarm_actions,
        AlarmState::InsufficientData => &alarm.insufficient_data_actions,
    }
}

/// All actions that the transitions of `timeline` would have run, in order; none with `ActionsEnabled` false.
pub fn simulate<'a>(alarm: &'a MetricAlarm, timeline: &'a Timeline) -> impl Iterator<Item = SimulatedAction> + 'a {
    timeline.transitions.iter().zip(timeline.spans.iter().skip(1)).filter(|_| alarm.actions_enabled).flat_map(
        |(transition, span)| {
            actions_of(alarm, transition.to).iter().filter_map(move |arn| {
                let target = Target::of(arn);
                let repeats = if runs_on(target, transition.to, transition.to) { span.seconds() / 60 } else { 0 };
                runs_on(target, transition.from, transition.to).then(|| SimulatedAction {
                    time: transition.time,
                    state: transition.to,
                    arn: arn.clone(),
                    target,
                    repeats: repeats.saturating_sub(1),
                })
            })
        },
    )
}
