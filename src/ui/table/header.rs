//! The header of the table: sort by a click, move by dragging, resize at the edge, everything else in a menu.

use super::focus::Focus;
use crate::model::query::Sort;
use crate::ui::shell::{Dialog, use_shell};
use crate::ui::state::{App, use_app};
use crate::ui::widgets::{ContextMenu, Icon};
use crate::view::columns::{drop_index, label, next_sort, sorted};
use crate::view::state::TIME_FIELD;
use crate::view::{Action, Column};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Pixels the pointer has to move before a press becomes a drag.
const SLACK: i32 = 4;

/// A column being pressed, dragged or resized.
#[derive(Clone)]
enum Drag {
    Move { field: String, start: i32, moved: bool },
    Resize { field: String, start: i32, width: u32 },
}

/// The header row.
#[component]
pub fn Header(columns: Memo<Vec<Column>>, focus: Focus) -> impl IntoView {
    let app = use_app();
    let head = NodeRef::<html::Div>::new();
    let drag = StoredValue::new(None::<Drag>);
    let dragged = RwSignal::new(None::<(String, usize)>);
    let menu = RwSignal::new(None::<(String, (f64, f64))>);
    let fields =
        Memo::new(move |_| columns.with(|columns| columns.iter().map(|c| c.field.clone()).collect::<Vec<_>>()));

    let x_in_head = move |event: &web_sys::PointerEvent| {
        let left = head.get_untracked().map_or(0.0, |head| head.get_bounding_client_rect().left());
        f64::from(event.client_x()) - left
    };
    let resized = move |event: &web_sys::PointerEvent, start: i32, width: u32| {
        (i64::from(width) + i64::from(event.client_x() - start)).max(0) as u32
    };
    let moved = move |event: web_sys::PointerEvent| match drag.get_value() {
        Some(Drag::Resize { field, start, width }) => {
            app.preview(Action::ResizeColumn { field, width: resized(&event, start, width) });
        }
        Some(Drag::Move { field, start, moved }) if moved || (event.client_x() - start).abs() > SLACK => {
            let from = columns.with_untracked(|columns| columns.iter().position(|c| c.field == field)).unwrap_or(0);
            let to = columns.with_untracked(|columns| drop_index(columns, from, x_in_head(&event)));
            dragged.set(Some((field.clone(), to)));
            drag.set_value(Some(Drag::Move { field, start, moved: true }));
        }
        _ => {}
    };
    let released = move |event: web_sys::PointerEvent| {
        match drag.get_value() {
            Some(Drag::Resize { field, start, width }) => {
                app.dispatch(Action::ResizeColumn { field, width: resized(&event, start, width) });
            }
            Some(Drag::Move { field, moved: true, .. }) => {
                if let Some((_, to)) = dragged.get_untracked() {
                    app.dispatch(Action::MoveColumn { field, to });
                }
            }
            Some(Drag::Move { field, moved: false, .. }) => sort_by(app, &field),
            None => {}
        }
        drag.set_value(None);
        dragged.set(None);
    };
    let cell = move |(index, field): (usize, String)| {
        let field = StoredValue::new(field);
        let order = Memo::new(move |_| app.view.with(|view| field.with_value(|field| sorted(&view.sort, field))));
        let is_dragged = move || {
            dragged
                .with(|dragged| field.with_value(|field| dragged.as_ref().is_some_and(|(moving, _)| moving == field)))
        };
        let is_target = move || dragged.with(|dragged| dragged.as_ref().is_some_and(|(_, to)| *to == index));
        let press = move |event: web_sys::PointerEvent| {
            if event.button() == 0 {
                capture(&event);
                let start = event.client_x();
                drag.set_value(Some(Drag::Move { field: field.get_value(), start, moved: false }));
            }
        };
        let grab = move |event: web_sys::PointerEvent| {
            event.stop_propagation();
            capture(&event);
            let width = columns.with_untracked(|columns| columns.get(index).map_or(100, |column| column.width));
            drag.set_value(Some(Drag::Resize { field: field.get_value(), start: event.client_x(), width }));
        };
        let open_menu = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            menu.set(Some((field.get_value(), (f64::from(event.client_x()), f64::from(event.client_y())))));
        };
        let key = move |event: web_sys::KeyboardEvent| {
            match event.key().as_str() {
                "Enter" | " " => field.with_value(|field| sort_by(app, field)),
                "ContextMenu" | "F10" => {
                    if let Some(at) = focus.place() {
                        menu.set(Some((field.get_value(), at)));
                    }
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        };
        let icon = move |descending| if descending { "arrow-down" } else { "arrow-up" };
        view! {
            <div
                class="head-cell"
                class:dragged=is_dragged
                class:target=is_target
                role="columnheader"
                tabindex="-1"
                data-column=index.to_string()
                title=field.get_value()
                aria-sort=move || match order.get() {
                    Some(true) => "descending",
                    Some(false) => "ascending",
                    None => "none",
                }
                on:pointerdown=press
                on:pointermove=moved
                on:pointerup=released
                on:contextmenu=open_menu
                on:keydown=key
            >
                <span class="head-text">{field.with_value(|field| label(field).to_owned())}</span>
                {move || order.get().map(|descending| view! { <Icon name=icon(descending) small=true/> })}
                <span class="head-edge" on:pointerdown=grab on:pointermove=moved on:pointerup=released></span>
            </div>
        }
    };
    let open =
        move |(field, at)| view! { <HeaderMenu field=field at=at columns=columns close=move || menu.set(None)/> };
    view! {
        <div role="rowgroup" class="grid-head">
            <div node_ref=head class="row" role="row" aria-rowindex="1" data-line="0">
                {move || fields.get().into_iter().enumerate().map(cell).collect_view()}
            </div>
        </div>
        {move || menu.get().map(open)}
    }
}

fn capture(event: &web_sys::PointerEvent) {
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

fn sort_by(app: App, field: &str) {
    let sort = app.view.with_untracked(|view| next_sort(&view.sort, field));
    app.dispatch(Action::SetSort(sort));
}

#[component]
fn HeaderMenu(
    field: String,
    at: (f64, f64),
    columns: Memo<Vec<Column>>,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let (index, width) = columns.with_untracked(|columns| {
        let index = columns.iter().position(|column| column.field == field).unwrap_or(0);
        (index, columns.get(index).map_or(100, |column| column.width))
    });
    let line = move |icon: &'static str, title: &'static str, action: Action| {
        let choose = move |_| {
            close();
            app.dispatch(action.clone());
        };
        view! {
            <button class="menu-item" role="menuitem" tabindex="-1" on:click=choose><Icon name=icon/>{title}</button>
        }
    };
    let sort = |descending| {
        let by = (field != TIME_FIELD).then(|| field.clone());
        Action::SetSort(Sort { field: by, descending })
    };
    let resize = |by: i64| Action::ResizeColumn { field: field.clone(), width: (i64::from(width) + by).max(0) as u32 };
    let choose_columns = move |_| {
        close();
        shell.dialog.set(Some(Dialog::Columns));
    };
    let lines = [
        line("arrow-up", "Sort ascending", sort(false)),
        line("arrow-down", "Sort descending", sort(true)),
        line("left", "Move left", Action::MoveColumn { field: field.clone(), to: index.saturating_sub(1) }),
        line("right", "Move right", Action::MoveColumn { field: field.clone(), to: index + 1 }),
        line("plus", "Wider", resize(60)),
        line("minus", "Narrower", resize(-60)),
        line("list", "Group by this field", Action::AddFacet(field.clone())),
        line("close", "Remove this column", Action::RemoveColumn(field.clone())),
    ]
    .collect_view();
    let title = label(&field).to_owned();
    view! {
        <ContextMenu at=at label=title close=close>
            <div class="menu-title mono">{field}</div>
            {lines}
            <div class="menu-line"></div>
            <button class="menu-item" role="menuitem" tabindex="-1" on:click=choose_columns>
                <Icon name="columns"/>"Choose columns"
            </button>
        </ContextMenu>
    }
}
