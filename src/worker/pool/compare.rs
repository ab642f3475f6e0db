//! The comparison of eventIDs at the end of a load: five rounds of everybody to everybody.
//!
//! Each worker splits its eventIDs by value, one part for each worker; each finds the ones that occur more than once in
//! its parts and splits their rows by the worker that holds them; each says what is in its rows of these; each compares
//! that in its parts; each marks its rows. The parts go past the page unseen ([`Effect::Exchange`]): with two million
//! events the first are 40 MB.

use super::Effect;
use crate::base::Diagnostic;
use crate::worker::protocol::{CompareStep, Request, Response};

/// A comparison under way.
pub(super) struct Comparison {
    /// Tells this comparison's answers from those of one that a dead worker ended.
    round: u32,
    workers: usize,
    /// What the workers do; `None`: they split their eventIDs.
    step: Option<CompareStep>,
    /// Answers to this step.
    answers: usize,
    outcome: Outcome,
}

/// What a comparison came to.
#[derive(Default)]
pub(super) struct Outcome {
    /// Rows that are duplicates.
    pub duplicates: u64,
    /// What there is to say about files with events that are in conflict with others.
    pub conflicts: Vec<Diagnostic>,
}

impl Comparison {
    /// Begins. Rounds have different numbers.
    pub fn start(round: u32, workers: usize, effects: &mut Vec<Effect>) -> Self {
        let request = Request::IdParts { round, parts: workers as u32 };
        effects.extend((0..workers).map(|worker| Effect::Send { worker, request: request.clone(), files: Vec::new() }));
        Self { round, workers, step: None, answers: 0, outcome: Outcome::default() }
    }

    /// Takes an answer; the outcome once all rows are marked.
    pub fn receive(&mut self, response: Response, effects: &mut Vec<Effect>) -> Option<Outcome> {
        let (round, step, marked) = match response {
            Response::IdParts { round, .. } => (round, None, None),
            Response::Compared { round, step, .. } => (round, Some(step), None),
            Response::Marked { round, duplicates, conflicts } => {
                (round, Some(CompareStep::Mark), Some((duplicates, conflicts)))
            }
            _ => return None,
        };
        if (round, step) != (self.round, self.step) {
            return None;
        }
        if let Some((duplicates, conflicts)) = marked {
            self.outcome.duplicates += duplicates;
            self.outcome.conflicts.extend(conflicts);
        }
        self.answers += 1;
        if self.answers < self.workers {
            return None;
        }
        self.answers = 0;
        let next = match step {
            None => CompareStep::Find,
            Some(CompareStep::Find) => CompareStep::Look,
            Some(CompareStep::Look) => CompareStep::Judge,
            Some(CompareStep::Judge) => CompareStep::Mark,
            Some(CompareStep::Mark) => return Some(std::mem::take(&mut self.outcome)),
        };
        self.step = Some(next);
        let request = Request::Compare { round, step: next, parts: Vec::new() };
        effects.extend((0..self.workers).map(|worker| Effect::Exchange { worker, request: request.clone() }));
        None
    }
}
