//! Buttons over the cell under the pointer: the first lines of its menu, at hand. For the mouse only; the
//! keyboard has the same commands as single keys and in the menu.

use super::data::TableData;
use crate::ui::shell::{OpenMenu, use_shell};
use crate::ui::state::use_app;
use crate::ui::value_menu::act;
use crate::ui::widgets::Icon;
use crate::view::value_menu::ValueCommand;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The cell under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hovered {
    /// Its line and column.
    pub place: (u64, usize),
    /// Its right and top edge, in CSS pixels from the top left of the grid's view.
    at: (f64, f64),
}

impl Hovered {
    /// The cell an event is about, inside `view`.
    pub fn of(event: &web_sys::PointerEvent, view: &Element) -> Option<Self> {
        let place = super::focus::place_of(event).filter(|(line, _)| *line > 0)?;
        let cell = event.target()?.dyn_into::<Element>().ok()?.closest("[data-column]").ok()??;
        let (cell, view) = (cell.get_bounding_client_rect(), view.get_bounding_client_rect());
        Some(Self { place, at: (cell.right() - view.left(), cell.top() - view.top()) })
    }
}

/// The buttons.
#[component]
pub fn CellTools(
    /// The cell under the pointer.
    hovered: RwSignal<Option<Hovered>>,
    /// The rows.
    data: TableData,
) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let target = move || {
        let (line, column) = hovered.get_untracked()?.place;
        data.target(line - 1, column)
    };
    let run = move |event: web_sys::MouseEvent, command: ValueCommand| {
        event.stop_propagation();
        if let Some(target) = target() {
            act(app, shell, command, &target);
        }
        hovered.set(None);
    };
    let menu = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(target) = target() {
            shell.menu.set(Some(OpenMenu { target, at }));
        }
    };
    let edge = move |edge: fn((f64, f64)) -> f64| hovered.get().map(|hovered| format!("{}px", edge(hovered.at)));
    view! {
        <div
            class="cell-tools"
            class:shown=move || hovered.with(Option::is_some)
            aria-hidden="true"
            style:left=move || edge(|(right, _)| right)
            style:top=move || edge(|(_, top)| top)
        >
            <button tabindex="-1" title="Filter for value (F)" on:click=move |event| run(event, ValueCommand::FilterFor)>
                <Icon name="plus" small=true/>
            </button>
            <button tabindex="-1" title="Filter out value (X)" on:click=move |event| run(event, ValueCommand::FilterOut)>
                <Icon name="minus" small=true/>
            </button>
            <button tabindex="-1" title="More" on:click=menu><Icon name="more" small=true/></button>
        </div>
    }
}
