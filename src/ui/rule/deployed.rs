//! The offer to add rules that were found in configuration files.

use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::rule::offered;
use crate::view::{Action, RuleAction, format};
use leptos::prelude::*;

/// The bar. It goes when all are in the list, or is dismissed until others are found.
#[component]
pub fn DeployedRules() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let found = app.session.configuration;
    let dismissed = RwSignal::new(0);
    let left = Memo::new(move |_| found.with(|found| app.view.with(|view| offered(&found.rules, &view.rules))));
    let text = move || {
        let count = left.with(Vec::len) as u64;
        let files = found.with(|found| found.rule_files.len()) as u64;
        let rules = format::plural(count, "EventBridge rule", "EventBridge rules");
        format!("{rules} found in {}", format::plural(files, "file", "files"))
    };
    let add = move |_| {
        let rules = left.get_untracked();
        let added = format::plural(rules.len() as u64, "rule", "rules");
        app.dispatch(Action::Rules(RuleAction::Add(rules)));
        shell.say_done(format!("{added} added"));
    };
    view! {
        <Show when=move || { left.with(Vec::len) > dismissed.get() }>
            <section class="load-strip deployed" aria-label="Found rules">
                <Icon name="path"/>
                <p class="deployed-text">{text}</p>
                <div class="deployed-tools">
                    <button class="button quiet" on:click=move |_| dismissed.set(left.with_untracked(Vec::len))>"Dismiss"</button>
                    <button class="button primary" on:click=add>"Add to the list"</button>
                </div>
            </section>
        </Show>
    }
}
