//! The status bar: matched of total, problems, files that are not as delivered, time zone, workers, memory.

use super::commands::run;
use super::privacy::PrivacyStatus;
use super::shell::use_shell;
use super::state::{Verification, ZoneChoice, use_answer, use_app};
use super::widgets::Icon;
use crate::base::Code;
use crate::model::report::{FileFilter, FileQuestion};
use crate::view::commands::Command;
use crate::view::{Action, ArchiveTab, format};
use crate::worker::web::wasm_bytes;
use leptos::prelude::*;
use std::time::Duration;

/// Time between two looks at the page's own memory.
const LOOK: Duration = Duration::from_secs(1);

/// The status bar.
#[component]
pub fn StatusBar() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let session = app.session;
    let matched = move || {
        shell.matched.with(|answer| match (&answer.value, &answer.error) {
            (_, Some(error)) => error.clone(),
            (Some(count), None) if count.matched == count.events => format::plural(count.events, "event", "events"),
            (Some(count), None) => format!(
                "{} of {} ({})",
                format::count(count.matched),
                format::plural(count.events, "event", "events"),
                format::share(count.matched, count.events)
            ),
            (None, None) => String::new(),
        })
    };
    let duplicates = move || {
        let (count, keep) =
            (session.loaded.with(|loaded| loaded.duplicates), app.view.with(|view| view.keep_duplicates));
        (count > 0).then(|| {
            let what = if keep { "kept" } else { "set aside" };
            format!("{} {what}", format::plural(count, "duplicate", "duplicates"))
        })
    };
    let problems = Memo::new(move |_| session.findings.with(|found| found.problems));
    let notes = Memo::new(move |_| session.findings.with(|found| found.notes));
    let wrong = Memo::new(move |_| {
        app.integrity.with(|verification| match verification {
            Verification::Done(report) => report.wrong(),
            _ => 0,
        })
    });
    let any_wrong = move || wrong.get() > 0;
    let any_problem = move || problems.get() > 0;
    let any_note = move || notes.get() > 0;
    let workers = move || {
        let count = session.workers.get() as u64;
        (count > 0).then(|| format::plural(count, "worker", "workers"))
    };
    // The page's own memory grows without anybody saying so.
    let own = RwSignal::new(wasm_bytes());
    if let Ok(look) = set_interval_with_handle(move || own.set(wasm_bytes()), LOOK) {
        on_cleanup(move || look.clear());
    }
    let own = Memo::new(move |_| own.get());
    let memory = move || {
        let workers = session.memory.get();
        (workers > 0).then(|| format::bytes(workers + own.get()))
    };
    let memory_parts = move || {
        format!(
            "Memory: {} in the workers, {} in the page",
            format::bytes(session.memory.get()),
            format::bytes(own.get())
        )
    };
    let next_zone = move |_| {
        app.prefs.update(|prefs| {
            prefs.zone = if prefs.zone == ZoneChoice::Utc { ZoneChoice::Local } else { ZoneChoice::Utc };
        });
    };
    view! {
        <footer class="status">
            <span class="status-count number" aria-live="polite" class:stale=move || shell.matched.with(|answer| answer.stale)>{matched}</span>
            {move || duplicates().map(|text| view! {
                <button class="status-item" title="Keep or set aside" on:click=move |_| run(app, shell, Command::ToggleDuplicates)>{text}</button>
            })}
            <Show when=any_problem>
                <button class="status-item warning" on:click=move |_| shell.open_files(app, FileFilter::Problems)>
                    <Icon name="alert" small=true/>{move || format::plural(problems.get(), "problem", "problems")}
                </button>
            </Show>
            <Show when=any_note>
                <button class="status-item" on:click=move |_| shell.open_files(app, FileFilter::All)>
                    <Icon name="info" small=true/>{move || format::plural(notes.get(), "note", "notes")}
                </button>
            </Show>
            <NotRead/>
            <Show when=any_wrong>
                <button class="status-item warning" on:click=move |_| app.dispatch(Action::OpenArchive(ArchiveTab::Integrity))>
                    <Icon name="shield" small=true/>
                    {move || format::plural(wrong.get(), "file not as delivered", "files not as delivered")}
                </button>
            </Show>
            <span class="status-space"></span>
            <PrivacyStatus/>
            <button class="status-item" title="Switch between UTC and local time" on:click=next_zone>
                <Icon name="clock" small=true/>{move || app.zone.with(|zone| zone.name.clone())}
            </button>
            <span class="status-item number wide-only">{workers}</span>
            <span class="status-item number wide-only" title=memory_parts>{memory}</span>
        </footer>
    }
}

/// How many files and archive entries were not to be read, with the way to their names.
#[component]
fn NotRead() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let session = app.session;
    let question = move || {
        let may_be_some =
            session.selections.with(|all| all.iter().any(|selection| !selection.is_everything())) && session.has_data();
        may_be_some.then(|| (session.version.get(), session.findings.get().revision))
    };
    let answer = use_answer(question, move |_| app.engine.files("not read", FileQuestion::default()));
    let count = move || {
        answer.with(|answer| {
            let known = answer.value.as_ref()?.totals.problems.get(&Code::NotSelected)?;
            Some(format!("{} not read", format::plural(known.files, "file", "files")))
        })
    };
    move || {
        count().map(|text| {
            view! {
                <button class="status-item" title="Outside of what was chosen to be read" on:click=move |_| shell.open_files(app, FileFilter::NotSelected)>
                    {text}
                </button>
            }
        })
    }
}
