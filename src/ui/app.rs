//! The page as a whole: panes, dialogs, shortcuts.

use super::alarm::AlarmPanel;
use super::archive::ArchivePanel;
use super::commands::run;
use super::controls::ControlsPanel;
use super::deploy::Deploy;
use super::detail::{self, Detail};
use super::export::{ExportStrip, ExportTrouble};
use super::facets::Facets;
use super::fields::{Fields, Use};
use super::focus;
use super::help::Help;
use super::load::drop::DropTarget;
use super::load::empty::EmptyScreen;
use super::load::partly::SelectionDialog;
use super::load::paste;
use super::load::picker::Pickers;
use super::load::progress::{LoadStrip, UnfinishedNotice};
use super::metric::{DeployedBar, announce};
use super::palette::Palette;
use super::rule::{DeployedRules, RulePanel};
use super::shell::{Dialog, NarrowPane, Shell, use_shell};
use super::state::{App, history, use_app, use_patience};
use super::status::StatusBar;
use super::table::Table;
use super::timeline::Timeline;
use super::topbar::TopBar;
use super::translate::Translate;
use super::value_menu::ValueMenu;
use super::widgets::icon::provide_sprite;
use super::widgets::popover;
use crate::view::Panel;
use crate::view::commands::{Command, pressed};
use crate::view::keymap::Press;
use leptos::prelude::*;

/// Mounts the page into the body.
pub fn start() {
    provide_sprite();
    leptos::mount::mount_to_body(Root);
}

#[component]
fn Root() -> impl IntoView {
    let app = App::provide();
    let shell = Shell::provide(app);
    detail::follow_selection(app, shell);
    paste::listen(app);
    if let Some(message) = history::link_error() {
        shell.say(message);
    }
    listen_to_keys(app, shell);
    focus::keep();
    let is_open = Memo::new(move |_| app.session.is_open());
    let can_undo = move || {
        app.view.track();
        shell.toast.with(|toast| toast.undoes.is_some_and(|step| step == history::steps()))
    };
    view! {
        <div class="app" class:late=use_patience(app.engine)>
            <TopBar/>
            <Show when=move || !is_open.get()>
                <EmptyScreen/>
            </Show>
            // Made while nobody waits for it, so that the first rows need not.
            <Show when=move || is_open.get() || shell.is_ready.get()>
                <div class="when-loaded" hidden=move || !is_open.get()>
                    <Workbench/>
                </div>
            </Show>
        </div>
        <Pickers/>
        <ValueMenu/>
        {move || shell.dialog.get().map(|dialog| match dialog {
            Dialog::Palette => view! { <Palette/> }.into_any(),
            Dialog::Help => view! { <Help/> }.into_any(),
            Dialog::Deploy => view! { <Deploy/> }.into_any(),
            Dialog::Translate => view! { <Translate/> }.into_any(),
            Dialog::Selection => view! { <SelectionDialog/> }.into_any(),
            Dialog::Columns => view! { <Fields purpose=Use::Columns/> }.into_any(),
            Dialog::Facets => view! { <Fields purpose=Use::Facets/> }.into_any(),
        })}
        <DropTarget/>
        <div class="toast" role="status" class:shown=move || shell.toast.with(|toast| !toast.text.is_empty())>
            {move || shell.toast.with(|toast| toast.text.clone())}
            <Show when=can_undo>
                <button class="toast-action" on:click=move |_| run(app, shell, Command::Undo)>"Undo"</button>
            </Show>
        </div>
    }
}

/// Everything under the top bar once there is data.
#[component]
fn Workbench() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    announce(app, shell);
    let panel = move || app.panel.get().as_str();
    view! {
        <div class="above">
            <LoadStrip/>
            <UnfinishedNotice/>
            <ExportStrip/>
            <ExportTrouble/>
            <DeployedBar/>
            <Show when=move || app.panel.get() == Panel::Rules><DeployedRules/></Show>
        </div>
        <div class="when-loaded" hidden=move || app.panel.get() == Panel::Archive>
            <Timeline/>
        </div>
        <main class="body" data-panel=panel data-pane=move || shell.narrow.get().as_str()>
            {move || match app.panel.get() {
                Panel::Events => view! { <EventsPanel/> }.into_any(),
                Panel::Alarms => view! { <AlarmPanel/> }.into_any(),
                Panel::Controls => view! { <ControlsPanel/> }.into_any(),
                Panel::Rules => view! { <RulePanel/> }.into_any(),
                Panel::Archive => view! { <ArchivePanel/> }.into_any(),
            }}
        </main>
        <StatusBar/>
    }
}

/// Facets, table and the open event.
#[component]
fn EventsPanel() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    view! {
        <PaneTabs/>
        <Show when=move || app.prefs.with(|prefs| prefs.facets_open) || shell.narrow.get() == NarrowPane::Facets>
            <Facets/>
        </Show>
        <Table/>
        <Detail/>
    }
}

/// On a narrow screen the panes share one place.
#[component]
fn PaneTabs() -> impl IntoView {
    let shell = use_shell();
    let tab = move |pane: NarrowPane, label: &'static str| {
        view! {
            <button aria-pressed=move || (shell.narrow.get() == pane).to_string() on:click=move |_| shell.narrow.set(pane)>
                {label}
            </button>
        }
    };
    view! {
        <div class="pane-tabs">
            <div class="segmented" role="group" aria-label="Pane">
                {tab(NarrowPane::Facets, "Facets")}
                {tab(NarrowPane::Table, "Events")}
                <Show when=move || shell.cursor.with(Option::is_some)>{tab(NarrowPane::Detail, "Detail")}</Show>
            </div>
        </div>
    }
}

fn listen_to_keys(app: App, shell: Shell) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        if event.key() == "Escape" {
            escape(app, shell);
            return;
        }
        let key = event.key();
        let press = Press {
            key: &key,
            control: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
            typing: event.target().is_some_and(|target| paste::is_text_field(&target)),
        };
        // A dialog has the keyboard to itself, but the palette's key closes it again.
        if shell.dialog.with_untracked(Option::is_some) {
            return;
        }
        let single_keys = app.prefs.with_untracked(|prefs| prefs.single_keys);
        let has_data = app.session.phase.with_untracked(|_| untrack(|| app.session.is_open()));
        if let Some(command) = pressed(press, single_keys, has_data) {
            event.prevent_default();
            run(app, shell, command);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Esc closes what was opened last: the brush, then the drawer. Menus, popovers and dialogs close by themselves.
fn escape(app: App, shell: Shell) {
    if shell.dialog.with_untracked(Option::is_some)
        || shell.menu.with_untracked(Option::is_some)
        || popover::is_any_open()
    {
        return;
    }
    if app.preview_range.get_untracked().is_some() {
        app.preview_range.set(None);
    } else if shell.cursor.with_untracked(Option::is_some) {
        shell.close_event();
    }
}
