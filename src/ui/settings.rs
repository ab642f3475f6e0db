//! The settings panel: theme, row height, time zone, shortcuts, workers.

use super::commands::run;
use super::shell::use_shell;
use super::state::{Density, Theme, ZoneChoice, use_app, zone};
use super::widgets::{Icon, Popover};
use crate::view::commands::Command;
use leptos::prelude::*;

/// The button and its panel.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Popover label="Settings" class="settings" button=view! { <Icon name="sliders"/> }>
            <Body/>
        </Popover>
    }
}

#[component]
fn Body() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let prefs = app.prefs;
    let theme = |value: Theme, label: &'static str, icon: &'static str| {
        view! {
            <button
                aria-pressed=move || (prefs.with(|prefs| prefs.theme) == value).to_string()
                on:click=move |_| prefs.update(|prefs| prefs.theme = value)
            ><Icon name=icon small=true/>{label}</button>
        }
    };
    let density = |value: Density, label: &'static str| {
        view! {
            <button
                aria-pressed=move || (prefs.with(|prefs| prefs.density) == value).to_string()
                on:click=move |_| prefs.update(|prefs| prefs.density = value)
            >{label}</button>
        }
    };
    let set_zone = move |event| {
        let choice = match event_target_value(&event).as_str() {
            "utc" => ZoneChoice::Utc,
            "local" => ZoneChoice::Local,
            name => ZoneChoice::Named(name.into()),
        };
        prefs.update(|prefs| prefs.zone = choice);
    };
    let chosen = move || match prefs.with(|prefs| prefs.zone.clone()) {
        ZoneChoice::Utc => "utc".to_owned(),
        ZoneChoice::Local => "local".to_owned(),
        ZoneChoice::Named(name) => name,
    };
    let names = zone::names().into_iter().map(|name| {
        let value = name.clone();
        view! { <option value=value.clone() selected=move || chosen() == value>{name}</option> }
    });
    let set_workers = move |event| {
        let workers = event_target_value(&event).parse().ok();
        prefs.update(|prefs| prefs.workers = workers);
    };
    let workers = move || prefs.with(|prefs| prefs.workers);
    view! {
        <div class="setting">
            <h3 id="set-theme">"Theme"</h3>
            <div class="segmented" role="group" aria-labelledby="set-theme">
                {theme(Theme::System, "System", "screen")}
                {theme(Theme::Light, "Light", "sun")}
                {theme(Theme::Dark, "Dark", "moon")}
            </div>
        </div>
        <div class="setting">
            <h3 id="set-rows">"Rows"</h3>
            <div class="segmented" role="group" aria-labelledby="set-rows">
                {density(Density::Compact, "Compact")}
                {density(Density::Comfortable, "Comfortable")}
            </div>
        </div>
        <label class="setting">
            <h3>"Time zone"</h3>
            <select class="field" on:change=set_zone>
                <option value="utc" selected=move || chosen() == "utc">"UTC"</option>
                <option value="local" selected=move || chosen() == "local">{format!("Local ({})", zone::local_name())}</option>
                <optgroup label="Other zones">{names.collect_view()}</optgroup>
            </select>
        </label>
        <label class="setting">
            <h3>"Workers"</h3>
            <select class="field" on:change=set_workers>
                <option value="" selected=move || workers().is_none()>"As many as this machine has cores, at most 8"</option>
                {(1..=8usize).map(|count| view! {
                    <option value=count.to_string() selected=move || workers() == Some(count)>{count.to_string()}</option>
                }).collect_view()}
            </select>
            <p class="muted">"From the next data set on"</p>
        </label>
        <label class="setting check">
            <input
                type="checkbox"
                prop:checked=move || prefs.with(|prefs| prefs.single_keys)
                on:change=move |_| run(app, shell, Command::ToggleSingleKeys)
            />
            "Single-key shortcuts"
        </label>
        <button class="button" on:click=move |_| run(app, shell, Command::OpenHelp)>
            <Icon name="keyboard"/>"Keyboard shortcuts"<kbd>"?"</kbd>
        </button>
    }
}
