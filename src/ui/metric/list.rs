//! The list of backtests: how often each fires, and what can be done with it.

use super::start::add;
use crate::ui::alarm::{AlarmRun, Runs};
use crate::ui::chart::strip::Strip;
use crate::ui::commands;
use crate::ui::composite::CompositeItems;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, Popover, popover};
use crate::view::commands::Command;
use crate::view::presets::{PRESETS, Preset};
use crate::view::{Action, lab};
use leptos::prelude::*;

/// The list with its tools.
#[component]
pub fn List(runs: Runs) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let ids = Memo::new(move |_| app.view.with(|view| view.backtests.iter().map(|item| item.id).collect::<Vec<_>>()));
    let formulas =
        Memo::new(move |_| app.view.with(|view| view.formulas.iter().map(|item| item.id).collect::<Vec<_>>()));
    let command = move |command: Command| move |_| commands::run(app, shell, command);
    view! {
        <nav class="lab-list" aria-label="Metric filters and alarms">
            <div class="pane-head">
                <h2>"Alarms "<span class="muted number">{move || ids.with(Vec::len)}</span></h2>
                <button class="icon-button" aria-label="Take it to AWS" title="Take it to AWS" on:click=command(Command::Deploy)>
                    <Icon name="cloud" small=true/>
                </button>
                <button class="icon-button" aria-label="Save workspace" title="Save workspace" on:click=command(Command::SaveWorkspace)>
                    <Icon name="save" small=true/>
                </button>
                <button class="icon-button" aria-label="Load workspace" title="Load workspace" on:click=command(Command::LoadWorkspace)>
                    <Icon name="upload" small=true/>
                </button>
                <Popover label="Add an alarm" button=view! { <Icon name="plus"/> }>
                    <Additions/>
                </Popover>
            </div>
            <div class="lab-items">
                <Overview/>
                <ul class="lab-section-items">
                    <For each=move || ids.get() key=|id| *id let:id>
                        {move || runs.alarm(id).map(|run| view! { <Item run/> })}
                    </For>
                </ul>
                <Show when=move || formulas.with(|ids| !ids.is_empty())>
                    <h3 class="lab-section">"On formulas "<span class="muted number">{move || formulas.with(Vec::len)}</span></h3>
                    <ul class="lab-section-items">
                        <For each=move || formulas.get() key=|id| *id let:id>
                            {move || runs.alarm(id).map(|run| view! { <Item run/> })}
                        </For>
                    </ul>
                </Show>
                <CompositeItems/>
            </div>
        </nav>
    }
}

/// What can be added.
#[component]
fn Additions() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let blank = move |event| {
        popover::close_around(&event);
        commands::run(app, shell, Command::NewMetricFilter);
    };
    let composite = move |event| {
        popover::close_around(&event);
        commands::run(app, shell, Command::NewComposite);
    };
    let math = move |event| {
        popover::close_around(&event);
        commands::run(app, shell, Command::NewFormula);
    };
    let band = move |event| {
        popover::close_around(&event);
        commands::run(app, shell, Command::NewBand);
    };
    let item = move |preset: Preset| {
        let choose = move |event| {
            popover::close_around(&event);
            add(app, &preset);
        };
        view! {
            <button class="menu-item" title=preset.about() on:click=choose>
                <Icon name="bell" small=true/>
                {preset.title}
            </button>
        }
    };
    view! {
        <button class="menu-item" on:click=blank>
            <Icon name="plus" small=true/>
            "Your own metric filter"
        </button>
        <button class="menu-item" on:click=math>
            <Icon name="plus" small=true/>
            "Metric math"
        </button>
        <button class="menu-item" on:click=band>
            <Icon name="plus" small=true/>
            "Anomaly detection band"
        </button>
        <button class="menu-item" on:click=composite>
            <Icon name="plus" small=true/>
            "Composite alarm"
        </button>
        <div class="menu-line"></div>
        <p class="menu-title">"Presets"</p>
        {PRESETS.into_iter().map(item).collect_view()}
    }
}

/// The entry that stands for all of them.
#[component]
fn Overview() -> impl IntoView {
    let app = use_app();
    let active = Memo::new(move |_| app.view.with(|view| view.active.is_none()));
    view! {
        <div class="lab-item lab-item-all" class:is-active=move || active.get()>
            <button class="lab-item-main" aria-current=move || active.get().then_some("true") on:click=move |_| app.dispatch(Action::ShowOverview)>
                <span class="lab-item-name">"Overview"</span>
                <span class="muted lab-item-condition">"What each of them would have done"</span>
            </button>
        </div>
    }
}

/// One entry.
#[component]
fn Item(run: AlarmRun) -> impl IntoView {
    let app = use_app();
    let id = run.id;
    let name = run.name;
    let active = Memo::new(move |_| app.view.with(|view| view.active == Some(id)));
    let fires = move || run.timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.fires()));
    let state = move || match fires() {
        None => "unknown",
        Some(0) => "quiet",
        Some(_) => "fires",
    };
    let count = move || match fires() {
        None => "–".into(),
        Some(fires) => format!("{fires}×"),
    };
    let spans = Signal::derive(move || {
        run.timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.spans.clone()).unwrap_or_default())
    });
    let words = move || {
        run.timeline.with(|timeline| {
            timeline.as_ref().map_or_else(
                || "no result".into(),
                |timeline| {
                    lab::sentence(timeline, |time| app.zone.with(|zone| crate::view::format::short_time(time, zone)))
                },
            )
        })
    };
    view! {
        <li class="lab-item" class:is-active=move || active.get()>
            <button
                class="lab-item-main"
                aria-current=move || active.get().then_some("true")
                title=words
                on:click=move |_| app.dispatch(Action::ActivateBacktest(id))
            >
                <span class="lab-item-name">{name}</span>
                <span class="lab-item-fires number" data-state=state>{count}<span class="hidden-text">" "{words}</span></span>
                <span class="muted lab-item-condition">{move || lab::condition(&run.alarm())}</span>
                <Strip spans/>
            </button>
            <span class="lab-item-tools">
                <button class="icon-button small" aria-label=move || format!("Duplicate {}", name.get()) title="Duplicate" on:click=move |_| app.dispatch(Action::DuplicateBacktest(id))>
                    <Icon name="copy" small=true/>
                </button>
                <button class="icon-button small" aria-label=move || format!("Delete {}", name.get()) title="Delete" on:click=move |_| app.dispatch(Action::RemoveBacktest(id))>
                    <Icon name="trash" small=true/>
                </button>
            </span>
        </li>
    }
}
