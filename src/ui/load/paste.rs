//! Pasted JSON text or files become files like any other.

use super::{Source, add};
use crate::ui::state::App;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, File};

/// Listens for pastes outside text fields, for as long as the page lives.
pub fn listen(app: App) {
    let listener = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        if event.target().is_some_and(|target| is_text_field(&target)) {
            return;
        }
        let Some(data) = event.clipboard_data() else { return };
        let mut sources: Vec<Source> = data
            .files()
            .iter()
            .flat_map(|files| (0..files.length()).filter_map(|index| files.get(index)))
            .map(|file| Source::new(file, None))
            .collect();
        if sources.is_empty() {
            let text = data.get_data("text/plain").unwrap_or_default();
            sources.extend(pasted(&text));
        }
        if !sources.is_empty() {
            event.prevent_default();
            add(app, sources);
        }
    });
    on_cleanup(move || listener.remove());
}

fn pasted(text: &str) -> Option<Source> {
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    let parts = js_sys::Array::of1(&text.into());
    let file = File::new_with_str_sequence(&parts, "pasted.json").ok().filter(|_| looks_like_json)?;
    Some(Source::new(file, None))
}

/// Whether the user is typing there.
pub fn is_text_field(target: &web_sys::EventTarget) -> bool {
    let Some(element) = target.dyn_ref::<web_sys::Element>() else { return false };
    element
        .closest("input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select")
        .ok()
        .flatten()
        .is_some()
}
