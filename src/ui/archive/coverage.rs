//! What the archive covers.

use crate::ui::state::use_app;
use crate::view::format;
use leptos::prelude::*;

/// The tab.
#[component]
pub fn Coverage() -> impl IntoView {
    let app = use_app();
    let time = move |time| app.zone.with(|zone| format::short_time(time, zone));
    let loaded = app.session.loaded;
    view! {
        <dl class="facts">
            <dt>"First event"</dt><dd>{move || loaded.with(|loaded| loaded.first).map_or_else(|| "–".into(), time)}</dd>
            <dt>"Last event"</dt><dd>{move || loaded.with(|loaded| loaded.last).map_or_else(|| "–".into(), time)}</dd>
            <dt>"Events"</dt><dd>{move || format::count(loaded.with(|loaded| loaded.events))}</dd>
            <dt>"Duplicates"</dt><dd>{move || format::count(loaded.with(|loaded| loaded.duplicates))}</dd>
        </dl>
    }
}
