//! Named actions: the only way the [`ViewState`] changes.

mod composites;
mod formulas;

use super::deployed::is_same;
use super::rule_action::RuleAction;
use super::search::{self, Edit};
use super::state::{
    ArchiveTab, COLUMN_WIDTH, Column, NamedBacktest, NamedComposite, NamedFormula, Panel, TimeRange, ViewState,
    default_columns,
};
use crate::controls::framework::Framework;
use crate::model::alarm::{Backtest, MathBacktest, MetricAlarm};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::metric::DELAY_MAX;
use crate::model::query::Sort;

/// Width of a column added by the user, in CSS pixels.
const NEW_COLUMN_WIDTH: u32 = 200;

/// One change of the view.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Adds backtests of what is deployed, but for those that are there already.
    AddBacktests(Vec<(String, Backtest)>),
    /// Replaces the search text.
    SetSearch(String),
    /// Edits the search by a value of a field; `None` is "without the field".
    EditSearch {
        /// What to do.
        edit: Edit,
        /// Field of the value.
        field: String,
        /// The value.
        value: Option<String>,
    },
    /// Zooms in: puts a range on top of the breadcrumbs.
    PushRange(TimeRange),
    /// Moves the range in force, or sets the first one.
    AdjustRange(TimeRange),
    /// Keeps this many breadcrumbs, 0 for the full range.
    KeepRanges(usize),
    /// Takes one breadcrumb out, wherever it stands.
    RemoveRange(usize),
    /// Shows a field in the facet panel.
    AddFacet(String),
    /// Takes a field out of the facet panel.
    RemoveFacet(String),
    /// Adds a column at the end.
    AddColumn(String),
    /// Takes a column out, except the last one left.
    RemoveColumn(String),
    /// Moves a column to another place in the order.
    MoveColumn {
        /// Field of the column.
        field: String,
        /// Index it has afterwards.
        to: usize,
    },
    /// Sets the width of a column in CSS pixels.
    ResizeColumn {
        /// Field of the column.
        field: String,
        /// Wanted width; kept inside [`COLUMN_WIDTH`].
        width: u32,
    },
    /// Back to the columns of the start.
    ResetColumns,
    /// Orders the table.
    SetSort(Sort),
    /// Opens an event by eventID in the detail drawer, or closes the drawer.
    Select(Option<String>),
    /// Shows a panel.
    Open(Panel),
    /// Shows a part of the archive panel.
    OpenArchive(ArchiveTab),
    /// Shows the controls of a framework.
    SetFramework(Framework),
    /// Opens a control by its key, or closes the one that is open.
    OpenControl(Option<String>),
    /// Keeps or removes events with the same eventID.
    KeepDuplicates(bool),
    /// Adds a metric filter and alarm and makes it the active one.
    AddBacktest {
        /// Name in the list.
        name: String,
        /// What is run.
        backtest: Box<Backtest>,
    },
    /// Changes a metric filter or alarm.
    EditBacktest {
        /// Which one.
        id: u32,
        /// Its new content.
        backtest: Box<Backtest>,
    },
    /// Adds an alarm on metric math and makes it the active one.
    AddFormula {
        /// Name in the list.
        name: String,
        /// What is run.
        backtest: Box<MathBacktest>,
    },
    /// Adds alarms on metric math of what is deployed, but for those that are there already.
    AddFormulas(Vec<MathBacktest>),
    /// Changes an alarm on metric math and its metric filters.
    EditFormula {
        /// Which one.
        id: u32,
        /// Its new content.
        backtest: Box<MathBacktest>,
    },
    /// Replaces all alarms on metric math (workspace file).
    ReplaceFormulas(Vec<NamedFormula>),
    /// Changes the alarm on a metric filter or on metric math.
    EditAlarm {
        /// Which one.
        id: u32,
        /// Its new content.
        alarm: Box<MetricAlarm>,
    },
    /// Adds a composite alarm and makes it the active one.
    AddComposite {
        /// Name in the list.
        name: String,
        /// The alarm.
        alarm: Box<CompositeAlarm>,
    },
    /// Adds composite alarms of what is deployed, but for those that are there already.
    AddComposites(Vec<(String, CompositeAlarm)>),
    /// Changes a composite alarm.
    EditComposite {
        /// Which one.
        id: u32,
        /// Its new content.
        alarm: Box<CompositeAlarm>,
    },
    /// Replaces the mute rules.
    SetMutes(Vec<AlarmMuteRule>),
    /// Replaces all composite alarms and mute rules (workspace file).
    ReplaceComposites(Vec<NamedComposite>, Vec<AlarmMuteRule>),
    /// Renames a list entry.
    RenameBacktest {
        /// Which one.
        id: u32,
        /// Its new name.
        name: String,
    },
    /// Copies one next to itself and makes the copy active.
    DuplicateBacktest(u32),
    /// Takes one out; a neighbour becomes active.
    RemoveBacktest(u32),
    /// Chooses the one that is edited and charted.
    ActivateBacktest(u32),
    /// Shows all of them at a glance, with none chosen.
    ShowOverview,
    /// Changes the list of rules.
    Rules(RuleAction),
    /// Sets the minutes between an event and its delivery to the log group.
    SetDelay(u32),
    /// Lets metric filters see the events that are too large for CloudWatch Logs, or not.
    ExcludeOversize(bool),
    /// Replaces the whole list (workspace file).
    ReplaceBacktests(Vec<NamedBacktest>),
}

