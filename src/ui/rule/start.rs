//! What the panel shows while there is no rule: the presets, each with what it would match.

use crate::pattern::eventbridge::{delivery, parse};
use crate::ui::commands;
use crate::ui::lab_list::PresetCard;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::commands::Command;
use crate::view::rule::{PRESETS, Preset};
use leptos::prelude::*;

/// The start.
#[component]
pub fn Start() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    view! {
        <div class="lab-start">
            <h2>"Which rule would have been triggered?"</h2>
            <p class="muted">
                "Write an EventBridge event pattern and see which of the loaded events match it, which of those EventBridge would have delivered, and why not the others. Nothing is created in any account."
            </p>
            <ul class="presets">
                {PRESETS.into_iter().map(|preset| view! { <Card preset/> }).collect_view()}
                <li>
                    <button class="preset" on:click=move |_| commands::run(app, shell, Command::NewRule)>
                        <span class="preset-title">"Your own rule"</span>
                        <span class="muted">"Any event pattern, from the search or from scratch"</span>
                        <Icon name="plus" small=true/>
                    </button>
                </li>
            </ul>
            <div class="lab-start-more">
                <button class="button" on:click=move |_| commands::run(app, shell, Command::LoadWorkspace)>
                    <Icon name="upload" small=true/>"Load workspace"
                </button>
            </div>
        </div>
    }
}

/// One preset.
#[component]
fn Card(preset: Preset) -> impl IntoView {
    let app = use_app();
    let filter = parse(preset.pattern).map(|pattern| delivery::matched(&pattern)).unwrap_or_default();
    let choose = Callback::new(move |()| super::add(app, preset.rule()));
    view! { <PresetCard title=preset.title about=preset.about filter choose/> }
}
