//! The name under which CloudTrail delivers a file to S3, wherever it stands in a path.
//!
//! `[prefix/]AWSLogs/[o-orgid/]ACCT/CloudTrail/REGION/YYYY/MM/DD/ACCT_CloudTrail_REGION_YYYYMMDDTHHmmZ_x.json.gz`
//! (CloudTrail user guide, "CloudTrail log file name format"). The file name alone is enough, and so are the folders
//! alone: files are copied without their folders, and renamed inside them. Digest and Insights files have keys of the
//! same form with `CloudTrail-Digest` or `CloudTrail-Insight`.

use crate::base::EpochMs;
use crate::base::time::{days_from_civil, is_date};

/// What stands between the folders of a path, and after an archive in it.
const SEPARATORS: [char; 3] = ['/', '\\', '›'];

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// What a path says about a file of CloudTrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectKey<'p> {
    /// What it is a file of: `CloudTrail`, `CloudTrail-Digest`, `CloudTrail-Insight` …
    pub kind: &'p str,
    /// Account whose events are in the file.
    pub account: &'p str,
    /// Region whose events are in the file.
    pub region: &'p str,
    /// When CloudTrail delivered the file, to the minute; only the file name says so.
    pub delivered: Option<EpochMs>,
    /// Beginning of the day (UTC) it was delivered on.
    pub day: EpochMs,
}

impl<'p> ObjectKey<'p> {
    /// Reads a path, which may begin with anything and lead through archives; `None` when it is no such key.
    pub fn parse(path: &'p str) -> Option<Self> {
        let mut parts = path.rsplit(SEPARATORS).map(str::trim);
        let name = parts.next()?;
        Self::of_name(name).or_else(|| Self::of_folders(parts))
    }

    /// A path in two: the folders and archives that were dropped, and the rest, which is the end of the object's key: from
    /// `AWSLogs` on, or the file name alone.
    pub fn split(path: &'p str) -> (&'p str, &'p str) {
        let mut parts = path.rsplit(SEPARATORS);
        let folders = path.len() - parts.next().map_or(0, str::len);
        let root = Self::of_folders(parts.map(str::trim)).and_then(|_| path[..folders].rfind("AWSLogs"));
        path.split_at(root.unwrap_or(folders))
    }

    fn of_name(name: &'p str) -> Option<Self> {
        let mut parts = name.split('_');
        let (account, kind, region) = (parts.next()?, parts.next()?, parts.next()?);
        // The name of a trail stands before the time of its digests.
        let time = if kind == "CloudTrail-Digest" { parts.next_back()? } else { parts.next()? };
        let delivered = minute(time.split('.').next()?)?;
        let day = delivered.floor_to(DAY_MS);
        (is_account(account) && is_kind(kind) && is_region(region)).then_some(Self {
            kind,
            account,
            region,
            delivered: Some(delivered),
            day,
        })
    }

    /// `parts` are the folders from the innermost outwards.
    fn of_folders(mut parts: impl Iterator<Item = &'p str>) -> Option<Self> {
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, kind, account) = (parts.next()?, parts.next()?, parts.next()?);
        let is_root = match parts.next()? {
            "AWSLogs" => true,
            organization => organization.starts_with("o-") && parts.next()? == "AWSLogs",
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        (is_root
            && is_account(account)
            && is_kind(kind)
            && is_region(region)
            && is_date(year, month as u32, day as u32))
        .then(|| Self {
            kind,
            account,
            region,
            delivered: None,
            day: EpochMs(days_from_civil(year, month as u32, day as u32) * DAY_MS),
        })
    }

    /// When the file was delivered, as precisely as the path says it: `[from, to)`.
    pub fn span(&self) -> (EpochMs, EpochMs) {
        match self.delivered {
            Some(minute) => (minute, EpochMs(minute.0 + MINUTE_MS)),
            None => (self.day, EpochMs(self.day.0 + DAY_MS)),
        }
    }
}

