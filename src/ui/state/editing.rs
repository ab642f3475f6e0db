//! Changing one item of a list: while something is typed or dragged without a step in the history, then for good.

use super::{App, use_app};
use crate::view::Action;
use leptos::prelude::*;

/// The text of an editor that stands for `value`: it follows when somebody else changes that, by undo or by a loaded workspace,
/// and hands what is typed to `draft`.
pub fn drafted(value: Memo<String>, draft: impl Fn(String) + 'static) -> RwSignal<String> {
    let text = RwSignal::new(value.get_untracked());
    Effect::new(move |_| {
        let value = value.get();
        if text.with_untracked(|text| *text != value) {
            text.set(value);
        }
    });
    Effect::new(move |_| {
        let text = text.get();
        if value.with_untracked(|value| *value != text) {
            draft(text);
        }
    });
    text
}

/// The item that a form edits, as a form sees it: a whole entry of a list, or the alarm in it. Cheap to copy.
pub struct Editing<T: Send + Sync + 'static> {
    app: App,
    id: u32,
    value: Memo<T>,
    action: fn(u32, Box<T>) -> Action,
}

impl<T: Send + Sync> Clone for Editing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Editing<T> {}

impl<T: Clone + PartialEq + Send + Sync> Editing<T> {
    /// Of an item with this content, inside a component; `action` sets another content.
    pub fn of(id: u32, value: Memo<T>, action: fn(u32, Box<T>) -> Action) -> Self {
        Self { app: use_app(), id, value, action }
    }

    /// Changes it while the user is still at it; [`Self::done`] follows.
    pub fn draft(self, change: impl FnOnce(&mut T)) {
        if let Some(action) = self.action(change) {
            self.app.preview(action);
        }
    }

    /// Changes it as one step in the history.
    pub fn set(self, change: impl FnOnce(&mut T)) {
        if let Some(action) = self.action(change) {
            self.app.dispatch(action);
        }
    }

    /// Records what was drafted.
    pub fn done(self) {
        self.set(|_| {});
    }

    /// Reads something of it.
    pub fn get<P: PartialEq + Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&T) -> P + Send + Sync + 'static,
    ) -> Memo<P> {
        Memo::new(move |_| self.value.with(&read))
    }

    /// `None` when the item is gone: a field taken away while it has the focus still tells that it lost it.
    fn action(self, change: impl FnOnce(&mut T)) -> Option<Action> {
        let mut value = Box::new(self.value.try_get_untracked()?);
        change(&mut value);
        Some((self.action)(self.id, value))
    }
}
