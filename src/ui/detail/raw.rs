//! The record as it stands in the file.

use super::Record;
use crate::ui::shell::use_shell;
use crate::ui::widgets::{Icon, clipboard};
use crate::view::format;
use leptos::prelude::*;
use std::sync::Arc;

/// Characters rendered at most; the copy has them all.
const SHOWN: usize = 200_000;

/// The text, with a button to copy it.
#[component]
pub fn Raw(record: Arc<Record>) -> impl IntoView {
    let shell = use_shell();
    let text = record.detail.raw.clone();
    let cut = text.len() > SHOWN;
    let shown = text[..text.floor_char_boundary(SHOWN)].to_owned();
    let copy = move |_| {
        clipboard::copy(text.clone(), move |ok| {
            shell.say(if ok { "Record copied" } else { "The browser refused to copy" })
        });
    };
    view! {
        <div class="raw-head">
            <span class="muted">
                {format!("{} at byte {} of ", format::bytes(record.detail.raw.len() as u64), format::count(record.detail.offset))}
                <span class="mono">{record.detail.file.clone()}</span>
            </span>
            <button class="button" on:click=copy><Icon name="copy"/>"Copy"</button>
        </div>
        <pre class="raw" tabindex="0" aria-label="Record as in the file">{shown}</pre>
        {cut.then(|| view! { <p class="muted">"Cut here; the copy is complete"</p> })}
    }
}
