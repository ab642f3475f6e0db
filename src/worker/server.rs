//! The worker's side: one engine, a queue of questions and a queue of reading, done in small steps.
//!
//! [`Server::step`] does a few milliseconds of work and says whether there is more, so that the surrounding
//! loop can take new messages in between. Questions go before reading, those for rows first. A file is read once its source is there
//! ([`Server::provide`]): the loop fetches bytes ahead while the server works.

mod rehearsal;

pub use rehearsal::{Rehearsal, ToSource};

use super::protocol::{CompareStep, Request, Response};
use crate::base::Diagnostic;
use crate::ingest::{Job, ReadAt, Step};
use crate::model::query::Query;
use crate::query::{Engine, Loading, judge, repeated};
use crate::sample;
use std::collections::VecDeque;

/// While reading, rows become visible to questions in blocks of at least this many,
const VISIBLE_BLOCK: usize = 4_096;
/// and of at least one of this many parts of what is visible: small blocks cost memory and time ever after.
const VISIBLE_PARTS: usize = 16;

/// After an answer for rows it reads on for so many steps before it answers for whole panes: the next question for
/// rows is on its way, and a page that draws facets meanwhile would draw the rows after them.
const STEPS_BETWEEN: u32 = 8;

/// A worker's state.
pub struct Server {
    engine: Engine,
    questions: VecDeque<(u64, Query)>,
    /// Questions that came together see the same events: nothing more becomes visible before all are answered.
    in_round: bool,
    /// Steps of reading to come before questions for whole panes.
    steps_between: u32,
    batches: VecDeque<Batch>,
    current: Option<(u32, Job, Loading)>,
    diagnostics: Vec<Diagnostic>,
    rehearsal: Option<Rehearsal>,
    to_source: ToSource,
}

struct Batch {
    number: u32,
    items: VecDeque<(u32, Job)>,
}

impl Server {
    /// A worker that has got its first message. `to_source` makes the files of a rehearsal as real ones are made.
    pub fn new(seed: u64, to_source: ToSource) -> Self {
        Self {
            engine: Engine::new(seed),
            questions: VecDeque::new(),
            in_round: false,
            steps_between: 0,
            batches: VecDeque::new(),
            current: None,
            diagnostics: Vec::new(),
            rehearsal: None,
            to_source,
        }
    }

    /// Takes a message.
    pub fn handle(&mut self, request: Request, send: &mut dyn FnMut(Response)) {
        self.rehearsal = None;
        match request {
            Request::Start { .. } => {}
            Request::Rehearse { seed } => self.rehearsal = Some(Rehearsal::new(seed, self.to_source)),
            Request::Load { batch, items } => {
                self.batches.push_back(Batch { number: batch, items: items.into() });
            }
            Request::Sample => {
                send(Response::Sample { files: sample::builtin().map(|file| (file.path, file.bytes)).collect() });
            }
            Request::CancelLoads => self.cancel(send),
            Request::Query { ticket, query } => self.questions.push_back((ticket, query)),
            Request::Forget { ticket } => {
                let engine = &self.engine;
                // What is ready is answered: while something is dragged, questions are always overtaken.
                let given_up = |(known, query): &(u64, Query)| *known == ticket && !engine.is_prepared(query);
                if let Some(at) = self.questions.iter().position(given_up) {
                    self.questions.remove(at);
                    send(Response::Forgotten { ticket });
                }
            }
            Request::IdParts { round, parts } => {
                self.engine.seal();
                send(Response::IdParts { round, parts: self.engine.id_parts(parts as usize) });
            }
            Request::Compare { round, step, parts } => {
                let parts = match step {
                    CompareStep::Find => repeated(&parts),
                    CompareStep::Look => self.engine.copy_parts(&parts, parts.len()),
                    CompareStep::Judge => judge(&parts),
                    CompareStep::Mark => {
                        let (duplicates, conflicts) = self.engine.set_fates(&parts);
                        return send(Response::Marked { round, duplicates, conflicts });
                    }
                };
                send(Response::Compared { round, step, parts });
            }
        }
    }

    /// The source of a dropped file that a [`Request::Load`] speaks of.
    pub fn provide(&mut self, file: u32, source: Box<dyn ReadAt>) {
        self.engine.add_source(file, source);
    }

    /// Whether the source of a dropped file is there.
    pub fn has_source(&self, file: u32) -> bool {
        self.engine.has_source(file)
    }

