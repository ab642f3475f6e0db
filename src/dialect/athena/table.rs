//! The table of a trail's bucket: its columns, where a path of a record stands in them, and the statement that makes it.
//!
//! Columns and formats are those of the Athena user guide, "Query AWS CloudTrail logs", with the members of
//! `userIdentity` that records have had since. What differs from call to call (`requestParameters` and its like) is
//! kept as the text of its JSON.

use super::text;
use crate::base::EpochMs;
use crate::filter::predicate::{Selector, Step, is_plain_name};
use std::fmt::Write;

/// Name of the table.
pub const TABLE: &str = "cloudtrail_logs";

/// What a column, or a member of one, holds. Names are those of the record; Hive's are the same in lower case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// `true` or `false`, as text.
    Flag,
    /// An object with known members.
    Row(&'static [(&'static str, Kind)]),
    /// A list of such objects.
    Rows(&'static [(&'static str, Kind)]),
    /// The text of any JSON.
    Json,
}

use Kind::{Flag, Json, Row, Rows, Text};

const ISSUER: Kind =
    Row(&[("type", Text), ("principalId", Text), ("arn", Text), ("accountId", Text), ("userName", Text)]);

const SESSION: Kind = Row(&[
    ("attributes", Row(&[("mfaAuthenticated", Text), ("creationDate", Text)])),
    ("sessionIssuer", ISSUER),
    ("sourceIdentity", Text),
    ("ec2RoleDelivery", Text),
    ("assumedRoot", Text),
]);

const IDENTITY: Kind = Row(&[
    ("type", Text),
    ("principalId", Text),
    ("arn", Text),
    ("accountId", Text),
    ("accessKeyId", Text),
    ("userName", Text),
    ("invokedBy", Text),
    ("identityProvider", Text),
    ("credentialId", Text),
    ("onBehalfOf", Row(&[("userId", Text), ("identityStoreArn", Text)])),
    ("sessionContext", SESSION),
]);

/// All columns but those of the partitions.
pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("eventVersion", Text),
    ("userIdentity", IDENTITY),
    ("eventTime", Text),
    ("eventSource", Text),
    ("eventName", Text),
    ("awsRegion", Text),
    ("sourceIPAddress", Text),
    ("userAgent", Text),
    ("errorCode", Text),
    ("errorMessage", Text),
    ("requestParameters", Json),
    ("responseElements", Json),
    ("additionalEventData", Json),
    ("requestID", Text),
    ("eventID", Text),
    ("readOnly", Flag),
    ("resources", Rows(&[("ARN", Text), ("accountId", Text), ("type", Text)])),
    ("eventType", Text),
    ("apiVersion", Text),
    ("managementEvent", Flag),
    ("recipientAccountId", Text),
    ("serviceEventDetails", Json),
    ("sharedEventID", Text),
    ("vpcEndpointId", Text),
    ("vpcEndpointAccountId", Text),
    ("eventCategory", Text),
    ("addendum", Json),
    ("sessionCredentialFromConsole", Text),
    ("edgeDeviceDetails", Json),
    ("tlsDetails", Row(&[("tlsVersion", Text), ("cipherSuite", Text), ("clientProvidedHostHeader", Text)])),
];

/// What a path selects, as an expression. All are NULL where there is nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// Text.
    Text(String),
    /// `true` or `false`, as text.
    Flag(String),
    /// A row or a list, which no comparison holds for.
    Container(String),
    /// JSON, at a path of a text or value that is JSON.
    Json {
        /// The JSON.
        base: String,
        /// `$` and steps.
        path: String,
    },
    /// No record has anything there.
    Nothing,
    /// Any element of a list may be meant.
    Any {
        /// An expression of an array; its elements are called [`ELEMENT`].
        list: String,
        /// What is meant of each.
        element: Box<Place>,
    },
}

/// What an element of a list is called.
pub(super) const ELEMENT: &str = "item";

/// Where the value of a selector stands. Errors: why the table cannot tell.
pub(super) fn place(selector: &Selector) -> Result<Place, String> {
    walk(selector, "", COLUMNS, &selector.steps)
}

/// Whether records have a field here by their format: a column, or a member of one whose members are known.
pub fn is_column(selector: &Selector) -> bool {
    fn is_known(place: &Place) -> bool {
        match place {
            Place::Text(_) | Place::Flag(_) | Place::Container(_) => true,
            Place::Json { path, .. } => path == "$",
            Place::Any { element, .. } => is_known(element),
            Place::Nothing => false,
        }
    }
    place(selector).is_ok_and(|place| is_known(&place))
}

/// Whether records have an object or a list here by their format. `None`: it leaves that open.
pub(in crate::dialect) fn is_container(selector: &Selector) -> Option<bool> {
    match place(selector).ok()? {
        Place::Container(_) => Some(true),
        Place::Json { path, .. } => (path == "$").then_some(true),
        Place::Text(_) | Place::Flag(_) | Place::Nothing => Some(false),
        Place::Any { .. } => None,
    }
}

