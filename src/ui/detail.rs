//! The detail drawer: one event as fields, as a tree, as the bytes of the file; and what belongs to it.

mod fields;
mod raw;
mod related;
mod tree;

use super::shell::{Cursor, ReadEvent, Shell, use_shell};
use super::state::{App, use_answer, use_app};
use super::widgets::{Icon, Resizer};
use crate::model::fields::EVENT_ID;
use crate::model::query::{EventDetail, PRINCIPAL, RowRef, Scope, Sort};
use crate::view::json_tree::{self, Json};
use crate::view::{Action, format, partial};
use leptos::prelude::*;

/// One event, read.
#[derive(Clone)]
pub struct Record {
    /// Where it stands.
    row: RowRef,
    /// As the workers give it.
    pub detail: EventDetail,
    /// As JSON, or why it is not.
    pub json: Result<Json, String>,
}

impl Record {
    fn id(&self) -> Option<String> {
        EVENT_ID.into_iter().find_map(|key| self.text(&[key]))
    }

    fn text(&self, path: &[&str]) -> Option<String> {
        json_tree::text_at(self.json.as_ref().ok()?, path).map(String::from)
    }
}

/// Ways to look at the event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Fields,
    Tree,
    Raw,
}

/// Opens the event `by` rows further down the table, or the first one.
pub fn step(app: App, shell: Shell, by: i64) {
    let total = shell.matched_count();
    let current = shell.cursor.get_untracked().and_then(|cursor| cursor.number);
    let number = current.map_or(0, |number| number.saturating_add_signed(by)).min(total.saturating_sub(1));
    if total == 0 || current == Some(number) {
        return;
    }
    let (scope, sort) = (app.scope.get_untracked(), app.view.with_untracked(|view| view.sort.clone()));
    leptos::task::spawn_local(async move {
        if let Ok(page) = app.engine.page("step", scope, sort, number, 1, Vec::new()).await
            && let Some((row, _)) = page.rows.first()
        {
            shell.open_event(Cursor { row: *row, number: Some(number) });
        }
    });
}

/// Keeps the drawer and the selected eventID of the view in step, in both directions.
pub fn follow_selection(app: App, shell: Shell) {
    let selected = Memo::new(move |_| app.view.with(|view| view.selected.clone()));
    let wanted =
        Memo::new(move |_| selected.get().filter(|_| app.session.has_data()).map(|id| (id, app.session.version.get())));
    let open_row = move || shell.cursor.get_untracked().map(|cursor| cursor.row);
    let found = use_answer(
        move || wanted.get(),
        move |(id, _)| {
            let before = open_row();
            async move { app.engine.find("selected", id.clone()).await.map(|row| (id, row, before)) }
        },
    );
    Effect::new(move |_| {
        let Some(found) = found.with(|found| found.value.clone()) else { return };
        let (id, Some(row), before) = &*found else { return };
        let is_current = selected.with_untracked(|selected| selected.as_ref() == Some(id));
        // The event that is open has the eventID, too, as duplicates and conflicting copies do: it is the one that is meant.
        let is_open = open_row().is_some_and(|row| {
            let open = ReadEvent { row, id: id.clone(), lost: lost(app) };
            shell.read.with_value(|read| read.as_ref() == Some(&open))
        });
        // Whoever opened another event meanwhile wants that one; it is selected as soon as it is read.
        let has_stayed = open_row() == *before;
        if is_current && has_stayed && !is_open && open_row() != Some(*row) {
            shell.cursor.set(Some(Cursor { row: *row, number: None }));
        }
    });
    // A search may move the open event to another place, or out of the table; so may events that come along.
    let order =
        Memo::new(move |_| (app.scope.get(), app.view.with(|view| view.sort.clone()), app.session.version.get()));
    Effect::new(move |before: Option<(Scope, Sort, u64)>| {
        let order = order.get();
        if before.is_some_and(|before| before != order) {
            shell.cursor.update(|cursor| {
                if let Some(cursor) = cursor {
                    cursor.number = None;
                }
            });
        }
        order
    });
    Effect::new(move |before: Option<bool>| {
        let open = shell.cursor.with(Option::is_some);
        if before == Some(true) && !open {
            app.dispatch(Action::Select(None));
        }
        open
    });
}

/// Workers that have stopped.
fn lost(app: App) -> u64 {
    app.engine.with_load(|load| load.lost).unwrap_or_default()
}