    /// Does a little work. False: there is nothing to do until the next message or source.
    pub fn step(&mut self, send: &mut dyn FnMut(Response)) -> bool {
        if let Some((ticket, query)) = self.next_question() {
            self.question(ticket, query, send);
            self.in_round = !self.questions.is_empty();
        } else if self.can_read() {
            self.steps_between = self.steps_between.saturating_sub(1);
            self.read(send);
        } else if self.rehearsal.as_mut().is_some_and(|rehearsal| !rehearsal.step()) {
            self.rehearsal = None;
        }
        !self.questions.is_empty() || self.can_read() || self.rehearsal.is_some()
    }

    /// Whether reading can go on: not when the next file's source is still to come.
    fn can_read(&self) -> bool {
        let next = self.batches.front().map(|batch| batch.items.front());
        self.current.is_some() || next.is_some_and(|item| item.is_none_or(|(file, _)| self.has_source(*file)))
    }

    /// Takes the most urgent question, of those the oldest; none when reading comes first.
    fn next_question(&mut self) -> Option<(u64, Query)> {
        let waits = self.questions.iter().map(|(_, query)| wait(query));
        let (at, wait) = waits.enumerate().min_by_key(|(_, wait)| *wait)?;
        if wait == 0 {
            self.steps_between = STEPS_BETWEEN;
        } else if self.steps_between > 0 && self.can_read() {
            return None;
        }
        self.questions.remove(at)
    }

    fn question(&mut self, ticket: u64, query: Query, send: &mut dyn FnMut(Response)) {
        if !self.in_round {
            let block = VISIBLE_BLOCK.max(self.engine.visible_rows() / VISIBLE_PARTS);
            self.engine.seal_visible(if self.batches.is_empty() { 1 } else { block });
        }
        match self.engine.prepare(&query) {
            Ok(true) => send(Response::Answer { ticket, answer: self.engine.answer(&query) }),
            Ok(false) => self.questions.push_front((ticket, query)),
            Err(error) => send(Response::Answer { ticket, answer: Err(error) }),
        }
    }

    fn read(&mut self, send: &mut dyn FnMut(Response)) {
        let Some(batch) = self.batches.front_mut() else { return };
        let (file, job, mut loading) = match self.current.take() {
            Some(current) => current,
            None => match batch.items.pop_front() {
                Some((file, job)) => {
                    let loading = Loading::open(&mut self.engine, file, job.clone());
                    (file, job, loading)
                }
                None => {
                    let batch = batch.number;
                    self.batches.pop_front();
                    send(Response::BatchDone { batch });
                    return;
                }
            },
        };
        match loading.step(&mut self.engine, &mut self.diagnostics) {
            Step::More(progress) => {
                send(Response::Progress { batch: batch.number, progress });
                self.current = Some((file, job, loading));
            }
            Step::Split(jobs) => {
                let diagnostics = std::mem::take(&mut self.diagnostics);
                send(Response::Split { file, jobs, diagnostics });
            }
            Step::Done(report) => {
                let diagnostics = std::mem::take(&mut self.diagnostics);
                send(Response::Loaded { file, report, diagnostics, attachments: loading.take_attachments() });
            }
        }
    }

    fn cancel(&mut self, send: &mut dyn FnMut(Response)) {
        if let Some((file, job, mut loading)) = self.current.take() {
            let attachments = loading.take_attachments();
            let report = loading.cancel(&mut self.engine, job.path, &mut self.diagnostics);
            let diagnostics = std::mem::take(&mut self.diagnostics);
            send(Response::Loaded { file, report, diagnostics, attachments });
        }
        for batch in std::mem::take(&mut self.batches) {
            send(Response::BatchDone { batch: batch.number });
        }
    }
}

/// How long a question may wait for others: rows of the table take questions one after the other, each
/// needed for the next, and are what is looked at first. Whatever asks for a whole pane at once comes after them.
fn wait(query: &Query) -> u8 {
    match query {
        Query::Count(_) | Query::SortSamples { .. } | Query::SortWindow { .. } | Query::Cells { .. } => 0,
        Query::Event { .. } | Query::Find { .. } | Query::Histogram { .. } => 1,
        Query::Group { .. }
        | Query::Series { .. }
        | Query::Contributors { .. }
        | Query::Compare { .. }
        | Query::Files(_)
        | Query::Coverage { .. } => 2,
        Query::Catalog | Query::Fields(_) | Query::Rates | Query::Matches { .. } => 3,
        Query::Hashes { .. } | Query::Export { .. } => 4,
    }
}
