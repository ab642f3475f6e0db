//! Real trails that lie beside the repository, because they are not ours to pass on.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The shared test data, or a clear word that the test is skipped: written past what `cargo test` shows of failed tests only.
pub fn data(test: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no test data at {}", path.display());
    None
}
