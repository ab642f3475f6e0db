//! Roving focus over a grid of which only a part exists.
//!
//! Cells are focusable by script only; Tab lands on the grid itself, which passes the focus on to the current
//! cell and takes itself out of the tab order for as long as a cell has it.

use crate::ui::focus::{give, is_nowhere, reveal};
use crate::view::Column;
use crate::view::window::RowWindow;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Where the focus is or would be.
#[derive(Clone, Copy)]
pub struct Focus {
    /// Line (0 is the header) and column.
    pub at: RwSignal<(u64, usize)>,
    /// Whether the grid has the focus, even while the focused cell is not rendered.
    inside: StoredValue<bool>,
    scroller: NodeRef<html::Div>,
    window: RwSignal<RowWindow>,
    columns: Memo<Vec<Column>>,
}

impl Focus {
    pub fn new(scroller: NodeRef<html::Div>, window: RwSignal<RowWindow>, columns: Memo<Vec<Column>>) -> Self {
        Self { at: RwSignal::new((1, 0)), inside: StoredValue::new(false), scroller, window, columns }
    }

    /// Moves the focus to a line and column, as far as they exist; `scrolled` puts the scroll bar in its place.
    pub fn move_to(self, line: u64, column: Option<usize>, scrolled: impl Fn(bool)) {
        let last_line = self.window.with_untracked(RowWindow::rows);
        let last_column = self.columns.with_untracked(Vec::len).saturating_sub(1);
        let line = line.min(last_line);
        let column = column.unwrap_or(self.at.get_untracked().1).min(last_column);
        self.at.set((line, column));
        if line > 0 {
            let moved = self.window.try_update(|window| window.reveal(line - 1));
            scrolled(moved.unwrap_or(false));
        }
        self.inside.set_value(true);
        request_animation_frame(move || self.take());
    }

    /// Where a menu of the focused cell opens, in CSS pixels from the top left of the window.
    pub fn place(self) -> Option<(f64, f64)> {
        let rect = self.cell()?.get_bounding_client_rect();
        Some((rect.left() + 12.0, rect.bottom()))
    }

    /// Something in the grid got the focus.
    pub fn entered(self, event: &web_sys::FocusEvent) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        self.inside.set_value(true);
        if event.target().is_some_and(|target| target == *scroller.unchecked_ref::<web_sys::EventTarget>()) {
            // Not in the middle of this event: moving the focus raises the next one.
            queue_microtask(move || self.take());
        } else {
            let _ = scroller.set_attribute("tabindex", "-1");
            if let Some(place) = event.target().and_then(|target| place_in(&target)) {
                self.at.set(place);
            }
        }
    }

    /// Something in the grid lost the focus.
    pub fn left(self, event: &web_sys::FocusEvent) {
        // Also called while the table goes away with the focus in it.
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else { return };
        let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let stays = to.as_ref().is_some_and(|to| scroller.contains(Some(to)));
        if stays {
            return;
        }
        let _ = scroller.set_attribute("tabindex", "0");
        // A row that is taken away loses the focus without anybody else getting it, and before it is gone.
        self.inside.try_set_value(to.is_none());
        queue_microtask(move || {
            if cell.is_none_or(|cell| cell.is_connected()) {
                let _ = self.inside.try_set_value(false);
            }
        });
    }

    /// Gives the focus back to the current cell after rows were rendered anew.
    pub fn restore(self) {
        let Some(true) = self.inside.try_get_value() else { return };
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else { return };
        let waits = document()
            .active_element()
            .is_some_and(|element| element == **scroller.unchecked_ref::<web_sys::HtmlElement>());
        if waits || is_nowhere() {
            self.take();
        }
    }

    fn take(self) {
        // The frame this runs in may come when the table is gone.
        if self.inside.try_get_value().is_none() {
            return;
        }
        match self.cell() {
            Some(cell) => {
                give(&cell);
                reveal(&cell);
            }
            // Not rendered: the grid keeps the keys until it is.
            None => {
                if let Some(scroller) = self.scroller.get_untracked().filter(|_| is_nowhere()) {
                    give(&scroller);
                }
            }
        }
    }

    fn cell(self) -> Option<HtmlElement> {
        let (line, column) = self.at.get_untracked();
        let selector = format!("[data-line=\"{line}\"] > [data-column=\"{column}\"]");
        self.scroller.get_untracked()?.query_selector(&selector).ok()??.dyn_into().ok()
    }
}

/// Line and column of the cell an event happened in.
pub fn place_of(event: &web_sys::Event) -> Option<(u64, usize)> {
    event.target().and_then(|target| place_in(&target))
}

fn place_in(target: &web_sys::EventTarget) -> Option<(u64, usize)> {
    let cell = target.dyn_ref::<Element>()?.closest("[data-column]").ok()??;
    let line = cell.parent_element()?.get_attribute("data-line")?.parse().ok()?;
    Some((line, cell.get_attribute("data-column")?.parse().ok()?))
}
