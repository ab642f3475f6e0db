//! The panel of metric filters and alarms: a list of backtests, what the active one would have done, its settings.
//!
//! Belongs here: the panel as a whole and what concerns the alarm. Metric filters and metrics are in `ui::metric`.

mod actions;
mod advice;
mod compare;
mod form;
pub mod inbox;
mod noise;
mod overview;
mod run;
mod runs;
mod sweep;
mod time_travel;
mod transitions;
mod what_if;

pub use actions::{Actions, STATES};
use advice::AdviceList;
use compare::Compare;
pub use form::AlarmForm;
use inbox::{Inbox, inbox_of};
use noise::Noise;
use overview::Overview;
pub use run::{AlarmRun, Watched};
pub use runs::Runs;
use sweep::Sweep;
use time_travel::TimeTravel;
use transitions::Transitions;
use what_if::WhatIf;

use crate::alarm::Span;
use crate::metric::not_evaluated;
use crate::model::alarm::AlarmState;
use crate::ui::composite::{CompositeForm, CompositeResult, Composites};
use crate::ui::formula::FormulaForm;
use crate::ui::lab_list::show_active;
use crate::ui::metric::run::Run;
use crate::ui::metric::{FilterForm, List, MetricChart, Start};
use crate::ui::shell::use_shell;
use crate::ui::state::{App, use_app};
use crate::view::{Action, Panel, format, lab};
use leptos::prelude::*;

/// The panel.
#[component]
pub fn AlarmPanel() -> impl IntoView {
    let app = use_app();
    let runs = Runs::follow(app);
    let is_empty = Memo::new(move |_| app.view.with(|view| view.alarm_ids().next().is_none()));
    Composites::provide(app, runs);
    let composite = Memo::new(move |_| {
        app.view.with(|view| view.composites.iter().map(|item| item.id).find(|id| Some(*id) == view.active))
    });
    let active = Memo::new(move |_| runs.backtest(app.view.with(|view| view.active)?));
    let formula = Memo::new(move |_| runs.formula(app.view.with(|view| view.active)?));
    let is_overview = Memo::new(move |_| app.view.with(|view| view.active.is_none()));
    show_active(Memo::new(move |_| app.view.with(|view| view.active)));
    view! {
        <section class="lab" id="main" tabindex="-1" aria-label="Alarms" class:is-empty=move || is_empty.get()>
            <Show when=move || !is_empty.get() fallback=Start>
                <List runs/>
                {move || is_overview.get().then(|| view! { <Overview runs/> })}
                {move || active.get().map(|run| view! {
                    <div class="lab-result">
                        <Headline run=*run/>
                        <AdviceList run/>
                        <Inspection run=*run backtest=Some(run)/>
                    </div>
                    <form class="lab-settings" aria-label="Settings" on:submit=|event| event.prevent_default()>
                        <FilterForm run/>
                        <AlarmForm run=*run/>
                    </form>
                })}
                {move || formula.get().map(|run| view! {
                    <div class="lab-result">
                        <Headline run=run.on_alarm/>
                        <Inspection run=run.on_alarm backtest=None/>
                    </div>
                    <form class="lab-settings" aria-label="Settings" on:submit=|event| event.prevent_default()>
                        <FormulaForm run/>
                    </form>
                })}
                {move || composite.get().map(|id| view! {
                    <div class="lab-result"><CompositeResult id/></div>
                    <form class="lab-settings" aria-label="Settings" on:submit=|event| event.prevent_default()>
                        <CompositeForm id/>
                    </form>
                })}
            </Show>
        </section>
    }
}

/// What is said of a result below its chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Every change of state.
    Changes,
    /// One evaluation, laid open.
    TimeTravel,
    /// How other settings would have done.
    Sweep,
    /// What contributes most.
    Noise,
    /// Another filter beside this one.
    Compare,
    /// What would have been sent.
    Inbox,
    /// The same with delays and other default values.
    WhatIf,
}

impl Finding {
    const ALL: [(Self, &str); 7] = [
        (Self::Changes, "State changes"),
        (Self::TimeTravel, "Time travel"),
        (Self::Sweep, "Sweep"),
        (Self::Noise, "Noise"),
        (Self::Compare, "Compare"),
        (Self::Inbox, "Inbox"),
        (Self::WhatIf, "What if"),
    ];

    /// Whether this is said of alarms on one metric filter only.
    fn is_about_filter(self) -> bool {
        matches!(self, Self::Noise | Self::Compare | Self::WhatIf)
    }
}

