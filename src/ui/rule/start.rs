//! What the panel shows while there is no rule: the presets, each with what it would match.

use crate::model::query::Scope;
use crate::model::rule::Rule;
use crate::pattern::eventbridge::{delivery, parse};
use crate::ui::commands;
use crate::ui::shell::use_shell;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::commands::Command;
use crate::view::format;
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
    let question = move || app.session.has_data().then(|| app.session.version.get());
    let count = use_answer(question, move |_| {
        let filter = parse(preset.pattern).map(|pattern| delivery::matched(&pattern)).unwrap_or_default();
        async move { app.engine.count(preset.name, Scope { filter, ..Scope::default() }).await }
    });
    let matched = move || count.with(|answer| answer.value.as_ref().map(|count| count.matched));
    let text = move || matched().map(|matched| format::plural(matched, "event", "events"));
    let rule = move || -> Rule { preset.rule() };
    view! {
        <li>
            <button class="preset" on:click=move |_| super::add(app, rule())>
                <span class="preset-title">{preset.title}</span>
                <span class="muted">{preset.about}</span>
                <span class="preset-count number" class:none=move || matched() == Some(0)>{text}</span>
            </button>
        </li>
    }
}
