//! What lies over the canvas of any chart: the crosshair and the box that reads a point out.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Distance of the read-out from the crosshair in CSS pixels.
const READOUT_GAP: f64 = 10.0;

/// Horizontal position of a pointer inside the element that listens.
pub fn local_x(event: &web_sys::MouseEvent) -> f64 {
    f64::from(event.client_x()) - origin(event).map_or(0.0, |rect| rect.left())
}

/// Vertical position of a pointer inside the element that listens.
pub fn local_y(event: &web_sys::MouseEvent) -> f64 {
    f64::from(event.client_y()) - origin(event).map_or(0.0, |rect| rect.top())
}

fn origin(event: &web_sys::MouseEvent) -> Option<web_sys::DomRect> {
    let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    Some(element.get_bounding_client_rect())
}

/// A hairline at the shared instant.
#[component]
pub fn Crosshair(
    /// Pixel from the left of the chart's box.
    #[prop(into)]
    x: Signal<Option<f64>>,
) -> impl IntoView {
    view! {
        <Show when=move || x.get().is_some()>
            <div class="crosshair" style:left=move || pixels(x.get().unwrap_or_default())></div>
        </Show>
    }
}

/// A box beside the crosshair, on the side with more room.
#[component]
pub fn Readout(
    /// Pixel of the crosshair from the left of the chart's box; `None` hides the box.
    #[prop(into)]
    x: Signal<Option<f64>>,
    /// Width of the chart's box.
    #[prop(into)]
    width: Signal<f64>,
    children: ChildrenFn,
) -> impl IntoView {
    let left = move || x.get().filter(|x| *x <= width.get() / 2.0).map(|x| pixels(x + READOUT_GAP));
    let right = move || x.get().filter(|x| *x > width.get() / 2.0).map(|x| pixels(width.get() - x + READOUT_GAP));
    view! {
        <Show when=move || x.get().is_some()>
            <div class="readout" aria-hidden="true" style:left=left style:right=right>
                {children()}
            </div>
        </Show>
    }
}

/// `12.5px`
pub fn pixels(length: f64) -> String {
    format!("{length:.1}px")
}
