//! Fetching the bytes of files ahead of the server, so that neither waits for the other.
//!
//! Several reads are under way at any time, across the borders of batches, and a bounded number of bytes is at
//! hand. Many small files are read as one: a `Blob` made of files costs the browser one read instead of one
//! round trip between processes for each of them, which halves the time of a file of some kilobytes.

use super::blob_source::{BlobSource, Fetched};
use crate::ingest::ReadAt;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

/// Reads under way at a time.
const READS: usize = 4;
/// Files in one read at most.
const GROUP_FILES: usize = 32;
/// Bytes in one read of several files, about. Making one `Blob` of files costs a round trip to another process and
/// time for each, so a file of some size is read alone.
const GROUP_BYTES: u64 = 256 << 10;
/// Bytes being read or waiting to be taken, about. A larger file is not fetched but read a slice at a time.
const AT_HAND: u64 = 8 << 20;

/// A file by its number.
type Wanted = (u32, Blob);

/// Fetches files in order and delivers each by its number.
pub struct Fetcher {
    waiting: RefCell<VecDeque<Wanted>>,
    reads: Cell<usize>,
    at_hand: Rc<Cell<u64>>,
    /// Cancels so far: what was asked for before the last one is not delivered.
    cancels: Cell<u32>,
    deliver: Box<dyn Fn(u32, Box<dyn ReadAt>)>,
}

impl Fetcher {
    /// `deliver` gets every file that was asked for, unless it is cancelled.
    pub fn new(deliver: impl Fn(u32, Box<dyn ReadAt>) + 'static) -> Rc<Self> {
        Rc::new(Self {
            waiting: RefCell::new(VecDeque::new()),
            reads: Cell::new(0),
            at_hand: Rc::new(Cell::new(0)),
            cancels: Cell::new(0),
            deliver: Box::new(deliver),
        })
    }

    /// Asks for a file. It is delivered without its bytes when those will not be needed as a `whole` or are many.
    pub fn want(&self, file: u32, blob: Blob, whole: bool) {
        if whole && size(&blob) <= AT_HAND {
            self.waiting.borrow_mut().push_back((file, blob));
        } else {
            (self.deliver)(file, Box::new(BlobSource::new(blob, None)));
        }
    }

    /// Nothing asked for so far is wanted any more.
    pub fn cancel(&self) {
        self.waiting.borrow_mut().clear();
        self.cancels.set(self.cancels.get() + 1);
    }

    /// Begins as many reads as there is room for. To be called after every change.
    pub fn pump(self: &Rc<Self>) {
        while self.reads.get() < READS {
            let group = self.next_group();
            if group.is_empty() {
                return;
            }
            self.reads.set(self.reads.get() + 1);
            let (fetcher, cancels) = (self.clone(), self.cancels.get());
            spawn_local(async move {
                let sources = fetcher.read(group).await;
                fetcher.reads.set(fetcher.reads.get() - 1);
                if fetcher.cancels.get() == cancels {
                    sources.into_iter().for_each(|(file, source)| (fetcher.deliver)(file, Box::new(source)));
                }
                fetcher.pump();
            });
        }
    }

    /// Takes the files of the next read; none while enough is at hand.
    fn next_group(&self) -> Vec<Wanted> {
        let mut waiting = self.waiting.borrow_mut();
        let (mut group, mut bytes) = (Vec::new(), 0);
        while let Some((_, blob)) = waiting.front() {
            let next = size(blob);
            let at_hand = self.at_hand.get();
            let too_much = at_hand > 0 && at_hand + next > AT_HAND;
            let is_full = !group.is_empty() && (bytes + next > GROUP_BYTES || group.len() == GROUP_FILES);
            if too_much || is_full {
                break;
            }
            bytes += next;
            self.at_hand.set(at_hand + next);
            group.extend(waiting.pop_front());
        }
        group
    }

    async fn read(&self, group: Vec<Wanted>) -> Vec<(u32, BlobSource)> {
        let bytes = read_together(&group).await;
        let mut start = 0;
        let source = |(file, blob): Wanted| {
            let len = size(&blob);
            let end = start + len as u32;
            let fetched = match &bytes {
                Some(bytes) => Some(Fetched::new(bytes.subarray(start, end), self.at_hand.clone())),
                // One of them cannot be read. Whoever takes them in will meet it again and say which.
                None => {
                    self.at_hand.set(self.at_hand.get() - len);
                    None
                }
            };
            start = end;
            (file, BlobSource::new(blob, fetched))
        };
        group.into_iter().map(source).collect()
    }
}

/// The bytes of all files, one after the other.
async fn read_together(group: &[Wanted]) -> Option<Uint8Array> {
    let promise = match group {
        [(_, only)] => only.array_buffer(),
        several => {
            let parts: Array = several.iter().map(|(_, blob)| blob).collect();
            Blob::new_with_blob_sequence(&parts).ok()?.array_buffer()
        }
    };
    let buffer: ArrayBuffer = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    let expected: u64 = group.iter().map(|(_, blob)| size(blob)).sum();
    (u64::from(buffer.byte_length()) == expected).then(|| Uint8Array::new(&buffer))
}

fn size(blob: &Blob) -> u64 {
    blob.size() as u64
}
