//! What components share: the view, the session, preferences and the engine, in one context.
//!
//! Invariants: the [`ViewState`] changes only through [`App::dispatch`] and [`App::preview`]; an answer from
//! the workers never takes the place of one to a newer question.
//!
//! What is being typed or brushed is shown by every pane before it is part of the view: the search in force is the
//! text of the search bar, the range in force that of the brush. Whatever edits the search edits the one in force.

pub mod answer;
pub mod client;
mod editing;
mod export;
pub mod history;
pub mod integrity;
mod later;
mod load;
mod patience;
pub mod prefs;
pub mod session;
pub mod zone;

pub use answer::{Answer, use_answer};
pub use client::{Ask, Engine, FileSearch, Page, Values};
pub use editing::{Editing, drafted};
pub use export::Export;
pub use integrity::{Integrity, Verification};
pub use later::use_later;
pub use patience::use_patience;
pub use prefs::{Density, Prefs, Theme, ZoneChoice};
pub use session::{Phase, Progress, Session};

use crate::base::EpochMs;
use crate::model::partial::CatalogPart;
use crate::model::query::Scope;
use crate::model::selection::Selection;
use crate::view::zone::Zone;
use crate::view::{Action, NamedBacktest, Panel, TimeRange, ViewState, format, reduce, search};
use leptos::prelude::*;

/// The context every component works with. Cheap to copy.
#[derive(Clone, Copy)]
pub struct App {
    /// What the user is looking at.
    pub view: ReadSignal<ViewState>,
    set_view: WriteSignal<ViewState>,
    /// The view as it stands in the browser's history.
    recorded: StoredValue<ViewState>,
    /// What is loaded.
    pub session: Session,
    /// Theme, density, time zone and other things kept between visits.
    pub prefs: RwSignal<Prefs>,
    /// Answers questions about the loaded data.
    pub engine: Engine,
    /// The export that is going on.
    pub export: Export,
    /// What is to be read of what is opened next.
    pub selection: RwSignal<Selection>,
    /// What stands in the search bar, committed or not.
    pub typed: RwSignal<String>,
    /// The search in force: what stands in the search bar or, while that cannot be read, stood there before.
    pub search: Memo<String>,
    /// Time range under a brush that is still being dragged; every pane follows it.
    pub preview_range: RwSignal<Option<TimeRange>>,
    /// Instant under the pointer in any chart, for the shared crosshair.
    pub hover_time: RwSignal<Option<EpochMs>>,
    /// The events that pass the search in force in the committed range: what is brushed over.
    pub unbrushed: Memo<Scope>,
    /// The events every pane shows: those, cut to the range under the brush.
    pub scope: Memo<Scope>,
    /// The committed time range.
    pub range: Memo<Option<TimeRange>>,
    /// The panel that is open.
    pub panel: Memo<Panel>,
    /// How late events are delivered in every backtest, in minutes.
    pub delay_minutes: Memo<u32>,
    /// Whether backtests leave out events that are too large for CloudWatch Logs.
    pub exclude_oversize: Memo<bool>,
    /// The backtest being edited.
    pub active_backtest: Memo<Option<NamedBacktest>>,
    /// The zone times are shown in.
    pub zone: Memo<Zone>,
    /// Whether the loaded events lie in more than one year.
    spans_years: Memo<bool>,
    /// All field paths that occur.
    pub catalog: ReadSignal<Answer<CatalogPart>>,
    /// Whether files are as CloudTrail delivered them.
    pub integrity: Integrity,
}