/// The drawer; nothing while no event is open.
#[component]
pub fn Detail() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let open = Memo::new(move |_| shell.cursor.with(Option::is_some));
    let record = use_answer(
        move || shell.cursor.get().map(|cursor| cursor.row),
        move |row| async move {
            let detail = app.engine.event("detail", row).await?;
            let json = json_tree::parse(&detail.raw);
            Ok(Record { row, detail, json })
        },
    );
    Effect::new(move |_| {
        let read =
            record.with(|record| record.value.as_ref().filter(|_| !record.stale).map(|read| (read.row, read.id())));
        if let Some((row, Some(id))) = read {
            shell.read.set_value(Some(ReadEvent { row, id: id.clone(), lost: lost(app) }));
            app.dispatch(Action::Select(Some(id)));
        }
    });
    let tab = RwSignal::new(Tab::Fields);
    let width = Signal::derive(move || app.prefs.with(|prefs| prefs.detail_width));
    let title = move || {
        record.with(|record| {
            record.value.as_ref().map(|record| record.text(&["eventName"]).unwrap_or_else(|| "Event".into()))
        })
    };
    let time = move || {
        record.with(|record| {
            let time = record.value.as_ref()?.detail.time?;
            app.zone.with(|zone| Some(format::long_time(time, zone)))
        })
    };
    let known = move || record.with(|record| record.value.as_ref()?.detail.known.as_deref().map(partial::about));
    let failed = move || record.with(|record| record.value.as_ref()?.text(&["errorCode"]));
    let place = move || {
        shell
            .cursor
            .get()?
            .number
            .map(|number| format!("{} of {}", format::count(number + 1), format::count(shell.matched_count())))
    };
    let body = move || {
        let record = record.with(|record| record.value.clone())?;
        Some(match tab.get() {
            Tab::Fields => view! { <fields::FieldList record=record/> }.into_any(),
            Tab::Tree => view! { <tree::Tree record=record/> }.into_any(),
            Tab::Raw => view! { <raw::Raw record=record/> }.into_any(),
        })
    };
    let related =
        move || record.with(|record| record.value.clone()).map(|record| view! { <related::Related record=record/> });
    let tab_button = move |this: Tab, label: &'static str| {
        view! {
            <button role="tab" aria-selected=move || (tab.get() == this).to_string() on:click=move |_| tab.set(this)>{label}</button>
        }
    };
    view! {
        <Show when=move || open.get()>
            <aside class="pane side end detail" aria-label="Event" style=("--pane-width", move || format!("{}px", width.get()))>
                <div class="pane-head">
                    <h2 title=title>{title}</h2>
                    <span class="muted number">{place}</span>
                    <button class="icon-button small" aria-label="Previous event" title="Previous (K)" on:click=move |_| step(app, shell, -1)><Icon name="up"/></button>
                    <button class="icon-button small" aria-label="Next event" title="Next (J)" on:click=move |_| step(app, shell, 1)><Icon name="down"/></button>
                    <button class="icon-button small" aria-label="Close" title="Close (])" on:click=move |_| shell.close_event()><Icon name="close"/></button>
                </div>
                <div class="detail-sub">
                    <span class="number">{time}</span>
                    {move || failed().map(|code| view! { <span class="badge error">{code}</span> })}
                    {move || record.with(|record| record.value.as_ref().is_some_and(|record| record.detail.duplicate)).then(|| view! { <span class="badge">"duplicate"</span> })}
                    {move || record.with(|record| record.value.as_ref().is_some_and(|record| record.detail.in_conflict)).then(|| view! {
                        <span class="badge error" title="Another event has the same eventID and says something else. Search for the eventID to compare them.">"conflicting copy"</span>
                    })}
                </div>
                {move || known().map(|note| view! { <p class="form-note detail-note"><Icon name="info" small=true/><span>{note}</span></p> })}
                <div class="detail-tabs">
                    <div class="segmented" role="tablist" aria-label="Views of the event">
                        {tab_button(Tab::Fields, "Fields")}
                        {tab_button(Tab::Tree, "JSON")}
                        {tab_button(Tab::Raw, "Raw")}
                    </div>
                </div>
                {move || record.with(|record| record.error.clone()).map(|error| view! { <p class="error-note" role="alert">{error}</p> })}
                <div class="detail-body" class:stale=move || record.with(|record| record.stale && record.value.is_some())>
                    {body}
                    {related}
                </div>
                <Resizer label="Width of the event" width=width at_end=true set_width=move |width| app.prefs.update(|prefs| prefs.detail_width = width)/>
            </aside>
        </Show>
    }
}

/// The value of the derived field that says who did it, as the workers derive it.
fn principal(record: &Record) -> Option<(&'static str, String)> {
    let paths = [
        ["userIdentity", "arn"],
        ["userIdentity", "principalId"],
        ["userIdentity", "invokedBy"],
        ["userIdentity", "accountId"],
        ["userIdentity", "userName"],
    ];
    paths.iter().find_map(|path| record.text(path)).map(|value| (PRINCIPAL, value))
}
