//! Conditions on the leaves of a JSON document, as EventBridge's event patterns make them.
//!
//! A leaf is a string, number, boolean or `null`. Its path is the names on the way to it, joined by dots; arrays on the
//! way are entered and leave no trace in it (EventBridge User Guide, "Creating event patterns"; cases `eb-dot-*`,
//! `eb-array-*` in `tests/cases/eventbridge-match.json`).

use crate::model::value::Scalar;
use core::net::IpAddr;
use std::borrow::Cow;

/// What one path must have: a leaf that passes one of the tests, or, if that is allowed, no leaf at all.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafCondition {
    /// Names joined by dots.
    pub path: String,
    /// What the tests see of a leaf.
    pub view: LeafView,
    /// Alternatives.
    pub tests: Vec<LeafTest>,
    /// Whether the condition holds on an event without a leaf at the path.
    pub absent: bool,
}

/// What the tests see of a leaf. EventBridge's envelope says some things in other words than the record in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafView {
    /// The value.
    AsIs,
    /// `aws.iam` for `iam.amazonaws.com`.
    Source,
    /// `AWS API Call via CloudTrail` for `AwsApiCall`.
    DetailType,
}

/// A test of one leaf.
#[derive(Clone, Debug, PartialEq)]
pub enum LeafTest {
    /// This string.
    Text(String),
    /// A string that is this address, however it is written.
    Address(IpAddr),
    /// This number.
    Number(f64),
    /// This boolean.
    Bool(bool),
    /// `null`
    Null,
    /// A string that begins with this.
    Prefix(String),
    /// The same in any case; the text is lower case.
    PrefixIgnoringCase(String),
    /// A string that ends with this.
    Suffix(String),
    /// The same in any case; the text is lower case.
    SuffixIgnoringCase(String),
    /// This string in any case; the text is lower case.
    TextIgnoringCase(String),
    /// A string that consists of these pieces with anything between them.
    Wildcard(Vec<String>),
    /// A leaf that passes none of these.
    AnythingBut(Vec<LeafTest>),
    /// A number inside these bounds.
    Range {
        /// The bound and whether it is inside.
        lower: Option<(f64, bool)>,
        /// The bound and whether it is inside.
        upper: Option<(f64, bool)>,
    },
    /// A string that is an address in this network.
    Network {
        /// First address.
        base: IpAddr,
        /// Length of the network part in bits.
        bits: u32,
    },
    /// Any leaf.
    Exists,
}

impl LeafView {
    /// The leaf as tests see it.
    pub fn see(self, value: Scalar<'_>) -> Seen<'_> {
        match (self, value) {
            (Self::Source, Scalar::Str(text)) => Seen::Text(source(text).into()),
            (Self::DetailType, Scalar::Str(text)) => Seen::Text(detail_type(text).into()),
            _ => Seen::Value(value),
        }
    }
}

/// A leaf as a view shows it.
pub enum Seen<'v> {
    /// The value.
    Value(Scalar<'v>),
    /// Other text.
    Text(Cow<'v, str>),
}

impl Seen<'_> {
    /// The value.
    pub fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Value(value) => *value,
            Self::Text(text) => Scalar::Str(text),
        }
    }
}

/// `source` of the envelope for an `eventSource`: `aws.` and what stands before `.amazonaws.com` (User Guide, "AWS
/// service events delivered via AWS CloudTrail").
pub fn source(event_source: &str) -> String {
    format!("aws.{}", event_source.split(".amazonaws.com").next().unwrap_or_default())
}

/// `detail-type` of the envelope for an `eventType`. The page lists both spellings of sign-in; events that people quote
/// have this one. Undocumented for other types: we choose that of API calls.
pub fn detail_type(event_type: &str) -> &'static str {
    let known = DETAIL_TYPES.iter().find(|(known, _)| *known == event_type);
    known.map_or(DETAIL_TYPES[0].1, |(_, detail_type)| detail_type)
}

/// `eventType` of a record and `detail-type` of its envelope.
pub const DETAIL_TYPES: [(&str, &str); 6] = [
    ("AwsApiCall", "AWS API Call via CloudTrail"),
    ("AwsConsoleSignIn", "AWS Console Sign In via CloudTrail"),
    ("AwsConsoleAction", "AWS Console Action via CloudTrail"),
    ("AwsServiceEvent", "AWS Service Event via CloudTrail"),
    ("AwsCloudTrailInsight", "AWS Insight via CloudTrail"),
    ("AwsVpceEvent", "AWS Network Activity Event via CloudTrail"),
];

