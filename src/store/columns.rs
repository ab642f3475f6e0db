//! The growing side of a shard: paths, dictionaries and unsealed columns, and the two ways a record gets in.
//!
//! [`Columns::take`] is the fast way (`shred`): it reads bytes of which it does not even know where the record
//! ends, and gives up at anything unusual. [`Columns::push`] is the thorough way (`visitor`), over serde_json: it
//! takes every valid record and says what is wrong with the others. Both make the same entries for the same
//! record; `tests/shred_laws.rs` holds them to it.

use super::builder::ColumnBuilder;
use super::plain::Form;
use super::shred::Shredder;
use super::{Dictionary, PathId, PathTree, visitor};
use crate::base::EpochMs;
use crate::model::value::Scalar;
use foldhash::fast::FixedState;
use serde::Deserialize;
use std::borrow::Cow;

/// Objects and arrays below this depth stay opaque: their members are not columns.
pub const MAX_DEPTH: u32 = 96;

/// Members of every record that differ from event to event, so that a dictionary would only be thrown away, and what
/// their texts look like.
const DISTINCT: [(&str, Form); 3] = [("eventTime", Form::Time), ("eventID", Form::Uuid), ("requestID", Form::Uuid)];

/// Everything a record is shredded into.
pub struct Columns {
    pub paths: PathTree,
    pub dictionaries: Vec<Dictionary>,
    pub builders: Vec<ColumnBuilder>,
    pub event_time: PathId,
    pub max_paths: usize,
    /// Objects begun so far.
    objects: u64,
    /// The column of each entry of the record at hand, so that a record that turns out to be damaged half-way
    /// can be taken back.
    touched: Vec<PathId>,
    seed: u64,
}

/// Members of a record that have a column, however many paths there are
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>).
const RECORD: [&str; 29] = [
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "requestID",
    "eventID",
    "readOnly",
    "resources",
    "eventType",
    "apiVersion",
    "managementEvent",
    "recipientAccountId",
    "serviceEventDetails",
    "sharedEventID",
    "vpcEndpointId",
    "vpcEndpointAccountId",
    "eventCategory",
    "sessionCredentialFromConsole",
    "tlsDetails",
    "insightDetails",
];

/// Likewise of `userIdentity`.
const IDENTITY: [&str; 9] = [
    "type",
    "principalId",
    "arn",
    "accountId",
    "accessKeyId",
    "userName",
    "sessionContext",
    "invokedBy",
    "identityProvider",
];

/// What happened to a record besides being shredded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shredded {
    /// Event time in epoch ms, if readable.
    pub time: Option<i64>,
    /// Something lies below [`MAX_DEPTH`].
    pub too_deep: bool,
    /// Some fields were left out because there are too many different paths.
    pub too_many_paths: bool,
    /// A number may be spelt differently in the text.
    pub fractional: bool,
    /// A string or key is spelt with escapes.
    pub escaped: bool,
}

/// Why a record could not be shredded.
#[derive(Debug)]
pub enum ShredError {
    /// The same key twice in one object.
    DuplicateKey,
    /// Not valid JSON as serde_json understands it; its message.
    Invalid(String),
}

impl Columns {
    /// Empty columns; at most `max_paths` paths; `seed` keys all hashes.
    pub fn new(seed: u64, max_paths: usize) -> Self {
        let mut columns = Self {
            paths: PathTree::new(seed),
            dictionaries: Vec::new(),
            builders: Vec::new(),
            event_time: PathTree::ROOT,
            max_paths,
            objects: 0,
            touched: Vec::new(),
            seed,
        };
        let [event_time, ..] = DISTINCT.map(|(key, form)| columns.add_distinct(key, form));
        columns.event_time = event_time;
        columns
    }

    fn add_distinct(&mut self, key: &str, form: Form) -> PathId {
        let path = self.paths.intern_child(PathTree::ROOT, key, usize::MAX).unwrap_or(PathTree::ROOT);
        self.grow();
        self.builders[path.0 as usize] = ColumnBuilder::plain(form);
        path
    }

    /// Adds the record that `text` begins with under row number `row`, or gives up and adds nothing: the record
    /// may still be a good one. Gives its length in bytes.
    pub fn take(&mut self, row: u16, text: &[u8]) -> Option<(usize, Shredded)> {
        self.touched.clear();
        let mut taken = Shredder::new(self, row, text).record();
        match &mut taken {
            Some((len, shredded)) if shredded.time.is_none() => shredded.time = window_start(&text[..*len]),
            Some(_) => {}
            None => self.take_back(),
        }
        taken
    }