fn walk(whole: &Selector, outer: &str, members: &[(&str, Kind)], steps: &[Step]) -> Result<Place, String> {
    let [first, rest @ ..] = steps else { return Ok(Place::Container(outer.trim_end_matches('.').to_owned())) };
    let Step::Key(key) = first else {
        return Err(format!("Athena's table has no column for {whole}: columns cannot be counted through"));
    };
    let Some((name, kind)) = members.iter().find(|(name, _)| name == key) else {
        return Err(format!("Athena's table has no column for {whole}"));
    };
    let column = format!("{outer}{}", name.to_ascii_lowercase());
    match kind {
        Text if rest.is_empty() => Ok(Place::Text(column)),
        Flag if rest.is_empty() => Ok(Place::Flag(column)),
        Text | Flag => Ok(Place::Nothing),
        Row(members) => walk(whole, &format!("{column}."), members, rest),
        Rows(members) => match rest {
            [] => Ok(Place::Container(column)),
            [Step::Index(at), rest @ ..] => {
                walk(whole, &format!("element_at({column}, {}).", u64::from(*at) + 1), members, rest)
            }
            [Step::AnyElement, rest @ ..] => {
                let element = Box::new(walk(whole, &format!("{ELEMENT}."), members, rest)?);
                Ok(Place::Any { list: column, element })
            }
            [Step::Key(_) | Step::AnyKey, ..] => Ok(Place::Nothing),
        },
        Json => json(whole, column, rest),
    }
}

fn json(whole: &Selector, base: String, steps: &[Step]) -> Result<Place, String> {
    let end = steps.iter().position(|step| matches!(step, Step::AnyKey | Step::AnyElement)).unwrap_or(steps.len());
    let path = json_path(whole, &steps[..end])?;
    match &steps[end..] {
        [] => Ok(Place::Json { base, path }),
        [Step::AnyElement, rest @ ..] => {
            let list = format!("TRY_CAST(json_extract({base}, {}) AS ARRAY(JSON))", text(&path));
            match json(whole, ELEMENT.to_owned(), rest)? {
                Place::Any { .. } => Err(format!("{whole} has more than one wildcard")),
                element => Ok(Place::Any { list, element: Box::new(element) }),
            }
        }
        _ => Err(format!("Athena cannot look at every member of an object, as {whole} does")),
    }
}

/// `$.a["b c"][0]`
fn json_path(whole: &Selector, steps: &[Step]) -> Result<String, String> {
    let mut path = String::from("$");
    for step in steps {
        let _ = match step {
            Step::Key(key) if is_plain_name(key) && !key.contains('-') => write!(path, ".{key}"),
            Step::Key(key) if !key.contains(['"', '\\']) => write!(path, "[\"{key}\"]"),
            Step::Index(at) => write!(path, "[{at}]"),
            _ => return Err(format!("a path of Athena cannot spell {whole}")),
        };
    }
    Ok(path)
}

/// Where the log files of a trail are, and of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// `s3://…/AWSLogs/`, with the organization's folder where there is one.
    pub location: String,
    /// Accounts that deliver to it.
    pub accounts: Vec<String>,
    /// Regions they deliver from.
    pub regions: Vec<String>,
    /// The day that the table begins with.
    pub first: Option<EpochMs>,
}

/// Stand-ins of AWS's own examples, and the beginning of a table that nothing is known of.
const LOCATION: &str = "s3://amzn-s3-demo-bucket/AWSLogs/";
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";
const FIRST_DAY: &str = "2020/01/01";

/// The statement that makes the table. Days, accounts and Regions are projected, so that no partition has to be loaded.
pub fn create(bucket: &Bucket) -> String {
    let columns: Vec<String> =
        COLUMNS.iter().map(|(name, kind)| format!("  {} {}", name.to_ascii_lowercase(), hive(*kind))).collect();
    let or = |list: &[String], stand_in: &str| if list.is_empty() { stand_in.to_owned() } else { list.join(",") };
    let location = if bucket.location.is_empty() { LOCATION } else { &bucket.location };
    let location = format!("{}/", location.trim_end_matches('/'));
    let first = bucket.first.map_or_else(|| FIRST_DAY.to_owned(), day);
    let properties = [
        ("projection.enabled", "true".to_owned()),
        ("projection.account.type", "enum".to_owned()),
        ("projection.account.values", or(&bucket.accounts, ACCOUNT)),
        ("projection.region.type", "enum".to_owned()),
        ("projection.region.values", or(&bucket.regions, REGION)),
        ("projection.day.type", "date".to_owned()),
        ("projection.day.format", "yyyy/MM/dd".to_owned()),
        ("projection.day.interval", "1".to_owned()),
        ("projection.day.interval.unit", "DAYS".to_owned()),
        ("projection.day.range", format!("{first},NOW")),
        ("storage.location.template", format!("{location}${{account}}/CloudTrail/${{region}}/${{day}}")),
    ];
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("  {} = {}", hive_text(name), hive_text(value))).collect();
    format!(
        "CREATE EXTERNAL TABLE {TABLE} (\n{}\n)\n\
         PARTITIONED BY (account STRING, region STRING, day STRING)\n\
         ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'\n\
         STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'\n\
         OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n\
         LOCATION {}\n\
         TBLPROPERTIES (\n{}\n)\n",
        columns.join(",\n"),
        hive_text(&location),
        properties.join(",\n"),
    )
}

/// A literal of Hive, in whose statement the table is made: unlike Trino's it has escapes.
fn hive_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The type in Hive's words.
fn hive(kind: Kind) -> String {
    let members = |members: &[(&str, Kind)]| {
        let list: Vec<String> =
            members.iter().map(|(name, kind)| format!("{}: {}", name.to_ascii_lowercase(), hive(*kind))).collect();
        format!("STRUCT<{}>", list.join(", "))
    };
    match kind {
        Text | Flag | Json => "STRING".to_owned(),
        Row(list) => members(list),
        Rows(list) => format!("ARRAY<{}>", members(list)),
    }
}

/// `2024/03/01`, the value of a partition.
pub(super) fn day(time: EpochMs) -> String {
    let date = time.civil();
    format!("{:04}/{:02}/{:02}", date.year, date.month, date.day)
}
