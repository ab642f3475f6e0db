//! Reading only part of an archive: which dates, accounts, Regions and paths, before anything is opened.

use crate::model::selection::Selection;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, Modal};
use crate::view::selection;
use leptos::prelude::*;

/// The disclosure of the start screen.
#[component]
pub fn Partly() -> impl IntoView {
    let app = use_app();
    let summary = move || app.selection.with(selection::summary);
    view! {
        <details class="partly">
            <summary>
                <Icon name="sliders" small=true/>
                <span>{move || summary().unwrap_or_else(|| "Read only part of it…".into())}</span>
            </summary>
            <SelectionForm/>
        </details>
    }
}

/// The same for whoever adds to what is loaded.
#[component]
pub fn SelectionDialog() -> impl IntoView {
    let shell = use_shell();
    view! {
        <Modal title="Read only part of it" class="partly-dialog" close=move || shell.dialog.set(None)>
            <div class="dialog-body" tabindex="0">
                <p class="muted">"For the files, folders and archives that you open from now on."</p>
                <SelectionForm/>
            </div>
        </Modal>
    }
}

/// The fields. What is typed is in force at once.
#[component]
fn SelectionForm() -> impl IntoView {
    let app = use_app();
    let chosen = app.selection;
    let change = move |change: fn(&mut Selection, String)| {
        move |event: web_sys::Event| chosen.update(|selection| change(selection, event_target_value(&event)))
    };
    let begin = chosen.get_untracked();
    let is_everything = move || chosen.with(Selection::is_everything);
    // The fields begin with what is in force and are emptied together with it.
    let cleared = RwSignal::new(0u32);
    let value = move |text: String| move || if cleared.get() == 0 { text.clone() } else { String::new() };
    let is_backwards =
        move || chosen.with(|selection| matches!((selection.from, selection.to), (Some(from), Some(to)) if from >= to));
    view! {
        <form class="partly-form" on:submit=|event| event.prevent_default()>
            <label><span>"From"</span>
                <input type="date" class="field" prop:value=value(selection::first_day(&begin)) on:input=change(|selection, text| selection.from = Selection::parse_from(&text))/>
            </label>
            <label><span>"To, inclusive"</span>
                <input type="date" class="field" prop:value=value(selection::last_day(&begin)) on:input=change(|selection, text| selection.to = Selection::parse_to(&text))/>
            </label>
            <label><span>"Accounts"</span>
                <input type="text" class="field" inputmode="numeric" placeholder="111122223333, …" spellcheck="false" autocomplete="off" prop:value=value(begin.accounts.join(", ")) on:input=change(|selection, text| selection.accounts = Selection::parse_list(&text))/>
            </label>
            <label><span>"Regions"</span>
                <input type="text" class="field" placeholder="us-east-1, eu-west-1, …" spellcheck="false" autocomplete="off" prop:value=value(begin.regions.join(", ")) on:input=change(|selection, text| selection.regions = Selection::parse_list(&text))/>
            </label>
            <label class="partly-path"><span>"Path contains"</span>
                <input type="text" class="field" spellcheck="false" autocomplete="off" prop:value=value(begin.path.clone()) on:input=change(|selection, text| selection.path = text.trim().into())/>
            </label>
            <p class="partly-note muted">
                "Decided by the names that CloudTrail gives its files, in folders, zip and tar alike; whatever is not named so is always read. Days are UTC. Files come some minutes after their events, so those delivered up to an hour after the last day are read, too, and whole files are read, not single events."
            </p>
            <Show when=is_backwards>
                <p class="error-note partly-note" role="alert">"The last day lies before the first: no such file would be read."</p>
            </Show>
            <button
                type="button"
                class="button small"
                disabled=is_everything
                on:click=move |_| {
                    chosen.set(Selection::default());
                    cleared.update(|count| *count += 1);
                }
            >
                "Read everything"
            </button>
        </form>
    }
}
