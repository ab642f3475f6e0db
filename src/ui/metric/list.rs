//! The list of backtests: how often each fires, and what can be done with it.

use super::start::add;
use crate::ui::alarm::{AlarmRun, Runs};
use crate::ui::commands;
use crate::ui::composite::CompositeItems;
use crate::ui::lab_list::{AlarmEntry, WorkspaceTools};
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
    let app = use_app();
    let ids = Memo::new(move |_| app.view.with(|view| view.backtests.iter().map(|item| item.id).collect::<Vec<_>>()));
    let formulas =
        Memo::new(move |_| app.view.with(|view| view.formulas.iter().map(|item| item.id).collect::<Vec<_>>()));
    let all = move || app.view.with(|view| view.alarm_ids().count());
    view! {
        <nav class="lab-list" aria-label="Metric filters and alarms">
            <div class="pane-head">
                <h2>"Alarms "<span class="muted number">{all}</span></h2>
                <WorkspaceTools/>
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
    let condition = Signal::derive(move || lab::condition(&run.alarm()));
    view! { <AlarmEntry id=run.id name=run.name condition is_rule=false timeline=run.timeline/> }
}
