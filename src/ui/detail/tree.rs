//! The event as a tree that folds.

use super::Record;
use super::fields::ValueButton;
use crate::view::json_tree::{Kind, Line, lines};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The tree.
#[component]
pub fn Tree(record: Arc<Record>) -> impl IntoView {
    let all = match &record.json {
        Ok(json) => Arc::new(lines(json)),
        Err(error) => return view! { <p class="error-note">{error.clone()}</p> }.into_any(),
    };
    let closed = RwSignal::new(BTreeSet::<String>::new());
    let shown = move || {
        let closed_now = closed.get();
        let mut hidden_below: Option<usize> = None;
        let mut out = Vec::new();
        for line in all.iter() {
            if hidden_below.is_some_and(|depth| line.depth > depth) {
                continue;
            }
            let is_closed = closed_now.contains(&line.selector);
            hidden_below = is_closed.then_some(line.depth);
            out.push(view! { <TreeLine line=line.clone() is_closed=is_closed closed=closed/> });
        }
        out.collect_view()
    };
    view! { <ul class="tree mono" aria-label="Event as JSON">{shown}</ul> }.into_any()
}

#[component]
fn TreeLine(line: Line, is_closed: bool, closed: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let selector = line.selector.clone();
    let toggle = move |_| {
        closed.update(|closed| {
            if !closed.remove(&selector) {
                closed.insert(selector.clone());
            }
        });
    };
    let size = match line.kind {
        Kind::Array(size) => Some(format!("[{size}]")),
        Kind::Object(size) => Some(format!("{{{size}}}")),
        _ => None,
    };
    let line_depth = line.depth;
    let content = match size {
        Some(size) => view! {
            <button class="tree-fold" class:closed=is_closed aria-expanded=(!is_closed).to_string() on:click=toggle>
                <span class="tree-key">{line.key.clone()}</span>
                <span class="muted">{size}</span>
            </button>
        }
        .into_any(),
        None => {
            let class = kind_class(line.kind);
            let text = if line.kind == Kind::Text { format!("\"{}\"", line.text) } else { line.text.clone() };
            view! {
                <span class="tree-key">{format!("{}: ", line.key)}</span>
                <ValueButton line=line class=class text=text/>
            }
            .into_any()
        }
    };
    view! {
        <li style=("--depth", line_depth.to_string())>
            {content}
        </li>
    }
}

/// Class of a kind of value in the style sheet.
pub fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::Null | Kind::Bool => "t-word",
        Kind::Number => "t-number",
        Kind::Text => "t-text",
        Kind::Array(_) | Kind::Object(_) => "t-operator",
    }
}
