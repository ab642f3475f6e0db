//! One backtest being run: metric filter → samples (workers) → sliding values → states (page thread).

use crate::alarm::{self, Problem};
use crate::base::Severity;
use crate::metric::{self, Samples};
use crate::model::alarm::{Backtest, MetricAlarm, unit_mismatch};
use crate::model::metric::MetricFilter;
use crate::model::partial::SeriesPart;
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{SettingError, validate_metric_filter};
use crate::ui::alarm::{AlarmRun, Watched};
use crate::ui::state::{Answer, App, Editing, use_answer};
use crate::view::Action;
use crate::view::lab::{capitalised, sampled, search_for};
use crate::view::verdict::{Recommended, Verdict};
use leptos::prelude::*;
use std::ops::Deref;
use std::sync::Arc;

/// A value too large to compare: equal only to itself.
#[derive(Debug)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// Of what is shared already.
    pub fn of(value: Arc<T>) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn arc(&self) -> Arc<T> {
        Arc::clone(&self.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Everything known about one backtest: its alarm, and the metric filter that the alarm is on. Cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct Run {
    /// The alarm.
    pub on_alarm: AlarmRun,
    /// What is run.
    pub backtest: Memo<Backtest>,
    /// What the service would refuse about the metric filter.
    pub filter_errors: Memo<Vec<SettingError>>,
    /// The samples of the newest metric filter that is valid.
    pub part: ReadSignal<Answer<SeriesPart>>,
    /// Dimension values of the metric shown; of no effect without dimensions.
    pub chosen: RwSignal<Vec<String>>,
    /// Dimension values there are, the most frequent first; one empty set without dimensions.
    pub metrics: Memo<Vec<(Vec<String>, u64)>>,
    /// Dimension values of the metric shown.
    pub shown: Memo<Vec<String>>,
    /// The samples of the metric shown.
    pub samples: Memo<Option<Shared<Samples>>>,
    /// What it comes to; worked out when somebody looks.
    pub verdict: Memo<Option<Verdict>>,
    /// How it differs from the nearest control.
    pub recommended: Memo<Option<Recommended>>,
}

impl Deref for Run {
    type Target = AlarmRun;

    fn deref(&self) -> &AlarmRun {
        &self.on_alarm
    }
}

impl Run {
    /// Starts following a backtest of the list.
    pub fn start(app: App, id: u32) -> Self {
        let backtest = Memo::new(move |_| {
            app.view
                .with(|view| view.backtests.iter().find(|item| item.id == id).map(|item| item.backtest.clone()))
                .unwrap_or_default()
        });
        let filter = Memo::new(move |_| backtest.with(|backtest| backtest.filter.clone()));
        let alarm = Memo::new(move |_| backtest.with(|backtest| backtest.alarm.clone()));
        let filter_errors = Memo::new(move |_| filter.with(validate_metric_filter));
        let problems = Memo::new(move |_| alarm.with(alarm::validate));

        // While something is typed the last valid filter stays in force.
        let asked = Memo::new(move |before: Option<&Option<MetricFilter>>| {
            if filter_errors.with(Vec::is_empty) { Some(filter.with(sampled)) } else { before.cloned().flatten() }
        });
        let question = move || {
            let keep_duplicates = app.view.with(|view| view.keep_duplicates);
            app.session.has_data().then(|| Some((asked.get()?, keep_duplicates, app.session.version.get()))).flatten()
        };
        let part = use_answer(question, move |(filter, keep_duplicates, _)| {
            let lane = format!("series-{id}");
            async move { app.engine.series(&lane, filter, keep_duplicates).await }
        });
        // An answer that is only marked stale is the same answer.
        let answered = Memo::new(move |_| part.with(|answer| answer.value.clone().map(Shared)));
        let newest = Memo::new(move |_| {
            let part: Shared<SeriesPart> = answered.get()?;
            Some(if app.exclude_oversize.get() { Shared::new(part.without_oversize()) } else { part })
        });
        let default = Memo::new(move |_| {
            filter.with(|filter| filter.metric_transformations.first().and_then(|metric| metric.default_value))
        });
        let metrics =
            Memo::new(move |_| newest.with(|part| part.as_ref().map(|part| metrics_of(part)).unwrap_or_default()));
        let chosen = RwSignal::new(Vec::new());
        // Dimensions that the alarm names are its metric, seen or not.
        let named = Memo::new(move |_| {
            let named =
                |backtest: &Backtest| (!backtest.alarm.dimensions.is_empty()).then(|| backtest.watched_values());
            backtest.with(named).and_then(Result::ok)
        });
        let shown = Memo::new(move |_| {
            let chosen = chosen.get();
            metrics.with(|metrics| {
                let known = metrics.iter().any(|(values, _)| *values == chosen);
                if known {
                    return chosen;
                }
                named.get().unwrap_or_else(|| metrics.first().map(|(values, _)| values.clone()).unwrap_or_default())
            })
        });
        let is_of_other_unit = Memo::new(move |_| {
            let metric = filter.with(|filter| filter.metric_transformations.first().cloned());
            alarm.with(|alarm| unit_mismatch(metric.as_ref(), alarm.unit.as_deref()).is_some())
        });
        let samples = Memo::new(move |_| {
            let samples = |part: &SeriesPart| {
                let seen = if is_of_other_unit.get() {
                    Samples::none(part)
                } else {
                    Samples::new(part, &shown.get(), default.get())
                };
                seen.delayed(app.delay_minutes.get())
            };
            newest.with(|part| part.as_ref().map(|part| Shared::new(samples(part))))
        });
        // Statistic and period of the newest valid alarm: the threshold moves without this changing.
        let shape = Memo::new(move |before: Option<&Option<(Statistic, u32)>>| {
            let valid = problems.with(|problems| alarm::validate::is_valid(problems));
            if valid { Some(alarm.with(shape_of)) } else { before.copied().flatten() }
        });
        let sliding = Memo::new(move |_| {
            let (statistic, period) = shape.get()?;
            samples.with(|samples| {
                samples.as_ref().map(|samples| Shared::new(metric::sliding(samples, statistic, period)))
            })
        });
        let series = Memo::new(move |_| {
            let (statistic, period) = shape.get()?;
            samples
                .with(|samples| samples.as_ref().map(|samples| Shared::new(metric::series(samples, statistic, period))))
        });
        let search = Memo::new(move |_| filter.with(|filter| search_for(&filter.filter_pattern).map(str::to_owned)));
        let is_waiting = Signal::derive(move || !filter_errors.with(Vec::is_empty) || part.with(|answer| answer.stale));
        let measured = Memo::new(move |_| samples.get().map(|samples| vec![samples]));
        let metric = Memo::new(move |_| filter.with(|filter| filter.metric_transformations.first().cloned()));
        let on = Watched { measured, sliding, series, metric, search, is_waiting };
        let on_alarm = AlarmRun::start(app, id, alarm, problems, on);
        let verdict = Memo::new(move |_| {
            if let Some(reason) = refusal(filter_errors, problems) {
                return Some(Verdict::refused(reason));
            }
            let (part, sliding, timeline) = (newest.get()?, sliding.get()?, on_alarm.timeline.get()?);
            Some(backtest.with(|backtest| Verdict::on_filter(backtest, &part, &sliding, &timeline)))
        });
        let recommended = Memo::new(move |_| backtest.with(Recommended::nearest_to));
        Self { on_alarm, backtest, filter_errors, part, chosen, metrics, shown, samples, verdict, recommended }
    }

    /// To change filter and alarm, inside a component.
    pub fn editing(&self) -> Editing<Backtest> {
        Editing::of(self.id, self.backtest, |id, backtest| Action::EditBacktest { id, backtest })
    }
}

/// Why the service would not take filter or alarm.
fn refusal(filter: Memo<Vec<SettingError>>, alarm: Memo<Vec<Problem>>) -> Option<String> {
    let filter = filter.with(|errors| errors.first().map(|error| capitalised(&error.error.message)));
    filter.or_else(|| {
        alarm.with(|problems| {
            let refused = problems.iter().find(|problem| problem.severity == Severity::Error);
            refused.map(|problem| capitalised(&problem.message))
        })
    })
}

fn shape_of(alarm: &MetricAlarm) -> (Statistic, u32) {
    (alarm.statistic(), alarm.period)
}

/// The metrics of an answer with their number of samples, the largest first.
pub fn metrics_of(part: &SeriesPart) -> Vec<(Vec<String>, u64)> {
    let mut metrics: Vec<(Vec<String>, u64)> = part
        .series
        .iter()
        .map(|(values, minutes)| (values.clone(), minutes.values().flat_map(|samples| samples.values.values()).sum()))
        .collect();
    metrics.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    metrics
}
