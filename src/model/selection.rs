//! Which files are read at all, decided by their names: a year's bucket can be opened at one week.
//!
//! Only what has a recognisable object key can be left out ([`ObjectKey`]); everything else is read, because nothing
//! but its content tells what it is. Events are not cut: a file that is read is read completely.

use super::object_key::ObjectKey;
use crate::base::EpochMs;
use crate::base::time::{days_from_civil, is_date};
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// How much later than its events a file may be delivered. Usual are five minutes; AWS promises none ("CloudTrail
/// typically delivers logs within an average of about 5 minutes of an API call. This time is not guaranteed").
pub const DELIVERY_MARGIN_MS: i64 = 3_600_000;

/// What is to be read. The default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    /// Events from here on.
    pub from: Option<EpochMs>,
    /// Events before this.
    pub to: Option<EpochMs>,
    /// Of these accounts; none for all.
    pub accounts: Vec<String>,
    /// Of these Regions; none for all.
    pub regions: Vec<String>,
    /// Only files with this text in their path, ignoring case.
    pub path: String,
}

impl Selection {
    /// Whether everything is read.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the file or archive entry at this path is read. Events lie before their delivery, so what was delivered
    /// before the range is left out, and what was delivered up to [`DELIVERY_MARGIN_MS`] after it is read.
    pub fn keeps(&self, path: &str) -> bool {
        if self.is_everything() {
            return true;
        }
        let Some(key) = ObjectKey::parse(path) else { return true };
        let (from, to) = key.span();
        let among = |list: &[String], value: &str| list.is_empty() || list.iter().any(|wanted| wanted == value);
        self.from.is_none_or(|wanted| to > wanted)
            && self.to.is_none_or(|wanted| from.0 < wanted.0.saturating_add(DELIVERY_MARGIN_MS))
            && among(&self.accounts, key.account)
            && among(&self.regions, key.region)
            && (self.path.is_empty() || path.to_lowercase().contains(&self.path.to_lowercase()))
    }

