//! What contributes most to an alarm, by principal, service, event and so on; what excluding a value would do is shown
//! before it is done.

use crate::model::alarm::Backtest;
use crate::model::tuning::ContributorsPart;
use crate::pattern::cloudwatch::edit::{Clause, with_clause};
use crate::ui::metric::run::Run;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::format;
use crate::view::lab::sampled;
use crate::view::noise::{FIELDS, Ranking, Row, alarm_times, rankings};
use crate::view::replay::{alarm_change, fires_change, matches, replay};
use leptos::prelude::*;

/// A value that may be excluded.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    field: &'static str,
    value: Option<String>,
}

/// The section.
#[component]
pub fn Noise(run: Run) -> impl IntoView {
    let app = use_app();
    let in_alarm = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Choice>);
    let pattern = Memo::new(move |_| run.backtest.with(|backtest| backtest.filter.filter_pattern.clone()));
    Effect::new(move |_| {
        pattern.track();
        chosen.set(None);
    });
    let question = move || {
        (app.session.has_data() && run.filter_errors.with(Vec::is_empty)).then_some(())?;
        let spans = if in_alarm.get() {
            let delay = app.delay_minutes.get();
            let times = run
                .timeline
                .with(|timeline| timeline.as_ref().map(|timeline| alarm_times(&run.alarm(), timeline, delay)));
            Some(times?)
        } else {
            None
        };
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        Some((pattern.get(), spans, keep_duplicates, app.session.version.get()))
    };
    let is_asked = Memo::new(move |_| question().is_some());
    let answer = use_answer(question, move |(pattern, spans, keep_duplicates, _)| async move {
        let fields = FIELDS.map(|(field, _)| field.to_owned()).to_vec();
        app.engine.contributors("noise", pattern, spans, fields, keep_duplicates).await
    });
    let choice = move |alarm: bool, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (in_alarm.get() == alarm).to_string() on:click=move |_| in_alarm.set(alarm)>
                {label}
            </button>
        }
    };
    let lists = move |part: &ContributorsPart| {
        rankings(part).into_iter().map(|ranking| view! { <Ranked ranking chosen/> }).collect_view()
    };
    view! {
        <section class="noise" aria-label="Noise">
            <div class="noise-tools">
                <p class="muted">
                    {move || answer.with(|answer| answer.value.as_ref().map(|part| {
                        let what = if in_alarm.get() { "that led to ALARM or kept it" } else { "matched" };
                        format!("{} {what}. Choose a value to see what excluding it would do.", format::plural(part.events, "event", "events"))
                    }))}
                </p>
                <div class="segmented" role="group" aria-label="Of which time">
                    {choice(false, "Whole history")}
                    {choice(true, "Times in ALARM")}
                </div>
            </div>
            <div class="noise-preview" role="status">
                {move || chosen.get().map(|choice| view! { <Preview run choice chosen/> })}
            </div>
            <div class="noise-lists" class:stale=move || answer.with(|answer| answer.stale)>
                {move || answer.with(|answer| match (&answer.error, &answer.value) {
                    (Some(message), _) => view! { <p class="empty-note">{message.clone()}</p> }.into_any(),
                    (None, Some(part)) if part.events == 0 => {
                        view! { <p class="empty-note">"No events, so nothing contributes."</p> }.into_any()
                    }
                    (None, Some(part)) => lists(part).into_any(),
                    (None, None) if !is_asked.get() => {
                        view! { <p class="empty-note">"Nothing is counted as long as the filter or the alarm cannot be evaluated."</p> }.into_any()
                    }
                    (None, None) => view! { <p class="empty-note">"Counting…"</p> }.into_any(),
                })}
            </div>
        </section>
    }
}

