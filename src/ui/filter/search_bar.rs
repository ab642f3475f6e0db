//! The search bar: an editor with completion from the data and a live count.

use crate::model::query::Scope;
use crate::pattern::search::{completion, tokens};
use crate::ui::shell::use_shell;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::{Editor, Icon};
use crate::view::{Action, complete, format, search};
use leptos::{html, prelude::*};

/// The search bar.
#[component]
pub fn SearchBar() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let committed = Memo::new(move |_| app.view.with(|view| view.search.clone()));
    let text = RwSignal::new(committed.get_untracked());
    let cursor = RwSignal::new(0);
    let node = NodeRef::<html::Textarea>::new();
    // Chips, menus and the back button change the text, too.
    Effect::new(move |_| text.set(committed.get()));
    Effect::new(move |before: Option<u32>| {
        let asked = shell.focus_search.get();
        if before.is_some_and(|before| before != asked)
            && let Some(area) = node.get_untracked()
        {
            let _ = area.focus();
            area.select();
        }
        asked
    });

    let place = Memo::new(move |_| text.with(|text| completion(text, cursor.get())));
    let values = use_answer(
        move || complete::wanted_values(place.get().as_ref()).filter(|_| app.session.has_data()),
        move |(field, prefix)| {
            let scope = Scope { filter: String::new(), ..app.scope.get_untracked() };
            app.engine.group("search-values", scope, field, prefix, complete::LISTED as u32)
        },
    );
    let completions = Memo::new(move |_| {
        let Some(place) = place.get() else { return Vec::new() };
        app.catalog.with(|catalog| {
            values.with(|values| complete::choices(&place, catalog.value.as_deref(), values.value.as_deref()))
        })
    });
    let draft = Memo::new(move |_| text.get().trim().to_owned());
    let checked = Memo::new(move |_| draft.with(|draft| search::check(draft)));
    // What the draft would match, before Enter.
    let preview = use_answer(
        move || {
            let draft = draft.get();
            let usable = checked.with(|problems| problems.iter().all(|problem| !problem.is_error));
            (app.session.has_data() && usable && draft != committed.get())
                .then(|| (Scope { filter: draft, ..app.scope.get() }, app.session.version.get()))
        },
        move |(scope, _)| app.engine.count("search-preview", scope),
    );
    let commit = move |()| {
        if checked.with_untracked(|problems| problems.iter().all(|problem| !problem.is_error)) {
            app.dispatch(Action::SetSearch(draft.get_untracked()));
        }
    };
    let cancel = move |()| {
        text.set(committed.get_untracked());
        if let Some(area) = node.get_untracked() {
            let _ = area.blur();
        }
    };
    let count = move || {
        let draft = preview.with(|answer| answer.value.as_ref().map(|count| count.matched));
        draft
            .map_or_else(|| format::count(shell.matched_count()), |count| format!("{} with this", format::count(count)))
    };
    let tokens = Memo::new(move |_| text.with(|text| tokens(text)));
    view! {
        <div class="search" role="search">
            <Icon name="search"/>
            <Editor
                id="search"
                label="Search events"
                placeholder="Search: text, field:value, -exclude, or { $.pattern }"
                text=text
                cursor=cursor
                tokens=tokens
                problems=checked
                completions=completions
                commit=commit
                cancel=cancel
                node=node
            />
            <Show when=move || text.with(|text| !text.is_empty())>
                <button
                    class="icon-button small"
                    aria-label="Clear the search"
                    title="Clear the search"
                    on:click=move |_| { text.set(String::new()); app.dispatch(Action::SetSearch(String::new())); }
                >
                    <Icon name="close" small=true/>
                </button>
            </Show>
            <span class="search-count number" class:stale=move || preview.with(|answer| answer.stale)>{count}</span>
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}
