//! A canvas that fills its box and paints again when the drawing, the size or the theme changes.

use super::painter::paint;
use crate::ui::state::use_app;
use crate::view::chart::Primitive;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Width and height of an element in CSS pixels, followed for as long as the component exists.
pub fn use_size(node: NodeRef<html::Div>) -> ReadSignal<(f64, f64)> {
    let (size, set_size) = signal((0.0, 0.0));
    let watch = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let measured = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let now = (f64::from(measured.client_width()), f64::from(measured.client_height()));
            if size.try_get_untracked().is_some_and(|before| before != now) {
                set_size.set(now);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
            watch.set_value(Some((observer, measure)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = watch.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
    size
}

/// Shows a draw list. Hidden from screen readers: they get the table behind the chart.
#[component]
pub fn Canvas(
    /// Size of the box in CSS pixels.
    size: ReadSignal<(f64, f64)>,
    /// What is painted.
    #[prop(into)]
    drawing: Signal<Vec<Primitive>>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let app = use_app();
    let theme = Memo::new(move |_| app.prefs.with(|prefs| prefs.theme));
    let system = use_system_colours();
    Effect::new(move |_| {
        theme.get();
        system.track();
        let (Some(canvas), (width, height)) = (canvas.get(), size.get()) else { return };
        if width > 0.0 && height > 0.0 {
            let list = drawing.get();
            // In the next frame: the theme's attribute is then on the document.
            request_animation_frame(move || {
                paint(&canvas, (width, height), &list);
            });
        }
    });
    view! { <canvas node_ref=canvas class="chart-canvas" aria-hidden="true"></canvas> }
}

/// Notifies when the system switches between light and dark, or to forced colours.
fn use_system_colours() -> Trigger {
    let changed = Trigger::new();
    for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
        let Ok(Some(list)) = window().match_media(query) else { continue };
        let listener = Closure::<dyn FnMut()>::new(move || {
            changed.notify();
        });
        list.set_onchange(Some(listener.as_ref().unchecked_ref()));
        let held = StoredValue::new_local(Some((list, listener)));
        on_cleanup(move || {
            if let Some(Some((list, _))) = held.try_update_value(Option::take) {
                list.set_onchange(None);
            }
        });
    }
    changed
}
