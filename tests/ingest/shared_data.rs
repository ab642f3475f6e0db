//! Real trails that lie beside the repository, because they are not ours to pass on.

use std::path::{Path, PathBuf};

/// The shared test data, or a clear word that the test is skipped.
pub fn data(test: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED {test}: no test data at {}", path.display());
    None
}