impl Action {
    /// Whether this changes the search.
    pub fn changes_search(&self) -> bool {
        matches!(self, Self::SetSearch(_) | Self::EditSearch { .. })
    }

    /// Whether the browser's back button should undo this one by itself. Layout changes and walking from
    /// event to event only update the current history entry.
    pub fn is_undo_step(&self) -> bool {
        !matches!(
            self,
            Self::ResizeColumn { .. } | Self::MoveColumn { .. } | Self::Select(_) | Self::RenameBacktest { .. }
        )
    }
}

/// Applies an action. Actions that make no sense (an unknown id, an empty range) change nothing.
pub fn reduce(view: &mut ViewState, action: Action) {
    match action {
        Action::SetSearch(text) => view.search = text.trim().into(),
        Action::EditSearch { edit, field, value } => {
            view.search = search::edit(&view.search, edit, &field, value.as_deref());
        }
        Action::PushRange(range) => {
            if range.from < range.to && view.range() != Some(range) {
                view.ranges.push(range);
            }
        }
        Action::AdjustRange(range) => {
            if range.from < range.to {
                view.ranges.pop();
                view.ranges.push(range);
            }
        }
        Action::KeepRanges(count) => view.ranges.truncate(count),
        Action::RemoveRange(index) => {
            if index < view.ranges.len() {
                view.ranges.remove(index);
            }
        }
        Action::AddFacet(field) => {
            if !field.is_empty() && !view.facets.contains(&field) {
                view.facets.insert(0, field);
            }
        }
        Action::RemoveFacet(field) => view.facets.retain(|shown| *shown != field),
        Action::AddColumn(field) => {
            if !field.is_empty() && view.columns.iter().all(|column| column.field != field) {
                view.columns.push(Column { field, width: NEW_COLUMN_WIDTH });
            }
        }
        Action::RemoveColumn(field) => {
            if view.columns.len() > 1 {
                view.columns.retain(|column| column.field != field);
            }
        }
        Action::MoveColumn { field, to } => {
            if let Some(from) = view.columns.iter().position(|column| column.field == field) {
                let column = view.columns.remove(from);
                view.columns.insert(to.min(view.columns.len()), column);
            }
        }
        Action::ResizeColumn { field, width } => {
            if let Some(column) = view.columns.iter_mut().find(|column| column.field == field) {
                column.width = width.clamp(*COLUMN_WIDTH.start(), *COLUMN_WIDTH.end());
            }
        }
        Action::ResetColumns => view.columns = default_columns(),
        Action::SetSort(sort) => view.sort = sort,
        Action::Select(event) => view.selected = event,
        Action::Open(panel) => view.panel = panel,
        Action::OpenArchive(tab) => {
            view.panel = Panel::Archive;
            view.archive = tab;
        }
        Action::SetFramework(framework) => view.framework = framework,
        Action::OpenControl(key) => view.control = key,
        Action::KeepDuplicates(keep) => view.keep_duplicates = keep,
        Action::AddBacktest { name, backtest } => {
            let id = view.free_id();
            let name = unused_name(view, &name);
            view.backtests.push(NamedBacktest { id, name, backtest: *backtest });
            view.active = Some(id);
        }
        Action::EditBacktest { id, backtest } => {
            if let Some(item) = find(view, id) {
                item.backtest = *backtest;
            }
        }
        Action::EditAlarm { id, alarm } => {
            if let Some(item) = find(view, id) {
                item.backtest.alarm = *alarm;
            } else if let Some(item) = formulas::find(view, id) {
                item.backtest.alarm = *alarm;
            }
        }
        Action::RenameBacktest { id, name } => {
            let name = name.trim();
            if name.is_empty() {
                return;
            }
            if let Some(item) = find(view, id) {
                item.name = name.into();
            } else if let Some(item) = formulas::find(view, id) {
                item.name = name.into();
            } else if let Some(item) = composites::find(view, id) {
                item.name = name.into();
            }
        }
        Action::DuplicateBacktest(id) => {
            if let Some(index) = view.backtests.iter().position(|item| item.id == id) {
                let mut copy = view.backtests[index].clone();
                (copy.id, copy.name) = (view.free_id(), unused_name(view, &copy.name));
                // Two alarms of one name would be one alarm.
                copy.backtest.alarm.alarm_name.clear();
                view.active = Some(copy.id);
                view.backtests.insert(index + 1, copy);
            } else {
                formulas::duplicate(view, id);
                composites::duplicate(view, id);
            }
        }
        Action::RemoveBacktest(id) => {
            if view.active == Some(id) {
                view.active = neighbour(view, id);
            }
            view.backtests.retain(|item| item.id != id);
            view.formulas.retain(|item| item.id != id);
            view.composites.retain(|item| item.id != id);
        }
        Action::ActivateBacktest(id) => {
            if view.alarm_ids().any(|known| known == id) {
                view.active = Some(id);
            }
        }
        Action::AddBacktests(items) => {
            let mut first = None;
            for (name, backtest) in items {
                if view.backtests.iter().any(|item| is_same(&item.backtest, &backtest)) {
                    continue;
                }
                let (id, name) = (view.free_id(), unused_name(view, &name));
                view.backtests.push(NamedBacktest { id, name, backtest });
                first = first.or(Some(id));
            }
            view.active = first.or(view.active);
        }
        Action::ShowOverview => (view.panel, view.active) = (Panel::Alarms, None),
        Action::Rules(action) => action.apply(view),
        Action::SetDelay(minutes) => view.delay_minutes = minutes.min(DELAY_MAX),
        Action::ExcludeOversize(exclude) => view.exclude_oversize = exclude,
        Action::AddFormula { name, backtest } => formulas::add(view, &name, *backtest),
        Action::AddFormulas(items) => formulas::add_deployed(view, items),
        Action::EditFormula { id, backtest } => {
            if let Some(item) = formulas::find(view, id) {
                item.backtest = *backtest;
            }
        }
        Action::ReplaceFormulas(items) => {
            formulas::replace(view, items);
            keep_active(view);
        }
        Action::AddComposite { name, alarm } => composites::add(view, &name, *alarm),
        Action::AddComposites(items) => composites::add_deployed(view, items),
        Action::EditComposite { id, alarm } => {
            if let Some(item) = composites::find(view, id) {
                item.alarm = *alarm;
            }
        }
        Action::SetMutes(mutes) => view.mutes = mutes,
        Action::ReplaceComposites(items, mutes) => {
            composites::replace(view, items, mutes);
            keep_active(view);
        }
        Action::ReplaceBacktests(items) => {
            view.backtests.clear();
            for mut item in items {
                item.id = view.free_id();
                view.backtests.push(item);
            }
            view.active = view.backtests.first().map(|item| item.id);
            keep_active(view);
        }
    }
}

