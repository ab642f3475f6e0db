//! Near misses: events that meet all fields but one, by that field and what they have there.

use super::state::{Active, Listed, scope};
use crate::model::query::Scope;
use crate::pattern::eventbridge::near::{NearMiss, near_misses};
use crate::ui::state::{Values, use_answer, use_app};
use crate::view::format;
use leptos::prelude::*;

/// Values told of each field.
const VALUES: u32 = 6;

/// The groups.
#[component]
pub fn NearMisses(active: Active) -> impl IntoView {
    let misses =
        Memo::new(move |_| active.usable.with(|pattern| pattern.as_ref().map(near_misses)).unwrap_or_default());
    let groups =
        move || misses.get().into_iter().enumerate().map(|(at, miss)| view! { <Group active at miss/> }).collect_view();
    view! {
        <Show
            when=move || misses.with(|misses| !misses.is_empty())
            fallback=|| view! { <p class="empty-note">"A pattern of one field has no near misses: every other event would be one"</p> }
        >
            <ul class="near-misses">{groups}</ul>
        </Show>
    }
}

/// The events that miss one field.
#[component]
fn Group(active: Active, at: usize, miss: NearMiss) -> impl IntoView {
    let app = use_app();
    let (search, field) = (StoredValue::new(miss.search.clone()), StoredValue::new(miss.field.clone()));
    let question = move || app.session.has_data().then(|| (scope(app), app.session.version.get()));
    let count = use_answer(question, move |(scope, _)| {
        let scope = Scope { filter: search.get_value(), ..scope };
        async move { app.engine.count(&format!("rule-near-{at}"), scope).await }
    });
    let values = use_answer(question, move |(scope, _)| {
        let scope = Scope { filter: search.get_value(), ..scope };
        async move {
            let Some(field) = field.get_value() else { return Ok(Default::default()) };
            let values =
                Values { scope, field, contains: String::new(), limit: VALUES, named: Vec::new(), spans: false };
            app.engine.group(&format!("rule-near-values-{at}"), values).await
        }
    });
    let matched = move || count.with(|answer| answer.value.as_ref().map_or(0, |count| count.matched));
    let chosen = StoredValue::new(miss.clone());
    let list = move |value: Option<String>| active.listed.set(Listed::NearMiss(chosen.get_value(), value));
    let found = move || {
        let part = values.with(|answer| answer.value.clone());
        let mut found: Vec<(Option<String>, u64)> =
            part.iter().flat_map(|part| &part.values).map(|(value, tally)| (value.clone(), tally.count)).collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let button = move |(value, count): (Option<String>, u64)| {
            let text = value.clone().unwrap_or_else(|| "(none)".into());
            let label = format!("{text}, {}", format::plural(count, "event", "events"));
            let is_value = value.is_some();
            view! {
                <button type="button" class="near-value" title=label on:click=move |_| list(value.clone().filter(|_| is_value))>
                    <span class="mono">{text}</span><span class="muted number">{format::short_count(count)}</span>
                </button>
            }
        };
        found.into_iter().map(button).collect_view()
    };
    view! {
        <li class:none=move || matched() == 0>
            <button type="button" class="near-path" disabled=move || matched() == 0 on:click=move |_| list(None)>
                <span class="muted">"all but "</span><span class="mono">{miss.path}</span>
                <span class="number">{move || format::plural(matched(), "event", "events")}</span>
            </button>
            <div class="near-values">{found}</div>
        </li>
    }
}
