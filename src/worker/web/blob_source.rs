//! A dropped file as a source of bytes, read synchronously a slice at a time.
//!
//! Only a worker may read synchronously, which is the point: the reading code is the same plain loop
//! natively and in the browser, and a file is never in memory as a whole unless the reader asks for it.

use crate::ingest::ReadAt;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// A `File` or `Blob` handle; the bytes stay on disk until they are asked for.
pub struct BlobSource {
    blob: Blob,
}

impl BlobSource {
    /// Wraps a handle. Nothing is read yet.
    pub fn new(blob: Blob) -> BlobSource {
        BlobSource { blob }
    }
}

impl ReadAt for BlobSource {
    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    /// Fails when the file has changed, moved or become unreadable since it was dropped.
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        let end = offset.saturating_add(len as u64).min(self.len());
        let slice = self.blob.slice_with_f64_and_f64(offset as f64, end as f64).map_err(reason)?;
        let reader = FileReaderSync::new().map_err(reason)?;
        let buffer = reader.read_as_array_buffer(&slice).map_err(reason)?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }
}

fn reason(error: JsValue) -> String {
    super::port::text_of(&error)
}
