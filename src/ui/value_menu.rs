//! The menu of a value, and what its lines do. Every value on screen opens this one.

use super::shell::{OpenMenu, Shell, ValueTarget, use_shell};
use super::state::{App, use_app};
use super::widgets::{ContextMenu, Icon, clipboard};
use crate::model::metric::MetricTransformation;
use crate::pattern::cloudwatch::edit::{Clause, with_clause};
use crate::view::columns::label;
use crate::view::search::{self, Edit};
use crate::view::value_menu::{VALUE_MENU, ValueCommand, ValueEntry, clause_selector};
use crate::view::{Action, Panel};
use leptos::prelude::*;

/// The menu while it is open.
#[component]
pub fn ValueMenu() -> impl IntoView {
    let shell = use_shell();
    move || shell.menu.get().map(|open| view! { <Menu open=open/> })
}

#[component]
fn Menu(open: OpenMenu) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let target = StoredValue::new(open.target.clone());
    let close = move || shell.menu.set(None);
    let choose = move |command: ValueCommand| {
        close();
        target.with_value(|target| act(app, shell, command, target));
    };
    // Clauses need a metric filter to go to.
    let has_filter = app.view.with_untracked(|view| view.active_backtest().is_some());
    let offered = move |entry: &&ValueEntry| has_filter || entry.command.clause().is_none();
    let on_key = move |key: String| {
        let entry = VALUE_MENU.iter().filter(offered).find(|entry| entry.key.key == key);
        entry.inspect(|entry| choose(entry.command)).is_some()
    };
    let value = open.target.value.clone().unwrap_or_else(|| "(none)".into());
    let title = format!("{}: {value}", label(&open.target.field));
    let lines = VALUE_MENU.iter().filter(offered).map(move |entry| {
        let line = view! {
            <button class="menu-item" role="menuitem" tabindex="-1" on:click=move |_| choose(entry.command)>
                <Icon name=entry.icon/>
                <span>{entry.title}</span>
                <kbd>{entry.key.to_string()}</kbd>
            </button>
        };
        let divider = matches!(entry.command, ValueCommand::Only | ValueCommand::CopyPath | ValueCommand::GroupBy);
        (line, divider.then(|| view! { <div class="menu-line" role="separator"></div> }))
    });
    let lines = lines.collect_view();
    view! {
        <ContextMenu at=open.at label=title.clone() close=close key=Callback::new(on_key)>
            <div class="menu-title mono" title=title.clone()>{title.clone()}</div>
            {lines}
        </ContextMenu>
    }
}

/// Does what a line of the menu says.
pub fn act(app: App, shell: Shell, command: ValueCommand, target: &ValueTarget) {
    let field = target.field.clone();
    let edit = |edit| Action::EditSearch { edit, field: target.field.clone(), value: target.value.clone() };
    match command {
        ValueCommand::FilterFor => app.dispatch(edit(Edit::Only)),
        ValueCommand::FilterOut => app.dispatch(edit(Edit::Exclude)),
        ValueCommand::Only => app.dispatch(Action::SetSearch(search::just(&field, target.value.as_deref()))),
        ValueCommand::Copy => copy(shell, target.value.clone().unwrap_or_default(), "Value copied"),
        ValueCommand::CopyPath => copy(shell, target.selector.clone(), "Path copied"),
        ValueCommand::AddColumn => {
            app.dispatch(Action::AddColumn(field));
            shell.say(format!("{} is a column now", label(&target.field)));
        }
        ValueCommand::GroupBy => {
            app.prefs.update(|prefs| prefs.facets_open = true);
            app.dispatch(Action::AddFacet(field));
            shell.say(format!("{} is a facet now", label(&target.field)));
        }
        ValueCommand::StartMetricFilter => {
            let mut backtest = Box::<crate::model::alarm::Backtest>::default();
            backtest.filter.filter_pattern = search::pattern_for(&target.selector, target.value.as_deref());
            backtest.filter.metric_transformations = vec![MetricTransformation::default()];
            let name = target.value.clone().unwrap_or_else(|| format!("No {}", target.field));
            app.dispatch(Action::AddBacktest { name: name.chars().take(60).collect(), backtest });
            app.dispatch(Action::Open(Panel::Alarms));
        }
        ValueCommand::AddClause => add_clause(app, shell, Clause::Only, target),
        ValueCommand::ExcludeClause => add_clause(app, shell, Clause::Not, target),
    }
}

/// Adds a clause about the value to the active metric filter and says what became of it.
fn add_clause(app: App, shell: Shell, clause: Clause, target: &ValueTarget) {
    let Some(item) = app.view.with_untracked(|view| view.active_backtest().cloned()) else {
        return shell.say("No metric filter is open in the alarm lab".to_owned());
    };
    let value = target.value.as_deref();
    let selector = clause_selector(&target.field, &target.selector, value);
    let mut backtest = Box::new(item.backtest);
    match with_clause(&backtest.filter.filter_pattern, clause, &selector, value) {
        Ok(pattern) => {
            backtest.filter.filter_pattern = pattern;
            app.dispatch(Action::EditBacktest { id: item.id, backtest });
            let words = if clause == Clause::Only { "and only" } else { "but not" };
            let what = match value {
                Some(value) => format!("{} {}", label(&target.field), value.chars().take(60).collect::<String>()),
                None => format!("events without {}", label(&target.field)),
            };
            shell.say(format!("{}: {words} {what}", item.name));
        }
        Err(reason) => shell.say(format!("Not added: {reason}")),
    }
}

fn copy(shell: Shell, text: String, done: &'static str) {
    clipboard::copy(text, move |ok| shell.say(if ok { done } else { "The browser refused to copy" }));
}
