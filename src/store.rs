//! The columnar store: JSON records in, immutable segments out.
//!
//! A [`Shard`] is what one worker holds. Records are shredded straight into column builders, one per JSON
//! path, without an intermediate tree: by `shred`, which is fast and gives up at anything unusual, or else by
//! `visitor`, which is thorough. Every 65,536 rows at the latest the builders are sealed into a
//! [`Segment`], which never changes again except for its sets of duplicates and conflicts.
//!
//! Every JSON node has an entry in the column of its path: scalars by value, objects and arrays as
//! [`Scalar::Object`](crate::model::value::Scalar) and `Array`. So "absent", `null`, `{}` and `[]` all
//! differ, and NOT EXISTS is "no entry in this row". Array elements share one path (`a[*]`) and carry
//! their indices as a position.
//!
//! The store does no IO and knows nothing of files but a number and a name.

mod builder;
mod codes;
mod column;
mod columns;
mod copies;
mod dedup;
mod dictionary;
mod guess;
mod paths;
mod plain;
mod repair;
mod rows;
mod segment;
mod shard;
mod shred;
mod visitor;

pub use codes::Codes;
pub use column::{Column, Values};
pub use dedup::{
    CopyEntry, EventId, Fate, IdEntry, judge, partition, partition_copies, read_fates, read_rows, repeated,
};
pub use dictionary::Dictionary;
pub use paths::{PathId, PathStep, PathTree};
pub use plain::Plain;
pub use rows::Rows;
pub use segment::Segment;
pub use shard::{DocumentInfo, Shard, ShardLimits};

/// Rows in a segment at most. Row numbers inside a segment fit in 16 bits.
pub const SEGMENT_ROWS: usize = 65_536;

/// Time of a row without a readable `eventTime`.
pub const UNDATED: i64 = i64::MIN;
