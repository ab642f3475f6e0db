//! Exporting the events in view: the menu over the table, progress, and what is missing.

use super::commands::run;
use super::shell::use_shell;
use super::state::use_app;
use super::widgets::popover;
use super::widgets::{Icon, Popover};
use crate::model::export::ExportFormat;
use crate::view::commands::Command;
use crate::view::export::all_fields;
use crate::view::format;
use leptos::prelude::*;

/// The button that says how many events an export has, and its menu.
#[component]
pub fn ExportMenu() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let events = move || format::plural(shell.matched_count(), "event", "events");
    let off = Memo::new(move |_| {
        app.session.is_loading() || shell.matched_count() == 0 || app.export.running.with(Option::is_some)
    });
    let item = move |command: Command, name: &'static str, what: Signal<String>| {
        let choose = move |event: web_sys::MouseEvent| {
            popover::close_around(&event);
            run(app, shell, command);
        };
        view! {
            <button class="menu-item export-item" disabled=move || off.get() on:click=choose>
                <span class="export-name">{name}</span>
                <span class="muted">{move || what.get()}</span>
            </button>
        }
    };
    let columns = Signal::derive(move || {
        format!("the {} shown", format::plural(app.view.with(|view| view.columns.len()) as u64, "column", "columns"))
    });
    let all = Signal::derive(move || {
        let fields = app.catalog.with(|catalog| catalog.value.as_ref().map_or(0, |catalog| all_fields(catalog).len()));
        format!("all {}", format::plural(fields as u64, "field", "fields"))
    });
    let fixed = |text: &str| Signal::stored(text.to_owned());
    let translate = move |event: web_sys::MouseEvent| {
        popover::close_around(&event);
        run(app, shell, Command::Translate);
    };
    let note = move || {
        if app.session.is_loading() {
            "Events can be exported once all files are read."
        } else {
            "In the order of the files. The page writes the file itself; nothing is sent."
        }
    };
    view! {
        <Popover
            label=Signal::derive(move || format!("Export {}", events()))
            button_class="button quiet"
            class="menu export-menu"
            button=view! {
                <Icon name="save"/>
                <span>"Export "<span class="number">{move || format::count(shell.matched_count())}</span><span class="wide-only">{move || if shell.matched_count() == 1 { " event" } else { " events" }}</span></span>
            }
        >
            {item(Command::ExportJson, "JSON", fixed("original records in one object"))}
            {item(Command::ExportNdjson, "NDJSON", fixed("original records, one a line"))}
            <div class="menu-line"></div>
            {item(Command::ExportCsv, "CSV", columns)}
            {item(Command::ExportAllFields, "CSV", all)}
            <p class="export-note muted">{note}</p>
            <div class="menu-line"></div>
            <button class="menu-item export-item" on:click=translate>
                <span class="export-name">"Query"</span>
                <span class="muted">"for Athena or Logs Insights"</span>
            </button>
        </Popover>
    }
}

/// Shown while an export is under way.
#[component]
pub fn ExportStrip() -> impl IntoView {
    let app = use_app();
    let running = app.export.running;
    let is_running = Memo::new(move |_| running.with(Option::is_some));
    let part = move || running.with(|running| running.as_ref().map_or(0.0, |run| run.done as f64 / run.total as f64));
    let events = move || {
        let text = |done, total| format!("{} of {}", format::count(done), format::count(total));
        running.with(|running| running.as_ref().map(|run| text(run.done, run.total)))
    };
    let bytes = move || running.with(|running| running.as_ref().map(|run| format::bytes(run.bytes)));
    view! {
        <Show when=move || is_running.get()>
            <section class="load-strip" aria-label="Exporting">
                <progress max="1" prop:value=part aria-label="Part of the events that is exported"></progress>
                <dl>
                    <div><dt>"Exported"</dt><dd>{events}</dd></div>
                    <div><dt>"Written"</dt><dd>{bytes}</dd></div>
                </dl>
                <button class="button" on:click=move |_| app.export.stop()>"Stop"</button>
            </section>
        </Show>
    }
}

/// Says what an export lacks, until it is dismissed or the next one begins.
#[component]
pub fn ExportTrouble() -> impl IntoView {
    let app = use_app();
    let trouble = app.export.trouble;
    view! {
        <Show when=move || trouble.with(Option::is_some)>
            <section class="load-strip limit" role="alert" aria-label="Not everything was exported">
                <Icon name="alert"/>
                <p class="export-trouble">{move || trouble.get()}</p>
                <button class="button" on:click=move |_| trouble.set(None)>"Dismiss"</button>
            </section>
        </Show>
    }
}

/// The columns of the table as they stand.
pub fn shown_fields(app: super::state::App) -> ExportFormat {
    ExportFormat::Csv { fields: app.view.with_untracked(|view| view.columns.iter().map(|c| c.field.clone()).collect()) }
}

/// Every field that holds values.
pub fn every_field(app: super::state::App) -> ExportFormat {
    let fields = app.catalog.with_untracked(|catalog| catalog.value.as_ref().map(|catalog| all_fields(catalog)));
    ExportFormat::Csv { fields: fields.unwrap_or_default() }
}
