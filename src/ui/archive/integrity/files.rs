//! The log files and Lake results, what is wrong first.

use crate::ui::widgets::Icon;
use crate::verify::{File, Report};
use crate::view::format;
use crate::view::integrity::{Tone, label};
use leptos::prelude::*;
use std::sync::Arc;

/// Files that are shown of each kind; the export has them all.
const SHOWN: usize = 200;

/// What is wrong, and the rest on demand, by verdict.
#[component]
pub fn Files(report: Arc<Report>) -> impl IntoView {
    // They are sorted by verdict, what is wrong first.
    let border = report.files.partition_point(|file| file.verdict.is_wrong());
    let (wrong, others) = report.files.split_at(border);
    let groups = others.chunk_by(|a, b| a.verdict == b.verdict).map(|group| {
        let files = format::plural(group.len() as u64, "file", "files");
        let count = format!("{files} {}", group[0].verdict.words());
        view! { <details class="integrity-more"><summary>{count}</summary>{list(group)}</details> }
    });
    (!report.files.is_empty()).then(|| {
        view! {
            <section aria-label="Log files">
                <h2>"Log files"</h2>
                {(!wrong.is_empty()).then(|| list(wrong))}
                {groups.collect_view()}
            </section>
        }
    })
}

fn list(files: &[File]) -> impl IntoView + use<> {
    let more = files.len().saturating_sub(SHOWN) as u64;
    view! {
        <ul class="integrity-list">{files.iter().take(SHOWN).map(line).collect_view()}</ul>
        {(more > 0).then(|| view! {
            <p class="muted">{format!("and {} more, all of them in the file that is saved", format::plural(more, "file", "files"))}</p>
        })}
    }
}

fn line(file: &File) -> impl IntoView + use<> {
    let tone = Tone::of(file.verdict);
    let name = file.path.clone().or_else(|| file.object.clone()).unwrap_or_default();
    let facts = [("Expected SHA-256", &file.expected), ("Found SHA-256", &file.found), ("Named by", &file.stated_by)];
    let facts = facts.into_iter().filter(|_| file.verdict.is_wrong()).filter_map(|(term, fact)| {
        fact.clone().map(|fact| view! { <div><dt>{term}</dt><dd class="mono">{fact}</dd></div> })
    });
    view! {
        <li class=tone.class()>
            <Icon name=tone.icon()/>
            <div>
                <p class="integrity-name mono">{name}</p>
                <p class="integrity-reason">{file.reason.clone()}</p>
                <dl>{facts.collect_view()}</dl>
            </div>
            <p class="integrity-verdict">{label(file.verdict)}</p>
        </li>
    }
}
