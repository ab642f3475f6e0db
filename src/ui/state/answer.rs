//! An answer bound to a question: stale data stays while the next answer loads, and a newer answer is never replaced
//! by an older one. While questions come faster than answers, a pane follows with those that are ready.

use super::client::Ask;
use super::session::Session;
use crate::model::query::QueryError;
use crate::worker::web::port::next_turn;
use leptos::prelude::*;
use std::sync::Arc;

/// What a pane has to show.
#[derive(Debug)]
pub struct Answer<T> {
    /// The newest answer, perhaps to an older question.
    pub value: Option<Arc<T>>,
    /// Whether an answer to the current question is on its way: show `value` dimmed.
    pub stale: bool,
    /// Why the current question has no answer.
    pub error: Option<String>,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), stale: self.stale, error: self.error.clone() }
    }
}

impl<T> Default for Answer<T> {
    fn default() -> Self {
        Self { value: None, stale: false, error: None }
    }
}

/// Asks `fetch` again whenever `question` changes. A question of `None` clears the answer.
///
/// `fetch` returns [`Ask::Overtaken`] when a newer question of the same lane replaced it before it was answered.
pub fn use_answer<K, T, F>(
    question: impl Fn() -> Option<K> + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + 'static,
) -> ReadSignal<Answer<T>>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, Ask>> + 'static,
{
    let session = expect_context::<Session>();
    let (answer, set_answer) = signal(Answer::default());
    let question = Memo::new(move |_| question());
    // Numbers of the newest question and of the one whose answer is shown.
    let latest = StoredValue::new(0u64);
    let shown = StoredValue::new(0u64);
    Effect::new(move |_| {
        let question = question.get();
        latest.update_value(|latest| *latest += 1);
        let Some(question) = question else {
            shown.set_value(latest.get_value());
            set_answer.set(Answer::default());
            return;
        };
        let mine = latest.get_value();
        set_answer.update(|answer| answer.stale = true);
        let pending = fetch(question);
        leptos::task::spawn_local(async move {
            // Not so when a newer question was asked, or the component is gone: what it owns is gone, too.
            let is_newest = || latest.try_get_value() == Some(mine);
            if !is_newest() {
                return;
            }
            let result = pending.await;
            // The first answers come together, and workers leave the page's thread no core of its own: building all
            // panes in one task would keep it from everything else for too long. Later answers are drawn together.
            let is_first = answer.try_with_untracked(|answer| answer.value.is_none()) == Some(true);
            if is_first && untrack(|| session.is_loading()) {
                next_turn().await;
            }
            if shown.try_get_value().is_none_or(|shown| shown >= mine) {
                return;
            }
            match result {
                Ok(value) => {
                    shown.set_value(mine);
                    set_answer.set(Answer { value: Some(Arc::new(value)), stale: !is_newest(), error: None });
                }
                Err(Ask::Failed(QueryError { message })) if is_newest() => set_answer.update(|answer| {
                    answer.stale = false;
                    answer.error = Some(message);
                }),
                Err(_) => {}
            }
        });
    });
    answer
}
