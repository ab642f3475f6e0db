//! The panel of controls: all fifteen of the pack over the loaded history, by the ids of a framework.
//!
//! One question answers for all of them; it is asked again when the data, the framework's patterns or the treatment of
//! duplicates change. What opens under a control is in [`detail`].

mod detail;
mod line;
pub mod report;

use crate::controls::framework::Framework;
use crate::controls::history::{History, histories};
use crate::controls::{Control, all};
use crate::ui::state::{Answer, use_answer, use_app};
use crate::view::Action;
use crate::view::controls::{patterns, summary};
use crate::worker::web::port::next_turn;
use leptos::prelude::*;
use line::Line;
use report::ReportButton;
use std::sync::Arc;

/// The histories of all controls in the order of the pack.
type Histories = ReadSignal<Answer<Vec<History>>>;

/// The panel.
#[component]
pub fn ControlsPanel() -> impl IntoView {
    let app = use_app();
    let framework = Memo::new(move |_| app.view.with(|view| view.framework));
    // Most frameworks have the same patterns: choosing another one mostly asks nothing.
    let asked = Memo::new(move |_| patterns(framework.get()));
    let question = move || {
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        app.session.has_data().then(|| (asked.get(), keep_duplicates, app.session.version.get()))
    };
    let answer: Histories = use_answer(question, move |(patterns, keep_duplicates, _)| async move {
        let mut found = Vec::with_capacity(patterns.len());
        for history in histories(app.engine.matches("controls", patterns, keep_duplicates, 0).await?) {
            found.push(history);
            next_turn().await; // Fifteen at once would be felt.
        }
        Ok(found)
    });
    let said = move || match answer.with(|answer| answer.value.as_ref().map(|histories| summary(histories))) {
        Some(_) if !app.session.is_loading() && !app.session.has_events() => {
            Some("No events are loaded yet: this says nothing about the controls".into())
        }
        said => said,
    };
    let is_lab_delivery = move || app.exclude_oversize.get() || app.delay_minutes.get() > 0;
    let error = move || answer.with(|answer| answer.error.clone());
    view! {
        <section class="controls" id="main" tabindex="-1" aria-label="Controls">
            <header class="controls-head">
                <Chooser framework/>
                <p class="muted controls-summary" role="status">{move || said().unwrap_or_else(|| "Looking at the events…".into())}</p>
                <ReportButton/>
            </header>
            <div class="controls-body">
                {move || error().map(|message| view! { <p class="error-note" role="alert">{message}</p> })}
                {move || framework.get().is_opinion().then(|| view! {
                    <p class="muted controls-note">"Which clause asks for which control is the opinion of the sources named with each control, not a statement of the standard."</p>
                })}
                {move || is_lab_delivery().then(|| view! {
                    <p class="muted controls-note">"Counted on all events, each at its own time: the delay and the size limit set in the alarm lab are not applied here."</p>
                })}
                <div class="controls-columns muted" aria-hidden="true">
                    <span>"Id"</span><span>"Control"</span><span>"Events"</span><span>"Alarm"</span><span>"Fires"</span><span>"Last match"</span>
                </div>
                <div class:stale=move || answer.with(|answer| answer.stale)>
                    {move || groups(framework.get(), answer)}
                </div>
            </div>
        </section>
    }
}

/// The controls as the framework puts them together.
fn groups(framework: Framework, answer: Histories) -> impl IntoView {
    let group = move |group: crate::controls::framework::Group| {
        let title = (!group.title.is_empty()).then(|| view! { <h2>{group.title}</h2> });
        let lines = group.controls.into_iter().map(|control| {
            let history = history_of(control, answer);
            view! { <Line control framework history/> }
        });
        view! { <section class="controls-group">{title}<ul>{lines.collect_view()}</ul></section> }
    };
    framework.groups().into_iter().map(group).collect_view()
}

/// The history of one control, as far as it is known.
fn history_of(control: &'static Control, answer: Histories) -> Memo<Option<Arc<History>>> {
    let at = all().iter().position(|other| other.key == control.key);
    Memo::new(move |_| {
        let at = at?;
        answer.with(|answer| answer.value.as_ref().and_then(|all| all.get(at).cloned()).map(Arc::new))
    })
}

/// Chooses the framework.
#[component]
fn Chooser(framework: Memo<Framework>) -> impl IntoView {
    let app = use_app();
    let choose = move |event| {
        if let Some(chosen) = Framework::by_code(&event_target_value(&event)) {
            app.dispatch(Action::SetFramework(chosen));
        }
    };
    let option = move |choice: Framework| {
        view! { <option value=choice.code() prop:selected=move || framework.get() == choice>{choice.title()}</option> }
    };
    view! {
        <label class="controls-chooser">
            <span class="muted">"Framework"</span>
            <select class="field" on:change=choose>{Framework::every().map(option).collect_view()}</select>
        </label>
    }
}
