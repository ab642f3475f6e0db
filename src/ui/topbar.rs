//! The top bar: data set, search, panels, palette, settings.

use super::commands::run;
use super::filter::search_bar::SearchBar;
use super::focus;
use super::load::picker;
use super::settings::Settings;
use super::shell::use_shell;
use super::state::{Phase, use_app};
use super::widgets::{Icon, Popover};
use crate::view::commands::Command;
use crate::view::{Action, Panel, TimeRange, format};
use leptos::prelude::*;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let is_open = Memo::new(move |_| app.session.is_open());
    view! {
        <header class="topbar" class:bare=move || !is_open.get()>
            <a class="skip button" href="#main" on:click=skip>"Skip to the content"</a>
            <div class="brand">
                <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
                    <rect class="mark-bar" x="2" y="10" width="3" height="7" rx="1"/>
                    <rect class="mark-bar" x="6.5" y="7" width="3" height="10" rx="1"/>
                    <rect class="mark-alarm" x="11" y="2" width="3" height="15" rx="1"/>
                    <rect class="mark-bar" x="15.5" y="11" width="3" height="6" rx="1"/>
                </svg>
                <h1>"Trailscope"</h1>
            </div>
            <Show when=move || is_open.get() || shell.is_ready.get()>
                <div class="when-loaded" hidden=move || !is_open.get()>
                    <DataSet/>
                    <SearchBar/>
                    <div class="segmented" role="group" aria-label="Panel">
                        <PanelButton panel=Panel::Events label="Events" icon="list"/>
                        <PanelButton panel=Panel::Alarms label="Alarms" icon="bell"/>
                        <PanelButton panel=Panel::Controls label="Controls" icon="shield"/>
                        <PanelButton panel=Panel::Rules label="Rules" icon="path"/>
                        <PanelButton panel=Panel::Archive label="Archive" icon="folder"/>
                    </div>
                </div>
            </Show>
            <div class="topbar-end">
                <button
                    class="button quiet palette-button"
                    aria-label="Ctrl K – command palette"
                    on:click=move |_| run(app, shell, Command::OpenPalette)
                >
                    <Icon name="keyboard"/><kbd>"Ctrl K"</kbd>
                </button>
                <Settings/>
            </div>
        </header>
    }
}

/// The fragment belongs to the view, so the link moves the focus itself.
fn skip(event: web_sys::MouseEvent) {
    event.prevent_default();
    focus::to_panel();
}

#[component]
fn PanelButton(panel: Panel, label: &'static str, icon: &'static str) -> impl IntoView {
    let app = use_app();
    view! {
        <button
            aria-pressed=move || (app.panel.get() == panel).to_string()
            on:click=move |_| app.dispatch(Action::Open(panel))
        >
            <Icon name=icon small=true/>{label}
        </button>
    }
}

/// The chip that names what is loaded; its panel tells more.
#[component]
fn DataSet() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let session = app.session;
    let span = move || {
        session.loaded.with(|loaded| {
            let (first, last) = (loaded.first?, loaded.last?);
            Some(match TimeRange::between(first, last) {
                Some(range) => app.short_range(range),
                None => app.short_time(first),
            })
        })
    };
    let progress = move || {
        session.phase.with(|phase| match phase {
            Phase::Loading(progress) | Phase::Ready(progress) => Some(progress.clone()),
            _ => None,
        })
    };
    let facts = move || {
        let progress = progress()?;
        let loaded = session.loaded.get();
        Some(view! {
            <dl class="facts">
                <dt>"Events"</dt><dd>{format::count(loaded.events)}</dd>
                <dt>"Duplicates"</dt><dd>{format::count(loaded.duplicates)}</dd>
                <dt>"Time span"</dt><dd>{span().unwrap_or_else(|| "–".into())}</dd>
                <dt>"Files"</dt><dd>{format::count(progress.files)}</dd>
                <dt>"Read"</dt><dd>{format!("{}, {} unpacked", format::bytes(progress.bytes_in), format::bytes(progress.bytes_out))}</dd>
                <dt>"Problems"</dt><dd>{format::count(session.findings.with(|found| found.problems + found.notes))}</dd>
            </dl>
        })
    };
    let name = move || {
        let name = session.name.get();
        if !name.is_empty() {
            return name;
        }
        progress().map_or_else(String::new, |progress| format::plural(progress.files, "file", "files"))
    };
    let keep = move || app.view.with(|view| view.keep_duplicates);
    view! {
        <Popover
            // The name on the button belongs into its name for screen readers.
            label=Signal::derive(move || format!("{} – data set", name()))
            button_class="dataset"
            button=view! {
                <Icon name="database" small=true/>
                <span class="dataset-name">{name}</span>
                <Icon name="down" small=true/>
            }
        >
            {facts}
            <label class="menu-item">
                <input type="checkbox" prop:checked=keep on:change=move |_| run(app, shell, Command::ToggleDuplicates)/>
                "Keep duplicate events"
            </label>
            <div class="menu-line"></div>
            <button class="menu-item" on:click=move |_| run(app, shell, Command::ShowFiles)><Icon name="alert"/>"Import report"</button>
            <button class="menu-item" on:click=move |_| picker::open_files()><Icon name="file"/>"Add files"</button>
            <button class="menu-item" on:click=move |_| picker::open_folder()><Icon name="folder"/>"Add a folder"</button>
            <div class="menu-line"></div>
            <button class="menu-item" on:click=move |_| run(app, shell, Command::CloseData)><Icon name="close"/>"Close the data set"</button>
        </Popover>
    }
}
