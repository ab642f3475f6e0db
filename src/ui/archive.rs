//! The panel about the archive itself: every file and what became of it, what is covered, whether it is genuine.
//!
//! Each tab is a component of its own; the tab that is open is part of the view, so that a link leads to it.

mod coverage;
mod files;
mod integrity;

use super::state::use_app;
use crate::view::{Action, ArchiveTab};
use coverage::Coverage;
use files::Files;
use integrity::Integrity;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// The panel.
#[component]
pub fn ArchivePanel() -> impl IntoView {
    let app = use_app();
    let open = Memo::new(move |_| app.view.with(|view| view.archive));
    view! {
        <section class="archive" aria-label="Archive">
            <div class="archive-head">
                <div class="segmented" role="tablist" aria-label="Archive" on:keydown=move |event| walk(event, open.get_untracked())>
                    {ArchiveTab::ALL.map(|tab| view! {
                        <button
                            id=tab_id(tab)
                            role="tab"
                            aria-selected=move || (open.get() == tab).to_string()
                            aria-controls="main"
                            tabindex=move || if open.get() == tab { "0" } else { "-1" }
                            on:click=move |_| app.dispatch(Action::OpenArchive(tab))
                        >
                            {tab.label()}
                        </button>
                    })}
                </div>
            </div>
            <div class="archive-body" id="main" role="tabpanel" tabindex="0" aria-labelledby=move || tab_id(open.get())>
                {move || match open.get() {
                    ArchiveTab::Files => view! { <Files/> }.into_any(),
                    ArchiveTab::Coverage => view! { <Coverage/> }.into_any(),
                    ArchiveTab::Integrity => view! { <Integrity/> }.into_any(),
                }}
            </div>
        </section>
    }
}

fn tab_id(tab: ArchiveTab) -> String {
    format!("archive-{}", tab.as_str())
}

/// Arrow keys go round the tabs, Home and End to the ends; Tab leaves the list.
fn walk(event: KeyboardEvent, open: ArchiveTab) {
    let all = ArchiveTab::ALL;
    let at = all.iter().position(|tab| *tab == open).unwrap_or_default();
    let to = match event.key().as_str() {
        "ArrowRight" => (at + 1) % all.len(),
        "ArrowLeft" => (at + all.len() - 1) % all.len(),
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return,
    };
    event.prevent_default();
    let tab = document().get_element_by_id(&tab_id(all[to])).and_then(|tab| tab.dyn_into::<HtmlElement>().ok());
    if let Some(tab) = tab {
        tab.click();
        let _ = tab.focus();
    }
}