/// `20230710T1150Z`, with seconds in the names of digests.
fn minute(text: &str) -> Option<EpochMs> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || !matches!(time.len(), 4 | 6) || !date.is_ascii() || !time.is_ascii() {
        return None;
    }
    let (year, month, day) = (number(&date[..4], 4)?, number(&date[4..6], 2)?, number(&date[6..], 2)?);
    let (hour, minute) = (number(&time[..2], 2)?, number(&time[2..4], 2)?);
    (is_date(year, month as u32, day as u32) && hour < 24 && minute < 60)
        .then(|| EpochMs(days_from_civil(year, month as u32, day as u32) * DAY_MS + (hour * 60 + minute) * MINUTE_MS))
}

fn number(digits: &str, len: usize) -> Option<i64> {
    (digits.len() == len && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn is_account(text: &str) -> bool {
    number(text, 12).is_some()
}

fn is_kind(text: &str) -> bool {
    text == "CloudTrail" || text.starts_with("CloudTrail-")
}

fn is_region(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> EpochMs {
        EpochMs::parse(text).unwrap()
    }

    #[test]
    fn a_key_is_read_wherever_it_stands() {
        let name = "123456789012_CloudTrail_us-east-1_20230710T1150Z_0UXCOcWNOJHVLpfk.json.gz";
        let folders = "bucket/prefix/AWSLogs/o-exampleorgid/123456789012/CloudTrail/us-east-1/2023/07/10";
        let expected = ObjectKey {
            kind: "CloudTrail",
            account: "123456789012",
            region: "us-east-1",
            delivered: Some(at("2023-07-10T11:50:00Z")),
            day: at("2023-07-10T00:00:00Z"),
        };
        for path in
            [name.to_owned(), format!("{folders}/{name}"), format!("all.zip › {folders}/{name}"), format!("x\\{name}")]
        {
            assert_eq!(ObjectKey::parse(&path), Some(expected), "{path}");
        }
        let renamed = format!("{folders}/renamed.json");
        assert_eq!(ObjectKey::parse(&renamed), Some(ObjectKey { delivered: None, ..expected }));
        assert_eq!(ObjectKey::parse(&renamed).unwrap().span(), (expected.day, at("2023-07-11T00:00:00Z")));
        assert_eq!(expected.span(), (at("2023-07-10T11:50:00Z"), at("2023-07-10T11:51:00Z")));
    }

    #[test]
    fn a_path_is_split_where_the_key_begins() {
        let folders = "AWSLogs/o-exampleorgid/123456789012/CloudTrail/us-east-1/2023/07/10/";
        for (dropped, key) in [
            ("", format!("{folders}x.json")),
            ("AWSLogs/all.zip › prefix/", format!("{folders}x.json")),
            ("AWSLogs/notes/", "x.json".to_owned()),
            ("a.zip ›", " x.json ".to_owned()),
            ("", String::new()),
        ] {
            let path = format!("{dropped}{key}");
            assert_eq!(ObjectKey::split(&path), (dropped, key.as_str()));
        }
    }

    #[test]
    fn digests_have_keys_too() {
        let path = "AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2023/07/10/123456789012_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20230710T120000Z.json.gz";
        let key = ObjectKey::parse(path).unwrap();
        assert_eq!((key.kind, key.account, key.region), ("CloudTrail-Digest", "123456789012", "eu-west-1"));
        assert_eq!(key.delivered, Some(at("2023-07-10T12:00:00Z")));
    }

    #[test]
    fn other_names_are_no_keys() {
        for path in [
            "",
            "trail.zip",
            "123_CloudTrail_us-east-1_20230710T1150Z_x.json.gz",
            "123456789012_CloudTrail_us-east-1_20230732T1150Z_x.json.gz",
            "123456789012_CloudTrail_us-east-1_20230710T2550Z_x.json.gz",
            "123456789012_Config_us-east-1_20230710T1150Z_x.json.gz",
            "AWSLogs/123456789012/elasticloadbalancing/us-east-1/2023/07/10/x.log.gz",
            "CloudTrail/us-east-1/2023/07/10/x.json.gz",
        ] {
            assert_eq!(ObjectKey::parse(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(path in "\\PC{0,60}", time in "[0-9éTZ]{0,18}") {
            let _ = ObjectKey::parse(&path);
            let (dropped, key) = ObjectKey::split(&path);
            prop_assert_eq!(format!("{dropped}{key}"), path);
            let _ = ObjectKey::parse(&format!("123456789012_CloudTrail_us-east-1_{time}_x.json.gz"));
        }
    }
}
