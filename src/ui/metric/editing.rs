//! Changing one backtest: while something is typed or dragged without a step in the history, then for good.

use super::run::Run;
use crate::model::alarm::Backtest;
use crate::model::metric::MetricTransformation;
use crate::ui::state::{App, use_app};
use crate::view::Action;
use leptos::prelude::*;

/// The backtest that a form edits. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Editing {
    app: App,
    run: Run,
}

impl Editing {
    /// Of a run, inside a component.
    pub fn of(run: Run) -> Self {
        Self { app: use_app(), run }
    }

    /// Changes it while the user is still at it; [`Self::done`] follows.
    pub fn draft(self, change: impl FnOnce(&mut Backtest)) {
        if let Some(action) = self.action(change) {
            self.app.preview(action);
        }
    }

    /// Changes it as one step in the history.
    pub fn set(self, change: impl FnOnce(&mut Backtest)) {
        if let Some(action) = self.action(change) {
            self.app.dispatch(action);
        }
    }

    /// Records what was drafted.
    pub fn done(self) {
        // Also called while the form goes away with the focus in it.
        if self.run.backtest.try_get_untracked().is_some() {
            self.set(|_| {});
        }
    }

    /// Reads something of it.
    pub fn get<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&Backtest) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        let backtest = self.run.backtest;
        Memo::new(move |_| backtest.with(&read))
    }

    /// `None` when the backtest is gone: a field taken away while it has the focus still tells that it lost it.
    fn action(self, change: impl FnOnce(&mut Backtest)) -> Option<Action> {
        let mut backtest = Box::new(self.run.backtest.try_get_untracked()?);
        change(&mut backtest);
        Some(Action::EditBacktest { id: self.run.id, backtest })
    }
}

/// The one metric transformation; made when a document came without.
pub fn metric(backtest: &mut Backtest) -> &mut MetricTransformation {
    let list = &mut backtest.filter.metric_transformations;
    if list.is_empty() {
        list.push(MetricTransformation::default());
    }
    &mut list[0]
}

/// The one metric transformation for reading.
pub fn metric_of(backtest: &Backtest) -> MetricTransformation {
    backtest.filter.metric_transformations.first().cloned().unwrap_or_default()
}