    /// Adds all entries of the record `json` under row number `row`, or none of them.
    pub fn push(&mut self, row: u16, json: &str) -> Result<Shredded, ShredError> {
        self.touched.clear();
        let mut pushed = visitor::shred(self, row, json);
        match &mut pushed {
            Ok(shredded) if shredded.time.is_none() => shredded.time = window_start(json.as_bytes()),
            Ok(_) => {}
            Err(_) => self.take_back(),
        }
        pushed
    }

    fn take_back(&mut self) {
        while let Some(path) = self.touched.pop() {
            self.builders[path.0 as usize].pop();
        }
    }

    /// The builder and the dictionary of a path.
    pub fn column(&mut self, path: PathId) -> (&mut ColumnBuilder, &mut Dictionary) {
        let at = path.0 as usize;
        (&mut self.builders[at], &mut self.dictionaries[at])
    }

    /// Adds one entry.
    pub fn add(&mut self, row: u16, path: PathId, position: u32, value: Scalar<'_>) {
        let (builder, dictionary) = self.column(path);
        builder.push(row, position, value, dictionary);
        self.touch(path);
    }

    /// Notes an entry that was added to the builder of `path`.
    #[inline]
    pub fn touch(&mut self, path: PathId) {
        self.touched.push(path);
    }

    /// Begins an object: its number for [`PathTree::is_repeated`].
    #[inline]
    pub fn begin_object(&mut self) -> u64 {
        self.objects += 1;
        self.objects
    }

    /// The member `key` of `parent`, which came after `previous`. `None`: there are too many paths.
    pub fn key(&mut self, parent: PathId, previous: Option<PathId>, key: &str) -> Option<PathId> {
        let limit = if self.paths.len() >= self.max_paths && self.is_standard(parent, key) {
            usize::MAX
        } else {
            self.max_paths
        };
        let child = self.paths.intern_child(parent, key, limit)?;
        self.paths.learn(parent, previous, child);
        self.grow();
        Some(child)
    }

    /// Whether every event may have this member: made-up fields must not keep it from being filtered by.
    fn is_standard(&self, parent: PathId, key: &str) -> bool {
        if parent == PathTree::ROOT {
            return RECORD.contains(&key);
        }
        let is_identity = |path: PathId| self.paths.child(PathTree::ROOT, "userIdentity") == Some(path);
        IDENTITY.contains(&key) && is_identity(parent)
    }

    /// The elements of `parent`. `None`: there are too many paths.
    pub fn element(&mut self, parent: PathId) -> Option<PathId> {
        let element = self.paths.intern_element(parent, self.max_paths)?;
        self.grow();
        Some(element)
    }

    /// What hashes are made with, the same in all shards of a session.
    pub fn hash_state(&self) -> FixedState {
        FixedState::with_seed(self.seed)
    }

    /// Heap bytes of builders, dictionaries and paths.
    pub fn heap_bytes(&self) -> usize {
        let dictionaries: usize = self.dictionaries.iter().map(|d| d.heap_bytes() + size_of::<Dictionary>()).sum();
        let builders: usize = self.builders.iter().map(|b| b.heap_bytes() + size_of::<ColumnBuilder>()).sum();
        dictionaries + builders + self.paths.heap_bytes()
    }

    /// Makes room for columns of new paths.
    fn grow(&mut self) {
        let len = self.paths.len();
        if self.builders.len() < len {
            self.dictionaries.resize_with(len, || Dictionary::new(self.seed));
            self.builders.resize_with(len, ColumnBuilder::default);
        }
    }
}

/// The time of an event that sums up others: when its window begins, in epoch ms.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html>
#[cold]
fn window_start(json: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Aggregated<'e> {
        #[serde(borrow)]
        time_window: Window<'e>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Window<'e> {
        #[serde(borrow)]
        window_start: Cow<'e, str>,
    }
    let event: Aggregated = serde_json::from_slice(json).ok()?;
    event_time(Scalar::Str(&event.time_window.window_start))
}

/// The time of an event in epoch ms, from its `eventTime`.
pub fn event_time(value: Scalar<'_>) -> Option<i64> {
    match value {
        Scalar::Str(text) => EpochMs::parse(text).map(|time| time.0),
        _ => None,
    }
}
