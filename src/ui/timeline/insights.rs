//! Times with more calls or errors than usual: asked for once a load is complete, listed in a menu of the timeline.

use crate::base::EpochMs;
use crate::insights::{FIELDS, detect, recorded};
use crate::model::query::{Row, Scope, Sort};
use crate::ui::shell::use_shell;
use crate::ui::state::{App, Page, use_answer, use_app};
use crate::ui::widgets::{Icon, Popover, popover};
use crate::view::insights::{Found, Origin, all};
use crate::view::{Action, Panel, TimeRange, format};
use leptos::prelude::*;
use std::sync::Arc;

/// Records of CloudTrail Insights that are read.
const RECORDS: u32 = 10_000;
/// Insights that the menu lists.
const LISTED: usize = 200;
/// Part of an insight's length shown before and after it.
const AROUND: i64 = 2;

/// All insights, and when the archive ends.
#[derive(Clone, Copy)]
pub struct Insights {
    /// In order of time.
    pub found: Memo<Arc<Vec<Found>>>,
    /// The end of one that goes on.
    pub end: Memo<EpochMs>,
}

impl Insights {
    /// Asks for them whenever a load is complete.
    pub fn follow(app: App) -> Self {
        let question = move || (app.session.has_data() && !app.session.is_loading()).then(|| app.session.version.get());
        let rates = use_answer(question, move |_| app.engine.rates("insights:rates"));
        let records = use_answer(question, move |_| {
            let scope = Scope { filter: "eventType:AwsCloudTrailInsight".into(), ..Scope::default() };
            let fields = FIELDS.map(str::to_owned).to_vec();
            app.engine.page("insights:records", scope, Sort::default(), 0, RECORDS, fields)
        });
        let found = Memo::new(move |_| {
            let computed = rates.with(|answer| answer.value.as_deref().map(detect).unwrap_or_default());
            let rows = records.with(|answer| answer.value.as_deref().map(rows).unwrap_or_default());
            Arc::new(all(recorded(&rows), computed))
        });
        let end = Memo::new(move |_| app.session.loaded.with(|loaded| loaded.last.unwrap_or(EpochMs(0))));
        Self { found, end }
    }
}

fn rows(page: &Page) -> Vec<Row> {
    page.rows.iter().map(|(_, row)| row.clone()).collect()
}

/// The button with the number of insights, and their list. Not there while there is none.
#[component]
pub fn InsightsMenu(insights: Insights) -> impl IntoView {
    let count = Memo::new(move |_| insights.found.with(|found| found.len()) as u64);
    let label = Signal::derive(move || format::plural(count.get(), "insight", "insights"));
    view! {
        <Show when=move || { count.get() > 0 }>
            <Popover
                label=label
                button_class="button small quiet insights-button"
                class="menu insights"
                button=view! { <i class="swatch insight"></i><span>{label}</span> }
            >
                <List insights/>
            </Popover>
        </Show>
    }
}

#[component]
fn List(insights: Insights) -> impl IntoView {
    let items = move || {
        insights.found.with(|found| {
            found.iter().take(LISTED).cloned().map(|found| view! { <Item found end=insights.end/> }).collect_view()
        })
    };
    let more = move || {
        let more = insights.found.with(|found| found.len().saturating_sub(LISTED)) as u64;
        (more > 0).then(|| format!("and {} more; narrow the archive to see them", format::count(more)))
    };
    let is_computed = move || insights.found.with(|found| found.iter().any(|found| found.origin == Origin::Computed));
    view! {
        <p class="menu-title">"More calls or errors than usual"</p>
        <ul>{items}</ul>
        <p class="muted insights-note">{more}</p>
        <Show when=is_computed>
            <p class="muted insights-note">
                "“Computed” is Trailscope’s own test against the seven days before. CloudTrail Insights may judge otherwise."
            </p>
        </Show>
    }
}

#[component]
fn Item(found: Found, end: Memo<EpochMs>) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let is_ongoing = found.insight.end.is_none();
    let search = found.search();
    let range = found.range(end.get_untracked());
    let choose = move |event: web_sys::MouseEvent| {
        popover::close_around(&event);
        let around = range.millis() * AROUND;
        let wide = TimeRange { from: EpochMs(range.from.0 - around), to: EpochMs(range.to.0 + around) };
        app.preview(Action::PushRange(wide));
        app.preview(Action::SetSearch(search.clone()));
        app.dispatch(Action::Open(Panel::Events));
        shell.say("Showing its events; Back returns");
    };
    let key = &found.insight.key;
    let place = [key.source.trim_end_matches(".amazonaws.com"), &key.region, &key.account];
    let place = place.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(" · ");
    let time = move || {
        let length = if is_ongoing { "ongoing".into() } else { format::duration(range.millis()) };
        format!("{}, {length}", app.short_time(range.from))
    };
    view! {
        <li>
            <button class="menu-item insight-item" data-origin=found.origin.label() on:click=choose>
                <span class="insight-title">{found.title()}</span>
                <span class="insight-ratio number">{found.ratio()}</span>
                <span class="muted insight-rate">{found.rate()}</span>
                <span class="insight-origin">{found.origin.label()}</span>
                <span class="muted insight-place">{place}" · "{time}</span>
            </button>
        </li>
    }
}

/// What the crosshair reads out of them.
#[component]
pub fn AtTime(insights: Insights, time: RwSignal<Option<EpochMs>>) -> impl IntoView {
    move || {
        let time = time.get()?;
        let lines = insights.found.with(|found| {
            let here = crate::view::insights::at(found, time, insights.end.get());
            here.take(3).map(|found| format!("{} {}", found.title(), found.ratio())).collect::<Vec<_>>()
        });
        Some(lines.into_iter().map(|line| view! { <p><Icon name="alert" small=true/>{line}</p> }).collect_view())
    }
}
