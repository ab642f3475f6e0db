//! Chips: time ranges as breadcrumbs, then one chip per clause of the search.

use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::search::{self, Chip};
use crate::view::{Action, TimeRange, format, partial};
use leptos::{html, prelude::*};

/// The chips in one line; nothing when there is neither a range nor a search.
#[component]
pub fn Chips() -> impl IntoView {
    let app = use_app();
    let ranges = Memo::new(move |_| app.view.with(|view| view.ranges.clone()));
    let chips = Memo::new(move |_| app.search.with(|text| search::chips(text)));
    let several = move || chips.with(Vec::len) > 1;
    let note = Memo::new(move |_| {
        app.catalog.with(|catalog| app.search.with(|search| partial::of_search(search, catalog.value.as_deref()?)))
    });
    let shown = move || !ranges.with(Vec::is_empty) || !chips.with(Vec::is_empty);
    view! {
        <Show when=shown>
            <nav class="chips" aria-label="Time range and filters">
                <Show when=move || !ranges.with(Vec::is_empty)>
                    <ol class="crumbs" aria-label="Time ranges">
                        <li>
                            <button class="crumb" on:click=move |_| app.dispatch(Action::KeepRanges(0))>
                                <Icon name="clock" small=true/>"Full range"
                            </button>
                        </li>
                        {move || {
                            let count = ranges.with(Vec::len);
                            ranges.get().into_iter().enumerate().map(|(index, range)| crumb(index, range, index + 1 == count)).collect_view()
                        }}
                    </ol>
                </Show>
                <ul class="clauses" aria-label="Filters">
                    {move || chips.get().into_iter().map(|chip| view! { <Clause chip=chip/> }).collect_view()}
                </ul>
                <Show when=several>
                    <button class="button quiet chips-clear" on:click=move |_| app.dispatch(Action::SetSearch(String::new()))>
                        "Clear filters"
                    </button>
                </Show>
                {move || note.get().map(|note| {
                    let title = format!("{note}: this search tells nothing about them");
                    view! { <span class="chips-note" role="status" title=title><Icon name="info" small=true/>{note}</span> }
                })}
            </nav>
        </Show>
    }
}

fn crumb(index: usize, range: TimeRange, last: bool) -> impl IntoView {
    let app = use_app();
    let label = move || app.short_range(range);
    view! {
        <li>
            <Icon name="right" small=true/>
            <span class="chip time" class:current=last>
                <button
                    aria-current=last.then_some("true")
                    title=format!("{} long", format::duration(range.millis()))
                    on:click=move |_| app.dispatch(Action::KeepRanges(index + 1))
                >{label}</button>
                <button aria-label="Remove this time range" title="Remove" on:click=move |_| app.dispatch(Action::RemoveRange(index))>
                    <Icon name="close" small=true/>
                </button>
            </span>
        </li>
    }
}

#[component]
fn Clause(chip: Chip) -> impl IntoView {
    let app = use_app();
    let editing = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    let index = chip.index;
    let source = chip.source.clone();
    let change = move |change: &dyn Fn(&str) -> String| {
        let text = app.search.with_untracked(|text| change(text));
        app.dispatch(Action::SetSearch(text));
    };
    Effect::new(move |_| {
        if let Some(input) = field.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let save = move |text: String| {
        // Also called while the chip goes away with the focus in it.
        if editing.try_get_untracked() == Some(true) {
            editing.set(false);
            change(&|search| search::replace(search, index, &text));
        }
    };
    let key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" => save(event_target_value(&event)),
        "Escape" => {
            event.stop_propagation();
            editing.set(false);
        }
        _ => {}
    };
    let text = chip.label.clone();
    let on = chip.enabled;
    let name = StoredValue::new(format!("{}{}", if chip.negated { "not " } else { "" }, chip.label));
    view! {
        <li>
            {move || if editing.get() {
                view! {
                    <input
                        node_ref=field
                        class="chip-input mono"
                        aria-label="Filter"
                        prop:value=source.clone()
                        on:keydown=key
                        on:blur=move |event| save(event_target_value(&event))
                    />
                }.into_any()
            } else {
                let text = text.clone();
                view! {
                    <span class="chip" class:off=!on class:negated=chip.negated>
                        <button
                            aria-pressed=on.to_string()
                            aria-label=name.with_value(|name| format!("{name}: {}", if on { "on" } else { "off" }))
                            title=if on { "Switch off without removing" } else { "Switch on" }
                            on:click=move |_| change(&|search| search::toggle(search, index))
                        >
                            <Icon name=if on { "eye" } else { "eye-off" } small=true/>
                        </button>
                        <button class="chip-text" title="Edit" on:click=move |_| editing.set(true)>
                            {chip.negated.then(|| view! { <b>"NOT "</b> })}
                            {text}
                        </button>
                        <button
                            aria-label=name.with_value(|name| format!("Remove {name}"))
                            title="Remove"
                            on:click=move |_| change(&|search| search::remove(search, index))
                        >
                            <Icon name="close" small=true/>
                        </button>
                    </span>
                }.into_any()
            }}
        </li>
    }
}
