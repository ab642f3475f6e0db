//! What belongs to the event: the same request, the same principal or key around that time, everything around it.

use super::{Record, principal};
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::query::Scope;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::search::just;
use crate::view::{Action, TimeRange, format};
use leptos::prelude::*;
use std::sync::Arc;

/// How far around the event, in milliseconds.
const AROUND: i64 = 5 * MINUTE;

/// The list.
#[component]
pub fn Related(record: Arc<Record>) -> impl IntoView {
    let time = record.detail.time;
    let around = time.map(|time| TimeRange { from: EpochMs(time.0 - AROUND), to: EpochMs(time.0 + AROUND + 1) });
    let mut links = Vec::new();
    if let Some(request) = record.text(&["requestID"]) {
        links.push(("path", "Same request", just("requestID", Some(&request)), None));
    }
    if let Some((field, value)) = principal(&record) {
        links.push(("user", "Same principal", just(field, Some(&value)), None));
        if let Some(range) = around {
            links.push(("user", "Same principal, ± 5 min", just(field, Some(&value)), Some(range)));
        }
    }
    if let Some(key) = record.text(&["userIdentity", "accessKeyId"]) {
        links.push(("key", "Same access key", just("userIdentity.accessKeyId", Some(&key)), None));
    }
    if let Some(address) = record.text(&["sourceIPAddress"]) {
        links.push(("target", "Same source IP", just("sourceIPAddress", Some(&address)), None));
    }
    if let Some(range) = around {
        links.push(("clock", "Everything, ± 5 min", String::new(), Some(range)));
    }
    view! {
        <section class="related" aria-label="Related events">
            <h3>"Related events"</h3>
            <ul>
                {links.into_iter().enumerate().map(|(index, (icon, label, search, range))| view! {
                    <li><Link index=index icon=icon label=label search=search range=range/></li>
                }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Link(
    index: usize,
    icon: &'static str,
    label: &'static str,
    search: String,
    range: Option<TimeRange>,
) -> impl IntoView {
    let app = use_app();
    let filter = search.clone();
    let count = use_answer(
        move || {
            let keep_duplicates = app.view.with(|view| view.keep_duplicates);
            let range = range.map(|range| (range.from, range.to));
            Some((
                Scope { filter: filter.clone(), range, keep_duplicates, ..Scope::default() },
                app.session.version.get(),
            ))
        },
        move |(scope, _)| async move { app.engine.count(&format!("related:{index}"), scope).await },
    );
    let show = move |_| {
        app.dispatch(Action::SetSearch(search.clone()));
        match range {
            Some(range) => app.dispatch(Action::PushRange(range)),
            None => app.dispatch(Action::KeepRanges(0)),
        }
    };
    let number = move || count.with(|count| count.value.as_ref().map(|count| format::count(count.matched)));
    view! {
        <button class="menu-item" on:click=show>
            <Icon name=icon/>
            <span>{label}</span>
            <span class="muted number related-count">{number}</span>
        </button>
    }
}
