//! Choosing fields from everything that occurs in the data: as columns or as facets.

use super::shell::use_shell;
use super::state::use_app;
use super::widgets::{Icon, Modal};
use crate::model::query::PRINCIPAL;
use crate::view::columns::label;
use crate::view::state::TIME_FIELD;
use crate::view::{Action, ViewState, format};
use leptos::prelude::*;

/// Fields listed at most; the search narrows them down.
const LISTED: usize = 300;

/// What the fields are chosen for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Columns of the table.
    Columns,
    /// Facets.
    Facets,
}

impl Use {
    fn shown(self, view: &ViewState) -> Vec<String> {
        match self {
            Self::Columns => view.columns.iter().map(|column| column.field.clone()).collect(),
            Self::Facets => view.facets.clone(),
        }
    }

    fn change(self, field: String, show: bool) -> Action {
        match (self, show) {
            (Self::Columns, true) => Action::AddColumn(field),
            (Self::Columns, false) => Action::RemoveColumn(field),
            (Self::Facets, true) => Action::AddFacet(field),
            (Self::Facets, false) => Action::RemoveFacet(field),
        }
    }
}

/// The dialog.
#[component]
pub fn Fields(
    /// What the fields are chosen for.
    purpose: Use,
) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| app.view.with(|view| purpose.shown(view)));
    // Those shown first, in their order; then the most common ones.
    let found = Memo::new(move |_| {
        let wanted = query.with(|query| query.trim().to_lowercase());
        let passes =
            |field: &str| field.to_lowercase().contains(&wanted) || label(field).to_lowercase().contains(&wanted);
        let mut fields: Vec<(String, Option<u64>)> = Vec::new();
        let count =
            |field: &str| app.catalog.with_untracked(|catalog| catalog.value.as_ref()?.paths.get(field).copied());
        let shown = shown.get_untracked();
        fields.extend(shown.iter().filter(|field| passes(field)).map(|field| (field.clone(), count(field))));
        let mut rest: Vec<(String, u64)> = app.catalog.with(|catalog| {
            let paths = catalog.value.iter().flat_map(|catalog| &catalog.paths);
            paths.filter(|(path, _)| passes(path)).map(|(path, count)| (path.clone(), *count)).collect()
        });
        rest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let derived =
            [PRINCIPAL, TIME_FIELD].into_iter().filter(|field| passes(field)).map(|field| (field.to_owned(), 0));
        for (field, count) in derived.chain(rest) {
            if fields.iter().all(|(known, _)| *known != field) {
                fields.push((field, (count > 0).then_some(count)));
            }
        }
        fields.truncate(LISTED);
        fields
    });
    let title = match purpose {
        Use::Columns => "Columns",
        Use::Facets => "Facets",
    };
    let line = move |(field, count): (String, Option<u64>)| {
        let name = label(&field).to_owned();
        let (key, changed) = (field.clone(), field.clone());
        let checked = move || shown.with(|shown| shown.contains(&key));
        view! {
            <li>
                <label class="menu-item">
                    <input
                        type="checkbox"
                        prop:checked=checked
                        on:change=move |event| app.dispatch(purpose.change(changed.clone(), event_target_checked(&event)))
                    />
                    <span class="mono field-path">{field.clone()}</span>
                    {(name != field).then(|| view! { <span class="muted">{name}</span> })}
                    <span class="muted number field-count">{count.map(format::short_count)}</span>
                </label>
            </li>
        }
    };
    view! {
        <Modal title=title class="fields" close=move || shell.dialog.set(None)>
            <div class="palette-field">
                <Icon name="search"/>
                <input
                    aria-label="Find a field"
                    placeholder="Find a field, such as requestParameters.bucketName"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| query.set(event_target_value(&event))
                />
            </div>
            <ul class="fields-list">{move || found.get().into_iter().map(line).collect_view()}</ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="empty-note">"No field of the data is called that"</p>
            </Show>
            {(purpose == Use::Columns).then(|| view! {
                <div class="dialog-foot">
                    <button class="button" on:click=move |_| app.dispatch(Action::ResetColumns)>"Back to the usual columns"</button>
                </div>
            })}
        </Modal>
    }
}
