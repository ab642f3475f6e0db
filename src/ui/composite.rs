//! Composite alarms: their entries in the list, their chart, their changes of state and their settings.
//!
//! All composite alarms are evaluated together, on the page, from the states of the other alarms: [`Composites`] in the
//! context of the panel. Mute rules belong here as well; they concern alarms of both kinds.

mod changes;
mod chart;
mod form;
mod list;
mod mutes;
mod rule_editor;
mod run;

pub use form::CompositeForm;
pub use list::CompositeItems;
pub use mutes::MuteRules;
pub use run::{Composites, use_composites};

use super::alarm::inbox::Inbox;
use super::state::use_app;
use crate::view::{Action, lab};
use changes::Changes;
use chart::StatesChart;
use leptos::prelude::*;

/// What the active composite alarm would have done.
#[component]
pub fn CompositeResult(
    /// Id in the list.
    id: u32,
) -> impl IntoView {
    let app = use_app();
    let composites = use_composites();
    let item = composites.item(id);
    let evaluated = composites.of(id);
    let name = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.name.clone()).unwrap_or_default()));
    let rule = move || item.with(|item| item.as_ref().map(|item| item.alarm.alarm_rule.clone()).unwrap_or_default());
    let timeline = Memo::new(move |_| evaluated.with(|found| found.as_ref().and_then(|found| found.timeline())));
    let sentence = move || {
        timeline.with(|timeline| match timeline {
            Some(timeline) => lab::sentence(timeline, |time| app.short_time(time)),
            None => evaluated.with(|found| match found.as_ref().map(|found| &found.rule) {
                Some(Err(_)) => "No result while the rule is not valid".into(),
                _ => "Waits for the alarms in its rule".into(),
            }),
        })
    };
    let outcome = move || {
        timeline.with(|timeline| match timeline {
            None => "none",
            Some(timeline) if timeline.longest_alarm().is_some() => "fires",
            Some(_) => "quiet",
        })
    };
    let shows_inbox = RwSignal::new(false);
    let choice = move |inbox: bool, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (shows_inbox.get() == inbox).to_string() on:click=move |_| shows_inbox.set(inbox)>
                {label}
            </button>
        }
    };
    view! {
        <header class="lab-head">
            <input
                class="lab-name"
                aria-label="Name"
                spellcheck="false"
                prop:value=move || name.get()
                on:change=move |event| app.dispatch(Action::RenameBacktest { id, name: event_target_value(&event) })
            />
            <p class="muted composite-rule mono">{rule}</p>
            <p class="headline" data-outcome=outcome role="status">{sentence}</p>
        </header>
        <StatesChart id/>
        <div class="lab-findings">
            <div class="segmented" role="group" aria-label="Findings">
                {choice(false, "State changes")}
                {choice(true, "Inbox")}
            </div>
        </div>
        <Show when=move || shows_inbox.get() fallback=move || view! { <Changes id/> }>
            <Inbox inbox=composites.inbox(id)/>
        </Show>
    }
}
