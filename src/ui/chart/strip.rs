//! The states of an alarm over the shown range, as a thin strip.

use super::{Canvas, evaluated_range, use_size};
use crate::alarm::Span;
use crate::model::alarm::AlarmState;
use crate::ui::state::use_app;
use crate::view::chart::{Frame, Primitive, TimeScale, ribbon};
use leptos::{html, prelude::*};

/// The strip.
#[component]
pub fn Strip(
    /// The states in order; none while they are not known.
    spans: Signal<Vec<Span>>,
) -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let end = Signal::derive(move || spans.with(|spans| spans.last().map(|span| span.to)));
    let range = evaluated_range(app, end);
    let drawing = Signal::derive(move || {
        let (width, height) = size.get();
        let Some(range) = range.get().filter(|_| width > 0.0) else { return Vec::new() };
        let frame = Frame::inside(width, height, (0.0, 0.0, 0.0, 0.0));
        let scale = TimeScale::new(range, &frame);
        spans.with(|spans| {
            // Names do not fit here; without them the shapes still differ.
            let mut list = ribbon::draw(&ribbon::cells(spans, &scale), &frame);
            list.retain(|primitive| !matches!(primitive, Primitive::Label { .. }));
            list
        })
    });
    let any = move || spans.with(|spans| spans.iter().any(|span| span.state != AlarmState::Ok));
    view! { <div node_ref=node class="chart strip" class:is-calm=move || !any()><Canvas size drawing=drawing/></div> }
}
