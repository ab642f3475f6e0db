//! Changing one composite alarm: while something is typed without a step in the history, then for good.

use crate::model::composite::CompositeAlarm;
use crate::ui::state::{App, use_app};
use crate::view::Action;
use leptos::prelude::*;

/// The alarm that a form edits. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Editing {
    app: App,
    id: u32,
}

impl Editing {
    /// Of an alarm of the list, inside a component.
    pub fn of(id: u32) -> Self {
        Self { app: use_app(), id }
    }

    /// Changes it while the user is still at it; [`Self::done`] follows.
    pub fn draft(self, change: impl FnOnce(&mut CompositeAlarm)) {
        if let Some(action) = self.action(change) {
            self.app.preview(action);
        }
    }

    /// Changes it as one step in the history.
    pub fn set(self, change: impl FnOnce(&mut CompositeAlarm)) {
        if let Some(action) = self.action(change) {
            self.app.dispatch(action);
        }
    }

    /// Records what was drafted.
    pub fn done(self) {
        self.set(|_| {});
    }

    /// Reads something of it.
    pub fn get<T: PartialEq + Clone + Default + Send + Sync + 'static>(
        self,
        read: impl Fn(&CompositeAlarm) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| {
            self.app.view.with(|view| {
                let item = view.composites.iter().find(|item| item.id == self.id);
                item.map(|item| read(&item.alarm)).unwrap_or_default()
            })
        })
    }

    /// `None` when the alarm is gone: a field taken away while it has the focus still tells that it lost it.
    fn action(self, change: impl FnOnce(&mut CompositeAlarm)) -> Option<Action> {
        let found = self.app.view.with_untracked(|view| {
            view.composites.iter().find(|item| item.id == self.id).map(|item| item.alarm.clone())
        });
        let mut alarm = Box::new(found?);
        change(&mut alarm);
        Some(Action::EditComposite { id: self.id, alarm })
    }
}
