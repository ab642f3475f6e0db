//! The import report: every dropped file and archive entry and what became of it.
//!
//! The workers know the lines; the page knows those of files that no worker got to read. Only the first lines of the
//! order are asked for, all of them for a copy.

mod table;
mod totals;

use crate::model::report::{FileFilter, FileQuestion, FilesPart};
use crate::ui::shell::{Shell, use_shell};
use crate::ui::state::{Answer, App, Ask, use_answer, use_app};
use crate::ui::widgets::{Icon, clipboard};
use crate::verify;
use crate::view::{format, report};
use leptos::prelude::*;
use std::sync::Arc;
use table::Table;
use totals::Totals;

/// Lines shown at most.
const SHOWN: u32 = 1_000;

/// Filters as they are offered.
const FILTERS: [(FileFilter, &str); 6] = [
    (FileFilter::All, "All files"),
    (FileFilter::Problems, "With problems"),
    (FileFilter::SetAside, "Set aside"),
    (FileFilter::Empty, "Without events"),
    (FileFilter::Duplicates, "With duplicates"),
    (FileFilter::NotSelected, "Not read"),
];

/// The tab.
#[component]
pub fn Files() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let question = shell.files;
    let version = move || {
        app.session.findings.track();
        app.session.has_data().then(|| (app.session.version.get(), app.session.findings.get().revision))
    };
    let answer = use_answer(
        move || version().map(|version| (FileQuestion { limit: SHOWN, ..question.get() }, version)),
        move |(question, _)| async move { app.engine.files("files", question).await },
    );
    let part = Memo::new(move |_| answer.with(|answer| answer.value.clone()));
    let wanted = move || part.with(|part| part.as_ref().map_or(0, |part| part.wanted));
    let shown = move || part.with(|part| part.as_ref().map_or(0, |part| part.rows.len() as u64));
    let has_rows = Memo::new(move |_| shown() > 0);
    let nothing = move || if part.with(Option::is_some) { "No file is like that" } else { "Nothing is read yet" };
    let more = move || {
        let hidden = wanted().saturating_sub(shown());
        (hidden > 0).then(|| format!("and {} more, all of them in a copy", format::count(hidden)))
    };
    view! {
        <div class="files">
            <Totals part question/>
            <Tools question wanted=Signal::derive(wanted)/>
            {move || answer.with(|answer: &Answer<FilesPart>| answer.error.clone()).map(|message| view! { <p class="error-note" role="alert">{message}</p> })}
            <Show
                when=move || has_rows.get()
                fallback=move || view! { <p class="empty-note">{nothing}</p> }
            >
                <Table part question/>
            </Show>
            {move || more().map(|more| view! { <p class="files-more muted">{more}</p> })}
        </div>
    }
}

/// Search, filter, copy and export.
#[component]
fn Tools(question: RwSignal<FileQuestion>, wanted: Signal<u64>) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let search = move |event: web_sys::Event| question.update(|question| question.search = event_target_value(&event));
    let choose = move |event: web_sys::Event| {
        let chosen = event_target_value(&event).parse::<usize>().ok().and_then(|index| FILTERS.get(index));
        if let Some((filter, _)) = chosen {
            question.update(|question| question.filter = *filter);
        }
    };
    let copy = move |_| {
        with_all(app, shell, move |part| {
            let verified = verified(app);
            clipboard::copy(report::to_table(&part, verified.as_deref()), move |done| {
                shell.say(if done { "Report copied" } else { "The browser refused to copy" });
            });
        });
    };
    let export = move |_| {
        with_all(app, shell, move |part| {
            let files = app.session.files().unwrap_or_default();
            let left_out = app.engine.with_load(|load| load.left_out).unwrap_or_default();
            let verified = verified(app);
            let text = report::to_json(&part, files, left_out, verified.as_deref());
            if clipboard::save("trailscope-import-report.json", "application/json", &text).is_some() {
                shell.say("Report saved");
            }
        });
    };
    view! {
        <div class="files-tools" role="search" aria-label="Files">
            <input
                type="search"
                class="field"
                aria-label="Search files"
                placeholder="Path, format or code"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || question.with(|question| question.search.clone())
                on:input=search
            />
            <select class="field" aria-label="Which files" on:change=choose>
                {FILTERS.iter().enumerate().map(|(index, (filter, label))| view! {
                    <option value=index.to_string() prop:selected=move || question.with(|question| question.filter == *filter)>
                        {*label}
                    </option>
                }).collect_view()}
            </select>
            <span class="files-count number muted" role="status">{move || format::plural(wanted.get(), "line", "lines")}</span>
            <span class="files-space"></span>
            <button class="button" on:click=copy><Icon name="copy" small=true/>"Copy"</button>
            <button class="button" on:click=export><Icon name="save" small=true/>"Save as JSON"</button>
        </div>
    }
}

/// What verification came to, once it is done.
fn verified(app: App) -> Option<Arc<verify::Report>> {
    untrack(|| app.integrity.with(|verification| verification.report().cloned()))
}

/// Asks for all lines that are wanted and does something with them.
fn with_all(app: App, shell: Shell, act: impl FnOnce(FilesPart) + 'static) {
    let question = FileQuestion { limit: u32::MAX, ..shell.files.get_untracked() };
    leptos::task::spawn_local(async move {
        match app.engine.files("all files", question).await {
            Ok(part) => act(part),
            Err(Ask::Failed(error)) => shell.say(error.message),
            Err(Ask::Overtaken) => {}
        }
    });
}
