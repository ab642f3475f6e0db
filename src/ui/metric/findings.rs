//! What is worth knowing about a filter pattern, below its editor: what the text shows, and what the loaded events say
//! against it, each with the change that would help.

use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::lint::{self, Finding};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Of one pattern. The editor tells the first finding of the text itself, here is its button.
#[component]
pub fn PatternFindings(
    /// Id of the editor's field.
    id: String,
    /// The editor's text.
    #[prop(into)]
    text: Signal<String>,
    /// Takes the pattern that a button offers.
    adopt: Callback<String>,
) -> impl IntoView {
    let app = use_app();
    let lane = StoredValue::new(format!("fields-{id}"));
    let id = StoredValue::new(id);
    let of_text = Memo::new(move |_| text.with(|text| lint::of_text(text)));
    // A field that no event has so far may be in the events that are still being read.
    let is_ready = move || app.session.has_data() && !app.session.is_loading();
    let questions = Memo::new(move |_| text.with(|text| lint::questions(text)));
    let question = move || {
        let questions = is_ready().then(|| questions.get()).filter(|questions| !questions.is_empty())?;
        Some((questions, app.session.version.get()))
    };
    let fields = use_answer(question, move |(questions, _)| {
        let lane = lane.get_value();
        async move {
            let part = app.engine.fields(&lane, questions.clone()).await?;
            Ok((questions, part))
        }
    });
    let of_events = Memo::new(move |_| {
        let found = fields.with(|fields| {
            let (asked, part) = fields.value.as_deref()?;
            let is_answer = questions.with(|questions| questions == asked);
            is_answer.then(|| {
                app.catalog.with(|catalog| Some(lint::of_events(&text.get(), part, catalog.value.as_deref()?)))
            })?
        });
        found.unwrap_or_default()
    });
    let line = move |(is_told, Finding { text, fix }): (bool, Finding)| {
        let button = fix.map(|fix| {
            let pattern = fix.pattern;
            let press = move |_| {
                adopt.run(pattern.clone());
                // The button is gone with what it was about.
                id.with_value(|id| focus(id));
            };
            view! { <button type="button" class="button small" on:click=press>{fix.label}</button> }
        });
        let note = (!is_told).then(|| view! { <Icon name="alert" small=true/><span>{text}</span> });
        view! { <li class="form-note">{note}{button}</li> }
    };
    let lines = move || {
        let told = of_text.get().into_iter().enumerate().map(|(at, finding)| (at == 0, finding));
        let told = told.filter(|(is_told, finding)| !is_told || finding.fix.is_some());
        told.chain(of_events.get().into_iter().map(|finding| (false, finding))).map(line).collect_view()
    };
    view! { <ul class="pattern-notes" aria-label="Findings about the pattern">{lines}</ul> }
}

fn focus(id: &str) {
    let editor = document().get_element_by_id(id);
    if let Some(editor) = editor.and_then(|editor| editor.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = editor.focus();
    }
}
