//! From a metric filter to a rule and back, with what is lost on the way.

use super::state::Active;
use crate::model::alarm::Backtest;
use crate::model::rule::Rule;
use crate::pattern::convert::{Converted, event_pattern_of_filter, filter_of_event_pattern};
use crate::ui::shell::{Shell, use_shell};
use crate::ui::state::{App, use_app};
use crate::ui::widgets::Icon;
use crate::view::{Action, Panel};
use leptos::prelude::*;

/// The button that makes a metric filter of a rule, and what would be lost.
#[component]
pub fn AsMetricFilter(active: Active) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let converted = Memo::new(move |_| active.get(|rule| filter_of_event_pattern(&rule.event_pattern)).get());
    let title = move || match converted.get() {
        Ok(Converted { lost, .. }) if lost.is_empty() => "Says the same in CloudWatch’s language".into(),
        Ok(Converted { lost, .. }) => lost.join("\n"),
        Err(message) => message,
    };
    let convert = move |_| {
        let Ok(Converted { text, lost }) = converted.get_untracked() else { return };
        let mut backtest = Box::<Backtest>::default();
        backtest.filter.filter_pattern = text;
        backtest.filter.metric_transformations = vec![Default::default()];
        let name = active.rule.with_untracked(|rule| rule.name.clone());
        app.preview(Action::AddBacktest { name, backtest });
        app.dispatch(Action::Open(Panel::Alarms));
        say_converted(shell, "Metric filter", &lost);
    };
    view! {
        <button
            type="button"
            class="button quiet"
            title=title
            disabled=move || converted.with(Result::is_err)
            on:click=convert
        >
            <Icon name="bell" small=true/>"As a metric filter"
        </button>
    }
}

/// Adds a rule that says what a metric filter says, as far as it can be said, and shows it.
pub fn as_rule(app: App, shell: Shell, name: &str, backtest: &Backtest) {
    match event_pattern_of_filter(&backtest.filter.filter_pattern) {
        Ok(Converted { text, lost }) => {
            let name = name.split_whitespace().collect::<Vec<_>>().join("-");
            super::add(app, Rule { name, event_pattern: text, ..Rule::default() });
            say_converted(shell, "Rule", &lost);
        }
        Err(message) => shell.say(message),
    }
}

/// Says what was added, and what it says otherwise than what it was made of.
pub fn say_converted(shell: Shell, what: &str, lost: &[String]) {
    shell.say(match lost {
        [] => format!("{what} added; it says the same"),
        lost => format!("{what} added. Not the same: {}", lost.join(". ")),
    });
}
