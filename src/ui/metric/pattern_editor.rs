//! The filter pattern with syntax colours, errors and warnings in place, completion from the data and a live count.

use super::findings::PatternFindings;
use super::run::Run;
use crate::model::query::Scope;
use crate::pattern::cloudwatch::{self, Lint, Pattern, parse};
use crate::ui::state::{Values, drafted, use_answer, use_app};
use crate::ui::widgets::{Editor, Icon};
use crate::view::code::Problem;
use crate::view::{complete, format, lab, partial};
use leptos::prelude::*;
use std::ops::Range;

/// The editor of one pattern.
#[component]
pub fn PatternEditor(
    /// Id of the field.
    #[prop(into)]
    id: String,
    /// The pattern.
    pattern: Memo<String>,
    /// Takes what is typed.
    draft: Callback<String>,
    /// Typing has ended.
    done: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    let text = drafted(pattern, move |text| {
        draft.run(text);
    });
    let cursor = RwSignal::new(0);
    let parsed = Memo::new(move |_| text.with(|text| parse(text)));
    let problems = Memo::new(move |_| {
        parsed.with(|parsed| match parsed {
            Ok(pattern) => cloudwatch::check(pattern).into_iter().map(warning).collect(),
            Err(error) => vec![problem(error.span.clone(), &error.message, error.help.as_deref(), true)],
        })
    });
    let place = Memo::new(move |_| text.with(|text| cloudwatch::completion(text, cursor.get())));
    let lane = StoredValue::new(format!("values-{id}"));
    let values = use_answer(
        move || place.with(|place| complete::wanted_values(place.as_ref())).filter(|_| app.session.has_data()),
        move |(field, prefix)| {
            let (scope, limit) = (Scope::default(), complete::LISTED as u32);
            let lane = lane.get_value();
            async move {
                app.engine
                    .group(&lane, Values { scope, field, contains: prefix, limit, named: Vec::new(), spans: false })
                    .await
            }
        },
    );
    let completions = Memo::new(move |_| {
        let Some(place) = place.get() else { return Vec::new() };
        app.catalog.with(|catalog| {
            values.with(|values| complete::choices(&place, catalog.value.as_deref(), values.value.as_deref()))
        })
    });
    let tokens = Memo::new(move |_| text.with(|text| cloudwatch::tokens(text)));
    let is_empty = move || text.with(|text| text.trim().is_empty());
    let is_text = move || {
        !is_empty() && parsed.with(|parsed| matches!(parsed, Ok(pattern) if !matches!(pattern, Pattern::Json(_))))
    };
    let adopt = Callback::new(move |pattern| {
        draft.run(pattern);
        done.run(());
    });
    view! {
        <div class="pattern" on:focusout=move |_| {
            // Also when the field goes away with the focus in it.
            done.try_run(());
        }>
            <Editor
                id=id.clone()
                label="Filter pattern"
                placeholder="{ $.eventName = \"ConsoleLogin\" }"
                multiline=true
                text=text
                cursor=cursor
                tokens=tokens
                problems=problems
                completions=completions
                commit=done
                cancel=|()| {}
            />
            <Show when=is_empty>
                <p class="form-note"><Icon name="info" small=true/>"An empty pattern matches every event."</p>
            </Show>
            <PatternFindings id text adopt/>
            <Show when=is_text>
                <p class="form-note"><Icon name="info" small=true/>"A text pattern is matched against the record's compact JSON as the log message."</p>
            </Show>
        </div>
    }
}

fn warning(lint: Lint) -> Problem {
    problem(lint.span, &lint.message, lint.help.as_deref(), false)
}

fn problem(span: Range<usize>, message: &str, help: Option<&str>, is_error: bool) -> Problem {
    Problem { span, message: lab::advised(message, help), help: None, is_error }
}

/// How many events match.
#[component]
pub fn PatternCount(run: Run) -> impl IntoView {
    let text = move || {
        if !run.filter_errors.with(Vec::is_empty) {
            return "Not counted while the metric filter is not valid".into();
        }
        run.part.with(|answer| {
            let Some(part) = &answer.value else { return String::new() };
            let matched = part.matched_minutes.values().sum::<u64>() + part.undated;
            let all: u64 = part.log_minutes.values().sum();
            format!(
                "{} of {} ({})",
                format::plural(matched, "event matches", "events match"),
                format::count(all),
                format::share(matched, all)
            )
        })
    };
    let app = use_app();
    let note = Memo::new(move |_| {
        app.catalog.with(|catalog| {
            run.backtest.with(|backtest| partial::of_metric_filter(&backtest.filter, catalog.value.as_deref()?))
        })
    });
    view! {
        <p class="pattern-count number" role="status" class:stale=move || run.part.with(|answer| answer.stale)>
            {text}
        </p>
        {move || note.get().map(|note| view! {
            <p class="form-note"><Icon name="info" small=true/><span>{note}": this metric filter tells nothing about them."</span></p>
        })}
        {move || run.part.with(|answer| answer.error.clone()).map(|error| view! { <p class="error-note">{error}</p> })}
    }
}
