//! A dropped file as a source of bytes, read synchronously a slice at a time.
//!
//! Only a worker may read synchronously, which is the point: the reading code is the same plain loop
//! natively and in the browser, and a large file is never in memory as a whole. A smaller one is fetched ahead
//! ([`super::fetch`]): then its bytes are here, outside wasm memory, until they have been read once.

use crate::ingest::ReadAt;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// A `File` or `Blob` handle; the bytes stay on disk until they are asked for.
pub struct BlobSource {
    /// The file; none is behind the bytes of a rehearsal.
    blob: Option<Blob>,
    len: u64,
    fetched: RefCell<Option<Fetched>>,
}

/// All bytes of a file, counted among those at hand for as long as they are held.
pub struct Fetched {
    bytes: Uint8Array,
    at_hand: Rc<Cell<u64>>,
}

impl Fetched {
    /// Takes over bytes that `at_hand` counts already.
    pub fn new(bytes: Uint8Array, at_hand: Rc<Cell<u64>>) -> Self {
        Self { bytes, at_hand }
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        self.at_hand.set(self.at_hand.get().saturating_sub(u64::from(self.bytes.length())));
    }
}

impl BlobSource {
    /// A file, with its bytes if they were fetched.
    pub fn new(blob: Blob, fetched: Option<Fetched>) -> Self {
        Self { len: blob.size() as u64, blob: Some(blob), fetched: RefCell::new(fetched) }
    }

    /// Bytes of a rehearsal, to be read once.
    pub fn rehearsed(bytes: &[u8]) -> Self {
        let len = bytes.len() as u64;
        let fetched = Fetched::new(Uint8Array::from(bytes), Rc::new(Cell::new(len)));
        Self { blob: None, len, fetched: RefCell::new(Some(fetched)) }
    }

    fn read_fetched(&self, offset: u64, len: usize) -> Option<Vec<u8>> {
        let mut slot = self.fetched.borrow_mut();
        let all = &slot.as_ref()?.bytes;
        let start = u32::try_from(offset).ok()?.min(all.length());
        let end = start.saturating_add(u32::try_from(len).unwrap_or(u32::MAX)).min(all.length());
        let bytes = all.subarray(start, end).to_vec();
        if end == all.length() {
            *slot = None;
        }
        Some(bytes)
    }
}

impl ReadAt for BlobSource {
    fn len(&self) -> u64 {
        self.len
    }

    /// Fails when the file has changed, moved or become unreadable since it was dropped.
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.read_fetched(offset, len) {
            return Ok(bytes);
        }
        let blob = self.blob.as_ref().ok_or("it was read before")?;
        let end = offset.saturating_add(len as u64).min(self.len);
        let slice = blob.slice_with_f64_and_f64(offset as f64, end as f64).map_err(reason)?;
        let reader = FileReaderSync::new().map_err(reason)?;
        let buffer = reader.read_as_array_buffer(&slice).map_err(reason)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

fn reason(error: JsValue) -> String {
    super::port::text_of(&error)
}
