//! One alarm on metric math being run: metric filters → samples (workers) → formulas → states (page thread).

use crate::alarm::{self, depends_on_range, statistics, watched};
use crate::metric::math::aligned;
use crate::metric::math::queries::Refusal;
use crate::metric::{Samples, sliding};
use crate::model::alarm::{MathBacktest, MetricAlarm, dimension_values, unit_mismatch};
use crate::model::metric::MetricFilter;
use crate::model::metric_data::{MetricDataQuery, MetricStat};
use crate::model::partial::SeriesPart;
use crate::model::series::Sliding;
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{SettingError, validate_metric_filter};
use crate::ui::alarm::{AlarmRun, Watched};
use crate::ui::metric::run::Shared;
use crate::ui::state::{Answer, App, Editing, use_answer};
use crate::view::verdict::Verdict;
use crate::view::{Action, formula, lab};
use leptos::prelude::*;
use std::sync::Arc;

/// Everything known about one alarm on metric math. Cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct FormulaRun {
    /// The alarm.
    pub on_alarm: AlarmRun,
    /// What is run.
    pub backtest: Memo<MathBacktest>,
    /// What the service would refuse about each metric filter.
    pub filter_errors: Memo<Vec<Vec<SettingError>>>,
    /// What it would refuse about metrics and formulas.
    pub refusals: Memo<Vec<Refusal>>,
    /// The samples of each of the newest metric filters that are all valid.
    pub parts: ReadSignal<Answer<Vec<SeriesPart>>>,
    /// What it comes to; worked out when somebody looks.
    pub verdict: Memo<Option<Verdict>>,
}

impl FormulaRun {
    /// Starts following an alarm of the list.
    pub fn start(app: App, id: u32) -> Self {
        let backtest = Memo::new(move |_| {
            app.view
                .with(|view| view.formulas.iter().find(|item| item.id == id).map(|item| item.backtest.clone()))
                .unwrap_or_default()
        });
        let filters = Memo::new(move |_| backtest.with(|backtest| backtest.metric_filters.clone()));
        let settings = Memo::new(move |_| backtest.with(|backtest| backtest.alarm.clone()));
        let filter_errors =
            Memo::new(move |_| filters.with(|filters| filters.iter().map(validate_metric_filter).collect::<Vec<_>>()));
        let problems = Memo::new(move |_| settings.with(alarm::validate));
        let refusals = Memo::new(move |_| match settings.with(alarm::validate::formulas) {
            Some(Err(refusals)) => refusals,
            _ => Vec::new(),
        });

        // While something is typed the last valid filters stay in force.
        let asked = Memo::new(move |before: Option<&Option<Vec<MetricFilter>>>| {
            let is_valid = filter_errors.with(|errors| errors.iter().all(Vec::is_empty));
            if is_valid {
                Some(filters.with(|filters| filters.iter().map(lab::sampled).collect()))
            } else {
                before.cloned().flatten()
            }
        });
        let question = move || {
            let keep_duplicates = app.view.with(|view| view.keep_duplicates);
            app.session.has_data().then(|| Some((asked.get()?, keep_duplicates, app.session.version.get()))).flatten()
        };
        let parts = use_answer(question, move |(filters, keep_duplicates, _)| async move {
            let mut parts = Vec::with_capacity(filters.len());
            for (at, filter) in filters.into_iter().enumerate() {
                parts.push(app.engine.series(&format!("series-{id}-{at}"), filter, keep_duplicates).await?);
            }
            Ok(parts)
        });
        // An answer that is only marked stale is the same answer.
        let newest = Memo::new(move |_| {
            let all = parts.with(|answer| answer.value.clone())?;
            let seen = || Shared::new(all.iter().map(SeriesPart::without_oversize).collect());
            Some(if app.exclude_oversize.get() { seen() } else { Shared::of(Arc::clone(&all)) })
        });
        // All that depends on the samples is calculated anew with them: not with every change of the alarm.
        let queries = Memo::new(move |_| settings.with(|alarm| alarm.metrics.clone()));
        let measured = Memo::new(move |_| {
            let parts = newest.get()?;
            queries.with(|queries| filters.with(|filters| samples(queries, filters, &parts, app.delay_minutes.get())))
        });

        // Of the newest valid alarm, what its datapoints depend on: the threshold moves without this changing.
        let shape = Memo::new(move |before: Option<&Option<MetricAlarm>>| {
            let is_valid = problems.with(|problems| alarm::validate::is_valid(problems));
            if is_valid { Some(settings.with(shape_of)) } else { before.cloned().flatten() }
        });
        let slid = Memo::new(move |_| {
            let (statistics, period) =
                shape.with(|shape| shape.as_ref().map(|alarm| (statistics(alarm), alarm.period)))?;
            let measured = measured.get()?;
            let slide = |(samples, statistic): (&Shared<Samples>, Statistic)| sliding(samples, statistic, period);
            let fits = measured.len() == statistics.len();
            fits.then(|| Shared::new(measured.iter().zip(statistics).map(slide).collect::<Vec<Sliding>>()))
        });
        let sliding = Memo::new(move |before: Option<&Option<Shared<Sliding>>>| {
            let found = shape.with(|shape| watched(shape.as_ref()?, slid.get()?.to_vec()));
            found.map(Shared::new).or_else(|| before.cloned().flatten())
        });
        let series = Memo::new(move |_| sliding.with(|sliding| Some(Shared::new(aligned(sliding.as_ref()?)))));
        let search = Memo::new(move |_| filters.with(|filters| formula::search_for(filters)));
        let is_waiting = Signal::derive(move || {
            filter_errors.with(|errors| !errors.iter().all(Vec::is_empty)) || parts.with(|answer| answer.stale)
        });
        let metric = Memo::new(|_| None);
        let on = Watched { measured, sliding, series, metric, search, is_waiting };
        let on_alarm = AlarmRun::start(app, id, settings, problems, on);
        let verdict = Memo::new(move |_| {
            let filter =
                filter_errors.with(|errors| errors.iter().flatten().next().map(|error| error.error.message.clone()));
            let alarm = || problems.with(|problems| alarm::validate::refusal(problems).map(str::to_owned));
            let dimensions = || backtest.with(dimension_refusal);
            if let Some(reason) = filter.or_else(alarm).or_else(dimensions) {
                return Some(Verdict::refused(lab::capitalised(&reason)));
            }
            let (sliding, timeline) = (sliding.get()?, on_alarm.timeline.get()?);
            Some(backtest.with(|backtest| Verdict::on_formula(backtest, &sliding, &timeline)))
        });
        Self { on_alarm, backtest, filter_errors, refusals, parts, verdict }
    }

