//! What the panel shows while there is no metric filter: the presets, each with what it would match.

use crate::ui::commands;
use crate::ui::lab_list::PresetCard;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::Action;
use crate::view::commands::Command;
use crate::view::presets::{PRESETS, Preset};
use leptos::prelude::*;

/// The start.
#[component]
pub fn Start() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    view! {
        <div class="lab-start">
            <h2>"Which alarm would have fired?"</h2>
            <p class="muted">
                "Write a CloudWatch metric filter and an alarm, and see what both would have done with the loaded events. Nothing is created in any account."
            </p>
            <ul class="presets">
                {PRESETS.into_iter().map(|preset| view! { <Card preset/> }).collect_view()}
                <li>
                    <button class="preset" on:click=move |_| commands::run(app, shell, Command::NewMetricFilter)>
                        <span class="preset-title">"Your own metric filter"</span>
                        <span class="muted">"Any filter pattern, from the search or from scratch"</span>
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
    let choose = Callback::new(move |()| add(app, &preset));
    view! { <PresetCard title=preset.title about=preset.about() filter=preset.pattern().into() choose/> }
}

/// Adds a preset to the list.
pub fn add(app: crate::ui::state::App, preset: &Preset) {
    app.dispatch(Action::AddBacktest { name: preset.title.into(), backtest: Box::new(preset.backtest()) });
}
