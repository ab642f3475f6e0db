//! The keyboard's way to the same place: hidden file inputs that commands click.

use super::Source;
use super::found::Found;
use crate::ui::shell::{Shell, use_shell};
use crate::ui::state::{App, use_app};
use crate::view::format::plural;
use crate::view::{Action, Panel, RuleAction, workspace};
use js_sys::Reflect;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileList, HtmlInputElement};

const FILES: &str = "pick-files";
const FOLDER: &str = "pick-folder";
const WORKSPACE: &str = "pick-workspace";

/// The inputs; once per page.
#[component]
pub fn Pickers() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let chosen = move |event: web_sys::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(files) = input.files() else { return };
        leptos::task::spawn_local(async move {
            take(app, shell, &files).await;
            // The same choice twice is a change, too.
            input.set_value("");
        });
    };
    let workspace_chosen = move |event: web_sys::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        leptos::task::spawn_local(async move {
            let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
            match workspace::load(&text) {
                Ok(workspace) => {
                    let filters = plural(workspace.backtests.len() as u64, "metric filter", "metric filters");
                    let rules = plural(workspace.rules.len() as u64, "rule", "rules");
                    shell.say(if workspace.rules.is_empty() {
                        format!("{filters} loaded")
                    } else {
                        format!("{filters} and {rules} loaded")
                    });
                    let has_alarms = !workspace.is_without_alarms();
                    let panel = if !has_alarms { Panel::Rules } else { Panel::Alarms };
                    app.preview(Action::SetDelay(workspace.delay_minutes));
                    app.preview(Action::ExcludeOversize(workspace.exclude_oversize));
                    app.preview(Action::ReplaceFormulas(workspace.formulas));
                    app.preview(Action::ReplaceComposites(workspace.composites, workspace.mutes));
                    app.preview(Action::ReplaceBacktests(workspace.backtests));
                    let rules = workspace.rules.into_iter().map(|item| item.rule).collect();
                    app.dispatch(Action::Rules(RuleAction::Replace(rules)));
                    app.dispatch(Action::Open(panel));
                }
                Err(message) => shell.say(message),
            }
        });
    };
    // An attribute Leptos has no name for.
    let folder = NodeRef::<html::Input>::new();
    Effect::new(move |_| folder.get().map(|input| input.set_attribute("webkitdirectory", "")));
    view! {
        <input id=WORKSPACE type="file" accept=".json" hidden aria-label="Workspace file" on:change=workspace_chosen/>
        <input id=FILES type="file" multiple hidden aria-label="Files to load" on:change=chosen/>
        <input id=FOLDER type="file" node_ref=folder hidden aria-label="Folder to load" on:change=chosen/>
    }
}

/// Adds chosen files, which may be the hundreds of thousands of a folder.
async fn take(app: App, shell: Shell, files: &FileList) {
    let Some(mut found) = Found::begin(app, shell) else { return };
    for file in (0..files.length()).filter_map(|index| files.get(index)) {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let source = Source::new(file, path);
        if found.selects(&source.path) {
            found.add(source);
        }
        if !found.goes_on().await {
            break;
        }
    }
    found.end();
}

/// Opens the file picker; only inside a user's click or key press.
pub fn open_files() {
    click(FILES);
}

/// Opens the folder picker; only inside a user's click or key press.
pub fn open_folder() {
    click(FOLDER);
}

/// Opens the picker for a workspace file; only inside a user's click or key press.
pub fn open_workspace() {
    click(WORKSPACE);
}

fn click(id: &str) {
    if let Some(input) = document().get_element_by_id(id).and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.click();
    }
}