    /// To change filters and alarm, inside a component.
    pub fn editing(&self) -> Editing<MathBacktest> {
        Editing::of(self.on_alarm.id, self.backtest, |id, backtest| Action::EditFormula { id, backtest })
    }
}

/// Why a metric of the alarm is none that its filter publishes.
fn dimension_refusal(backtest: &MathBacktest) -> Option<String> {
    let metrics = backtest.alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
    metrics
        .zip(&backtest.metric_filters)
        .find_map(|(metric, filter)| dimension_values(filter, &metric.metric.dimensions).err())
}

/// The samples of each metric of the alarm; `None` while there are not as many answers, or a metric names dimensions that
/// its filter does not publish.
fn samples(
    queries: &[MetricDataQuery],
    filters: &[MetricFilter],
    parts: &[SeriesPart],
    delay_minutes: u32,
) -> Option<Vec<Shared<Samples>>> {
    let metrics: Vec<_> = queries.iter().filter_map(|query| query.metric_stat.as_ref()).collect();
    if metrics.len() != filters.len() || metrics.len() != parts.len() {
        return None;
    }
    let of_metric = |((metric, filter), part): ((&MetricStat, &MetricFilter), &SeriesPart)| {
        let values = dimension_values(filter, &metric.metric.dimensions).ok()?;
        let published = filter.metric_transformations.first();
        let seen = match unit_mismatch(published, metric.unit.as_deref()) {
            Some(_) => Samples::none(part),
            None => Samples::new(part, &values, published.and_then(|metric| metric.default_value)),
        };
        Some(Shared::new(seen.delayed(delay_minutes)))
    };
    metrics.into_iter().zip(filters).zip(parts).map(of_metric).collect()
}

/// The alarm without what does not change its datapoints.
fn shape_of(alarm: &MetricAlarm) -> MetricAlarm {
    MetricAlarm {
        metrics: alarm.metrics.clone(),
        threshold_metric_id: alarm.threshold_metric_id.clone(),
        period: alarm.period,
        evaluation_periods: if depends_on_range(alarm) { alarm.evaluation_periods } else { 1 },
        ..MetricAlarm::default()
    }
}
