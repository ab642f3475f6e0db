//! Saving the evidence report of the framework that is shown.

use crate::base::EpochMs;
use crate::controls::history::histories;
use crate::model::query::Scope;
use crate::ui::shell::{Shell, use_shell};
use crate::ui::state::{App, Ask, Phase, Verification, use_app};
use crate::ui::widgets::{Icon, clipboard};
use crate::view::controls::patterns;
use crate::view::coverage::step;
use crate::view::evidence::{Archive, SHOWN, chosen, evidence, file_name, html, integrity, not_read};
use crate::view::{TimeRange, format};
use leptos::prelude::*;

/// Width that the cells of the coverage are made for; the report shows none, only hours and gaps.
const WIDTH: f64 = 900.0;

/// The button.
#[component]
pub fn ReportButton() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let off = move || app.session.is_loading() || !app.session.has_events();
    view! {
        <button class="button" disabled=off on:click=move |_| save(app, shell)>
            <Icon name="file" small=true/>"Evidence report"
        </button>
    }
}

/// Asks what the report needs, writes it and has the browser save it. Nothing happens while files are being read, nor without
/// events.
pub fn save(app: App, shell: Shell) {
    if untrack(|| app.session.is_loading() || !app.session.has_events()) {
        return;
    }
    leptos::task::spawn_local(async move {
        match write(app).await {
            Ok((name, text)) if clipboard::save(&name, "text/html", &text).is_some() => {
                shell.say(format!("{name} saved"))
            }
            Ok(_) => shell.say("The browser could not put the report together"),
            Err(Ask::Failed(error)) => shell.say(format!("No report: {}", error.message)),
            // Another report was asked for, or the data set was closed.
            Err(Ask::Overtaken) => {}
        }
    });
}

/// Name and text of the report.
async fn write(app: App) -> Result<(String, String), Ask> {
    let (framework, keep_duplicates) = app.view.with_untracked(|view| (view.framework, view.keep_duplicates));
    let name = app.session.name.get_untracked();
    let files = app.session.phase.with_untracked(|phase| match phase {
        Phase::Ready(progress) | Phase::Loading(progress) => (progress.files_done, progress.files),
        _ => (0, 0),
    });
    let not_read = app.engine.with_load(|load| not_read(&load.diagnostics)).unwrap_or_default();
    let left_out = app.engine.with_load(|load| load.left_out).unwrap_or_default();
    let chosen = app.session.selections.with_untracked(|selections| chosen(selections, left_out));
    let verified = untrack(|| {
        app.integrity.with(|state| match state {
            Verification::None => integrity(None),
            Verification::Done(report) => integrity(Some(report)),
            Verification::Failed(reason) => format!("Not verified: {reason}"),
            Verification::Hashing { .. } | Verification::Signatures { .. } => {
                "Not verified: the files were still being verified when this report was written.".into()
            }
        })
    });
    let written = EpochMs(js_sys::Date::now() as i64);
    let scope = Scope { keep_duplicates, ..Scope::default() };
    let count = app.engine.count("report", scope).await?;
    let (first, last) = (count.first.unwrap_or(EpochMs(0)), count.last.unwrap_or(EpochMs(0)));
    let range = TimeRange { from: first, to: EpochMs(last.0.saturating_add(1)) };
    let coverage = app.engine.coverage("report", step(range, WIDTH), 0, range).await?;
    let matches = app.engine.matches("report", patterns(framework), keep_duplicates, SHOWN).await?;
    let name = if name.is_empty() { format::plural(files.1, "file", "files") } else { name };
    let archive = Archive { name, files, not_read, chosen, count, coverage, integrity: verified, keep_duplicates };
    let text = html(&evidence(framework, written, archive, histories(matches).collect()));
    Ok((file_name(framework, written), text))
}
