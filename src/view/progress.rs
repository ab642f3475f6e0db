//! How fast a load runs and how long it will still take.

/// Remaining milliseconds from what is done of a total after `elapsed_ms`; `None` before there is a basis.
pub fn remaining_ms(done: u64, total: u64, elapsed_ms: f64) -> Option<f64> {
    (done > 0 && total > done && elapsed_ms > 500.0).then(|| elapsed_ms * (total - done) as f64 / done as f64)
}

/// Events per second so far.
pub fn rate(events: u64, elapsed_ms: f64) -> u64 {
    if elapsed_ms < 1.0 { 0 } else { (events as f64 * 1_000.0 / elapsed_ms) as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_needs_a_basis() {
        assert_eq!(remaining_ms(0, 100, 5_000.0), None);
        assert_eq!(remaining_ms(10, 100, 100.0), None);
        assert_eq!(remaining_ms(25, 100, 1_000.0), Some(3_000.0));
        assert_eq!(remaining_ms(100, 100, 1_000.0), None);
        assert_eq!((rate(500, 2_000.0), rate(500, 0.0)), (250, 0));
    }
}