fn find(view: &mut ViewState, id: u32) -> Option<&mut NamedBacktest> {
    view.backtests.iter_mut().find(|item| item.id == id)
}

/// The alarm after one, or before the last one.
fn neighbour(view: &ViewState, id: u32) -> Option<u32> {
    let ids: Vec<u32> = view.alarm_ids().collect();
    let at = ids.iter().position(|known| *known == id)?;
    ids.get(at + 1).or_else(|| ids.get(at.checked_sub(1)?)).copied()
}

/// Makes the first alarm active where the active one is gone.
fn keep_active(view: &mut ViewState) {
    if view.alarm_ids().all(|id| Some(id) != view.active) {
        let first = view.alarm_ids().next();
        view.active = first;
    }
}

/// `Root use`, or `Root use 2` when the list has that name already.
fn unused_name(view: &ViewState, wanted: &str) -> String {
    let wanted = if wanted.trim().is_empty() { "Untitled" } else { wanted.trim() };
    let taken = |name: &str| view.alarm_ids().any(|id| view.name_of(id) == Some(name));
    if !taken(wanted) {
        return wanted.into();
    }
    let stem = wanted.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let stem = if stem.is_empty() { wanted } else { stem };
    (2u32..).map(|number| format!("{stem} {number}")).find(|name| !taken(name)).unwrap_or_else(|| wanted.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::view::composites::alarm_names;

    fn range(from: i64, to: i64) -> TimeRange {
        TimeRange { from: EpochMs(from), to: EpochMs(to) }
    }

    fn after(actions: impl IntoIterator<Item = Action>) -> ViewState {
        let mut view = ViewState::default();
        for action in actions {
            reduce(&mut view, action);
        }
        view
    }

    fn add(name: &str) -> Action {
        Action::AddBacktest { name: name.into(), backtest: Box::default() }
    }

    fn names(view: &ViewState) -> Vec<&str> {
        view.backtests.iter().map(|item| item.name.as_str()).collect()
    }

    #[test]
    fn breadcrumbs_stack_and_unwind() {
        let view = after([
            Action::PushRange(range(0, 100)),
            Action::PushRange(range(10, 50)),
            Action::PushRange(range(10, 50)),
            Action::PushRange(range(20, 20)),
        ]);
        assert_eq!(view.ranges, [range(0, 100), range(10, 50)]);
        let mut moved = view.clone();
        reduce(&mut moved, Action::AdjustRange(range(11, 51)));
        assert_eq!(moved.ranges, [range(0, 100), range(11, 51)]);
        let mut kept = view.clone();
        reduce(&mut kept, Action::KeepRanges(1));
        assert_eq!(kept.range(), Some(range(0, 100)));
        let mut removed = view;
        reduce(&mut removed, Action::RemoveRange(0));
        reduce(&mut removed, Action::RemoveRange(7));
        assert_eq!(removed.ranges, [range(10, 50)]);
    }

    #[test]
    fn fields_appear_once() {
        let view = after([
            Action::AddColumn("eventName".into()),
            Action::AddColumn("userAgent".into()),
            Action::AddFacet("vpcEndpointId".into()),
            Action::AddFacet("vpcEndpointId".into()),
        ]);
        assert_eq!(view.columns.iter().filter(|column| column.field == "eventName").count(), 1);
        assert_eq!(view.columns.last().map(|column| column.field.as_str()), Some("userAgent"));
        assert_eq!(view.facets.iter().filter(|field| *field == "vpcEndpointId").count(), 1);
    }

    #[test]
    fn columns_move_and_keep_a_sane_width() {
        let view = after([
            Action::MoveColumn { field: "errorCode".into(), to: 1 },
            Action::MoveColumn { field: "eventName".into(), to: 99 },
            Action::ResizeColumn { field: "errorCode".into(), width: 1 },
        ]);
        assert_eq!((view.columns[1].field.as_str(), view.columns[1].width), ("errorCode", 48));
        assert_eq!(view.columns.last().map(|column| column.field.as_str()), Some("eventName"));
        let mut one = view;
        for column in one.columns.clone() {
            reduce(&mut one, Action::RemoveColumn(column.field));
        }
        assert_eq!(one.columns.len(), 1);
    }

    #[test]
    fn backtests_are_added_copied_and_removed() {
        let mut view = after([add("Root use"), add("Root use"), add("  ")]);
        assert_eq!(names(&view), ["Root use", "Root use 2", "Untitled"]);
        reduce(&mut view, Action::DuplicateBacktest(1));
        assert_eq!(names(&view), ["Root use", "Root use 3", "Root use 2", "Untitled"]);
        assert_eq!(view.active, Some(4));
        reduce(&mut view, Action::RemoveBacktest(4));
        assert_eq!(view.active_backtest().map(|item| item.name.as_str()), Some("Root use 2"));
        for id in [1, 2, 3, 9] {
            reduce(&mut view, Action::RemoveBacktest(id));
        }
        assert_eq!((view.backtests.len(), view.active), (0, None));
    }

    #[test]
    fn a_copy_has_the_name_of_an_alarm_to_itself() {
        let called_run = MetricAlarm { alarm_name: "Run".into(), ..MetricAlarm::default() };
        let backtest = Backtest { alarm: called_run.clone(), ..Backtest::default() };
        let formula =
            MathBacktest { alarm: MetricAlarm { alarm_name: "Share".into(), ..called_run }, ..MathBacktest::default() };
        let view = after([
            Action::AddBacktest { name: "Run".into(), backtest: Box::new(backtest) },
            Action::AddFormula { name: "Share".into(), backtest: Box::new(formula) },
            Action::DuplicateBacktest(1),
            Action::DuplicateBacktest(2),
        ]);
        let names: Vec<String> = alarm_names(&view).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Run", "Run 2", "Share", "Share 2"]);
        assert_eq!(view.backtests[0].backtest.alarm.alarm_name, "Run");
    }

    #[test]
    fn composites_share_ids_and_names_with_backtests() {
        let composite = |name: &str| Action::AddComposite { name: name.into(), alarm: Box::default() };
        let mut view = after([add("Root use"), composite("Root use"), composite("Service")]);
        let listed = |view: &ViewState| -> Vec<(u32, String)> {
            view.composites.iter().map(|item| (item.id, item.name.clone())).collect()
        };
        assert_eq!(listed(&view), [(2, "Root use 2".into()), (3, "Service".into())]);
        reduce(&mut view, Action::DuplicateBacktest(3));
        assert_eq!((view.active, listed(&view).len()), (Some(4), 3));
        reduce(&mut view, Action::RenameBacktest { id: 4, name: "Other".into() });
        reduce(&mut view, Action::RemoveBacktest(4));
        assert_eq!(view.active, Some(3));
        for id in [3, 2] {
            reduce(&mut view, Action::RemoveBacktest(id));
        }
        assert_eq!((view.active, view.composites.len()), (Some(1), 0));
        reduce(&mut view, Action::ActivateBacktest(2));
        assert_eq!(view.active, Some(1));
    }

    #[test]
    fn the_archive_panel_opens_where_it_was_left() {
        let view = after([Action::OpenArchive(ArchiveTab::Coverage), Action::Open(Panel::Events)]);
        assert_eq!((view.panel, view.archive), (Panel::Events, ArchiveTab::Coverage));
        let mut again = view;
        reduce(&mut again, Action::Open(Panel::Archive));
        assert_eq!((again.panel, again.archive), (Panel::Archive, ArchiveTab::Coverage));
    }

    #[test]
    fn replacing_the_list_gives_fresh_ids() {
        let item = |name: &str| NamedBacktest { id: 7, name: name.into(), backtest: Backtest::default() };
        let view = after([add("old"), Action::ReplaceBacktests(vec![item("a"), item("b")])]);
        assert_eq!(view.backtests.iter().map(|item| item.id).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(view.active, Some(1));
    }
}