impl LeafCondition {
    /// Whether a leaf passes. Objects and arrays are no leaves.
    pub fn passes(&self, value: Scalar<'_>) -> bool {
        !value.is_container() && self.tests.iter().any(|test| test.matches(self.view.see(value).scalar()))
    }
}

impl LeafTest {
    /// Whether a leaf passes (cases `eb-exact-*`, `eb-prefix-*`, `eb-but-*` and so on).
    pub fn matches(&self, value: Scalar<'_>) -> bool {
        let text = if let Scalar::Str(text) = value { Some(text) } else { None };
        let of_text = |test: &dyn Fn(&str) -> bool| text.is_some_and(test);
        match self {
            Self::Text(wanted) => of_text(&|text| text == wanted),
            Self::Address(wanted) => of_text(&|text| text.parse() == Ok(*wanted)),
            Self::Number(wanted) => number(value) == Some(*wanted),
            Self::Bool(wanted) => value == Scalar::Bool(*wanted),
            Self::Null => value == Scalar::Null,
            Self::Prefix(prefix) => of_text(&|text| text.starts_with(prefix.as_str())),
            Self::PrefixIgnoringCase(prefix) => of_text(&|text| text.to_lowercase().starts_with(prefix.as_str())),
            Self::Suffix(suffix) => of_text(&|text| text.ends_with(suffix.as_str())),
            Self::SuffixIgnoringCase(suffix) => of_text(&|text| text.to_lowercase().ends_with(suffix.as_str())),
            Self::TextIgnoringCase(wanted) => of_text(&|text| text.to_lowercase() == *wanted),
            Self::Wildcard(pieces) => of_text(&|text| matches_wildcard(pieces, text)),
            Self::AnythingBut(excluded) => !excluded.iter().any(|test| test.matches(value)),
            Self::Range { lower, upper } => number(value).is_some_and(|number| {
                lower.is_none_or(|(bound, inside)| number > bound || (inside && number == bound))
                    && upper.is_none_or(|(bound, inside)| number < bound || (inside && number == bound))
            }),
            Self::Network { base, bits } => of_text(&|text| text.parse().is_ok_and(|ip| is_inside(ip, *base, *bits))),
            Self::Exists => !value.is_container(),
        }
    }
}

fn number(value: Scalar<'_>) -> Option<f64> {
    match value {
        Scalar::Int(number) => Some(number as f64),
        Scalar::Float(number) => Some(number),
        _ => None,
    }
}

/// The first piece at the start, the last one at the end, the others between them, each as early as it can be.
fn matches_wildcard(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return pieces.first().is_some_and(|only| text == only) };
    let Some(rest) = text.strip_prefix(first.as_str()) else { return false };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else { return false };
    middle.iter().all(|piece| match rest.find(piece.as_str()) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// Whether the first `bits` of two addresses of one kind are the same.
fn is_inside(address: IpAddr, base: IpAddr, bits: u32) -> bool {
    match (address, base) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits,
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_take_each_piece_as_early_as_possible() {
        let matches = |pieces: &[&str], text: &str| {
            matches_wildcard(&pieces.iter().map(|piece| (*piece).to_owned()).collect::<Vec<_>>(), text)
        };
        assert!(matches(&["a", "b", ""], "acbc") && matches(&["", ""], "") && matches(&["", "x", "x"], "axbx"));
        assert!(!matches(&["ab", "ba"], "aba"), "the ends do not overlap");
        assert!(!matches(&["", "x", "x"], "x") && matches(&["x"], "x") && !matches(&[""], "x"));
    }

    #[test]
    fn wildcards_take_time_by_the_length_of_the_text() {
        let pieces: Vec<String> = (0..1000).map(|at| if at == 999 { "b".into() } else { "a".into() }).collect();
        let text = "a".repeat(1 << 20);
        assert!(!matches_wildcard(&pieces, &text) && matches_wildcard(&pieces, &format!("{text}b")));
    }

    #[test]
    fn the_envelope_says_source_and_type_in_its_own_words() {
        assert_eq!((source("iam.amazonaws.com"), source("s3.amazonaws.com.cn")), ("aws.iam".into(), "aws.s3".into()));
        assert_eq!(detail_type("AwsConsoleSignIn"), "AWS Console Sign In via CloudTrail");
        assert_eq!(detail_type("AwsSomethingNew"), "AWS API Call via CloudTrail");
    }
}
