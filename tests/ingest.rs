//! Bytes to records: real files, damaged files, hostile files, and laws that hold for any bytes.

#![allow(clippy::unwrap_used)]

#[path = "ingest/archives.rs"]
mod archives;
#[path = "ingest/attachments.rs"]
mod attachments;
#[path = "ingest/formats.rs"]
mod formats;
#[path = "ingest/hostile.rs"]
mod hostile;
#[path = "ingest/laws.rs"]
mod laws;
#[path = "ingest/real.rs"]
mod real;
#[path = "ingest/shared_data.rs"]
mod shared_data;
#[path = "ingest/support.rs"]
mod support;
#[path = "ingest/tables.rs"]
mod tables;
