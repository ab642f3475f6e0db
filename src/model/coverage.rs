//! What an archive covers: files and events by account, Region and time, and what it tells about itself.

use super::partial::Merge;
use crate::base::EpochMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Minutes of delivery lag that are told apart; longer ones are only known to be longer.
pub const LAG_MINUTES: u32 = 180;

/// Events that changed logging or detection which are listed; all are counted.
pub const LISTED_TAMPERING: usize = 500;

/// An event larger than this never reaches CloudWatch Logs (CloudTrail user guide, "CloudTrail will not send events
/// larger than 256 KB to CloudWatch Logs").
pub const CLOUDWATCH_LIMIT_BYTES: u32 = 256 * 1024;

/// Calls that stop, narrow or blind logging and detection, by service.
pub const TAMPERING: [(&str, &[&str]); 6] = [
    (
        "cloudtrail.amazonaws.com",
        &[
            "StopLogging",
            "DeleteTrail",
            "UpdateTrail",
            "PutEventSelectors",
            "PutInsightSelectors",
            "DeleteEventDataStore",
            "UpdateEventDataStore",
            "StopEventDataStoreIngestion",
            "DeleteChannel",
            "DeregisterOrganizationDelegatedAdmin",
        ],
    ),
    (
        "logs.amazonaws.com",
        &["DeleteLogGroup", "DeleteLogStream", "DeleteMetricFilter", "DeleteSubscriptionFilter", "PutRetentionPolicy"],
    ),
    ("monitoring.amazonaws.com", &["DeleteAlarms", "DisableAlarmActions"]),
    (
        "config.amazonaws.com",
        &["StopConfigurationRecorder", "DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigRule"],
    ),
    (
        "guardduty.amazonaws.com",
        &[
            "DeleteDetector",
            "UpdateDetector",
            "StopMonitoringMembers",
            "DisassociateFromMasterAccount",
            "DeleteMembers",
        ],
    ),
    ("securityhub.amazonaws.com", &["DisableSecurityHub", "BatchDisableStandards", "DeleteMembers"]),
];

/// Services whose events are recorded in us-east-1, wherever the call came from.
pub const GLOBAL_SERVICES: [&str; 4] =
    ["iam.amazonaws.com", "organizations.amazonaws.com", "cloudfront.amazonaws.com", "route53.amazonaws.com"];

/// Files and events of one stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Files delivered, as far as their names say when.
    pub files: u64,
    /// Events, duplicates apart.
    pub events: u64,
}

/// One account in one Region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Files named as CloudTrail names them.
    pub files: u64,
    /// Events, duplicates apart.
    pub events: u64,
    /// Events set aside as duplicates.
    pub duplicates: u64,
    /// Start of the stretch (epoch ms) → what is in it.
    pub cells: BTreeMap<i64, Cell>,
    /// Day (days since the epoch, UTC) → its hours with a file or an event, the first hour in the lowest bit.
    pub hours: BTreeMap<i64, u32>,
    /// Minutes from event to delivery, at most [`LAG_MINUTES`] → events.
    pub lags: BTreeMap<u32, u64>,
    /// Longest time from event to delivery in milliseconds.
    pub longest_lag: Option<i64>,
}

impl Place {
    /// The median of the minutes from event to delivery.
    pub fn median_lag(&self) -> Option<u32> {
        let events: u64 = self.lags.values().sum();
        let mut before = 0;
        self.lags.iter().find_map(|(minutes, count)| {
            before += count;
            (before * 2 >= events).then_some(*minutes)
        })
    }
}

impl Merge for Place {
    fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.events += other.events;
        self.duplicates += other.duplicates;
        for (start, cell) in other.cells {
            let known = self.cells.entry(start).or_default();
            known.files += cell.files;
            known.events += cell.events;
        }
        for (day, hours) in other.hours {
            *self.hours.entry(day).or_default() |= hours;
        }
        for (minutes, count) in other.lags {
            *self.lags.entry(minutes).or_default() += count;
        }
        self.longest_lag = self.longest_lag.max(other.longest_lag);
    }
}

/// An event that changed logging or detection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tampering {
    /// When.
    pub time: EpochMs,
    /// Which event.
    pub event_id: String,
    /// Its name.
    pub name: String,
    /// In which account.
    pub account: String,
    /// In which Region.
    pub region: String,
    /// Whether it was refused.
    pub failed: bool,
}

/// Counts of events that tell what an archive can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// All events, duplicates apart.
    pub events: u64,
    /// Events without a readable time.
    pub undated: u64,
    /// Data events.
    pub data: u64,
    /// Read-only events.
    pub read_only: u64,
    /// Events that say whether they are read-only.
    pub says_read_only: u64,
    /// Events of services that record in us-east-1 only.
    pub global: u64,
    /// Events larger than [`CLOUDWATCH_LIMIT_BYTES`].
    pub oversize: u64,
}

/// What is covered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveragePart {
    /// Account and Region (empty when events do not say) → what there is of them.
    pub places: BTreeMap<(String, String), Place>,
    /// The first events that changed logging, in order of time; [`LISTED_TAMPERING`] of them.
    pub tampering: Vec<Tampering>,
    /// How many there are.
    pub tampered: u64,
    /// What kinds of events there are.
    pub kinds: Kinds,
}

impl Merge for CoveragePart {
    fn merge(&mut self, other: Self) {
        for (name, place) in other.places {
            self.places.entry(name).or_default().merge(place);
        }
        self.tampering.extend(other.tampering);
        self.tampering.sort();
        self.tampering.truncate(LISTED_TAMPERING);
        self.tampered += other.tampered;
        let (kinds, more) = (&mut self.kinds, other.kinds);
        kinds.events += more.events;
        kinds.undated += more.undated;
        kinds.data += more.data;
        kinds.read_only += more.read_only;
        kinds.says_read_only += more.says_read_only;
        kinds.global += more.global;
        kinds.oversize += more.oversize;
    }
}
