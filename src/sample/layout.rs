//! Spreads events over time, Regions and files, and repeats some of them in other files.
//!
//! Each Region has its share of the files and events and goes through time on its own; the files of all are handed out
//! in the order of their ends. What a file holds depends on the options and its number only: where it begins and ends
//! is computed, not remembered, and each has its own random numbers. The one thing carried from file to file is the
//! copies to be delivered again, and with them memory is bounded by the largest file.

use super::clock::Clock;
use super::company::Region;
use super::log_file::{Content, File, path};
use super::random::Random;
use super::{Division, Options};
use crate::base::EpochMs;
use crate::base::time::{MINUTE, SECOND};

/// Writes records.
pub(super) trait Author {
    /// Where events happen; the weights add up to one.
    fn regions(&self) -> &'static [Region];

    /// A new file begins.
    fn open(&mut self);

    /// Appends one record, a JSON object, to `out`.
    fn write(&mut self, moment: &Moment, random: &mut Random, out: &mut String);
}

/// When and where an event happens.
pub(super) struct Moment {
    pub(super) time: EpochMs,
    /// Index of the Region in [`Author::regions`].
    pub(super) region: usize,
    /// Number of the session, in which an actor keeps its temporary credentials.
    pub(super) session: u64,
    /// When the session began.
    pub(super) since: EpochMs,
}

/// CloudTrail delivers about so often; files of more events per minute overlap in time.
const DELIVERY: i64 = 5 * MINUTE;
/// A session lasts for so many events of its Region, not for hours: so credentials are new as often as in the real sets,
/// however thin the events lie in time.
const SESSION: u64 = 240;
/// Events that happen in the same second of a file, on average, and the share in 100 that follow each other.
const EVENTS_PER_BURST: u64 = 5;
const SAME_SECOND: u64 = 25;
/// zlib's level of compression: what GZIPOutputStream does by default.
const LEVEL: u32 = 6;

/// The files of a trail, one after the other.
pub(super) struct Layout {
    options: Options,
    author: Box<dyn Author>,
    clock: Clock,
    lanes: Vec<Lane>,
    /// One record, as room for the next.
    record: String,
}

/// What is left to write of one Region.
struct Lane {
    region: usize,
    files: u64,
    events: u64,
    /// Number of the next file; when it is `files`, only copies may be left.
    next: u64,
    /// Events not yet written, and how many of them will have a copy.
    events_left: u64,
    copies_left: u64,
    /// Copies of the file before, for the next.
    carried: Vec<String>,
}

impl Layout {
    pub(super) fn new(options: Options, author: Box<dyn Author>) -> Self {
        let wanted = match options.division {
            Division::Files(files) => files,
            Division::FilesOf(events) => options.events.div_ceil(events.max(1)),
        };
        let files = wanted.clamp(1, options.events.max(1));
        let mut lanes = Vec::new();
        let (mut weight, mut first) = (0.0, 0);
        for (region, Region { weight: share, .. }) in author.regions().iter().enumerate() {
            weight += share;
            let end = ((files as f64 * weight).round() as u64).min(files);
            let events = portion(options.events, end, files) - portion(options.events, first, files);
            let copies_left = portion(events, u64::from(options.duplicates.min(1_000)), 1_000);
            lanes.push(Lane {
                region,
                files: end - first,
                events,
                next: 0,
                events_left: events,
                copies_left,
                carried: Vec::new(),
            });
            first = end;
        }
        let clock = Clock::new(options.start, options.days);
        Self { options, author, clock, lanes, record: String::new() }
    }

    /// The Region whose next file ends first.
    fn next_lane(&self) -> Option<usize> {
        let open = self.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_done());
        let end = |lane: &Lane| (lane.next + 1) as f64 / lane.files as f64;
        open.min_by(|(_, a), (_, b)| end(a).total_cmp(&end(b))).map(|(number, _)| number)
    }

    /// The next file of a Region, or nothing if no event falls into it.
    fn file(&mut self, number: usize) -> Option<File> {
        let Self { options, author, clock, lanes, record } = self;
        let lane = &mut lanes[number];
        let (first, end) = (lane.begin(lane.next, options), lane.begin(lane.next + 1, options));
        let (from, to) = (clock.at(first, lane.events), clock.at(end, lane.events));
        let from = EpochMs(from.0.min(to.0 - DELIVERY).max(options.start.0));
        let mut random = Random::new(options.seed ^ Random::new((lane.region as u64) << 48 ^ lane.next).next());
        lane.next += 1;

        author.open();
        let mut content = Content::default();
        let mut old = std::mem::take(&mut lane.carried);
        let mut tempo = Tempo::new(from, to, end - first);
        let (mut session, mut since) = (u64::MAX, from);
        for ordinal in first..end {
            // Copies come anywhere among the file's own events.
            while !old.is_empty() && random.below(end - ordinal + old.len() as u64) >= end - ordinal {
                if let Some(record) = old.pop() {
                    content.push(&record);
                }
            }
            if ordinal / SESSION != session {
                session = ordinal / SESSION;
                since = clock.at(session * SESSION, lane.events);
            }
            record.clear();
            let moment = Moment { time: tempo.next(&mut random), region: lane.region, session, since };
            author.write(&moment, &mut random, record);
            content.push(record);
            if random.below(lane.events_left) < lane.copies_left {
                lane.copies_left -= 1;
                lane.carried.push(record.clone());
            }
            lane.events_left -= 1;
        }
        old.iter().for_each(|record| content.push(record));
        if content.count() == 0 {
            return None;
        }
        let delivered = EpochMs(EpochMs(to.0).floor_to(DELIVERY).0 + DELIVERY + random.below(5) as i64 * MINUTE);
        let path = path(author.regions()[lane.region].name, delivered, &mut random);
        Some(File { path, bytes: content.close(LEVEL) })
    }
}

impl Iterator for Layout {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        loop {
            let number = self.next_lane()?;
            if let Some(file) = self.file(number) {
                return Some(file);
            }
        }
    }
}

impl Lane {
    fn is_done(&self) -> bool {
        self.next >= self.files && self.carried.is_empty()
    }

    /// Number of the event that file `file` begins with.
    fn begin(&self, file: u64, options: &Options) -> u64 {
        let moved = match options.division {
            Division::FilesOf(_) if file > 0 => {
                Random::new(options.seed ^ (self.region as u64) << 56 ^ file).below(1_000)
            }
            _ => 0,
        };
        portion(self.events, (file * 1_000 + moved).min(self.files * 1_000), self.files * 1_000)
    }
}

/// `part` of `whole` parts of `number`, rounded down.
fn portion(number: u64, part: u64, whole: u64) -> u64 {
    (u128::from(number) * u128::from(part) / u128::from(whole)) as u64
}

/// Events of a file come in bursts, a few in the same second, and those of several bursts lie side by side, unordered.
struct Tempo {
    from: EpochMs,
    to: EpochMs,
    bursts: u64,
    last: EpochMs,
}

impl Tempo {
    /// For so many events from one instant up to another.
    fn new(from: EpochMs, to: EpochMs, events: u64) -> Self {
        Self { from, to, bursts: events / EVENTS_PER_BURST + 1, last: from }
    }

    fn next(&mut self, random: &mut Random) -> EpochMs {
        if random.below(100) >= SAME_SECOND {
            let passed = portion((self.to.0 - self.from.0) as u64, random.below(self.bursts), self.bursts);
            self.last = EpochMs(self.from.0 + passed as i64).floor_to(SECOND);
        }
        self.last
    }
}
