//! One metric alarm being evaluated, whatever it watches: sliding values → states, on the page's thread.

use crate::alarm::{self, Options, Problem, Timeline, evaluate};
use crate::base::EpochMs;
use crate::metric::Samples;
use crate::model::alarm::MetricAlarm;
use crate::model::metric::MetricTransformation;
use crate::model::series::{Series, Sliding};
use crate::ui::metric::run::Shared;
use crate::ui::state::{App, Editing};
use crate::view::Action;
use leptos::prelude::*;

/// Everything known about one alarm. Cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct AlarmRun {
    /// Id in the list.
    pub id: u32,
    /// Name in the list.
    pub name: Memo<String>,
    /// Its settings.
    pub settings: Memo<MetricAlarm>,
    /// What the service would refuse about it, and what is worth knowing.
    pub problems: Memo<Vec<Problem>>,
    /// What it watches over the whole history, as it looks at it.
    pub sliding: Memo<Option<Shared<Sliding>>>,
    /// The clock-aligned datapoints of that.
    pub series: Memo<Option<Shared<Series>>>,
    /// The states of the newest settings that are valid.
    pub timeline: Memo<Option<Shared<Timeline>>>,
    /// The samples of its metrics, in its order.
    pub measured: Memo<Option<Vec<Shared<Samples>>>>,
    /// The metric it is on; `None` for an alarm on several.
    pub metric: Memo<Option<MetricTransformation>>,
    /// The search that finds the events behind what it watches, where one does.
    pub search: Memo<Option<String>>,
    /// Whether the samples are those of older settings, or of settings that have since become invalid.
    pub is_waiting: Signal<bool>,
    /// Whether the threshold is being dragged.
    pub dragged: RwSignal<bool>,
}

/// What an alarm watches.
#[derive(Clone, Copy)]
pub struct Watched {
    /// The samples of the alarm's metrics, in its order.
    pub measured: Memo<Option<Vec<Shared<Samples>>>>,
    /// As the alarm looks at it; not made anew for another threshold.
    pub sliding: Memo<Option<Shared<Sliding>>>,
    /// Its clock-aligned datapoints.
    pub series: Memo<Option<Shared<Series>>>,
    /// The metric, where it is only one.
    pub metric: Memo<Option<MetricTransformation>>,
    /// The search that finds the events behind it.
    pub search: Memo<Option<String>>,
    /// Whether the samples are those of older settings.
    pub is_waiting: Signal<bool>,
}

impl AlarmRun {
    /// When the evaluation ended.
    pub fn evaluation_end(self) -> Signal<Option<EpochMs>> {
        Signal::derive(move || self.timeline.with(|timeline| timeline.as_ref()?.end()))
    }

    /// Evaluates an alarm of the list whenever its settings or what it watches change.
    pub fn start(app: App, id: u32, settings: Memo<MetricAlarm>, problems: Memo<Vec<Problem>>, on: Watched) -> Self {
        let Watched { measured, sliding, series, metric, search, is_waiting } = on;
        let name = Memo::new(move |_| app.view.with(|view| view.name_of(id).unwrap_or_default().to_owned()));
        let timeline = Memo::new(move |before: Option<&Option<Shared<Timeline>>>| {
            let alarm = settings.get();
            sliding.with(|sliding| {
                let sliding = sliding.as_ref()?;
                let fits = sliding.period_s == alarm.period;
                let timeline = fits.then(|| evaluate(&alarm, sliding, Options::default()).ok()).flatten();
                timeline.map(Shared::new).or_else(|| before.cloned().flatten())
            })
        });
        let dragged = RwSignal::new(false);
        Self { id, name, settings, problems, measured, sliding, series, timeline, metric, search, is_waiting, dragged }
    }

    /// The alarm.
    pub fn alarm(&self) -> MetricAlarm {
        self.settings.get()
    }

    /// To change the alarm, inside a component.
    pub fn editing(&self) -> Editing<MetricAlarm> {
        Editing::of(self.id, self.settings, |id, alarm| Action::EditAlarm { id, alarm })
    }

    /// Whether what is shown belongs to settings that have since become invalid, or to older ones.
    pub fn is_outdated(&self) -> bool {
        !self.problems.with(|problems| alarm::validate::is_valid(problems)) || self.is_waiting.get()
    }
}
