//! A file whose bytes are in memory and are given away when they are read, as a worker's prefetched files are.

use std::cell::RefCell;
use trailscope::ingest::ReadAt;

/// Bytes that are read once.
pub struct HandedOver {
    bytes: RefCell<Vec<u8>>,
    len: usize,
}

impl HandedOver {
    /// Holds `bytes` until they are read.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { len: bytes.len(), bytes: RefCell::new(bytes) }
    }
}

impl ReadAt for HandedOver {
    fn len(&self) -> u64 {
        self.len as u64
    }

    /// Reading all of it leaves nothing behind; nobody reads a record of the benchmark again.
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        if offset == 0 && len >= self.len {
            return Ok(self.bytes.take());
        }
        let bytes = self.bytes.borrow();
        let start = usize::try_from(offset).map_or(bytes.len(), |start| start.min(bytes.len()));
        let end = start.saturating_add(len).min(bytes.len());
        Ok(bytes[start..end].to_vec())
    }
}
