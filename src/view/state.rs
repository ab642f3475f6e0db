//! The view as a value: what the user is looking at, apart from data, theme and other preferences.
//!
//! Invariants, kept by [`reduce`](super::reduce): every range in the stack is non-empty; columns and facets
//! name a field once; `active` names an existing backtest or nothing.

use crate::base::EpochMs;
use crate::controls::framework::Framework;
use crate::model::alarm::{Backtest, MathBacktest};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::query::{PRINCIPAL, Scope, Sort};
use crate::model::rule::Rule;
use serde::{Deserialize, Serialize};

/// Field that stands for the event's time in columns and sort orders.
pub const TIME_FIELD: &str = "eventTime";

/// Fields the facet panel starts with.
pub const DEFAULT_FACETS: [&str; 11] = [
    "eventName",
    "eventSource",
    PRINCIPAL,
    "errorCode",
    "userIdentity.type",
    "sourceIPAddress",
    "awsRegion",
    "recipientAccountId",
    "readOnly",
    "eventCategory",
    "userAgent",
];

/// Columns the table starts with, and their widths in CSS pixels.
pub const DEFAULT_COLUMNS: [(&str, u32); 7] = [
    (TIME_FIELD, 164),
    ("eventName", 190),
    ("eventSource", 184),
    (PRINCIPAL, 300),
    ("sourceIPAddress", 136),
    ("awsRegion", 108),
    ("errorCode", 190),
];

/// Narrowest and widest column in CSS pixels.
pub const COLUMN_WIDTH: std::ops::RangeInclusive<u32> = 48..=1_600;

/// A half-open span of time `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    /// First instant inside.
    pub from: EpochMs,
    /// First instant after it.
    pub to: EpochMs,
}

impl TimeRange {
    /// From one instant to another, in either order; `None` when they are the same.
    pub fn between(a: EpochMs, b: EpochMs) -> Option<Self> {
        (a != b).then(|| Self { from: a.min(b), to: a.max(b) })
    }

    /// Length in milliseconds.
    pub fn millis(self) -> i64 {
        self.to.0.saturating_sub(self.from.0)
    }

    /// Whether the instant lies inside.
    pub fn contains(self, time: EpochMs) -> bool {
        self.from <= time && time < self.to
    }

    /// The range itself, or one that goes on to `time` if that adds a quarter or more: what a long range lacks at its
    /// end could hardly be seen in it.
    pub fn reaching(self, time: EpochMs) -> Self {
        let missing = time.0.saturating_sub(self.to.0);
        if missing < self.millis() / 4 { self } else { Self { to: time, ..self } }
    }
}

/// A table column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Field shown, as in [`crate::model::query`]; [`TIME_FIELD`] shows the event's time in the chosen zone.
    pub field: String,
    /// Width in CSS pixels.
    pub width: u32,
}

/// What the body of the screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Panel {
    /// Facets, table and detail drawer.
    #[default]
    Events,
    /// Metric filters, their metrics and alarms.
    Alarms,
    /// The control pack over the loaded history.
    Controls,
    /// EventBridge rules and what reaches them.
    Rules,
    /// What was read, what it covers, whether it is genuine.
    Archive,
}

impl Panel {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 5] = [Self::Events, Self::Alarms, Self::Controls, Self::Rules, Self::Archive];

    /// Its name in links and in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Alarms => "alarms",
            Self::Controls => "controls",
            Self::Rules => "rules",
            Self::Archive => "archive",
        }
    }
}

/// What the archive panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArchiveTab {
    /// The import report: every file and archive entry and what became of it.
    #[default]
    Files,
    /// Which accounts, Regions and hours there are files and events of.
    Coverage,
    /// Whether files are those that CloudTrail delivered.
    Integrity,
}

impl ArchiveTab {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Files, Self::Coverage, Self::Integrity];

    /// Its name in links and identifiers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Coverage => "coverage",
            Self::Integrity => "integrity",
        }
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Files => "Files",
            Self::Coverage => "Coverage",
            Self::Integrity => "Integrity",
        }
    }
}

/// One metric filter and alarm in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedBacktest {
    /// Identifies it within the list for as long as the page is open.
    #[serde(default)]
    pub id: u32,
    /// Name shown in the list.
    pub name: String,
    /// What is run.
    #[serde(flatten)]
    pub backtest: Backtest,
}

/// One alarm on metric math in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedFormula {
    /// Identifies it within the lab for as long as the page is open.
    #[serde(default)]
    pub id: u32,
    /// Name shown in the list.
    pub name: String,
    /// The alarm and the metric filters of its metrics.
    #[serde(flatten)]
    pub backtest: MathBacktest,
}

/// One EventBridge rule in the list; its name is that of the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListedRule {
    /// Identifies it among all items of the lab for as long as the page is open.
    #[serde(default)]
    pub id: u32,
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
}

/// One composite alarm in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedComposite {
    /// Identifies it within the lab for as long as the page is open.
    #[serde(default)]
    pub id: u32,
    /// Name shown in the list.
    pub name: String,
    /// The alarm.
    #[serde(flatten)]
    pub alarm: CompositeAlarm,
}

