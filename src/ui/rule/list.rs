//! The list of rules and what can be done with it.

use crate::ui::commands;
use crate::ui::lab_list::{EntryTools, WorkspaceTools};
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, Popover, popover};
use crate::view::commands::Command;
use crate::view::rule::{PRESETS, Preset, summary};
use crate::view::{Action, RuleAction};
use leptos::prelude::*;

/// The list with its tools.
#[component]
pub fn List() -> impl IntoView {
    let app = use_app();
    let ids = Memo::new(move |_| app.view.with(|view| view.rules.iter().map(|item| item.id).collect::<Vec<_>>()));
    view! {
        <nav class="lab-list" aria-label="EventBridge rules">
            <div class="pane-head">
                <h2>"Rules "<span class="muted number">{move || ids.with(Vec::len)}</span></h2>
                <WorkspaceTools/>
                <Popover label="Add a rule" button=view! { <Icon name="plus"/> }>
                    <Additions/>
                </Popover>
            </div>
            <ul class="lab-items">
                <For each=move || ids.get() key=|id| *id let:id><Item id/></For>
            </ul>
        </nav>
    }
}

/// What can be added.
#[component]
fn Additions() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let blank = move |event| {
        popover::close_around(&event);
        commands::run(app, shell, Command::NewRule);
    };
    let item = move |preset: Preset| {
        let choose = move |event| {
            popover::close_around(&event);
            super::add(app, preset.rule());
        };
        view! {
            <button class="menu-item" title=preset.about on:click=choose><Icon name="path" small=true/>{preset.title}</button>
        }
    };
    view! {
        <button class="menu-item" on:click=blank><Icon name="plus" small=true/>"Your own rule"</button>
        <div class="menu-line"></div>
        <p class="menu-title">"Presets"</p>
        {PRESETS.into_iter().map(item).collect_view()}
    }
}

/// One entry.
#[component]
fn Item(id: u32) -> impl IntoView {
    let app = use_app();
    let rule = Memo::new(move |_| {
        app.view
            .with(|view| view.rules.iter().find(|item| item.id == id).map(|item| item.rule.clone()))
            .unwrap_or_default()
    });
    let name = Signal::derive(move || rule.with(|rule| rule.name.clone()));
    let active = Memo::new(move |_| app.view.with(|view| view.active_rule == Some(id)));
    view! {
        <li class="lab-item" class:is-active=move || active.get()>
            <button
                class="lab-item-main"
                aria-current=move || active.get().then_some("true")
                on:click=move |_| app.dispatch(Action::Rules(RuleAction::Activate(id)))
            >
                <span class="lab-item-name">{name}</span>
                <span class="muted lab-item-condition">{move || rule.with(summary)}</span>
            </button>
            <span class="lab-item-tools rule-tools">
                <EntryTools
                    name
                    duplicate=Action::Rules(RuleAction::Duplicate(id))
                    remove=Action::Rules(RuleAction::Remove(id))
                />
            </span>
        </li>
    }
}
