//! The comparison of eventIDs at the end of a load: three rounds of everybody to everybody.
//!
//! Each worker splits its eventIDs by value, one part for each worker; each finds the repeats in its parts and
//! splits their rows by the worker that holds them; each marks its rows. The parts go past the page unseen
//! ([`Effect::Exchange`]): with two million events they are 56 MB.

use super::Effect;
use crate::worker::protocol::{Request, Response};

/// A comparison under way.
pub(super) struct Comparison {
    /// Tells this comparison's answers from those of one that a dead worker ended.
    round: u32,
    workers: usize,
    stage: Stage,
    /// Answers in this stage.
    answers: usize,
    duplicates: u64,
}

#[derive(PartialEq)]
enum Stage {
    Split,
    Find,
    Set,
}

impl Comparison {
    /// Begins. Rounds have different numbers.
    pub fn start(round: u32, workers: usize, effects: &mut Vec<Effect>) -> Self {
        let request = Request::IdParts { round, parts: workers as u32 };
        effects.extend((0..workers).map(|worker| Effect::Send { worker, request: request.clone(), files: Vec::new() }));
        Self { round, workers, stage: Stage::Split, answers: 0, duplicates: 0 }
    }

    /// Takes an answer; the number of duplicates once all of them are marked.
    pub fn receive(&mut self, response: &Response, effects: &mut Vec<Effect>) -> Option<u64> {
        let (round, stage) = match *response {
            Response::IdParts { round, .. } => (round, Stage::Split),
            Response::Duplicates { round, .. } => (round, Stage::Find),
            Response::DuplicatesSet { round, count } => {
                self.duplicates += count;
                (round, Stage::Set)
            }
            _ => return None,
        };
        if (round, &stage) != (self.round, &self.stage) {
            return None;
        }
        self.answers += 1;
        if self.answers < self.workers {
            return None;
        }
        self.answers = 0;
        let round = self.round;
        let (next, request) = match self.stage {
            Stage::Split => (Stage::Find, Request::FindDuplicates { round, parts: Vec::new() }),
            Stage::Find => (Stage::Set, Request::SetDuplicates { round, parts: Vec::new() }),
            Stage::Set => return Some(self.duplicates),
        };
        self.stage = next;
        effects.extend((0..self.workers).map(|worker| Effect::Exchange { worker, request: request.clone() }));
        None
    }
}
