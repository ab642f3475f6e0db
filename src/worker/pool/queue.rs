//! What is to be read: items in one queue, taken out in batches.
//!
//! Batches are large while much is waiting, so that a message speaks of many files, and shrink towards the end,
//! so that all workers end at about the same time.

use crate::base::Diagnostic;
use crate::ingest::{Job, Part, Progress};
use std::collections::VecDeque;

/// Bytes of files in one batch, about.
const BATCH_BYTES: u64 = 4 << 20;
/// Files in one batch at most.
const BATCH_ITEMS: usize = 256;
/// A batch is at most this part of what a worker would get of what is waiting,
const SHARE: usize = 4;
/// but not less than this many bytes, the work of some milliseconds, or files while there are enough for everybody:
/// small files are cheap to fetch in groups only.
const LEAST_BYTES: u64 = 128 << 10;
const LEAST_ITEMS: usize = 32;

/// One piece of work: a dropped file or a part of one.
#[derive(Debug)]
pub(super) struct Item {
    /// Number of the dropped file.
    pub file: u32,
    /// The part of an archive; `None` is the whole file. Most items are whole files, and there are many.
    pub part: Option<Box<Job>>,
    /// Size in bytes.
    pub bytes: u64,
    /// Workers that died over it.
    pub tries: u32,
}

impl Item {
    /// A whole dropped file.
    pub fn whole(file: u32, bytes: u64) -> Self {
        Self { file, part: None, bytes, tries: 0 }
    }

    /// Part of dropped file number `file`, which has `size` bytes.
    pub fn part(file: u32, size: u64, job: Job) -> Self {
        let bytes = match job.part {
            Part::Whole => size,
            Part::Range { len, .. } | Part::ZipRun { len, .. } => len,
            Part::ZipEntry(entry) => entry.compressed,
        };
        Self { file, part: Some(Box::new(job)), bytes, tries: 0 }
    }
}

/// Items a worker was given together.
pub(super) struct Batch {
    pub number: u32,
    /// Stops of reading before it was given; after another one its worker gives it up.
    pub epoch: u32,
    /// Those that are not done, in order.
    pub items: VecDeque<Item>,
}

/// An item whose rows a worker holds, and what reading it came to.
pub(super) struct Held {
    pub item: Item,
    pub progress: Progress,
    /// Nothing for most.
    pub found: Option<Box<Found>>,
}

/// What was found in an item beside its rows: parts of one archive find things of one path.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub diagnostics: Vec<Diagnostic>,
    /// Paths of what was kept.
    pub attachments: Vec<String>,
}

/// Items nobody has begun.
#[derive(Default)]
pub(super) struct Queue {
    items: VecDeque<Item>,
    bytes: u64,
}

impl Queue {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn push(&mut self, item: Item) {
        self.bytes += item.bytes;
        self.items.push_back(item);
    }

    /// Puts items that were taken already first again, in their order.
    pub fn put_back(&mut self, items: Vec<Item>) {
        for item in items.into_iter().rev() {
            self.bytes += item.bytes;
            self.items.push_front(item);
        }
    }

    /// The item that would be next.
    pub fn first(&self) -> Option<&Item> {
        self.items.front()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next batch's items for one of `workers` workers.
    pub fn take(&mut self, workers: usize) -> VecDeque<Item> {
        let (len, shares) = (self.items.len(), workers * SHARE);
        let most_items = (len / shares).max((len / workers).min(LEAST_ITEMS)).clamp(1, BATCH_ITEMS);
        let fair_bytes = (self.bytes / workers as u64).min(LEAST_BYTES);
        let most_bytes = (self.bytes / shares as u64).max(fair_bytes).min(BATCH_BYTES);
        let (mut taken, mut bytes) = (VecDeque::new(), 0);
        while taken.len() < most_items && (taken.is_empty() || bytes < most_bytes) {
            let Some(item) = self.items.pop_front() else { break };
            bytes += item.bytes;
            taken.push_back(item);
        }
        self.bytes -= bytes;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_shrink_towards_the_end() {
        let mut queue = Queue::default();
        for (bytes, last) in [(1_000, [7, 3, 2, 1, 1]), (1 << 20, [1, 1, 1, 1, 1])] {
            (0..10_000).for_each(|file| queue.push(Item::whole(file, bytes)));
            let mut sizes = Vec::new();
            while !queue.is_empty() {
                sizes.push(queue.take(2).len());
            }
            let first = (BATCH_BYTES / bytes).min(BATCH_ITEMS as u64) as usize;
            assert_eq!((sizes.iter().sum::<usize>(), sizes[0]), (10_000, first));
            assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
            assert!(sizes.ends_with(&last), "{sizes:?}");
        }
    }

    #[test]
    fn an_item_larger_than_a_batch_goes_alone() {
        let mut queue = Queue::default();
        (0..100).for_each(|file| queue.push(Item::whole(file, BATCH_BYTES * 3)));
        assert_eq!(queue.take(1).len(), 1);
    }
}