/// Chart and findings of the active alarm. The instant that is looked at is marked in the chart, and a click there
/// chooses it.
#[component]
fn Inspection(
    run: AlarmRun,
    /// The backtest whose alarm this is.
    backtest: Option<Run>,
) -> impl IntoView {
    let finding = RwSignal::new(Finding::Changes);
    let shell = use_shell();
    Effect::new(move |_| {
        if let Some(asked) = shell.finding.get() {
            finding.set(asked);
            shell.finding.set(None);
        }
    });
    let instant = RwSignal::new(None);
    let is_travelling = Memo::new(move |_| finding.get() == Finding::TimeTravel);
    let chosen = Signal::derive(move || is_travelling.get().then(|| instant.get()).flatten());
    let choose = Callback::new(move |time| instant.set(Some(time)));
    let look = Callback::new(move |time| {
        instant.set(Some(time));
        finding.set(Finding::TimeTravel);
    });
    let choice = move |(option, label): (Finding, &'static str)| {
        view! {
            <button type="button" aria-pressed=move || (finding.get() == option).to_string() on:click=move |_| finding.set(option)>
                {label}
            </button>
        }
    };
    let offered = Finding::ALL.into_iter().filter(|(finding, _)| backtest.is_some() || !finding.is_about_filter());
    let choices = offered.map(choice).collect_view();
    view! {
        <MetricChart run filter=backtest instant=chosen choose=Signal::derive(move || is_travelling.get().then_some(choose))/>
        <div class="lab-findings">
            <div class="segmented" role="group" aria-label="Findings">{choices}</div>
        </div>
        {move || match finding.get() {
            Finding::Changes => view! { <Transitions run look/> }.into_any(),
            Finding::TimeTravel => view! { <TimeTravel run instant/> }.into_any(),
            Finding::Sweep => view! { <Sweep run/> }.into_any(),
            Finding::Noise => backtest.map(|run| view! { <Noise run/> }).into_any(),
            Finding::Compare => backtest.map(|run| view! { <Compare run/> }).into_any(),
            Finding::WhatIf => backtest.map(|run| view! { <WhatIf run/> }).into_any(),
            Finding::Inbox => view! { <Inbox inbox=inbox_of(run)/> }.into_any(),
        }}
    }
}

/// The mark of a state: a shape of its own in the state's colour, as in the ribbon.
#[component]
pub fn StateMark(
    /// The state.
    state: AlarmState,
) -> impl IntoView {
    let name = match state {
        AlarmState::Alarm => "alarm",
        AlarmState::Ok => "ok",
        AlarmState::InsufficientData => "insufficient",
    };
    view! { <i class="state-mark" data-state=name></i> }
}

/// Name, condition and outcome of the active backtest.
#[component]
fn Headline(run: AlarmRun) -> impl IntoView {
    let app = use_app();
    let sentence = move || {
        run.timeline.with(|timeline| {
            timeline
                .as_ref()
                .map_or_else(|| "No result yet".into(), |timeline| lab::sentence(timeline, |time| app.short_time(time)))
        })
    };
    let not_seen = move || {
        let time = |time| app.zone.with(|zone| format::time(time, zone));
        let told = run.sliding.with(|sliding| sliding.as_ref().map(|sliding| not_evaluated(sliding, time)));
        told.unwrap_or_default()
            .into_iter()
            .map(|text| view! { <p class="muted">{lab::capitalised(&text)}</p> })
            .collect_view()
    };
    let outcome = move || {
        run.timeline.with(|timeline| match timeline {
            None => "none",
            Some(timeline) if timeline.longest_alarm().is_some() => "fires",
            Some(_) => "quiet",
        })
    };
    view! {
        <header class="lab-head">
            <input
                class="lab-name"
                aria-label="Name"
                spellcheck="false"
                prop:value=move || run.name.get()
                on:change=move |event| app.dispatch(Action::RenameBacktest { id: run.id, name: event_target_value(&event) })
            />
            <p class="muted">{move || lab::condition(&run.alarm())}</p>
            <p class="headline" data-outcome=outcome role="status" class:stale=move || run.is_outdated()>{sentence}</p>
            {not_seen}
        </header>
    }
}

/// Shows the events behind a time in ALARM: their time range, and the filter's pattern as the search.
pub fn show_events(app: App, run: AlarmRun, span: Span) {
    let delay = app.delay_minutes.get_untracked();
    app.preview(Action::PushRange(lab::delivered_in(
        run.settings.with_untracked(|alarm| lab::events_behind(alarm, span)),
        delay,
    )));
    if let Some(search) = run.search.get_untracked() {
        app.preview(Action::SetSearch(search));
    }
    app.dispatch(Action::Open(Panel::Events));
}

/// Shows the events that a search finds, over the whole history.
fn show_part(app: App, search: String) {
    app.preview(Action::KeepRanges(0));
    app.preview(Action::SetSearch(search));
    app.dispatch(Action::Open(Panel::Events));
}
