//! The entries of composite alarms in the list.

use super::run::use_composites;
use crate::ui::chart::{Canvas, shown_range, use_size};
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::chart::{Frame, Primitive, TimeScale, ribbon};
use crate::view::{Action, format, lab};
use leptos::{html, prelude::*};

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
    let app = use_app();
    let composites = use_composites();
    let (item, found) = (composites.item(id), composites.of(id));
    let name = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.name.clone()).unwrap_or_default()));
    let rule = move || item.with(|item| item.as_ref().map(|item| item.alarm.alarm_rule.clone()).unwrap_or_default());
    let active = Memo::new(move |_| app.view.with(|view| view.active == Some(id)));
    let timeline = Memo::new(move |_| found.with(|found| found.as_ref().and_then(|found| found.timeline())));
    let fires = move || timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.fires()));
    let state = move || match fires() {
        None => "unknown",
        Some(0) => "quiet",
        Some(_) => "fires",
    };
    let count = move || fires().map_or("–".into(), |fires| format!("{fires}×"));
    let words = move || {
        timeline.with(|timeline| match timeline {
            None => "no result".into(),
            Some(timeline) => lab::sentence(timeline, |time| app.zone.with(|zone| format::short_time(time, zone))),
        })
    };
    view! {
        <li class="lab-item" class:is-active=move || active.get()>
            <button
                class="lab-item-main"
                aria-current=move || active.get().then_some("true")
                title=words
                on:click=move |_| app.dispatch(Action::ActivateBacktest(id))
            >
                <span class="lab-item-name">{name}</span>
                <span class="lab-item-fires number" data-state=state>{count}<span class="hidden-text">" "{words}</span></span>
                <span class="muted lab-item-condition mono">{rule}</span>
                <Strip id/>
            </button>
            <span class="lab-item-tools">
                <button class="icon-button small" aria-label=move || format!("Duplicate {}", name.get()) title="Duplicate" on:click=move |_| app.dispatch(Action::DuplicateBacktest(id))>
                    <Icon name="copy" small=true/>
                </button>
                <button class="icon-button small" aria-label=move || format!("Delete {}", name.get()) title="Delete" on:click=move |_| app.dispatch(Action::RemoveBacktest(id))>
                    <Icon name="trash" small=true/>
                </button>
            </span>
        </li>
    }
}

/// The states over the shown range, as a thin strip.
#[component]
fn Strip(id: u32) -> impl IntoView {
    let app = use_app();
    let found = use_composites().of(id);
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let range = shown_range(app);
    let drawing = Signal::derive(move || {
        let (width, height) = size.get();
        let Some(range) = range.get().filter(|_| width > 0.0) else { return Vec::new() };
        let frame = Frame::inside(width, height, (0.0, 0.0, 0.0, 0.0));
        let scale = TimeScale::new(range, &frame);
        found.with(|found| {
            let timeline = found.as_ref().and_then(|found| found.timeline.as_ref());
            let spans = timeline.map(|timeline| timeline.spans.as_slice()).unwrap_or_default();
            let mut list = ribbon::draw(&ribbon::cells(spans, &scale), &frame);
            list.retain(|primitive| !matches!(primitive, Primitive::Label { .. }));
            list
        })
    });
    view! { <div node_ref=node class="chart strip"><Canvas size drawing=drawing/></div> }
}
