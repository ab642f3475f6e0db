//! Where reading stops, so that a large load ends with a sentence instead of a dead tab.

/// Bytes of wasm memory at which no more is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimit {
    /// Of one worker. wasm memory ends at 4 GiB; comparing eventIDs and answering need some of it.
    pub worker: u64,
    /// Of all workers together.
    pub total: u64,
}

const GIB: u64 = 1 << 30;

/// A worker that dies with this much memory most likely died of it.
const LARGE: u64 = GIB;

impl Default for MemoryLimit {
    fn default() -> Self {
        Self { worker: 3 * GIB, total: u64::MAX }
    }
}

impl MemoryLimit {
    /// For a machine with this many bytes of memory: the browser and the system need some, too.
    pub fn of_machine(bytes: u64) -> Self {
        Self { total: bytes / 4 * 3, ..Self::default() }
    }

    /// Why no more can be read when the workers hold this much; `None` while there is room.
    pub(super) fn reached(&self, memory: &[u64]) -> Option<String> {
        let (largest, total) = (memory.iter().max().copied().unwrap_or(0), memory.iter().sum::<u64>());
        let (held, limit, of) = if largest >= self.worker {
            (largest, self.worker, "a worker")
        } else if total >= self.total {
            (total, self.total, "all workers together")
        } else {
            return None;
        };
        Some(format!(
            "Reading stopped at the limit of memory for {of}: {} are in use, {} is the most before the browser might end this page",
            size(held),
            size(limit)
        ))
    }

    /// Learns from a worker that died holding `bytes`: here the end comes before the limit.
    pub(super) fn learn(&mut self, bytes: u64) {
        if bytes >= LARGE {
            self.worker = self.worker.min(bytes / 4 * 3);
        }
    }
}

fn size(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 1_000.0 { format!("{mb:.0} MB") } else { format!("{:.1} GB", mb / 1_000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_worker_or_all_together_reach_the_limit() {
        let mut limit = MemoryLimit { worker: 100, total: 150 };
        assert_eq!(limit.reached(&[99, 50]), None);
        assert!(limit.reached(&[100, 0]).is_some_and(|text| text.contains("a worker")));
        assert!(limit.reached(&[75, 75]).is_some_and(|text| text.contains("all workers")));
        limit.learn(90);
        assert_eq!(limit.worker, 100, "a small worker did not die of its size");
        let mut limit = MemoryLimit::of_machine(8 * GIB);
        assert_eq!(limit.total, 6 * GIB);
        limit.learn(2 * GIB);
        assert_eq!(limit.worker, GIB + GIB / 2);
    }
}
