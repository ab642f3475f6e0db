//! The command palette: every command by a few letters.

use super::commands::run;
use super::focus;
use super::shell::use_shell;
use super::state::use_app;
use super::widgets::{Icon, Modal};
use crate::view::commands::search;
use leptos::prelude::*;

/// The palette.
#[component]
pub fn Palette() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0usize);
    let found = Memo::new(move |_| {
        let has_data = app.session.is_open();
        query.with(|query| search(query, has_data).iter().map(|entry| entry.command).collect::<Vec<_>>())
    });
    let entries = move || query.with(|query| search(query, app.session.is_open()));
    let close = move || shell.dialog.set(None);
    let choose = move |index: usize| {
        if let Some(command) = found.with_untracked(|found| found.get(index).copied()) {
            close();
            run(app, shell, command);
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => chosen.update(|at| *at = (*at + count - 1) % count),
            "Enter" => choose(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        let id = format!("palette-{}", chosen.get());
        if let Some(option) = document().get_element_by_id(&id) {
            focus::reveal(&option);
        }
    });
    view! {
        <Modal title="Commands" class="palette" bare=true close=close>
            <div class="palette-field">
                <Icon name="search"/>
                <input
                    role="combobox"
                    aria-label="Command"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    placeholder="Type a command"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || query.get()
                    on:input=move |event| { query.set(event_target_value(&event)); chosen.set(0); }
                    on:keydown=key
                />
                <kbd>"Esc"</kbd>
            </div>
            <ul id="palette-list" class="palette-list" role="listbox" aria-label="Commands">
                {move || entries().into_iter().enumerate().map(|(index, entry)| view! {
                    <li
                        id=format!("palette-{index}")
                        class="menu-item"
                        role="option"
                        aria-selected=move || (chosen.get() == index).to_string()
                        on:pointermove=move |_| if chosen.get_untracked() != index { chosen.set(index) }
                        on:click=move |_| choose(index)
                    >
                        <span class="palette-group">{entry.group}</span>
                        <span>{entry.title}</span>
                        {entry.keys.first().map(|key| view! { <kbd>{key.to_string()}</kbd> })}
                    </li>
                }).collect_view()}
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="empty-note">"No command is called that"</p>
            </Show>
        </Modal>
    }
}
