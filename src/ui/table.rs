//! The event table: a grid that renders only the rows on screen.
//!
//! Rows come in pages of whole blocks around what is visible; the row window (`view::window`) decides what that
//! is. Focus is a line and a column: line 0 is the header, line n + 1 is row n.

mod data;
mod focus;
mod header;
mod row;
mod tools;

use super::commands::run;
use super::export::ExportMenu;
use super::shell::{Cursor, OpenMenu, use_shell};
use super::state::use_app;
use super::widgets::Icon;
use crate::model::query::{Scope, Sort};
use crate::view::commands::Command;
use crate::view::value_menu::VALUE_MENU;
use crate::view::window::RowWindow;
use crate::view::{columns, format};
use data::TableData;
use focus::Focus;
use leptos::{html, prelude::*};
use row::RowView;
use wasm_bindgen::prelude::*;

/// The table with its toolbar.
#[component]
pub fn Table() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let scroller = NodeRef::<html::Div>::new();
    let window = RwSignal::new(RowWindow::new(0, 24.0, 600.0));
    let columns = Memo::new(move |_| app.view.with(|view| view.columns.clone()));
    let data = TableData::new(app, shell, window, columns);
    let focus = Focus::new(scroller, window, columns);

    // Number of rows, their height and the height of the viewport.
    let size = RwSignal::new((0.0, 24.0));
    watch_size(scroller, size);
    let density = Memo::new(move |_| app.prefs.with(|prefs| prefs.density));
    Effect::new(move |_| {
        density.get();
        // The style sheet has been applied by the next frame.
        request_animation_frame(move || {
            size.try_update(|size| size.1 = row_height());
        });
    });
    let put_back = move |moved: bool| {
        // The frame this runs in may come when the table is gone.
        if let Some(element) = scroller.try_get_untracked().flatten().filter(|_| moved) {
            element.set_scroll_top(window.with_untracked(RowWindow::scroll_top) as i32);
        }
    };
    Effect::new(move |_| {
        let (height, row_height) = size.get();
        let rows = data.total.get();
        let moved = window.try_update(|window| window.resize(rows, row_height, (height - row_height).max(row_height)));
        request_animation_frame(move || put_back(moved.unwrap_or(false)));
    });
    let hovered = RwSignal::new(None::<tools::Hovered>);
    let on_scroll = move |_| {
        hovered.set(None);
        if let Some(element) = scroller.get_untracked() {
            let top = f64::from(element.scroll_top());
            let moved = window.try_update(|window| window.scrolled(top));
            put_back(moved.unwrap_or(false));
        }
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // A scaled scroll bar would jump: move by real pixels instead.
        if window.with_untracked(RowWindow::is_scaled) && !event.ctrl_key() && !event.shift_key() {
            event.prevent_default();
            let pixels = match event.delta_mode() {
                0 => event.delta_y(),
                1 => event.delta_y() * size.get_untracked().1,
                _ => event.delta_y() * size.get_untracked().0,
            };
            let moved = window.try_update(|window| window.move_by(pixels));
            put_back(moved.unwrap_or(false));
        }
    };
    // Another order or other events: from the top again.
    let order = Memo::new(move |_| (app.unbrushed.get(), app.view.with(|view| view.sort.clone())));
    Effect::new(move |before: Option<(Scope, Sort)>| {
        let order = order.get();
        if before.is_some_and(|before| before != order) {
            let moved = window.try_update(RowWindow::to_top);
            put_back(moved.unwrap_or(false));
        }
        order
    });
    // The event in the drawer stays in sight.
    Effect::new(move |_| {
        if let Some(number) = shell.cursor.get().and_then(|cursor| cursor.number) {
            let moved = window.try_update(|window| window.reveal(number));
            put_back(moved.unwrap_or(false));
        }
    });

    let open = move |number: u64| {
        if let Some(row) = data.row_ref(number) {
            shell.open_event(Cursor { row, number: Some(number) });
        }
    };
    let menu_at = move |number: u64, column: usize, at: (f64, f64)| {
        if let Some(target) = data.target(number, column) {
            shell.menu.set(Some(OpenMenu { target, at }));
        }
    };
    let view_node = NodeRef::<html::Div>::new();
    let on_hover = move |event: web_sys::PointerEvent| {
        if event.pointer_type() == "mouse"
            && let Some(view) = view_node.get_untracked()
            && let Some(cell) = tools::Hovered::of(&event, &view)
        {
            hovered.set(Some(cell));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            let to_end = event.key() == "End" && event.ctrl_key();
            if (to_end || event.key() == "Home") && event.ctrl_key() {
                event.prevent_default();
                focus.move_to(if to_end { data.total.get_untracked() } else { 1 }, None, put_back);
            }
            return;
        }
        let (line, column) = focus.at.get_untracked();
        let page = window.with_untracked(RowWindow::page_rows);
        match event.key().as_str() {
            "ArrowDown" => focus.move_to(line + 1, None, put_back),
            "ArrowUp" => focus.move_to(line.saturating_sub(1), None, put_back),
            "PageDown" => focus.move_to(line + page, None, put_back),
            "PageUp" => focus.move_to(line.saturating_sub(page).max(1), None, put_back),
            "ArrowRight" => focus.move_to(line, Some(column + 1), put_back),
            "ArrowLeft" => focus.move_to(line, Some(column.saturating_sub(1)), put_back),
            "Home" => focus.move_to(line, Some(0), put_back),
            "End" => focus.move_to(line, Some(usize::MAX), put_back),
            "Enter" | " " if line > 0 => open(line - 1),
            "ContextMenu" | "F10" if line > 0 => {
                if let Some(at) = focus.place() {
                    menu_at(line - 1, column, at);
                }
            }
            key => {
                let entry = VALUE_MENU.iter().find(|entry| entry.key.key == key);
                let target = line.checked_sub(1).and_then(|number| data.target(number, column));
                let allowed = app.prefs.with_untracked(|prefs| prefs.single_keys);
                let (Some(entry), Some(target), true) = (entry, target, allowed) else { return };
                super::value_menu::act(app, shell, entry.command, &target);
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_click = move |event: web_sys::MouseEvent| {
        if let Some((line, column)) = focus::place_of(&event) {
            focus.at.set((line, column));
            let selecting = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
            let selecting = selecting.is_some_and(|selection| !selection.is_collapsed());
            if line > 0 && !selecting {
                open(line - 1);
            }
        }
    };
    let on_menu = move |event: web_sys::MouseEvent| {
        if let Some((line, column)) = focus::place_of(&event).filter(|(line, _)| *line > 0) {
            event.prevent_default();
            focus.at.set((line, column));
            menu_at(line - 1, column, (f64::from(event.client_x()), f64::from(event.client_y())));
        }
    };
    let visible = Memo::new(move |_| window.with(RowWindow::visible));
    let rows = move || data.rows(visible.get());
    let content_height = Memo::new(move |_| window.with(RowWindow::content_height));
    let top = move || window.with(|window| window.top_of(window.visible().start));
    let no_events = move || {
        shell.matched.with(|answer| answer.value.as_ref().is_some_and(|count| count.matched == 0) && !answer.stale)
    };
    Effect::new(move |_| {
        data.track();
        visible.track();
        request_animation_frame(move || focus.restore());
    });
    view! {
        <section class="pane table-pane" aria-label="Events">
            <div class="pane-head">
                <Show when=move || !app.prefs.with(|prefs| prefs.facets_open)>
                    <button class="icon-button small wide-only" aria-label="Open the facet pane" title="Facets ([)" on:click=move |_| run(app, shell, Command::ToggleFacets)>
                        <Icon name="pane-left"/>
                    </button>
                </Show>
                <h2>"Events "<span class="muted number">{move || format::count(data.total.get())}</span></h2>
                <button class="button quiet" on:click=move |_| run(app, shell, Command::ChooseColumns)>
                    <Icon name="columns"/>"Columns"
                </button>
                <ExportMenu/>
            </div>
            <div
                node_ref=scroller
                id="main"
                class="grid-scroll"
                role="grid"
                aria-label="Events"
                aria-rowcount=move || data.total.get() + 1
                aria-colcount=move || columns.with(Vec::len)
                aria-busy=move || data.stale.get().to_string()
                tabindex="0"
                style=("--columns", move || columns.with(|columns| columns::template(columns)))
                on:scroll=on_scroll
                on:wheel=on_wheel
                on:keydown=on_key
                on:click=on_click
                on:contextmenu=on_menu
                on:focusin=move |event| focus.entered(&event)
                on:focusout=move |event| focus.left(&event)
            >
                <div
                    class="grid-size"
                    role="presentation"
                    style:height=move || format!("{}px", content_height.get() + size.get().1)
                    style:min-width=move || format!("{}px", columns.with(|columns| columns::total_width(columns)))
                >
                    <div
                        node_ref=view_node
                        class="grid-view"
                        role="presentation"
                        style:height=move || format!("{}px", size.get().0)
                        on:pointerover=on_hover
                        on:pointerleave=move |_| hovered.set(None)
                    >
                        <header::Header columns=columns focus=focus/>
                        <div class="grid-rows" role="rowgroup" class:stale=move || data.stale.get() style:transform=move || format!("translateY({}px)", top())>
                            <For each=rows key=|row| row.key children=move |row| view! { <RowView row=row/> }/>
                        </div>
                        <tools::CellTools hovered=hovered data=data/>
                    </div>
                </div>
            </div>
            <Show when=no_events>
                <div class="empty-note table-empty">
                    <Show when=move || app.session.has_events() fallback=|| view! { <p>"No events are loaded yet"</p> }>
                        <p>"No event passes"</p>
                        <button class="button" on:click=move |_| run(app, shell, Command::ClearSearch)>"Clear the search"</button>
                        <button class="button" on:click=move |_| run(app, shell, Command::FullRange)>"Show the full time range"</button>
                    </Show>
                </div>
            </Show>
            {move || data.error.get().map(|error| view! { <p class="error-note" role="alert">{error}</p> })}
        </section>
    }
}

/// Height of a row as the style sheet has it, in CSS pixels.
fn row_height() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let text = style.and_then(|style| style.get_property_value("--row").ok()).unwrap_or_default();
    text.trim().trim_end_matches("px").parse().unwrap_or(24.0)
}

/// Keeps the height of an element.
fn watch_size(node: NodeRef<html::Div>, size: RwSignal<(f64, f64)>) {
    let observer = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let watched = element.clone();
        let callback = Closure::<dyn FnMut()>::new(move || {
            let height = f64::from(watched.client_height());
            size.try_update(|size| size.0 = height);
        });
        if let Ok(watcher) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            watcher.observe(&element);
            observer.set_value(Some((watcher, callback)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((watcher, _))) = observer.try_update_value(Option::take) {
            watcher.disconnect();
        }
    });
}
