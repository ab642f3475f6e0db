//! Files and events by account, Region and time.
//!
//! Rows of one file follow each other and mostly belong to one account, Region and hour: what is counted is kept until
//! one of them changes, so that most rows cost a comparison.

use super::scope::Selected;
use super::texts::{NOTHING, Names, Texts};
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE};
use crate::model::coverage::{
    CLOUDWATCH_LIMIT_BYTES, CoveragePart, LAG_MINUTES, LISTED_TAMPERING, Place, TAMPERING, Tampering,
};
use crate::model::object_key::ObjectKey;
use crate::model::value::Scalar;
use crate::store::{PathTree, Segment, Shard, UNDATED};
use hashbrown::HashMap;

/// The grid of cells: those outside of the range are left out.
#[derive(Clone, Copy)]
pub struct Grid {
    /// Length of a cell in milliseconds.
    pub step: i64,
    /// Shift of the grid in milliseconds.
    pub offset: i64,
    /// Times that cells are wanted of.
    pub range: Option<(EpochMs, EpochMs)>,
}

impl Grid {
    /// Start of the cell an instant is in.
    fn cell(&self, time: i64) -> i64 {
        (time - self.offset).div_euclid(self.step) * self.step + self.offset
    }

    fn wants(&self, cell: i64) -> bool {
        self.range.is_none_or(|(from, to)| cell.saturating_add(self.step) > from.0 && cell < to.0)
    }
}

/// Counts the rows of `live`, and those that are duplicates apart.
pub fn coverage(shard: &Shard, live: &[Selected], grid: Grid) -> CoveragePart {
    let mut names = Names::default();
    let mut places = Places { grid, index: HashMap::new(), places: Vec::new(), now: None };
    let mut part = CoveragePart::default();
    // What the names of files say, and the files themselves.
    let keys: Vec<Option<Key>> = shard.documents().iter().map(|document| Key::of(&mut names, &document.path)).collect();
    for key in keys.iter().flatten().filter(|key| key.is_log) {
        places.file(*key);
    }
    let mut account = Texts::of(shard, "recipientAccountId");
    let mut region = Texts::of(shard, "awsRegion");
    for (segment, live) in shard.segments().iter().zip(live) {
        let (accounts, regions) = (account.rows(shard, segment, &mut names), region.rows(shard, segment, &mut names));
        for row in 0..segment.len() {
            let key = keys[segment.documents[row] as usize];
            let or_key = |value: u32, of: fn(Key) -> u32| if value == NOTHING { key.map_or(value, of) } else { value };
            let name = (or_key(accounts[row], |key| key.account), or_key(regions[row], |key| key.region));
            if live.rows.contains(row) {
                places.event(name, segment.times[row], key.and_then(|key| key.delivered));
            } else {
                places.duplicate(name);
            }
        }
        let too_large = segment.lengths.iter().enumerate().filter(|(_, length)| **length > CLOUDWATCH_LIMIT_BYTES);
        part.kinds.oversize += too_large.filter(|(row, _)| live.rows.contains(*row)).count() as u64;
        part.kinds.events += live.count as u64;
        part.kinds.undated += segment
            .times
            .iter()
            .enumerate()
            .filter(|(row, time)| **time == UNDATED && live.rows.contains(*row))
            .count() as u64;
        tampering(shard, segment, live, |row| (names.text(accounts[row]), names.text(regions[row])), &mut part);
    }
    part.tampering.sort();
    part.tampering.truncate(LISTED_TAMPERING);
    places.end();
    for ((account, region), at) in &places.index {
        let place = std::mem::take(&mut places.places[*at]);
        part.places.insert((names.text(*account).to_owned(), names.text(*region).to_owned()), place);
    }
    part
}

/// Accounts in Regions that are told apart; AWS has fewer than forty Regions, so more are made up.
const PLACES: usize = 4_096;

/// What the name of a file says.
#[derive(Clone, Copy)]
struct Key {
    account: u32,
    region: u32,
    delivered: Option<i64>,
    is_log: bool,
}

impl Key {
    fn of(names: &mut Names, path: &str) -> Option<Self> {
        let key = ObjectKey::parse(path)?;
        let (account, region) = (names.number(key.account), names.number(key.region));
        let is_log = key.kind == "CloudTrail";
        Some(Self { account, region, delivered: key.delivered.map(|time| time.0).filter(|_| is_log), is_log })
    }
}

type Name = (u32, u32);

/// Events of one place and cell that were counted last.
struct Run {
    name: Name,
    at: usize,
    cell: i64,
    hour: i64,
    events: u64,
}

