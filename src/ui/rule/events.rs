//! A list of events of a rule: the latest ones; one of them can be chosen to be explained.

use super::state::{Active, scope};
use crate::model::query::{PRINCIPAL, Row, RowRef, Scope, Sort};
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::{Action, Panel, format};
use leptos::prelude::*;

/// Events listed; all of them are in Events.
const ROWS: u32 = 25;

/// What is told of each.
const FIELDS: [&str; 4] = ["eventName", "eventSource", PRINCIPAL, "sourceIPAddress"];

/// The list.
#[component]
pub fn Events(
    active: Active,
    /// What is listed.
    caption: Signal<String>,
) -> impl IntoView {
    let app = use_app();
    let question = move || {
        let filter = active.search().filter(|_| app.session.has_data())?;
        Some((Scope { filter, ..scope(app) }, app.session.version.get()))
    };
    let page = use_answer(question, move |(scope, _)| async move {
        let fields = FIELDS.map(String::from).to_vec();
        app.engine.page("rule-events", scope, Sort::default(), 0, ROWS, fields).await
    });
    let open = move |_| {
        if let Some(search) = untrack(|| active.search()) {
            app.preview(Action::SetSearch(search));
            app.dispatch(Action::Open(Panel::Events));
        }
    };
    let rows = move || {
        let found = page.with(|answer| answer.value.as_ref().map(|page| page.rows.clone())).unwrap_or_default();
        found.into_iter().map(|(at, row)| view! { <Line active at row/> }).collect_view()
    };
    let is_empty = move || page.with(|answer| answer.value.as_ref().is_some_and(|page| page.rows.is_empty()));
    view! {
        <section class="rule-events" aria-label="Events of the rule">
            <div class="rule-events-head">
                <h3>{caption}</h3>
                <button type="button" class="button quiet" disabled=is_empty on:click=open><Icon name="list" small=true/>"Open in Events"</button>
            </div>
            <Show when=move || !is_empty() fallback=|| view! { <p class="empty-note">"None in this time range"</p> }>
                <div class="rule-scroll" tabindex="0" role="region" aria-label="Latest events" class:stale=move || page.with(|answer| answer.stale)>
                    <table>
                        <thead><tr><th>"Time"</th><th>"Event"</th><th>"Source"</th><th>"Who"</th><th>"From"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

/// One event.
#[component]
fn Line(active: Active, at: RowRef, row: Row) -> impl IntoView {
    let app = use_app();
    let time =
        move || row.time.map(|time| app.zone.with(|zone| format::time(time, zone))).unwrap_or_else(|| "–".into());
    let mut cells = row.cells.into_iter().map(Option::unwrap_or_default);
    let (name, source) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let (who, from) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let is_chosen = Memo::new(move |_| active.chosen.get() == Some(at));
    view! {
        <tr class:is-chosen=move || is_chosen.get()>
            <td>
                <button type="button" class="rule-choose number" aria-pressed=move || is_chosen.get().to_string() on:click=move |_| active.chosen.set(Some(at))>
                    {time}
                </button>
            </td>
            <td>{name}</td>
            <td class="muted">{source}</td>
            <td title=who.clone()>{format::short_identity(&who).to_owned()}</td>
            <td class="mono">{from}</td>
        </tr>
    }
}
