//! Calls and errors per minute of each kind.

use super::scope::Selected;
use super::texts::{NOTHING, Names, Texts};
use crate::base::time::MINUTE;
use crate::model::rates::{RateKey, RatesPart};
use crate::store::{Shard, UNDATED};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// Kinds that are told apart. Names in logs are anybody's; a busy organization has some thousands of kinds.
const KINDS: usize = 20_000;

/// A kind of calls by the numbers of its texts: account, Region, source, name, error code.
type Kind = [u32; 5];

/// Counts the rows of `live` that CloudTrail Insights would: write calls, and errors of any call, of management events.
pub fn rates(shard: &Shard, live: &[Selected]) -> RatesPart {
    let mut names = Names::default();
    let mut fields = [
        "recipientAccountId",
        "awsRegion",
        "eventSource",
        "eventName",
        "errorCode",
        "readOnly",
        "eventCategory",
        "managementEvent",
    ]
    .map(|field| Texts::of(shard, field));
    let (management, no) = (names.number("Management"), names.number("false"));
    let mut kinds: HashMap<Kind, u32> = HashMap::new();
    // Kind and minute of each event that is counted.
    let mut counted: Vec<(u32, i64)> = Vec::new();
    let mut part = RatesPart::default();
    let mut places: HashMap<(u32, u32), BTreeMap<i64, u64>> = HashMap::new();
    for (segment, live) in shard.segments().iter().zip(live) {
        let [accounts, regions, sources, calls, errors, read_only, categories, is_management] =
            fields.each_mut().map(|field| field.rows(shard, segment, &mut names));
        let mut before = None;
        for row in 0..segment.len() {
            if !live.rows.contains(row) || segment.times[row] == UNDATED {
                continue;
            }
            let minute = segment.times[row].div_euclid(MINUTE);
            let place = (accounts[row], regions[row]);
            if before.replace((place, minute)) != Some((place, minute)) {
                RatesPart::mark(places.entry(place).or_default(), minute);
            }
            // Events before version 1.07 say nothing of a category, and before 1.06 not whether they are management events.
            if is_management[row] == no || ![management, NOTHING].contains(&categories[row]) {
                continue;
            }
            let call = [accounts[row], regions[row], sources[row], calls[row], NOTHING];
            let failed = [accounts[row], regions[row], sources[row], calls[row], errors[row]];
            let is_write = read_only[row] == no;
            for kind in [is_write.then_some(call), (errors[row] != NOTHING).then_some(failed)].into_iter().flatten() {
                let next = kinds.len();
                match kinds.get(&kind).copied() {
                    Some(number) => counted.push((number, minute)),
                    None if next < KINDS => {
                        kinds.insert(kind, next as u32);
                        counted.push((next as u32, minute));
                    }
                    None => part.omitted += 1,
                }
            }
        }
    }
    counted.sort_unstable();
    let mut by_number: Vec<Vec<(i64, u32)>> = vec![Vec::new(); kinds.len()];
    for events in counted.chunk_by(|a, b| a == b) {
        let (number, minute) = events[0];
        by_number[number as usize].push((minute, events.len() as u32));
    }
    for (kind, number) in kinds {
        let [account, region, source, name, error] = kind.map(|text| names.text(text).to_owned());
        let key = RateKey { account, region, source, name, error: (kind[4] != NOTHING).then_some(error) };
        part.counts.insert(key, std::mem::take(&mut by_number[number as usize]));
    }
    part.minutes = places
        .into_iter()
        .map(|((account, region), hours)| ((names.text(account).to_owned(), names.text(region).to_owned()), hours))
        .collect();
    part
}
