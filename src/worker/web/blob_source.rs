//! A dropped file as a source of bytes, read synchronously a slice at a time.
//!
//! Only a worker may read synchronously, which is the point: the reading code is the same plain loop
//! natively and in the browser, and a file is never in memory as a whole unless the reader asks for it.
//! Small files are the exception: one synchronous read after the other would wait for the disk each time,
//! so [`prefetch`] reads those of a batch side by side before the loop begins.

use crate::ingest::ReadAt;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FileReaderSync};

/// Files up to this many bytes are prefetched. A batch holds about 4 MiB in all.
const SMALL: f64 = 512.0 * 1024.0;

/// A `File` or `Blob` handle; the bytes stay on disk until they are asked for.
pub struct BlobSource {
    blob: Blob,
    /// All bytes, until they are read for the first time.
    prefetched: RefCell<Option<Vec<u8>>>,
}

/// Wraps handles; the small files among them are read already.
pub async fn prefetch(blobs: Vec<Blob>) -> Vec<Box<dyn ReadAt>> {
    let reads: Array =
        blobs.iter().filter(|blob| blob.size() <= SMALL).map(|blob| JsValue::from(blob.array_buffer())).collect();
    // A file that cannot be read is met again by the reader, who reports it.
    let mut results = JsFuture::from(Promise::all_settled(&reads))
        .await
        .map(|results| Array::from(&results))
        .unwrap_or_default()
        .to_vec()
        .into_iter();
    let source = |blob: Blob| {
        let result = if blob.size() <= SMALL { results.next() } else { None };
        let buffer = result.and_then(|result| Reflect::get(&result, &"value".into()).ok()).filter(JsValue::is_object);
        let prefetched = RefCell::new(buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()));
        Box::new(BlobSource { blob, prefetched }) as Box<dyn ReadAt>
    };
    blobs.into_iter().map(source).collect()
}

impl ReadAt for BlobSource {
    fn len(&self) -> u64 {
        self.blob.size() as u64
    }

    /// Fails when the file has changed, moved or become unreadable since it was dropped.
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.prefetched.take()
            && offset == 0
            && len >= bytes.len()
        {
            return Ok(bytes);
        }
        let end = offset.saturating_add(len as u64).min(self.len());
        let slice = self.blob.slice_with_f64_and_f64(offset as f64, end as f64).map_err(reason)?;
        let reader = FileReaderSync::new().map_err(reason)?;
        let buffer = reader.read_as_array_buffer(&slice).map_err(reason)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

fn reason(error: JsValue) -> String {
    super::port::text_of(&error)
}
