//! What all files add up to, and how often what happened.

use crate::base::Code;
use crate::model::report::{FileFilter, FileQuestion, FilesPart};
use crate::ui::state::{Phase, use_app};
use crate::view::format;
use leptos::prelude::*;
use std::sync::Arc;

/// The totals. Each code is a button that searches for it.
#[component]
pub fn Totals(part: Memo<Option<Arc<FilesPart>>>, question: RwSignal<FileQuestion>) -> impl IntoView {
    let app = use_app();
    let files = move || {
        app.session.phase.with(|phase| match phase {
            Phase::Loading(progress) | Phase::Ready(progress) => progress.files,
            _ => 0,
        })
    };
    let total = move |of: fn(&FilesPart) -> String| {
        move || part.with(|part| part.as_deref().map(of)).unwrap_or_else(|| "–".into())
    };
    let codes = move || {
        part.with(|part| {
            let totals = part.iter().flat_map(|part| &part.totals.problems);
            totals.map(|(code, known)| (*code, known.files)).collect::<Vec<_>>()
        })
    };
    let pick = move |code: Code| {
        question.update(|question| {
            let is_picked = is_picked(question, code);
            question.filter =
                if code == Code::NotSelected && !is_picked { FileFilter::NotSelected } else { FileFilter::All };
            question.search = if code == Code::NotSelected || is_picked { String::new() } else { code.name().into() };
        });
    };
    view! {
        <dl class="files-totals">
            <div><dt>"Files"</dt><dd>{move || format::count(files())}</dd></div>
            <div><dt>"Files and entries"</dt><dd>{total(|part| format::count(part.totals.entries))}</dd></div>
            <div><dt>"Events"</dt><dd>{total(|part| format::count(part.totals.events))}</dd></div>
            <div><dt>"Duplicates among them"</dt><dd>{total(|part| format::count(part.totals.duplicates))}</dd></div>
            <div><dt>"Read"</dt><dd>{total(|part| format::bytes(part.totals.bytes_in))}</dd></div>
            <div><dt>"Unpacked"</dt><dd>{total(|part| format::bytes(part.totals.bytes_out))}</dd></div>
        </dl>
        <Show when=move || !codes().is_empty()>
            <ul class="files-codes" aria-label="What happened">
                {move || codes().into_iter().map(|(code, files)| view! {
                    <li>
                        <button
                            class="code-button"
                            aria-pressed=move || question.with(|question| is_picked(question, code)).to_string()
                            on:click=move |_| pick(code)
                        >
                            <code>{code.name()}</code>
                            <span class="number muted">{format::plural(files, "file", "files")}</span>
                        </button>
                    </li>
                }).collect_view()}
            </ul>
        </Show>
    }
}

fn is_picked(question: &FileQuestion, code: Code) -> bool {
    match code {
        Code::NotSelected => question.filter == FileFilter::NotSelected,
        _ => question.search == code.name(),
    }
}
