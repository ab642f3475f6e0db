//! The search bar: an editor with completion from the data. Every pane follows what is typed; Enter makes it a step
//! in the history, Esc goes back to what it was.

use crate::model::query::Scope;
use crate::pattern::search::{completion, tokens};
use crate::ui::shell::use_shell;
use crate::ui::state::{Values, use_answer, use_app};
use crate::ui::widgets::{Editor, Icon};
use crate::view::{Action, complete, format, search};
use leptos::{html, prelude::*};

/// The search bar.
#[component]
pub fn SearchBar() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let text = app.typed;
    let cursor = RwSignal::new(0);
    let node = NodeRef::<html::Textarea>::new();
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
            let limit = complete::LISTED as u32;
            app.engine.group(
                "search-values",
                Values { scope, field, contains: prefix, limit, named: Vec::new(), spans: false },
            )
        },
    );
    let completions = Memo::new(move |_| {
        let Some(place) = place.get() else { return Vec::new() };
        app.catalog.with(|catalog| {
            values.with(|values| complete::choices(&place, catalog.value.as_deref(), values.value.as_deref()))
        })
    });
    let checked = Memo::new(move |_| text.with(|text| search::check(text.trim())));
    let commit = move |()| {
        let typed = text.get_untracked();
        if search::is_usable(typed.trim()) {
            app.dispatch(Action::SetSearch(typed));
        }
    };
    let cancel = move |()| {
        text.set(app.view.with_untracked(|view| view.search.clone()));
        if let Some(area) = node.get_untracked() {
            let _ = area.blur();
        }
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
                    on:click=move |_| app.dispatch(Action::SetSearch(String::new()))
                >
                    <Icon name="close" small=true/>
                </button>
            </Show>
            <span class="search-count number" class:stale=move || shell.matched.with(|answer| answer.stale)>
                {move || format::count(shell.matched_count())}
            </span>
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}
