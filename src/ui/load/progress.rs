//! How far a load is, in numbers, with a way to stop it, and what is missing when it ended early.

use crate::ui::commands::run;
use crate::ui::shell::use_shell;
use crate::ui::state::{Phase, use_app};
use crate::ui::widgets::Icon;
use crate::view::commands::Command;
use crate::view::{format, progress};
use leptos::prelude::*;

/// The strip shown while files are being read.
#[component]
pub fn LoadStrip() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let state = Memo::new(move |_| {
        app.session.phase.with(|phase| match phase {
            Phase::Loading(progress) => Some(progress.clone()),
            _ => None,
        })
    });
    let loading = Memo::new(move |_| state.with(Option::is_some));
    let with =
        move |show: fn(&crate::ui::state::Progress) -> String| move || state.with(|state| state.as_ref().map(show));
    let part = move || {
        state.with(|state| {
            state.as_ref().map_or(0.0, |state| {
                if state.bytes_total == 0 {
                    0.0
                } else {
                    state.bytes_in.min(state.bytes_total) as f64 / state.bytes_total as f64
                }
            })
        })
    };
    view! {
        <Show when=move || loading.get()>
            <section class="load-strip" aria-label="Loading">
                <progress max="1" prop:value=part aria-label="Part of the files that is read"></progress>
                <dl>
                    <div><dt>"Files"</dt><dd>{with(|p| format!("{} of {}", format::count(p.files_done), format::count(p.files)))}</dd></div>
                    <div><dt>"Read"</dt><dd>{with(|p| format!("{} of {}", format::bytes(p.bytes_in), format::bytes(p.bytes_total)))}</dd></div>
                    <div><dt>"Unpacked"</dt><dd>{with(|p| format::bytes(p.bytes_out))}</dd></div>
                    <div><dt>"Events"</dt><dd>{with(|p| format::count(p.events))}</dd></div>
                    <div><dt>"Speed"</dt><dd>{with(|p| format!("{}/s", format::short_count(progress::rate(p.events, p.elapsed_ms))))}</dd></div>
                    <div><dt>"Left"</dt><dd>{with(|p| progress::remaining_ms(p.bytes_in, p.bytes_total, p.elapsed_ms)
                        .map_or("…".into(), |left| format::duration(left as i64)))}</dd></div>
                </dl>
                <button class="button" on:click=move |_| run(app, shell, Command::CancelLoad)>"Stop"</button>
            </section>
        </Show>
    }
}

/// Says that not everything was read, until it is dismissed or the next load begins.
#[component]
pub fn UnfinishedNotice() -> impl IntoView {
    let app = use_app();
    let unfinished = Memo::new(move |_| {
        app.session.phase.with(|phase| match phase {
            Phase::Ready(progress) => progress.unfinished.clone(),
            _ => None,
        })
    });
    let dismissed = RwSignal::new(None);
    let text = move || unfinished.get().filter(|text| dismissed.with(|known| known.as_ref() != Some(text)));
    view! {
        <Show when=move || text().is_some()>
            <section class="load-strip unfinished" role="alert" aria-label="Not everything was read">
                <Icon name="alert"/>
                <p>{text}</p>
                <button class="button" on:click=move |_| dismissed.set(unfinished.get())>"Dismiss"</button>
            </section>
        </Show>
    }
}