impl NamedComposite {
    /// The name that rules use: that of the list where the alarm has none of its own.
    pub fn alarm_name(&self) -> &str {
        if self.alarm.alarm_name.is_empty() { &self.name } else { &self.alarm.alarm_name }
    }
}

/// Everything the user can change about what is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewState {
    /// Time ranges as breadcrumbs, each inside the one before; the last is in force, none means everything.
    pub ranges: Vec<TimeRange>,
    /// Search text (`pattern::search`).
    pub search: String,
    /// Fields of the facet panel, in order.
    pub facets: Vec<String>,
    /// Columns of the table, in order.
    pub columns: Vec<Column>,
    /// Order of the table.
    pub sort: Sort,
    /// eventID of the event in the detail drawer.
    pub selected: Option<String>,
    /// What the body shows.
    pub panel: Panel,
    /// What the archive panel shows.
    pub archive: ArchiveTab,
    /// Whose ids the panel of controls shows.
    pub framework: Framework,
    /// Key of the control that is open there.
    pub control: Option<String>,
    /// True: events with the same eventID are all kept.
    pub keep_duplicates: bool,
    /// Metric filters and alarms, in list order.
    pub backtests: Vec<NamedBacktest>,
    /// Alarms on metric math and anomaly detection bands, in list order.
    pub formulas: Vec<NamedFormula>,
    /// Composite alarms, in list order.
    pub composites: Vec<NamedComposite>,
    /// Mute rules.
    pub mutes: Vec<AlarmMuteRule>,
    /// The backtest or other alarm being edited and charted, by id.
    pub active: Option<u32>,
    /// EventBridge rules, in list order.
    pub rules: Vec<ListedRule>,
    /// The rule being edited, by id.
    pub active_rule: Option<u32>,
    /// Minutes between an event and its delivery to the log group, at most [`DELAY_MAX`](crate::model::metric::DELAY_MAX); a property of the trail, so one
    /// for all backtests.
    #[serde(default)]
    pub delay_minutes: u32,
    /// True: metric filters do not see the events that are too large for CloudWatch Logs.
    #[serde(default)]
    pub exclude_oversize: bool,
}

impl Default for ViewState {
    fn default() -> Self {
        Self {
            ranges: Vec::new(),
            search: String::new(),
            facets: DEFAULT_FACETS.map(String::from).to_vec(),
            columns: default_columns(),
            sort: Sort::default(),
            selected: None,
            panel: Panel::default(),
            archive: ArchiveTab::default(),
            framework: Framework::default(),
            control: None,
            keep_duplicates: false,
            backtests: Vec::new(),
            formulas: Vec::new(),
            composites: Vec::new(),
            mutes: Vec::new(),
            active: None,
            rules: Vec::new(),
            active_rule: None,
            delay_minutes: 0,
            exclude_oversize: false,
        }
    }
}

/// The columns a table starts with.
pub fn default_columns() -> Vec<Column> {
    DEFAULT_COLUMNS.map(|(field, width)| Column { field: field.into(), width }).to_vec()
}

impl ViewState {
    /// The time range in force.
    pub fn range(&self) -> Option<TimeRange> {
        self.ranges.last().copied()
    }

    /// Which events the view is about.
    pub fn scope(&self) -> Scope {
        Scope {
            filter: self.search.clone(),
            range: self.range().map(|range| (range.from, range.to)),
            keep_duplicates: self.keep_duplicates,
            ..Scope::default()
        }
    }

    /// The backtest being edited.
    pub fn active_backtest(&self) -> Option<&NamedBacktest> {
        self.backtests.iter().find(|item| Some(item.id) == self.active)
    }

    /// The rule being edited.
    pub fn active_rule(&self) -> Option<&ListedRule> {
        self.rules.iter().find(|item| Some(item.id) == self.active_rule)
    }

    /// The name that an item of the lab has in its list.
    pub fn name_of(&self, id: u32) -> Option<&str> {
        let backtest = self.backtests.iter().find(|item| item.id == id).map(|item| item.name.as_str());
        let formula = || self.formulas.iter().find(|item| item.id == id).map(|item| item.name.as_str());
        let composite = || self.composites.iter().find(|item| item.id == id).map(|item| item.name.as_str());
        backtest.or_else(formula).or_else(composite)
    }

    /// The ids of all alarms of the lab, in the order of the lists.
    pub fn alarm_ids(&self) -> impl Iterator<Item = u32> {
        let backtests = self.backtests.iter().map(|item| item.id);
        let formulas = self.formulas.iter().map(|item| item.id);
        backtests.chain(formulas).chain(self.composites.iter().map(|item| item.id))
    }

    /// An id no item of any list has.
    pub fn free_id(&self) -> u32 {
        self.alarm_ids().chain(self.rules.iter().map(|item| item.id)).max().map_or(1, |id| id + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_range_goes_on_to_what_comes_after_it() {
        let range = TimeRange { from: EpochMs(1_000), to: EpochMs(11_000) };
        for (time, to) in [(5_000, 11_000), (13_499, 11_000), (13_500, 13_500), (700_000, 700_000)] {
            assert_eq!(range.reaching(EpochMs(time)), TimeRange { to: EpochMs(to), ..range });
        }
    }
}
