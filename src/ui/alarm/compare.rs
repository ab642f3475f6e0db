//! Two filters beside each other: the active one and another of the lab, or a second pattern.

use super::show_part;
use crate::model::alarm::Backtest;
use crate::model::tuning::ComparisonPart;
use crate::pattern::cloudwatch;
use crate::ui::chart::{Canvas, shown_range, use_size};
use crate::ui::metric::run::Run;
use crate::ui::state::{Answer, use_answer, use_app};
use crate::view::chart::draw::time_axis;
use crate::view::chart::{Frame, TimeScale, sets};
use crate::view::compare::{Differences, Part};
use crate::view::format;
use crate::view::lab::sampled;
use crate::view::replay::replay;
use leptos::{html, prelude::*};

/// The section.
#[component]
pub fn Compare(run: Run) -> impl IntoView {
    let app = use_app();
    let other = RwSignal::new(None::<u32>);
    let typed = RwSignal::new(run.backtest.with_untracked(|backtest| backtest.filter.filter_pattern.clone()));
    let items = Memo::new(move |_| {
        app.view.with(|view| {
            let others = view.backtests.iter().filter(|item| item.id != run.id);
            others.map(|item| (item.id, item.name.clone())).collect::<Vec<_>>()
        })
    });
    let a = Memo::new(move |_| run.backtest.with(|backtest| backtest.filter.filter_pattern.clone()));
    let b = Memo::new(move |_| {
        let chosen = other.get();
        let pattern = app.view.with(|view| {
            let item = view.backtests.iter().find(|item| Some(item.id) == chosen)?;
            Some(item.backtest.filter.filter_pattern.clone())
        });
        pattern.unwrap_or_else(|| typed.get())
    });
    let problem = Memo::new(move |_| b.with(|b| cloudwatch::parse(b).err().map(|error| error.message)));
    let both = Memo::new(move |_| {
        let is_valid = problem.with(Option::is_none) && a.with(|a| cloudwatch::parse(a).is_ok());
        is_valid.then(|| (a.get(), b.get()))
    });
    let differences = Memo::new(move |_| {
        both.with(|both| both.as_ref().map(|(a, b)| Differences::between(a, b)).unwrap_or_default())
    });
    let question = move || {
        let (a, b) = both.get()?;
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        app.session
            .has_data()
            .then(|| (a, b, differences.with(Differences::conditions), keep_duplicates, app.session.version.get()))
    };
    let answer = use_answer(question, move |(a, b, conditions, keep_duplicates, _)| async move {
        app.engine.compare("compare", [a, b], conditions, keep_duplicates).await
    });
    let fires = fires_of(run, b);
    let explained = move || {
        let lines = answer.with(|answer| {
            (!answer.stale)
                .then(|| answer.value.as_ref().map(|part| differences.with(|differences| differences.explain(part))))
        });
        lines.flatten().unwrap_or_default().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
    };
    let choose = move |event| other.set(event_target_value(&event).parse().ok());
    view! {
        <section class="compare" aria-label="Compare">
            <div class="compare-tools">
                <label class="compare-choice">
                    "A is this filter, B is "
                    <select on:change=choose prop:value=move || other.get().map(|id| id.to_string()).unwrap_or_default()>
                        <option value="">"a pattern of your own"</option>
                        {move || items.get().into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name}</option> }).collect_view()}
                    </select>
                </label>
                <Show when=move || other.get().is_none()>
                    <textarea
                        class="compare-pattern mono"
                        aria-label="Pattern B"
                        rows="2"
                        spellcheck="false"
                        prop:value=move || typed.get()
                        on:input=move |event| typed.set(event_target_value(&event))
                    ></textarea>
                </Show>
                {move || problem.get().map(|message| view! { <p class="error-note">{format!("Pattern B: {message}")}</p> })}
                {move || answer.with(|answer| answer.error.clone()).map(|message| view! { <p class="error-note">{message}</p> })}
            </div>
            <div class="compare-body" class:stale=move || answer.with(|answer| answer.stale)>
                <div class="compare-sets">
                    {Part::ALL.map(|part| view! { <Set part answer both/> })}
                </div>
                <p class="compare-fires" role="status">
                    {move || fires.get().map(|(a, b)| {
                        format!("The same alarm fires {} on A, {} on B.", format::times(a), format::times(b))
                    })}
                </p>
                <Lanes answer/>
                <ul class="compare-why" aria-label="Why they differ">{explained}</ul>
            </div>
        </section>
    }
}

/// One of the three sets: its count, and the way to its events.
#[component]
fn Set(part: Part, answer: ReadSignal<Answer<ComparisonPart>>, both: Memo<Option<(String, String)>>) -> impl IntoView {
    let app = use_app();
    let count = move || answer.with(|answer| answer.value.as_ref().map(|sets| part.of(sets.events)));
    let search = Memo::new(move |_| both.with(|both| both.as_ref().and_then(|(a, b)| part.search(a, b))));
    let show = move |_| {
        if let Some(search) = search.get_untracked() {
            show_part(app, search);
        }
    };
    view! {
        <div class="compare-set">
            <span class="muted">{part.label()}</span>
            <b class="number">{move || count().map_or_else(|| "–".into(), format::count)}</b>
            <button
                type="button"
                class="button small"
                aria-label=format!("Show events: {}", part.label())
                disabled=move || search.with(Option::is_none) || count().unwrap_or(0) == 0
                on:click=show
            >
                "Show events"
            </button>
        </div>
    }
}

/// How often the active alarm fires on its own filter and on the other pattern.
fn fires_of(run: Run, b: Memo<String>) -> Memo<Option<(usize, usize)>> {
    let app = use_app();
    let changed = move || {
        let mut backtest: Backtest = run.backtest.get();
        backtest.filter.filter_pattern = b.get();
        cloudwatch::validate_metric_filter(&backtest.filter).is_empty().then_some(backtest)
    };
    let question = move || {
        let filter = changed().map(|backtest| sampled(&backtest.filter))?;
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        app.session.has_data().then(|| (filter, keep_duplicates, app.session.version.get()))
    };
    let answer = use_answer(question, move |(filter, keep_duplicates, _)| async move {
        app.engine.series("compare-fires", filter, keep_duplicates).await
    });
    Memo::new(move |_| {
        let (delay, exclude) = (app.delay_minutes.get(), app.exclude_oversize.get());
        let a = run.timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.fires()))?;
        answer.with(|answer| {
            let part = answer.value.as_deref().filter(|_| !answer.stale)?;
            let part = if exclude { &part.without_oversize() } else { part };
            Some((a, replay(&changed()?, part, &run.shown.get(), delay)?.fires()))
        })
    })
}

/// The three sets over time. The counts above say the same in words.
#[component]
fn Lanes(answer: ReadSignal<Answer<ComparisonPart>>) -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let range = shown_range(app);
    let drawing = Signal::derive(move || {
        let (width, height) = size.get();
        let Some(range) = range.get().filter(|_| width > 0.0) else { return Vec::new() };
        let frame = Frame::inside(width, height, (2.0, 12.0, 20.0, 12.0));
        let time = TimeScale::new(range, &frame);
        let offset = app.zone.with(|zone| zone.offset_at(range.from));
        let mut list = answer.with(|answer| {
            let part = answer.value.as_deref();
            part.map(|part| sets::lanes(part, range, offset, &time, &frame)).unwrap_or_default()
        });
        time_axis(&time, &frame, offset, &mut list);
        list
    });
    view! { <div node_ref=node class="chart compare-chart"><Canvas size drawing=drawing/></div> }
}