impl App {
    /// Makes the context from the address bar and the stored preferences, and provides it.
    pub fn provide() -> Self {
        let (view, set_view) = signal(history::current());
        let typed = RwSignal::new(view.with_untracked(|view| view.search.clone()));
        let search = Memo::new(move |before: Option<&String>| {
            let text = typed.with(|text| text.trim().to_owned());
            if search::is_usable(&text) { text } else { before.cloned().unwrap_or_default() }
        });
        let unbrushed = Memo::new(move |_| Scope { filter: search.get(), ..view.with(ViewState::scope) });
        let preview_range = RwSignal::new(None::<TimeRange>);
        let scope = Memo::new(move |_| {
            let mut scope = unbrushed.get();
            if let Some(range) = preview_range.get() {
                scope.range = Some((range.from, range.to));
            }
            scope
        });
        let (session, prefs, engine) = (Session::default(), prefs::provide(), Engine::default());
        provide_context(session);
        let zone = zone::provide(prefs, session);
        let span = move || session.loaded.with(|loaded| loaded.first.zip(loaded.last));
        let spans_years = Memo::new(move |_| {
            span().is_some_and(|(first, last)| zone.with(|zone| format::spans_years(first, last, zone)))
        });
        let question = move || session.has_data().then(|| session.version.get());
        let app = Self {
            view,
            set_view,
            recorded: StoredValue::new(view.get_untracked()),
            session,
            prefs,
            engine,
            export: Export::default(),
            selection: RwSignal::new(Selection::default()),
            typed,
            search,
            preview_range,
            hover_time: RwSignal::new(None),
            unbrushed,
            scope,
            range: Memo::new(move |_| view.with(ViewState::range)),
            panel: Memo::new(move |_| view.with(|view| view.panel)),
            delay_minutes: Memo::new(move |_| view.with(|view| view.delay_minutes)),
            exclude_oversize: Memo::new(move |_| view.with(|view| view.exclude_oversize)),
            active_backtest: Memo::new(move |_| view.with(|view| view.active_backtest().cloned())),
            zone,
            spans_years,
            catalog: use_answer(question, move |_| engine.catalog("catalog")),
            integrity: Integrity::default(),
        };
        app.integrity.follow(app);
        history::on_navigate(move |view| {
            app.recorded.set_value(view.clone());
            app.typed.set(view.search.clone());
            app.set_view.set(view);
        });
        provide_context(app);
        app
    }

    /// A moment for a person, in few words: with its year where the events lie in more than one.
    pub fn short_time(self, time: EpochMs) -> String {
        self.zone.with(|zone| format::short_time(time, zone, self.spans_years.get()))
    }

    /// A range of time, likewise.
    pub fn short_range(self, range: TimeRange) -> String {
        self.zone.with(|zone| format::range(range, zone, self.spans_years.get()))
    }

    /// Applies an action and records it in the browser's history.
    pub fn dispatch(self, action: Action) {
        // A search that was left without Enter is a step of its own; an edit of the search makes it part of its own.
        if !action.changes_search() && self.is_search_pending() {
            self.dispatch(Action::SetSearch(self.search.get_untracked()));
        }
        let step = action.is_undo_step();
        self.preview(action);
        self.view.with_untracked(|view| {
            if self.recorded.with_value(|recorded| recorded != view) {
                history::record(view, step);
                self.recorded.set_value(view.clone());
            }
        });
    }

    /// Whether what is typed can be read and is not part of the view yet.
    fn is_search_pending(self) -> bool {
        self.search.with_untracked(|search| {
            self.typed.with_untracked(|typed| typed.trim() == search)
                && self.view.with_untracked(|view| view.search != *search)
        })
    }

    /// Applies an action without recording it: while something is being dragged. A later [`Self::dispatch`]
    /// records the outcome as one step.
    pub fn preview(self, action: Action) {
        let mut next = self.view.get_untracked();
        let changes_search = action.changes_search();
        if changes_search {
            // An edit is made to what the user sees, and what was typed becomes part of it.
            next.search = self.search.get_untracked();
        }
        reduce(&mut next, action);
        if changes_search {
            self.typed.set(next.search.clone());
        }
        if self.view.with_untracked(|view| *view != next) {
            self.set_view.set(next);
        }
    }
}

/// The context of the page; only inside components under `App::provide`.
pub fn use_app() -> App {
    expect_context()
}
