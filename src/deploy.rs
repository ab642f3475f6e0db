//! Metric filters, alarms and rules as configuration to deploy: CloudFormation, Terraform, the AWS CLI, plain JSON.
//!
//! Entry points: [`write()`], and [`rule::write()`] for EventBridge rules. Everything is text for people to read before they run it, and nothing in it is left for the
//! reader to fill in but the log group. Names come from users and patterns from anywhere: each writer quotes for its own
//! language, and no such text stands in a comment.

mod cloudformation;
mod command_line;
mod composite;
mod document;
mod ready;
pub mod rule;
mod terraform;

use crate::model::alarm::Backtest;
use crate::model::composite::CompositeAlarm;
use composite::ReadyComposite;
use document::Node;
use ready::Ready;

/// A metric filter with its alarm, and what it is called in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Stands in for names that the filter and the alarm do not have.
    pub name: &'a str,
    /// What to deploy.
    pub backtest: &'a Backtest,
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

/// Writes `entries` and the composite alarms on them as `format`. What CloudWatch would refuse is left out and named.
pub fn write(entries: &[Entry], composites: &[CompositeEntry], format: Format) -> Output {
    let (ready, mut notes) = ready::make(entries);
    let composites = composite::make(composites, &ready, &mut notes);
    let text = match format {
        _ if ready.is_empty() && composites.is_empty() => String::new(),
        Format::CloudFormationYaml => cloudformation::template(&ready, &composites).to_yaml(),
        Format::CloudFormationJson => cloudformation::template(&ready, &composites).to_json(),
        Format::Terraform => terraform::write(&ready, &composites),
        Format::CommandLine => command_line::write(&ready, &composites),
        Format::Json => plain(&ready, &composites).to_json(),
    };
    Output { text, notes }
}

/// `{"metricFilters":[…],"MetricAlarms":[…],"CompositeAlarms":[…]}`, with the members of the API.
fn plain(ready: &[Ready], composites: &[ReadyComposite]) -> Node {
    Node::map([
        ("metricFilters", ready.iter().map(|item| item.metric_filter()).collect()),
        ("MetricAlarms", ready.iter().map(|item| item.metric_alarm()).collect()),
    ])
    .with(
        "CompositeAlarms",
        (!composites.is_empty()).then(|| composites.iter().map(ReadyComposite::composite_alarm).collect()),
    )
}
