//! The grid, with pointer, keyboard cursor and what it reads out.

use super::Parts;
use crate::ui::chart::{Canvas, local_x, local_y, pixels, use_size};
use crate::ui::state::{App, use_app};
use crate::view::chart::coverage::draw;
use crate::view::search::Edit;
use crate::view::{Action, Panel, TimeRange, format};
use leptos::{html, prelude::*};

/// Columns that PageUp and PageDown go.
const PAGE: usize = 24;

/// A cell as it is read out.
#[derive(Clone, PartialEq)]
struct Look {
    name: String,
    account: String,
    region: String,
    times: TimeRange,
    files: u64,
    events: u64,
    is_gap: bool,
    changes: Vec<String>,
    /// Whether a column is longer than an hour.
    is_coarse: bool,
}

impl Look {
    fn text(&self) -> String {
        if self.is_gap {
            return "gap: no file and no event".into();
        }
        format!("{}, {}", format::plural(self.files, "file", "files"), format::plural(self.events, "event", "events"))
    }
}

/// The chart.
#[component]
pub fn Chart(parts: Parts) -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let height = move || pixels(parts.layout.with(|layout| layout.as_ref().map_or(0.0, |layout| layout.height())));
    let drawing = Signal::derive(move || {
        let (Some(layout), Some(grid), Some(part)) = (parts.layout.get(), parts.grid.get(), parts.part.get()) else {
            return Vec::new();
        };
        draw(&grid, &part.tampering, &layout, parts.offset.get())
    });
    // The cell under the pointer or the keyboard.
    let cursor = RwSignal::new(None::<(usize, usize)>);
    let look = Memo::new(move |_| {
        let (row, column) = cursor.get()?;
        let (layout, grid, part) = (parts.layout.get()?, parts.grid.get()?, parts.part.get()?);
        let place = grid.rows.get(row).filter(|_| column < layout.columns())?;
        let (start, times) = (layout.start(column), layout.times(column));
        let cell = place.cell(start);
        let here = |event: &&crate::model::coverage::Tampering| {
            times.contains(event.time) && event.account == place.account && event.region == place.region
        };
        Some(Look {
            name: place.name(),
            account: place.account.clone(),
            region: place.region.clone(),
            times,
            files: cell.files,
            events: cell.events,
            is_gap: place.is_gap(start, layout.step),
            changes: part.tampering.iter().filter(here).take(3).map(|event| event.name.clone()).collect(),
            is_coarse: layout.step > crate::base::time::HOUR,
        })
    });
    let said = RwSignal::new(String::new());
    let act = move || {
        let Some(look) = look.get_untracked().filter(|look| look.events > 0) else { return };
        if look.is_coarse {
            said.set(format!("Zoomed in to {}", untrack(|| app.short_range(look.times))));
            cursor.set(None);
            parts.zoom.set(Some(look.times));
        } else {
            show_events(app, &look);
        }
    };
    let at = move |event: &web_sys::PointerEvent| {
        let (x, y) = (local_x(event), local_y(event));
        parts.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.hit(x, y)))
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let bounds =
            parts.layout.with_untracked(|layout| layout.as_ref().map(|layout| (layout.rows(), layout.columns())));
        let Some((rows, columns)) = bounds.filter(|(rows, columns)| *rows > 0 && *columns > 0) else { return };
        let (row, column) = cursor.get_untracked().unwrap_or_default();
        let to = match event.key().as_str() {
            "ArrowUp" => (row.saturating_sub(1), column),
            "ArrowDown" => (row + 1, column),
            "ArrowLeft" => (row, column.saturating_sub(1)),
            "ArrowRight" => (row, column + usize::from(cursor.get_untracked().is_some())),
            "PageUp" => (row, column.saturating_sub(PAGE)),
            "PageDown" => (row, column + PAGE),
            "Home" => (row, 0),
            "End" => (row, columns),
            "Enter" => {
                event.prevent_default();
                return act();
            }
            "Escape" if parts.zoom.get_untracked().is_some() => {
                event.prevent_default();
                event.stop_propagation();
                return parts.zoom.set(None);
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        cursor.set(Some((to.0.min(rows - 1), to.1.min(columns - 1))));
        if let Some(look) = look.get_untracked() {
            let changes =
                if look.changes.is_empty() { String::new() } else { format!(", {}", look.changes.join(", ")) };
            let times = untrack(|| app.short_range(look.times));
            said.set(format!("{}, {times}: {}{changes}", look.name, look.text()));
        }
    };
    let tip = move || {
        let (look, (row, column)) = look.get().zip(cursor.get())?;
        let rect = parts.layout.with(|layout| layout.as_ref().map(|layout| layout.cell(row, column)))?;
        let width = size.get().0;
        let (left, right) = if rect.x < width / 2.0 {
            (Some(pixels(rect.x + rect.width + 8.0)), None)
        } else {
            (None, Some(pixels(width - rect.x + 8.0)))
        };
        let hint = match (look.events, look.is_coarse) {
            (0, _) => None,
            (_, true) => Some("Click to look closer"),
            (_, false) => Some("Click to see these events"),
        };
        Some(view! {
            <div
                class="coverage-cursor"
                style:left=pixels(rect.x - 1.0)
                style:top=pixels(rect.y - 1.0)
                style:width=pixels(rect.width.max(2.0) + 2.0)
                style:height=pixels(rect.height + 2.0)
            ></div>
            <div class="readout" aria-hidden="true" style:top=pixels(rect.y + rect.height + 4.0) style:left=left style:right=right>
                <p><b class="number">{look.name.clone()}</b></p>
                <p class="number">{app.short_range(look.times)}</p>
                <p class="number">{look.text()}</p>
                {look.changes.iter().map(|name| view! { <p><i class="swatch alarm"></i>{name.clone()}</p> }).collect_view()}
                {hint.map(|hint| view! { <p class="muted">{hint}</p> })}
            </div>
        })
    };
    view! {
        <div node_ref=node class="chart coverage-chart" style:height=height>
            <Canvas size drawing/>
            {tip}
            <div
                class="chart-surface"
                role="application"
                tabindex="0"
                aria-label="Files and events by account, Region and time"
                aria-roledescription="coverage grid"
                aria-describedby="coverage-keys"
                class:is-link=move || look.with(|look| look.as_ref().is_some_and(|look| look.events > 0))
                on:pointermove=move |event| {
                    let cell = at(&event);
                    if cursor.get_untracked() != cell {
                        cursor.set(cell);
                    }
                }
                on:pointerleave=move |_| cursor.set(None)
                on:pointerdown=move |event| cursor.set(at(&event))
                on:click=move |_| act()
                on:keydown=key
                on:blur=move |_| cursor.set(None)
            ></div>
            <p id="coverage-keys" class="hidden-text">
                "Arrow keys move from cell to cell, page up and page down by 24 columns, Home and End to the first and last column. Enter looks closer, or shows the events of an hour; Escape goes back to the whole span."
            </p>
            <p class="hidden-text" role="status">{said}</p>
        </div>
    }
}

/// Shows the events of a cell.
fn show_events(app: App, look: &Look) {
    app.preview(Action::KeepRanges(0));
    app.preview(Action::SetSearch(String::new()));
    app.preview(Action::PushRange(look.times));
    for (field, value) in [("recipientAccountId", &look.account), ("awsRegion", &look.region)] {
        if !value.is_empty() {
            app.preview(Action::EditSearch { edit: Edit::Only, field: field.into(), value: Some(value.clone()) });
        }
    }
    app.dispatch(Action::Open(Panel::Events));
}
