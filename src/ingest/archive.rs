//! Containers of several files: zip and tar.

pub(super) mod tar;
pub(super) mod zip;
