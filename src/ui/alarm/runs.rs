//! The runs of all metric alarms in the lab, started and stopped as they come and go.

use super::run::AlarmRun;
use crate::ui::formula::FormulaRun;
use crate::ui::metric::run::Run;
use crate::ui::state::App;
use leptos::prelude::*;
use std::time::Duration;

/// The run of one alarm of any kind.
#[derive(Clone, Copy)]
enum AnyRun {
    Backtest(Run),
    Formula(FormulaRun),
}

/// Which list an alarm is in, and its id.
#[derive(Clone, Copy, PartialEq)]
enum Key {
    Backtest(u32),
    Formula(u32),
}

/// All runs. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Runs {
    list: RwSignal<Vec<(Key, AnyRun, Owner)>>,
}

impl Runs {
    /// Starts and stops runs as alarms come and go.
    pub fn follow(app: App) -> Self {
        let keys = Memo::new(move |_| {
            app.view.with(|view| {
                let backtests = view.backtests.iter().map(|item| Key::Backtest(item.id));
                backtests.chain(view.formulas.iter().map(|item| Key::Formula(item.id))).collect::<Vec<_>>()
            })
        });
        let list = RwSignal::new(Vec::<(Key, AnyRun, Owner)>::new());
        let parent = Owner::current();
        Effect::new(move |_| {
            let keys = keys.get();
            let mut runs = list.get_untracked();
            let gone: Vec<_> = runs.extract_if(.., |(key, ..)| !keys.contains(key)).collect();
            for key in keys {
                if runs.iter().all(|(known, ..)| *known != key)
                    && let Some(parent) = &parent
                {
                    let owner = parent.child();
                    let run = owner.with(|| match key {
                        Key::Backtest(id) => AnyRun::Backtest(Run::start(app, id)),
                        Key::Formula(id) => AnyRun::Formula(FormulaRun::start(app, id)),
                    });
                    runs.push((key, run, owner));
                }
            }
            list.set(runs);
            // What shows a run that is gone may still look at it in this turn.
            if !gone.is_empty() {
                set_timeout(move || gone.iter().for_each(|(.., owner)| owner.cleanup()), Duration::ZERO);
            }
        });
        Self { list }
    }

    /// The run of a backtest.
    pub fn backtest(self, id: u32) -> Option<Run> {
        match self.find(Key::Backtest(id))? {
            AnyRun::Backtest(run) => Some(run),
            AnyRun::Formula(_) => None,
        }
    }

    /// The run of an alarm on metric math.
    pub fn formula(self, id: u32) -> Option<FormulaRun> {
        match self.find(Key::Formula(id))? {
            AnyRun::Formula(run) => Some(run),
            AnyRun::Backtest(_) => None,
        }
    }

    /// The run of a metric alarm of either kind.
    pub fn alarm(self, id: u32) -> Option<AlarmRun> {
        let backtest = self.backtest(id).map(|run| run.on_alarm);
        backtest.or_else(|| self.formula(id).map(|run| run.on_alarm))
    }

    fn find(self, wanted: Key) -> Option<AnyRun> {
        self.list.with(|list| list.iter().find(|(key, ..)| *key == wanted).map(|(_, run, _)| *run))
    }
}
