//! Metric filters and alarms as configuration to take to AWS: which, as what, to read, copy or save.

use super::shell::{Dialog, use_shell};
use super::state::use_app;
use super::widgets::{Icon, Modal, clipboard};
use crate::deploy::{Entry, Format, Output, write};
use leptos::prelude::*;

/// The dialog.
#[component]
pub fn Deploy() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let format = RwSignal::new(Format::default());
    let all = RwSignal::new(false);
    let count = Memo::new(move |_| app.view.with(|view| view.backtests.len()));
    let output = Memo::new(move |_| {
        app.view.with(|view| {
            let wanted = view.backtests.iter().filter(|item| all.get() || Some(item.id) == view.active);
            let entries: Vec<Entry> = wanted.map(|item| Entry { name: &item.name, backtest: &item.backtest }).collect();
            write(&entries, format.get())
        })
    });
    let text = move || output.with(|Output { text, .. }| text.clone());
    let close = move || shell.dialog.set(None);
    let copy = move |_| {
        clipboard::copy(text(), move |done| {
            shell.say(if done { "Configuration copied" } else { "The browser refused to copy" });
        });
    };
    let save = move |_| {
        if clipboard::save(format.get_untracked().file_name(), "text/plain", &text()).is_some() {
            shell.say("Configuration saved");
        }
    };
    let as_format = move |option: Format| {
        view! {
            <button type="button" aria-pressed=move || (format.get() == option).to_string() on:click=move |_| format.set(option)>
                {option.label()}
            </button>
        }
    };
    let which = move |option: bool, label: String| {
        view! {
            <button type="button" aria-pressed=move || (all.get() == option).to_string() on:click=move |_| all.set(option)>
                {label}
            </button>
        }
    };
    let is_empty = Memo::new(move |_| output.with(|output| output.text.is_empty()));
    view! {
        <Modal title="Take it to AWS" class="deploy" close=close>
            <div class="deploy-choices">
                <div class="segmented" role="group" aria-label="Format">{Format::ALL.map(as_format)}</div>
                <Show when=move || { count.get() > 1 }>
                    <div class="segmented" role="group" aria-label="Alarms">
                        {which(false, "This alarm".to_owned())}
                        {which(true, format!("All {}", count.get_untracked()))}
                    </div>
                </Show>
            </div>
            <ul class="deploy-notes">
                {move || output.with(|output| output.notes.iter().map(|note| view! {
                    <li class="form-note"><Icon name="alert" small=true/>{note.clone()}</li>
                }).collect_view())}
            </ul>
            <Show
                when=move || !is_empty.get()
                fallback=move || {
                    let nothing = if count.get() == 0 { "No metric filter yet: add one first" } else { "Nothing that CloudWatch would accept" };
                    view! { <p class="empty-note">{nothing}</p> }
                }
            >
                <pre class="deploy-text mono" tabindex="0" aria-label="Configuration">{text}</pre>
            </Show>
            <div class="deploy-actions">
                <p class="muted">"Nothing is created from here: read it, then deploy it with your own tools."</p>
                <button class="button quiet" on:click=move |_| shell.dialog.set(Some(Dialog::Translate))>
                    <Icon name="search" small=true/>
                    "Query for Athena or Logs Insights"
                </button>
                <button class="button" disabled=move || is_empty.get() on:click=copy><Icon name="copy" small=true/>"Copy"</button>
                <button class="button" disabled=move || is_empty.get() on:click=save>
                    <Icon name="save" small=true/>
                    {move || format!("Save {}", format.get().file_name())}
                </button>
            </div>
        </Modal>
    }
}
