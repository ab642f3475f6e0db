//! The import report: what was skipped, repaired or cut, and why.

use crate::base::{Diagnostic, Severity};
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, clipboard};
use crate::view::format;
use crate::worker::pool::LoadState;
use leptos::prelude::*;

/// Lines shown at most; the copy has them all.
const SHOWN: usize = 1_000;

/// The tab.
#[component]
pub fn Files() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let findings = app.session.findings;
    // A load may have a finding for each of its hundreds of thousands of files: only what is shown is copied.
    let worst = Memo::new(move |_| {
        findings.track();
        let worst = |load: &LoadState| sorted(&load.diagnostics, SHOWN).into_iter().cloned().collect::<Vec<_>>();
        app.engine.with_load(worst).unwrap_or_default()
    });
    let copy = move |_| {
        let text = |load: &LoadState| sorted(&load.diagnostics, usize::MAX).into_iter().map(line).collect::<String>();
        clipboard::copy(app.engine.with_load(text).unwrap_or_default(), move |done| {
            shell.say(if done { "Report copied" } else { "The browser refused to copy" })
        });
    };
    let more = move || {
        let hidden = findings.with(|found| found.problems + found.notes).saturating_sub(SHOWN as u64);
        (hidden > 0).then(
            || view! { <p class="muted">{format!("and {} more, all of them in the copy", format::count(hidden))}</p> },
        )
    };
    view! {
        <Summary/>
        <Show
            when=move || !worst.with(Vec::is_empty)
            fallback=|| view! { <p class="empty-note">"Every file was read completely"</p> }
        >
            <ul class="problem-list">
                {move || worst.with(|list| list.iter().map(problem).collect_view())}
            </ul>
            {more}
            <button class="button" on:click=copy><Icon name="copy"/>"Copy report"</button>
        </Show>
    }
}

/// The first `most` findings, the worst first, then by file.
fn sorted(findings: &[Diagnostic], most: usize) -> Vec<&Diagnostic> {
    let order = |a: &&Diagnostic, b: &&Diagnostic| b.severity.cmp(&a.severity).then_with(|| a.file.cmp(&b.file));
    let mut list: Vec<&Diagnostic> = findings.iter().collect();
    if list.len() > most {
        list.select_nth_unstable_by(most, order);
        list.truncate(most);
    }
    list.sort_by(order);
    list
}

#[component]
fn Summary() -> impl IntoView {
    let app = use_app();
    let text = move || {
        app.session.loaded.with(|loaded| {
            let mut text = format::plural(loaded.events, "event", "events");
            if loaded.duplicates > 0 {
                text.push_str(&format!(", {} set aside", format::plural(loaded.duplicates, "duplicate", "duplicates")));
            }
            if loaded.undated > 0 {
                text.push_str(&format!(", {} without a readable time", format::count(loaded.undated)));
            }
            text
        })
    };
    view! { <p class="problem-summary">{text}</p> }
}

fn problem(item: &Diagnostic) -> impl IntoView + use<> {
    let (class, icon, label) = match item.severity {
        Severity::Error => ("error", "alert", "Skipped"),
        Severity::Warning => ("warning", "alert", "Partly read"),
        Severity::Note => ("note", "info", "Note"),
    };
    let times = (item.count > 1).then(|| format!("{} times", format::count(item.count)));
    view! {
        <li class=format!("problem {class}")>
            <Icon name=icon/>
            <div>
                <p class="problem-file mono" title=item.file.clone()>{item.file.clone()}</p>
                <p>{item.message.clone()}</p>
            </div>
            <p class="problem-kind">{label}{times.map(|times| view! { <span class="muted">{times}</span> })}</p>
        </li>
    }
}

fn line(item: &Diagnostic) -> String {
    let code = serde_json::to_string(&item.code).unwrap_or_default();
    format!("{:?}\t{}\t{}\t{}\t{}\n", item.severity, code.trim_matches('"'), item.count, item.file, item.message)
}
