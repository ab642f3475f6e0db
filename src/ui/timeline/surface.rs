//! Pointer and keyboard on the timeline, turned into brush movements.

use super::{Parts, follow};
use crate::ui::chart::local_x;
use crate::ui::state::use_app;
use crate::view::chart::brush::{Grip, Nudge, Outcome};
use crate::view::chart::{Brush, TimeScale};
use crate::view::format;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Distance from an edge at which the pointer still holds it, for a mouse and for a finger, in CSS pixels.
const REACH: (f64, f64) = (6.0, 18.0);

/// Buckets that PageUp and PageDown go.
const PAGE: i64 = 10;

/// The transparent layer that takes all input of the timeline.
#[component]
pub fn Surface(parts: Parts) -> impl IntoView {
    let app = use_app();
    let brush = parts.brush;
    let said = RwSignal::new(String::new());
    let grip = RwSignal::new(Grip::Outside);
    let scale = move || parts.scale.get_untracked().map(|(scale, _)| scale);
    let update = move |change: &dyn Fn(&mut Brush) -> Outcome| {
        let outcome = brush.try_update(|brush| change(brush)).unwrap_or(Outcome::Unchanged);
        follow(app, outcome);
        outcome
    };
    let grip_at = move |event: &web_sys::PointerEvent, scale: &TimeScale| {
        let reach = if event.pointer_type() == "touch" { REACH.1 } else { REACH.0 };
        brush.with_untracked(|brush| brush.grip(local_x(event), reach, scale))
    };
    let down = move |event: web_sys::PointerEvent| {
        let Some(scale) = scale().filter(|_| event.button() == 0) else { return };
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        let grip = grip_at(&event, &scale);
        brush.update(|brush| brush.press(scale.time(local_x(&event)), grip));
    };
    let moved = move |event: web_sys::PointerEvent| {
        let Some(scale) = scale() else { return };
        let time = scale.time(local_x(&event));
        app.hover_time.set(Some(time));
        if brush.with_untracked(Brush::is_dragging) {
            update(&|brush| brush.drag_to(time));
        } else {
            grip.set(grip_at(&event, &scale));
        }
    };
    let up = move |_: web_sys::PointerEvent| {
        update(&Brush::release);
    };
    let double = move |event: web_sys::MouseEvent| {
        if let Some(scale) = scale() {
            let time = scale.time(local_x(&event));
            update(&|brush| brush.commit_at(time));
        }
    };
    let leave = move |_: web_sys::PointerEvent| {
        if !brush.with_untracked(Brush::is_dragging) {
            app.hover_time.set(None);
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if scale().is_none() {
            return;
        }
        let what = match (event.shift_key(), event.alt_key()) {
            (true, true) => Nudge::Tail,
            (true, false) => Nudge::Head,
            (false, _) => Nudge::Move,
        };
        let outcome = match event.key().as_str() {
            "ArrowLeft" => update(&|brush| brush.nudge(-1, what)),
            "ArrowRight" => update(&|brush| brush.nudge(1, what)),
            "PageDown" => update(&|brush| brush.nudge(-PAGE, what)),
            "PageUp" => update(&|brush| brush.nudge(PAGE, what)),
            "Home" => update(&|brush| brush.jump(false, what)),
            "End" => update(&|brush| brush.jump(true, what)),
            "Enter" => update(&Brush::commit),
            "Escape" if brush.with_untracked(|brush| brush.selection().is_some()) => update(&Brush::clear),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let text = untrack(|| match outcome {
            Outcome::Commit(range) => format!("Zoomed in to {}", app.short_range(range)),
            _ => brush.with_untracked(|brush| match brush.selection() {
                Some(range) => format!("Selected {}, {}", app.short_range(range), format::duration(range.millis())),
                None => {
                    app.hover_time.set(Some(brush.cursor()));
                    let bucket = parts.bins.with_untracked(|bins| bins.as_ref().map(|bins| bins.at(brush.cursor())));
                    let (ok, error) = bucket.map_or((0, 0), |bucket| (bucket.ok, bucket.error));
                    let time = app.short_time(brush.cursor());
                    format!("{time}: {}, {} with error code", format::plural(ok + error, "event", "events"), error)
                }
            }),
        });
        said.set(text);
    };
    let grip_name = move || match grip.get() {
        Grip::Outside => "outside",
        Grip::From | Grip::To => "edge",
        Grip::Body => "body",
    };
    view! {
        <div
            class="chart-surface"
            data-grip=grip_name
            role="application"
            tabindex="0"
            aria-label="Time range of the events"
            aria-roledescription="time range selection"
            aria-describedby="timeline-keys"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:pointerleave=leave
            on:dblclick=double
            on:keydown=key
            on:blur=move |_| app.hover_time.set(None)
        ></div>
        <p id="timeline-keys" class="hidden-text">
            "Left and right arrow move along the buckets, with Shift they select, with Alt and Shift they move the other end. Page up and page down go ten buckets. Enter zooms into the selection, Escape clears it."
        </p>
        <p class="hidden-text" role="status">{said}</p>
    }
}
