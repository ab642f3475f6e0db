//! The offer to add what was found in configuration files: a quiet bar over the lab, and a word when they are found.

use crate::ui::shell::{Shell, use_shell};
use crate::ui::state::{App, use_app};
use crate::ui::widgets::{Icon, Popover};
use crate::view::deployed::{MOST, offered, offered_composites, offered_formulas, offered_mutes, sentence};
use crate::view::{Action, Panel, format};
use leptos::prelude::*;

/// The bar. It goes when everything is in the lab, or is dismissed until something else is found.
#[component]
pub fn DeployedBar() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let found = app.session.configuration;
    let dismissed = RwSignal::new(None);
    let left = Memo::new(move |_| {
        found.with(|found| {
            app.view.with(|view| {
                let alarms = offered(found, &view.backtests).len() + offered_formulas(found, &view.formulas).len();
                let composites = offered_composites(found, &view.composites).len();
                alarms + composites + offered_mutes(found, &view.mutes).len()
            })
        })
    });
    let notes = Memo::new(move |_| found.with(|found| found.notes.len() + found.more_notes));
    let is_shown = Memo::new(move |_| {
        let is_dismissed = dismissed.with(|known| *known == Some(found.get()));
        let is_something = left.get() > 0 || found.with(|found| found.is_without_alarms()) && notes.get() > 0;
        is_something && !is_dismissed && app.panel.get() == Panel::Alarms
    });
    let text = move || found.with(|found| sentence(found));
    let rest = move || {
        let (left, all) = (left.get(), found.with(|found| found.count()));
        (left < all).then(|| format!("{left} of {all} not in the lab"))
    };
    let label = move || {
        let left = left.get();
        if left > MOST { format!("Add the first {MOST} to the lab") } else { "Add to the lab".into() }
    };
    view! {
        <Show when=move || is_shown.get()>
            <section class="load-strip deployed" aria-label="Found configuration">
                <Icon name="bell"/>
                <p><span class="deployed-text">{text}</span>" "<span class="muted">{rest}</span></p>
                <div class="deployed-tools">
                    <Show when=move || { notes.get() > 0 }>
                        <Popover
                            label=Signal::derive(move || format::plural(notes.get() as u64, "note on them", "notes on them"))
                            button_class="button quiet"
                            class="menu deployed-notes"
                            button=view! { <span>{move || format::plural(notes.get() as u64, "note", "notes")}</span> }
                        >
                            <Notes/>
                        </Popover>
                    </Show>
                    <button class="button quiet" on:click=move |_| dismissed.set(Some(found.get()))>"Dismiss"</button>
                    <Show when=move || { left.get() > 0 }>
                        <button class="button primary" on:click=move |_| add(app, shell)>{label}</button>
                    </Show>
                </div>
            </section>
        </Show>
    }
}

/// What could not be used, and why.
#[component]
fn Notes() -> impl IntoView {
    let found = use_app().session.configuration;
    let line = |note: &crate::configuration::Note| {
        view! {
            <li>
                <p class="deployed-item mono" title=note.file.clone()>{note.item.clone()}</p>
                <p class="muted">{note.message.clone()}</p>
            </li>
        }
    };
    let more = move || {
        let more = found.with(|found| found.more_notes) as u64;
        (more > 0).then(|| format!("and {} more", format::count(more)))
    };
    view! {
        <ul tabindex="0">{move || found.with(|found| found.notes.iter().map(line).collect_view())}</ul>
        <p class="muted">{more}</p>
    }
}

/// Adds what is offered, in one step that Back takes back.
fn add(app: App, shell: Shell) {
    let items: Vec<_> = app.session.configuration.with_untracked(|found| {
        let offered = app.view.with_untracked(|view| offered(found, &view.backtests));
        offered.into_iter().take(MOST).map(|deployed| (deployed.name.clone(), deployed.backtest.clone())).collect()
    });
    let composites: Vec<_> = app.session.configuration.with_untracked(|found| {
        let offered = app.view.with_untracked(|view| offered_composites(found, &view.composites));
        offered.into_iter().take(MOST).map(|alarm| (alarm.alarm_name.clone(), alarm.clone())).collect()
    });
    let formulas: Vec<_> = app.session.configuration.with_untracked(|found| {
        let offered = app.view.with_untracked(|view| offered_formulas(found, &view.formulas));
        offered.into_iter().take(MOST).cloned().collect()
    });
    let (mutes, new) = app.session.configuration.with_untracked(|found| {
        app.view.with_untracked(|view| {
            let offered = offered_mutes(found, &view.mutes);
            let new = offered.len();
            (view.mutes.iter().chain(offered).cloned().collect(), new)
        })
    });
    let alarms = items.len() + formulas.len() + composites.len();
    let added = match new {
        0 => format::plural(alarms as u64, "alarm", "alarms"),
        _ => {
            let rules = format::plural(new as u64, "mute rule", "mute rules");
            format!("{} and {rules}", format::plural(alarms as u64, "alarm", "alarms"))
        }
    };
    app.preview(Action::AddBacktests(items));
    app.preview(Action::AddFormulas(formulas));
    app.preview(Action::AddComposites(composites));
    app.preview(Action::SetMutes(mutes));
    app.dispatch(Action::ShowOverview);
    shell.say_done(format!("{added} added"));
}

/// Says once that something was found, when there are events to run it on.
pub fn announce(app: App, shell: Shell) {
    Effect::new(move |before: Option<bool>| {
        let is_found = !app.session.configuration.with(|found| found.is_without_alarms());
        let is_due = is_found && app.session.loaded.with(|loaded| loaded.events > 0);
        if is_due && before == Some(false) {
            shell.say(app.session.configuration.with_untracked(|found| format!("{}: see Alarms", sentence(found))));
        }
        is_due
    });
}