/// The values of one field.
#[component]
fn Ranked(ranking: Ranking, chosen: RwSignal<Option<Choice>>) -> impl IntoView {
    let Ranking { field, label, rows, more } = ranking;
    let line = move |Row { value, count, share, at_least }: Row| {
        let choice = Choice { field, value: value.clone() };
        let text = value.unwrap_or_else(|| "(none)".into());
        let percent = format::share((share * 10_000.0).round() as u64, 10_000);
        let number = format!("{}{}", if at_least { "≥ " } else { "" }, format::count(count));
        let is_chosen = {
            let choice = choice.clone();
            Memo::new(move |_| chosen.with(|chosen| chosen.as_ref() == Some(&choice)))
        };
        let choose =
            move |_| chosen.update(|chosen| *chosen = (chosen.as_ref() != Some(&choice)).then(|| choice.clone()));
        view! {
            <li>
                <button type="button" class="noise-row" aria-pressed=move || is_chosen.get().to_string() title=text.clone() on:click=choose>
                    <i class="noise-bar" style:width=format!("{:.2}%", share * 100.0)></i>
                    <span class="noise-value">{text.clone()}</span>
                    <span class="number">{number}</span>
                    <span class="number muted noise-share">{percent}</span>
                </button>
            </li>
        }
    };
    view! {
        <section class="noise-list" aria-label=label>
            <h4>{label}</h4>
            <ul>{rows.into_iter().map(line).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="muted noise-more">{format!("and {} more", format::count(more))}</p> })}
        </section>
    }
}

/// What the filter and the alarm would do without a value, and the button that makes it so.
#[component]
fn Preview(run: Run, choice: Choice, chosen: RwSignal<Option<Choice>>) -> impl IntoView {
    let app = use_app();
    let editing = run.editing();
    let Choice { field, value } = choice;
    let name = match &value {
        Some(value) => format!("Without {field} {value}"),
        None => format!("Without events that lack {field}"),
    };
    let before = run.backtest.get_untracked();
    let edited = with_clause(&before.filter.filter_pattern, Clause::Not, &format!("$.{field}"), value.as_deref());
    let pattern = match edited {
        Ok(pattern) => pattern,
        Err(reason) => {
            let text = format!("{name}: not possible, {reason}.");
            return view! { <p>{text}</p> }.into_any();
        }
    };
    let without = |pattern: &str| {
        let mut backtest = before.clone();
        backtest.filter.filter_pattern = pattern.into();
        backtest
    };
    let after = without(&pattern);
    let filter = sampled(&after.filter);
    let question = move || {
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        app.session.has_data().then(|| (keep_duplicates, app.session.version.get()))
    };
    let answer = use_answer(question, move |(keep_duplicates, _)| {
        let filter = filter.clone();
        async move { app.engine.series("noise-preview", filter, keep_duplicates).await }
    });
    let effect = move || {
        let (delay, exclude) = (app.delay_minutes.get(), app.exclude_oversize.get());
        answer.with(|answer| {
            let part = answer.value.as_deref()?;
            let part = if exclude { &part.without_oversize() } else { part };
            let now = run.part.with(|part| part.value.as_deref().map(matches))?;
            let then = replay(&Backtest { alarm: run.alarm(), ..after.clone() }, part, &run.shown.get(), delay)?;
            let counts = format!("{} → {} matches", format::count(now), format::count(matches(part)));
            run.timeline.with(|timeline| {
                let timeline = timeline.as_ref()?;
                Some(format!("{counts}, {}, {}", fires_change(timeline, &then), alarm_change(timeline, &then)))
            })
        })
    };
    let adopted = pattern.clone();
    let adopt = move |_| {
        editing.set(|backtest| backtest.filter.filter_pattern = adopted.clone());
        chosen.set(None);
    };
    let keeps_missing = value.is_some().then(|| {
        view! { <p class="muted">"!= alone would also lose every event without the field; NOT EXISTS keeps them."</p> }
    });
    view! {
        <div class="noise-effect">
            <p><strong>{name}</strong>": "{move || effect().unwrap_or_else(|| "counting…".into())}</p>
            <code class="noise-pattern">{pattern}</code>
            {keeps_missing}
        </div>
        <div class="noise-actions">
            <button type="button" class="button small primary" on:click=adopt><Icon name="minus" small=true/>"Exclude"</button>
            <button type="button" class="button small" on:click=move |_| chosen.set(None)>"Cancel"</button>
        </div>
    }
    .into_any()
}
