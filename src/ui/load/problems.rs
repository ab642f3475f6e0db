//! The import report: what was skipped, repaired or cut, and why.

use crate::base::{Diagnostic, Severity};
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, Modal, clipboard};
use crate::view::format;
use leptos::prelude::*;

/// Lines shown at most; the copy has them all.
const SHOWN: usize = 1_000;

/// The dialog.
#[component]
pub fn Problems() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let close = move || shell.dialog.set(None);
    let sorted = Memo::new(move |_| {
        let mut list = app.session.problems.get();
        list.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.file.cmp(&b.file)));
        list
    });
    let copy = move |_| {
        let text: String = sorted.with(|list| list.iter().map(line).collect());
        clipboard::copy(text, move |done| {
            shell.say(if done { "Report copied" } else { "The browser refused to copy" })
        });
    };
    let more = move || {
        let hidden = sorted.with(Vec::len).saturating_sub(SHOWN) as u64;
        (hidden > 0).then(
            || view! { <p class="muted">{format!("and {} more, all of them in the copy", format::count(hidden))}</p> },
        )
    };
    view! {
        <Modal title="Import report" class="problems" close=close>
            <div class="dialog-body" tabindex="0">
                <Summary/>
                <Show
                    when=move || !sorted.with(Vec::is_empty)
                    fallback=|| view! { <p class="empty-note">"Every file was read completely"</p> }
                >
                    <ul class="problem-list">
                        {move || sorted.with(|list| list.iter().take(SHOWN).map(problem).collect_view())}
                    </ul>
                    {more}
                    <button class="button" on:click=copy><Icon name="copy"/>"Copy report"</button>
                </Show>
            </div>
        </Modal>
    }
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