struct Places {
    grid: Grid,
    index: HashMap<Name, usize>,
    places: Vec<Place>,
    now: Option<Run>,
}

impl Places {
    fn place(&mut self, name: Name) -> usize {
        let name = if self.index.len() < PLACES || self.index.contains_key(&name) { name } else { (NOTHING, NOTHING) };
        *self.index.entry(name).or_insert_with(|| {
            self.places.push(Place::default());
            self.places.len() - 1
        })
    }

    fn file(&mut self, key: Key) {
        let at = self.place((key.account, key.region));
        self.places[at].files += 1;
        let Some(delivered) = key.delivered else { return };
        self.mark(at, delivered.div_euclid(HOUR));
        let cell = self.grid.cell(delivered);
        if self.grid.wants(cell) {
            self.places[at].cells.entry(cell).or_default().files += 1;
        }
    }

    fn duplicate(&mut self, name: Name) {
        let at = self.place(name);
        self.places[at].duplicates += 1;
    }

    fn event(&mut self, name: Name, time: i64, delivered: Option<i64>) {
        if time == UNDATED {
            let at = self.place(name);
            self.places[at].events += 1;
            return;
        }
        let (cell, hour) = (self.grid.cell(time), time.div_euclid(HOUR));
        let at = match &mut self.now {
            Some(run) if (run.name, run.cell, run.hour) == (name, cell, hour) => {
                run.events += 1;
                run.at
            }
            _ => {
                self.end();
                let at = self.place(name);
                self.now = Some(Run { name, at, cell, hour, events: 1 });
                at
            }
        };
        if let Some(delivered) = delivered {
            // The name tells the minute the delivery was in: an event of the same minute was not delivered before.
            let lag = (delivered - time).max(0);
            let place = &mut self.places[at];
            *place.lags.entry((lag / MINUTE).min(i64::from(LAG_MINUTES)) as u32).or_default() += 1;
            place.longest_lag = place.longest_lag.max(Some(lag));
        }
    }

    /// Books what was counted last.
    fn end(&mut self) {
        let Some(Run { at, cell, hour, events, .. }) = self.now.take() else { return };
        self.mark(at, hour);
        let wants = self.grid.wants(cell);
        let place = &mut self.places[at];
        place.events += events;
        if wants {
            place.cells.entry(cell).or_default().events += events;
        }
    }

    /// Notes that there is something of an hour.
    fn mark(&mut self, at: usize, hour: i64) {
        let hours = DAY / HOUR;
        *self.places[at].hours.entry(hour.div_euclid(hours)).or_default() |= 1 << hour.rem_euclid(hours);
    }
}

/// Finds the events of a segment that changed logging or detection.
fn tampering<'n>(
    shard: &Shard,
    segment: &Segment,
    live: &Selected,
    place: impl Fn(usize) -> (&'n str, &'n str),
    part: &mut CoveragePart,
) {
    let of = |field: &str| {
        let path = shard.paths().child(PathTree::ROOT, field)?;
        Some((segment.column(path)?, shard.dictionary(path)))
    };
    let Some((column, dictionary)) = of("eventName") else { return };
    let is_one = |value: Scalar<'_>| match value {
        Scalar::Str(name) => TAMPERING.iter().any(|(_, names)| names.contains(&name)),
        _ => false,
    };
    let suspects: Vec<bool> = (0..dictionary.len() as u32).map(|code| is_one(dictionary.value(code))).collect();
    let text = |field: &str, row: usize| {
        let (column, dictionary) = of(field)?;
        let entry = column.rows.entries(row).next()?;
        column.with(entry, dictionary, |value| value.text().map(|text| text.into_owned()))
    };
    column.rows.for_each(|entry, row| {
        let is_suspect = match column.code(entry) {
            Some(code) => suspects[code as usize],
            None => column.with(entry, dictionary, is_one),
        };
        if !is_suspect || !live.rows.contains(row) || segment.times[row] == UNDATED {
            return;
        }
        let (Some(name), Some(source)) = (text("eventName", row), text("eventSource", row)) else { return };
        if !TAMPERING.iter().any(|(known, names)| *known == source && names.contains(&name.as_str())) {
            return;
        }
        part.tampered += 1;
        let (account, region) = place(row);
        part.tampering.push(Tampering {
            time: EpochMs(segment.times[row]),
            event_id: text("eventID", row).unwrap_or_default(),
            name,
            account: account.into(),
            region: region.into(),
            failed: segment.errors.contains(row),
        });
        // A trail of nothing else would hold them all.
        if part.tampering.len() > 2 * LISTED_TAMPERING {
            part.tampering.sort();
            part.tampering.truncate(LISTED_TAMPERING);
        }
    });
}