    /// What of this selection tells by an object's key whether the object was to be read, when files at these paths were.
    ///
    /// The text may stand in a folder that was dropped, which no key has in it. It tells nothing unless it stands in the
    /// keys of all files that were read: a file that is not there would otherwise pass for one that was left out.
    pub fn for_keys<'p>(&self, read: impl IntoIterator<Item = &'p str>) -> Self {
        let text = self.path.to_lowercase();
        let is_in_key = |path: &str| {
            let (dropped, path) = (ObjectKey::split(path).0.to_lowercase(), path.to_lowercase());
            path.find(&text).is_some_and(|found| found >= dropped.len())
        };
        let tells = text.is_empty() || read.into_iter().filter(|path| ObjectKey::parse(path).is_some()).all(is_in_key);
        Self { path: if tells { self.path.clone() } else { String::new() }, ..self.clone() }
    }

    /// Reads the beginning of a range: a date, whose first instant is meant, or an RFC 3339 time.
    pub fn parse_from(text: &str) -> Option<EpochMs> {
        date(text).or_else(|| EpochMs::parse(text.trim()))
    }

    /// Reads the end of a range: a date, which is meant to be inside, or an RFC 3339 time, which is not.
    pub fn parse_to(text: &str) -> Option<EpochMs> {
        date(text).map(|day| EpochMs(day.0 + DAY_MS)).or_else(|| EpochMs::parse(text.trim()))
    }

    /// The words of a list that people type: by commas or spaces.
    pub fn parse_list(text: &str) -> Vec<String> {
        text.split([',', ' ', ';']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

/// `2023-07-10`, in UTC.
fn date(text: &str) -> Option<EpochMs> {
    let mut parts = text.trim().splitn(3, '-');
    let mut number = |len: usize| {
        let part = parts.next()?;
        (part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<i64>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)? as u32, number(2)? as u32);
    is_date(year, month, day).then(|| EpochMs(days_from_civil(year, month, day) * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(account: &str, region: &str, minute: &str) -> String {
        format!("b/AWSLogs/{account}/CloudTrail/{region}/{account}_CloudTrail_{region}_{minute}_x.json.gz")
    }

    #[test]
    fn a_day_keeps_what_was_delivered_on_it_and_an_hour_after() {
        let selection = Selection {
            from: Selection::parse_from("2023-07-10"),
            to: Selection::parse_to("2023-07-10"),
            ..Selection::default()
        };
        let keeps = |minute: &str| selection.keeps(&key("111122223333", "eu-west-1", minute));
        let kept = ["20230710T0000Z", "20230710T2359Z", "20230711T0059Z"].map(keeps);
        let left_out = ["20230709T2359Z", "20230711T0100Z", "20240710T1200Z"].map(keeps);
        assert_eq!((kept, left_out), ([true; 3], [false; 3]));
    }

    #[test]
    fn accounts_regions_and_text_are_all_to_hold() {
        let path = key("111122223333", "eu-west-1", "20230710T0000Z");
        let with = |accounts: &str, regions: &str, path: &str| Selection {
            accounts: Selection::parse_list(accounts),
            regions: Selection::parse_list(regions),
            path: path.into(),
            ..Selection::default()
        };
        assert!(with("444455556666, 111122223333", "eu-west-1 us-east-1", "awslogs/").keeps(&path));
        assert!(!with("444455556666", "", "").keeps(&path));
        assert!(!with("", "eu-west-2", "").keeps(&path));
        assert!(!with("", "", "other").keeps(&path));
    }

    #[test]
    fn of_keys_the_text_tells_only_where_it_speaks_of_keys() {
        let read = key("111122223333", "eu-west-1", "20230710T0000Z");
        let other = read.trim_start_matches("b/").replace("CloudTrail_", "CloudTrail-Insight_");
        let judged = |text: &str, dropped: &str, key: &str| {
            let selection = Selection { path: text.into(), ..Selection::default() };
            selection.for_keys([format!("{dropped}{read}").as_str(), "incident.json"]).keeps(key)
        };
        let (missing, left_out) = (true, false);
        assert_eq!(judged("INCIDENT", "Incident 7/", &other), missing);
        assert_eq!(judged("cloudtrail_eu", "", &other), left_out);
        // In both: nobody knows where the other one lay.
        assert_eq!(judged("cloudtrail_eu", "cloudtrail_eu/", &other), missing);
        // Across the border, and in no path, as of what was dropped before the text was typed.
        assert_eq!(judged("7/b/111122223333_", "7/", &other.replace("AWSLogs/", "")), missing);
        assert_eq!(judged("zzz", "", &other), missing);
        let of_day = Selection { from: Selection::parse_from("2023-07-11"), path: "b/".into(), ..Selection::default() };
        assert!(!of_day.for_keys([read.as_str()]).keeps(&other));
    }

    #[test]
    fn what_has_no_key_is_always_read() {
        let nothing =
            Selection { from: Selection::parse_from("2099-01-01"), path: "zzz".into(), ..Selection::default() };
        for path in ["trail.zip", "notes.json", "AWSLogs/x/y.json.gz"] {
            assert!(nothing.keeps(path), "{path}");
        }
        assert!(!nothing.keeps(&key("111122223333", "eu-west-1", "20230710T0000Z")));
    }

    #[test]
    fn dates_and_times_are_read() {
        let at = |text: &str| EpochMs::parse(text);
        assert_eq!(Selection::parse_from(" 2024-02-29 "), at("2024-02-29T00:00:00Z"));
        assert_eq!(Selection::parse_to("2024-02-29"), at("2024-03-01T00:00:00Z"));
        assert_eq!(Selection::parse_to("2024-02-29T12:00:00Z"), at("2024-02-29T12:00:00Z"));
        assert_eq!(Selection::parse_from("2023-02-29"), None);
        assert_eq!(Selection::parse_from("yesterday"), None);
    }
}
