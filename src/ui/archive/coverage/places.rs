//! Accounts and Regions as a table, their gaps, and the Regions nothing is known of.

use super::Parts;
use crate::ui::state::use_app;
use crate::view::coverage::{REGIONS, Row};
use crate::view::format;
use leptos::prelude::*;

/// Gaps listed for screen readers at most.
const GAPS: usize = 200;

/// The table.
#[component]
pub fn Places(parts: Parts) -> impl IntoView {
    let app = use_app();
    let rows = move || parts.grid.with(|grid| grid.as_ref().map(|grid| grid.rows.clone()).unwrap_or_default());
    let unseen =
        Memo::new(move |_| parts.grid.with(|grid| grid.as_ref().map(|grid| grid.unseen.clone()).unwrap_or_default()));
    let gaps = move || {
        let gaps = rows().into_iter().flat_map(|row| {
            let name = row.name();
            row.gaps.into_iter().map(move |gap| (name.clone(), gap))
        });
        gaps.take(GAPS)
            .map(|(name, gap)| {
                let times = app.short_range(gap);
                view! { <tr><td>{name}</td><td>{times}</td></tr> }
            })
            .collect_view()
    };
    view! {
        <section class="coverage-section" aria-label="Accounts and Regions">
            <h2>"Accounts and Regions"</h2>
            <div class="coverage-scroll" tabindex="0" role="group" aria-label="Table of accounts and Regions">
                <table class="coverage-table">
                    <thead>
                        <tr>
                            <th>"Account"</th><th>"Region"</th><th class="number">"Files"</th><th class="number">"Events"</th>
                            <th class="number">"Duplicates"</th><th class="number">"Hours covered"</th><th class="number">"Gaps"</th>
                            <th class="number">"Longest gap"</th><th>"Delivered after"</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows().iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            <Show when=move || !unseen.with(Vec::is_empty)>
                <p class="coverage-unseen">
                    <b>{move || format!("{} of {} Regions never seen", unseen.with(Vec::len), REGIONS.len())}</b>
                    <span class="muted">{move || unseen.with(|unseen| unseen.join(", "))}</span>
                </p>
            </Show>
            <div class="hidden-text">
                <table>
                    <caption>"Gaps: hours without a file or an event"</caption>
                    <thead><tr><th>"Account and Region"</th><th>"From – to"</th></tr></thead>
                    <tbody>{gaps}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(row: &Row) -> impl IntoView + use<> {
    let longest = row.gaps.iter().map(|gap| gap.millis()).max();
    view! {
        <tr>
            <td class="number">{row.short_account()}</td>
            <td>{row.short_region()}</td>
            <td class="number">{format::count(row.place.files)}</td>
            <td class="number">{format::count(row.place.events)}</td>
            <td class="number">{format::count(row.place.duplicates)}</td>
            <td class="number">{format!("{} of {}", format::count(row.covered), format::count(row.hours))}</td>
            <td class="number">{format::count(row.gaps.len() as u64)}</td>
            <td class="number">{longest.map_or_else(|| "–".into(), format::duration)}</td>
            <td>{row.lag().unwrap_or_else(|| "–".into())}</td>
        </tr>
    }
}
