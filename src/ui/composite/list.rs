//! The entries of composite alarms in the list.

use super::run::use_composites;
use crate::ui::lab_list::AlarmEntry;
use crate::ui::state::use_app;
use leptos::prelude::*;

/// The section; nothing while there is no composite alarm.
#[component]
pub fn CompositeItems() -> impl IntoView {
    let app = use_app();
    let ids = Memo::new(move |_| app.view.with(|view| view.composites.iter().map(|item| item.id).collect::<Vec<_>>()));
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty())>
            <h3 class="lab-section">"Composite alarms "<span class="muted number">{move || ids.with(Vec::len)}</span></h3>
            <ul class="lab-section-items">
                <For each=move || ids.get() key=|id| *id let:id><Item id/></For>
            </ul>
        </Show>
    }
}

#[component]
fn Item(id: u32) -> impl IntoView {
    let composites = use_composites();
    let (item, found) = (composites.item(id), composites.of(id));
    let name = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.name.clone()).unwrap_or_default()));
    let rule = Memo::new(move |_| {
        item.with(|item| item.as_ref().map(|item| item.alarm.alarm_rule.clone()).unwrap_or_default())
    });
    let timeline = Memo::new(move |_| found.with(|found| found.as_ref().and_then(|found| found.timeline())));
    view! { <AlarmEntry id name condition=rule is_rule=true timeline/> }
}
