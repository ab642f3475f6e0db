//! The panel of EventBridge rules: a list of rules, what the active one would have received, its settings.
//!
//! Every count and list here is a search over the loaded events ([`delivery`](crate::pattern::eventbridge::delivery),
//! [`near`](crate::pattern::eventbridge::near)), so that each of them opens in Events.

mod chart;
mod convert;
mod deployed;
mod event;
mod events;
mod findings;
mod form;
mod list;
mod near_miss;
mod pattern_editor;
mod start;
mod state;
mod targets;

use crate::model::rule::Rule;
use crate::ui::lab_list::show_active;
use crate::ui::shell::Shell;
use crate::ui::state::{App, use_app};
use crate::view::{Action, Panel, RuleAction};
use chart::RuleChart;
pub use convert::{as_rule, say_converted};
pub use deployed::DeployedRules;
use findings::{Findings, Headline};
use form::RuleForm;
use leptos::prelude::*;
use list::List;
use start::Start;
use state::Active;

/// The panel.
#[component]
pub fn RulePanel() -> impl IntoView {
    let app = use_app();
    let is_empty = Memo::new(move |_| app.view.with(|view| view.rules.is_empty()));
    let active = Memo::new(move |_| app.view.with(|view| view.active_rule().map(|item| item.id)));
    show_active(active);
    view! {
        <section class="lab rules" id="main" tabindex="-1" aria-label="Rules" class:is-empty=move || is_empty.get()>
            <Show when=move || !is_empty.get() fallback=Start>
                <List/>
                {move || active.get().map(|id| {
                    let active = Active::follow(app, id);
                    view! {
                        <div class="lab-result">
                            <Headline active/>
                            <RuleChart active/>
                            <Findings active/>
                        </div>
                        <form class="lab-settings" aria-label="Rule" on:submit=|event| event.prevent_default()>
                            <RuleForm active/>
                        </form>
                    }
                })}
            </Show>
        </section>
    }
}

/// Adds a rule made of the search, as far as that can be said, and shows it.
pub fn start_from_search(app: App, shell: Shell) {
    let search = app.search.get_untracked();
    let pattern = match search.as_str() {
        "" => "{\n  \"source\": [\"aws.iam\"]\n}".to_owned(),
        search => match crate::pattern::convert::event_pattern_of_search(search) {
            Ok(converted) => {
                if !converted.lost.is_empty() {
                    say_converted(shell, "Rule", &converted.lost);
                }
                converted.text
            }
            Err(message) => return shell.say(message),
        },
    };
    add(app, Rule { name: "new-rule".into(), event_pattern: pattern, ..Rule::default() });
}

/// Adds a rule and shows it.
fn add(app: App, rule: Rule) {
    app.preview(Action::Rules(RuleAction::Add(vec![rule])));
    app.dispatch(Action::Open(Panel::Rules));
}
