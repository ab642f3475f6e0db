//! The states of all composite alarms, kept up with the alarms they are about.

use crate::alarm::Timeline;
use crate::alarm::mute::{Mute, Offsets};
use crate::model::composite::CompositeAlarm;
use crate::ui::alarm::Runs;
use crate::ui::metric::run::Shared;
use crate::ui::state::{App, Editing, zone};
use crate::view::composites::{self, Evaluated, alarm_names, by_name, evaluate};
use crate::view::inbox::{Alarm, Inbox};
use crate::view::verdict::Verdict;
use crate::view::{Action, NamedComposite};
use leptos::prelude::*;
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

/// All composite alarms and mute rules. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Composites {
    app: App,
    evaluated: Memo<Shared<Vec<Evaluated>>>,
    /// The mute rules that are valid.
    pub mutes: Memo<Shared<Vec<Mute>>>,
}

/// One of the evaluated alarms.
#[derive(Clone, PartialEq)]
pub struct Found {
    all: Shared<Vec<Evaluated>>,
    at: usize,
}

impl Deref for Found {
    type Target = Evaluated;

    fn deref(&self) -> &Evaluated {
        &self.all[self.at]
    }
}

impl Found {
    /// Its states.
    pub fn timeline(&self) -> Option<Shared<Timeline>> {
        self.timeline.clone().map(Shared::of)
    }
}

/// Those of the panel; only inside it.
pub fn use_composites() -> Composites {
    expect_context()
}

impl Composites {
    /// Follows the lists and the runs of the other alarms, and provides itself.
    pub fn provide(app: App, runs: Runs) -> Self {
        let names = Memo::new(move |_| app.view.with(alarm_names));
        let metrics = Memo::new(move |_| {
            let timeline = |id: u32| runs.alarm(id).and_then(|run| run.timeline.get());
            let found = names.get().into_iter().filter_map(|(id, name)| Some((name, timeline(id)?)));
            found.collect::<Vec<(String, Shared<Timeline>)>>()
        });
        let items = Memo::new(move |_| app.view.with(|view| view.composites.clone()));
        let evaluated = Memo::new(move |_| {
            let known: HashSet<String> = names.get().into_iter().map(|(_, name)| name).collect();
            let metrics = by_name(metrics.get().into_iter().map(|(name, timeline)| (name, timeline.arc())));
            Shared::new(items.with(|items| evaluate(items, &metrics, &known)))
        });
        let rules = Memo::new(move |_| app.view.with(|view| view.mutes.clone()));
        let mutes = Memo::new(move |_| {
            let span = app.session.loaded.with(|loaded| loaded.first.zip(loaded.last));
            let offsets = |name: &str| -> Option<Offsets> {
                let (first, last) = span?;
                let zone = zone::named(name, first, last)?;
                Some(Arc::new(move |time| zone.offset_at(time)))
            };
            Shared::new(rules.with(|rules| rules.iter().filter_map(|rule| Mute::new(rule, offsets).ok()).collect()))
        });
        let composites = Self { app, evaluated, mutes };
        provide_context(composites);
        composites
    }

    /// An alarm of the list.
    pub fn item(self, id: u32) -> Memo<Option<NamedComposite>> {
        let app = self.app;
        Memo::new(move |_| app.view.with(|view| view.composites.iter().find(|item| item.id == id).cloned()))
    }

    /// To change it, inside a component.
    pub fn editing(self, id: u32) -> Editing<CompositeAlarm> {
        let item = self.item(id);
        let alarm =
            move |_: Option<&_>| item.with(|item| item.as_ref().map(|item| item.alarm.clone()).unwrap_or_default());
        Editing::of(id, Memo::new(alarm), |id, alarm| Action::EditComposite { id, alarm })
    }

    /// What became of it.
    pub fn of(self, id: u32) -> Memo<Option<Found>> {
        Memo::new(move |_| {
            let all = self.evaluated.get();
            let at = all.iter().position(|found| found.id == id)?;
            Some(Found { all, at })
        })
    }

    /// What it comes to.
    pub fn verdict(self, id: u32) -> Option<Verdict> {
        self.evaluated.with(|all| all.iter().find(|found| found.id == id).map(Verdict::on_composite))
    }

    /// The names that rules can use, without its own.
    pub fn names(self, id: u32) -> Memo<Vec<String>> {
        let app = self.app;
        Memo::new(move |_| {
            let names = app.view.with(composites::alarm_names);
            names.into_iter().filter(|(other, _)| *other != id).map(|(_, name)| name).collect()
        })
    }

    /// What it would have sent.
    pub fn inbox(self, id: u32) -> Signal<Option<Shared<Inbox>>> {
        let (item, found) = (self.item(id), self.of(id));
        Memo::new(move |_| {
            let (item, found, mutes) = (item.get()?, found.get()?, self.mutes.get());
            let (rule, timeline) = (found.rule.clone().ok()?, found.timeline.clone()?);
            let children = found.children.iter().filter_map(|(name, states)| Some((name.clone(), states.clone()?)));
            let alarm = Alarm::Composite { alarm: Box::new(item.alarm.clone()), rule, children: children.collect() };
            Some(Shared::new(Inbox::new(&found.name, alarm, timeline, found.suppression(&item), &mutes)))
        })
        .into()
    }
}
