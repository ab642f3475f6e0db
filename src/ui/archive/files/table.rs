//! The lines of the import report.

use crate::base::{EpochMs, Severity};
use crate::model::report::{FileOrder, FileQuestion, FileRow, FilesPart, Finding};
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::integrity::{ByPath, Tone, by_path};
use crate::view::report::in_words;
use crate::view::{TimeRange, format};
use leptos::prelude::*;
use std::sync::Arc;

/// The table. Its roles are spelled out, because a narrow screen lays it out as cards.
#[component]
pub fn Table(part: Memo<Option<Arc<FilesPart>>>, question: RwSignal<FileQuestion>) -> impl IntoView {
    let head = move |order: Option<FileOrder>, label: &'static str, class: &'static str| {
        let Some(order) = order else { return view! { <th role="columnheader" class=class>{label}</th> }.into_any() };
        let is_order = move || question.with(|question| question.order == order);
        let sorted = move || match question.with(|question| (question.order == order, question.descending)) {
            (true, true) => "descending",
            (true, false) => "ascending",
            (false, _) => "none",
        };
        let sort = move |_| {
            question.update(|question| {
                // What is largest or worst is what is looked for first.
                let begins_descending = matches!(order, FileOrder::Events | FileOrder::Size | FileOrder::Problems);
                question.descending = if question.order == order { !question.descending } else { begins_descending };
                question.order = order;
            });
        };
        let icon =
            Signal::derive(
                move || if question.with(|question| question.descending) { "arrow-down" } else { "arrow-up" },
            );
        view! {
            <th role="columnheader" class=class aria-sort=sorted>
                <button on:click=sort>
                    {label}
                    <Show when=is_order><Icon name=icon small=true/></Show>
                </button>
            </th>
        }
        .into_any()
    };
    let app = use_app();
    let verdicts = Memo::new(move |_| {
        Verdicts(app.integrity.with(|verification| verification.report().map(|report| Arc::new(by_path(report)))))
    });
    view! {
        <table class="files-table" role="table" aria-label="Files">
            <thead role="rowgroup">
                <tr role="row">
                    {head(Some(FileOrder::Path), "File", "")}
                    {head(Some(FileOrder::Problems), "Worst", "severity-cell")}
                    {head(Some(FileOrder::Format), "Format", "")}
                    {head(Some(FileOrder::Events), "Events", "number")}
                    {head(Some(FileOrder::Size), "Size", "number")}
                    {head(Some(FileOrder::First), "Events from – to", "")}
                    {head(None, "Account", "")}
                    {head(None, "Region", "")}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {move || part.with(|part| part.iter().flat_map(|part| &part.rows).map(|row| view! { <Line row=row.clone() verdicts/> }).collect_view())}
            </tbody>
        </table>
    }
}

/// What verification says about files; equal only to itself.
#[derive(Clone)]
struct Verdicts(Option<Arc<ByPath>>);

impl PartialEq for Verdicts {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

/// One file, what became of it below its path.
#[component]
fn Line(row: FileRow, verdicts: Memo<Verdicts>) -> impl IntoView {
    let app = use_app();
    let span = move || match (row.first, row.last) {
        (Some(first), Some(last)) if first == last => app.short_time(first),
        (Some(first), Some(last)) => {
            // Both events are inside; a range ends after its last instant.
            let range = TimeRange { from: first, to: EpochMs(last.0.saturating_add(1_000)) };
            app.short_range(range)
        }
        _ => "–".into(),
    };
    let mark = row.severity().map(|severity| {
        let (class, icon, label) = look(severity);
        view! { <span class=format!("severity {class}")><Icon name=icon/><span class="hidden-text">{label}</span></span> }
    });
    let duplicates = (row.duplicates > 0)
        .then(|| view! { <span class="muted">{format::plural(row.duplicates, "duplicate", "duplicates")}</span> });
    let unpacked = (row.bytes_out > row.bytes_in)
        .then(|| view! { <span class="muted">{format!("{} unpacked", format::bytes(row.bytes_out))}</span> });
    let path = row.path.clone();
    let proven = move || {
        let known = verdicts.with(|verdicts| verdicts.0.as_ref().and_then(|verdicts| verdicts.get(&path).cloned()));
        known.map(|(verdict, reason)| {
            let tone = Tone::of(verdict);
            view! {
                <p class=format!("finding verdict {}", tone.class())>
                    <Icon name=tone.icon() small=true/>
                    <span>{in_words(verdict, &reason)}</span>
                </p>
            }
        })
    };
    view! {
        <tr role="row">
            <td role="cell" class="file-cell">
                <p class="problem-file mono" title=row.path.clone()>{row.path.clone()}</p>
                {row.problems.iter().map(finding).collect_view()}
                {proven}
            </td>
            <td role="cell" class="severity-cell">{mark}</td>
            <td role="cell">{row.format.clone()}</td>
            <td role="cell" class="number" data-label="Events">{format::count(row.events)}{duplicates}</td>
            <td role="cell" class="number" data-label="Size">{format::bytes(row.bytes_in)}{unpacked}</td>
            <td role="cell" class="number">{span}</td>
            <td role="cell" class="number">{listed(&row.accounts)}</td>
            <td role="cell">{listed(&row.regions)}</td>
        </tr>
    }
}

fn finding(finding: &Finding) -> impl IntoView + use<> {
    let (class, ..) = look(finding.severity);
    let times = (finding.count > 1).then(|| format!(" ×{}", format::count(finding.count)));
    view! {
        <p class=format!("finding {class}")>
            <code>{finding.code.name()}{times}</code>" "
            <span>{finding.message.clone()}</span>
        </p>
    }
}

/// Class, icon and name of a severity.
fn look(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("error", "alert", "Skipped"),
        Severity::Warning => ("warning", "alert", "Partly read"),
        Severity::Note => ("note", "info", "Note"),
    }
}

/// The first of a list, and how many more there are.
fn listed(names: &[String]) -> String {
    match names {
        [] => "–".into(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
    }
}
