//! Metric filters, alarms and rules as configuration to deploy: CloudFormation, Terraform, the AWS CLI, plain JSON.
//!
//! Entry points: [`write()`], and [`rule::write()`] for EventBridge rules. Everything is text for people to read before they run it, and nothing in it is left for the
//! reader to fill in but the log group. Names come from users and patterns from anywhere: each writer quotes for its own
//! language, and no such text stands in a comment.

mod cloudformation;
mod command_line;
mod composite;
mod document;
mod filter;
mod formula;
mod mute;
mod ready;
pub mod rule;
mod terraform;

use crate::model::alarm::{Backtest, MathBacktest, MetricAlarm};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::metric::MetricTransformation;
use cloudformation::can_hold;
use composite::ReadyComposite;
use document::Node;
use filter::ReadyFilter;
use formula::ReadyFormula;
use mute::ReadyMute;
use ready::{Names, Ready};

/// A metric filter with its alarm, and what it is called in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Stands in for names that the filter and the alarm do not have.
    pub name: &'a str,
    /// What to deploy.
    pub backtest: &'a Backtest,
}

/// An alarm on metric math with its metric filters, and what it is called in the list.
#[derive(Clone, Copy, Debug)]
pub struct FormulaEntry<'a> {
    /// Stands in for names that the alarm and its filters do not have.
    pub name: &'a str,
    /// What to deploy.
    pub backtest: &'a MathBacktest,
}

/// A composite alarm, and what it is called in the list.
#[derive(Clone, Copy, Debug)]
pub struct CompositeEntry<'a> {
    /// Stands in for the name that the alarm does not have.
    pub name: &'a str,
    /// What to deploy.
    pub alarm: &'a CompositeAlarm,
}

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// A CloudFormation template in YAML.
    #[default]
    CloudFormationYaml,
    /// A CloudFormation template in JSON.
    CloudFormationJson,
    /// Terraform, for the AWS provider.
    Terraform,
    /// A shell script for the AWS CLI.
    CommandLine,
    /// What `describe-metric-filters` and `describe-alarms` would print, in one object.
    Json,
}

impl Format {
    /// In the order offered.
    pub const ALL: [Self; 5] =
        [Self::CloudFormationYaml, Self::CloudFormationJson, Self::Terraform, Self::CommandLine, Self::Json];

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::CloudFormationYaml => "CloudFormation",
            Self::CloudFormationJson => "CloudFormation JSON",
            Self::Terraform => "Terraform",
            Self::CommandLine => "AWS CLI",
            Self::Json => "JSON",
        }
    }

    /// Name of a file that holds it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::CloudFormationYaml => "alarms.yaml",
            Self::CloudFormationJson => "alarms.template.json",
            Self::Terraform => "alarms.tf",
            Self::CommandLine => "alarms.sh",
            Self::Json => "alarms.json",
        }
    }
}

/// The configuration, and what is worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The text; empty when nothing can be deployed.
    pub text: String,
    /// What was left out, and which names were made up, one sentence each.
    pub notes: Vec<String>,
}

/// All alarms to deploy.
#[derive(Clone, Debug, Default)]
pub struct Alarms<'a> {
    /// Those on one metric filter.
    pub backtests: Vec<Entry<'a>>,
    /// Those on metric math.
    pub formulas: Vec<FormulaEntry<'a>>,
    /// Those on other alarms.
    pub composites: Vec<CompositeEntry<'a>>,
    /// Mute rules. Those that mute none of the alarms are not written.
    pub mutes: &'a [AlarmMuteRule],
}

/// The same with every name that is needed, without what CloudWatch would refuse.
struct Prepared {
    backtests: Vec<Ready>,
    formulas: Vec<ReadyFormula>,
    composites: Vec<ReadyComposite>,
    mutes: Vec<ReadyMute>,
}

impl Prepared {
    /// The metric filters, each once.
    fn filters(&self) -> impl Iterator<Item = &ReadyFilter> {
        let own = self.backtests.iter().filter(|item| item.filter.id == item.id).map(|item| &item.filter);
        own.chain(self.formulas.iter().flat_map(|item| &item.filters))
    }

    /// The metric alarms with their ids, and the metric of those that are on one.
    fn metric_alarms(&self) -> impl Iterator<Item = (&str, &MetricAlarm, Option<&MetricTransformation>)> {
        let single = self.backtests.iter().map(|item| (item.id.as_str(), &item.alarm, Some(&item.filter.metric)));
        single.chain(self.formulas.iter().map(|item| (item.id.as_str(), &item.alarm, None)))
    }

    /// The id of the metric alarm called `name`.
    fn metric_alarm(&self, name: &str) -> Option<&str> {
        self.metric_alarms().find(|(_, alarm, _)| alarm.alarm_name == name).map(|(id, ..)| id)
    }

    fn is_empty(&self) -> bool {
        self.backtests.is_empty() && self.formulas.is_empty() && self.composites.is_empty()
    }
}

/// Writes alarms and their metric filters as `format`. What CloudWatch would refuse is left out and named, as is what the
/// format cannot hold.
pub fn write(alarms: &Alarms, format: Format) -> Output {
    let (mut names, mut notes) = (Names::default(), Vec::new());
    let (mut alarms, mut mutes) = (alarms.clone(), alarms.mutes.to_vec());
    if matches!(format, Format::CloudFormationYaml | Format::CloudFormationJson) {
        let notes = &mut notes;
        alarms.backtests.retain(|item| can_hold(item.name, item.backtest, notes));
        alarms.formulas.retain(|item| can_hold(item.name, item.backtest, notes));
        alarms.composites.retain(|item| can_hold(item.name, item.alarm, notes));
        mutes.retain(|rule| can_hold(&rule.name, rule, notes));
    }
    let backtests = ready::make(&alarms.backtests, &mut names, &mut notes);
    let formulas = formula::make(&alarms.formulas, &backtests, &mut names, &mut notes);
    let mut prepared = Prepared { backtests, formulas, composites: Vec::new(), mutes: Vec::new() };
    prepared.composites = composite::make(&alarms.composites, &prepared, &mut names, &mut notes);
    prepared.mutes = mute::make(&mutes, &prepared, &mut names, &mut notes);
    let text = match format {
        _ if prepared.is_empty() => String::new(),
        Format::CloudFormationYaml => cloudformation::template(&prepared).to_yaml(),
        Format::CloudFormationJson => cloudformation::template(&prepared).to_json(),
        Format::Terraform => terraform::write(&prepared),
        Format::CommandLine => command_line::write(&prepared),
        Format::Json => plain(&prepared).to_json(),
    };
    Output { text, notes }
}

/// `{"metricFilters":[…],"MetricAlarms":[…],"CompositeAlarms":[…],"AlarmMuteRules":[…]}`, with the members of the API.
fn plain(prepared: &Prepared) -> Node {
    let some = |list: Vec<Node>| (!list.is_empty()).then_some(Node::List(list));
    Node::map([
        ("metricFilters", prepared.filters().map(ReadyFilter::metric_filter).collect()),
        (
            "MetricAlarms",
            prepared.metric_alarms().map(|(_, alarm, metric)| ready::metric_alarm(alarm, metric)).collect(),
        ),
    ])
    .with("CompositeAlarms", some(prepared.composites.iter().map(ReadyComposite::composite_alarm).collect()))
    .with("AlarmMuteRules", some(prepared.mutes.iter().map(ReadyMute::mute_rule).collect()))
}
