//! What became of the events: in one sentence, by reason, and as lists of matches and near misses.

use super::event::EventPane;
use super::events::Events;
use super::near_miss::NearMisses;
use super::state::{Active, Listed};
use crate::pattern::eventbridge::delivery::Withheld;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::{format, lab};
use leptos::prelude::*;

/// Name and outcome of the active rule.
#[component]
pub fn Headline(active: Active) -> impl IntoView {
    let app = use_app();
    let name = active.get(|rule| rule.name.clone());
    let targets = active.get(|rule| rule.targets.len());
    let sentence = move || {
        if active.usable.with(Option::is_none) {
            return "No result while the pattern is not valid".to_owned();
        }
        active.outcome.with(|answer| match (&answer.value, &answer.error) {
            (_, Some(error)) => error.clone(),
            (Some(outcome), _) => outcome.headline(),
            (None, None) => "No result yet".into(),
        })
    };
    let outcome = move || {
        let delivered = active.outcome.with(|answer| answer.value.as_ref().map(|outcome| outcome.delivered));
        match delivered {
            None => "none",
            Some(0) => "quiet",
            Some(_) => "fires",
        }
    };
    let rate = move || {
        active.outcome.with(|answer| {
            let outcome = answer.value.as_deref()?;
            let (time, _) = outcome.busiest?;
            let time = app.short_time(time);
            Some(format!("{} ({time})", outcome.rate(targets.get())?))
        })
    };
    let withheld = move || {
        active.outcome.with(|answer| answer.value.as_ref().map(|outcome| outcome.withheld.clone())).unwrap_or_default()
    };
    view! {
        <header class="lab-head">
            <input
                class="lab-name mono"
                aria-label="Name"
                spellcheck="false"
                prop:value=move || name.get()
                on:change=move |event| {
                    let name = event_target_value(&event).trim().to_owned();
                    if !name.is_empty() {
                        active.set(|rule| rule.name = name);
                    }
                }
            />
            <p class="headline" data-outcome=outcome role="status" class:stale=move || active.outcome.with(|answer| answer.stale)>{sentence}</p>
            <p class="muted rule-rate">{rate}</p>
        </header>
        <ul class="lab-advice">
            {move || withheld().into_iter().map(|(reason, count)| view! { <Reason active reason count/> }).collect_view()}
        </ul>
    }
}

/// Events that are kept back, and why.
#[component]
fn Reason(active: Active, reason: Withheld, count: u64) -> impl IntoView {
    let text = format!("{} not delivered: {}", format::plural(count, "event is", "events are"), reason.words());
    view! {
        <li>
            <Icon name="alert" small=true/>
            <p>{text}</p>
            <button type="button" class="button quiet" on:click=move |_| active.listed.set(Listed::Withheld(reason))>"List"</button>
        </li>
    }
}

/// Lists of events, and the chosen one explained.
#[component]
pub fn Findings(active: Active) -> impl IntoView {
    let is_near = move || active.listed.with(|listed| matches!(listed, Listed::NearMiss(..)));
    let near = RwSignal::new(false);
    let choose = move |wanted: bool| {
        near.set(wanted);
        if !wanted || !is_near() {
            active.listed.set(Listed::Matching);
        }
    };
    let choice = move |wanted: bool, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (near.get() == wanted).to_string() on:click=move |_| choose(wanted)>
                {label}
            </button>
        }
    };
    let caption = move || match active.listed.get() {
        Listed::Matching => "Events that match".to_owned(),
        Listed::Withheld(reason) => format!("Events that match but are not delivered: {}", reason.words()),
        Listed::NearMiss(miss, None) => format!("Events that meet everything but {}", miss.path),
        Listed::NearMiss(miss, Some(value)) => {
            format!("Events that meet everything but {}, which is {value}", miss.path)
        }
    };
    let is_listed = move || !near.get() || is_near();
    view! {
        <div class="lab-findings">
            <div class="segmented" role="group" aria-label="Findings">
                {choice(false, "Matches")}
                {choice(true, "Near misses")}
            </div>
        </div>
        <Show when=move || near.get()>
            <NearMisses active/>
        </Show>
        <Show when=is_listed>
            <Events active caption=Signal::derive(move || lab::capitalised(&caption()))/>
        </Show>
        <EventPane active/>
    }
}
