//! Records that are valid and have as little in common as possible.
//!
//! Nothing that is learnt from one record helps with the next: keys come in random order in every object, hardly a value
//! twice, texts of any length with escapes and other scripts, numbers of every notation, some thousand paths, and now and
//! then deep nesting. It is the worst case for a reader that predicts, and says what prediction costs when it fails.

use super::company::{ACCOUNT, REGIONS, Region};
use super::layout::{Author, Moment};
use super::random::Random;

/// Names of members at each level of free-form objects: together about 2,500 paths in each of them.
const NAMES: [u64; 3] = [32, 12, 6];
/// How deep the deepest objects are.
const DEPTH: usize = 48;

/// Writes such records.
pub(super) struct Contrarian;

impl Author for Contrarian {
    fn regions(&self) -> &'static [Region] {
        REGIONS
    }

    fn open(&mut self) {}

    fn write(&mut self, moment: &Moment, random: &mut Random, out: &mut String) {
        let mut record = Members::default();
        record.text("eventVersion", format_args!("1.{:02}", random.between(2, 11)));
        record.json("userIdentity", identity(random));
        record.text("eventTime", format_args!("{}", moment.time.to_rfc3339()));
        record.text("eventSource", format_args!("service{}.amazonaws.com", random.below(200)));
        record.text("eventName", format_args!("Do{}", word(random, 4..24)));
        record.text("awsRegion", format_args!("{}", REGIONS[moment.region].name));
        record.text("sourceIPAddress", format_args!("{}", address(random)));
        record.json("userAgent", text(random, 200));
        if random.chance(100) {
            record.text("errorCode", format_args!("{}Exception", word(random, 3..20)));
            record.json("errorMessage", text(random, 300));
        }
        record.json("requestParameters", parameters(random));
        record.json("responseElements", if random.chance(500) { "null".into() } else { parameters(random) });
        if random.chance(300) {
            record.json("additionalEventData", parameters(random));
        }
        record.text("requestID", format_args!("{}", random.uuid()));
        record.text("eventID", format_args!("{}", random.uuid()));
        record.json("readOnly", random.chance(500).to_string());
        record.text("eventType", format_args!("AwsApiCall"));
        record.json("managementEvent", random.chance(500).to_string());
        record.text("recipientAccountId", format_args!("{ACCOUNT}"));
        record.text("eventCategory", format_args!("{}", random.pick(&["Management", "Data"])));
        if random.chance(300) {
            let mut resource = Members::default();
            resource.text("ARN", format_args!("arn:aws:service:::{}", word(random, 10..80)));
            resource.text("accountId", format_args!("{ACCOUNT}"));
            resource.text("type", format_args!("AWS::Service::{}", word(random, 3..9)));
            record.json("resources", format!("[{}]", resource.shuffled(random)));
        }
        out.push_str(&record.shuffled(random));
    }
}

/// The members of an object, as text.
#[derive(Default)]
struct Members(Vec<String>);

impl Members {
    fn json(&mut self, key: &str, value: String) {
        self.0.push(format!(r#""{key}":{value}"#));
    }

    /// The text needs no escapes.
    fn text(&mut self, key: &str, value: std::fmt::Arguments) {
        self.0.push(format!(r#""{key}":"{value}""#));
    }

    /// The object, its members in random order.
    fn shuffled(mut self, random: &mut Random) -> String {
        for end in (1..self.0.len()).rev() {
            self.0.swap(end, random.below(end as u64 + 1) as usize);
        }
        format!("{{{}}}", self.0.join(","))
    }
}

fn identity(random: &mut Random) -> String {
    let (name, key) = (word(random, 4..40), word(random, 17..18).to_ascii_uppercase());
    let mut identity = Members::default();
    identity.text("type", format_args!("AssumedRole"));
    identity.text("principalId", format_args!("AROA{key}:{name}"));
    identity.text("arn", format_args!("arn:aws:sts::{ACCOUNT}:assumed-role/role/{name}"));
    identity.text("accountId", format_args!("{ACCOUNT}"));
    identity.text("accessKeyId", format_args!("ASIA{}", &key[1..]));
    let mut attributes = Members::default();
    attributes
        .text("creationDate", format_args!("2024-01-{:02}T{:02}:00:00Z", random.between(1, 28), random.below(24)));
    attributes.text("mfaAuthenticated", format_args!("{}", random.chance(500)));
    let mut issuer = Members::default();
    issuer.text("type", format_args!("Role"));
    issuer.text("userName", format_args!("{}", word(random, 4..40)));
    let mut context = Members::default();
    context.json("attributes", attributes.shuffled(random));
    context.json("sessionIssuer", issuer.shuffled(random));
    identity.json("sessionContext", context.shuffled(random));
    identity.shuffled(random)
}

/// A free-form object, rarely a very deep one.
fn parameters(random: &mut Random) -> String {
    if random.chance(2) {
        let leaf = text(random, 20);
        return format!("{}{leaf}{}", r#"{"next":"#.repeat(DEPTH), "}".repeat(DEPTH));
    }
    object(random, 0)
}

fn object(random: &mut Random, level: usize) -> String {
    let names = NAMES[level];
    let mut members = Members::default();
    let mut name = random.below(names);
    for _ in 0..random.below(6 - level as u64) {
        members.json(&format!("field{name}"), value(random, level));
        // Another one each time: a key may not repeat within an object.
        name = (name + 1 + random.below(3)) % names;
        if members.0.len() as u64 * 3 >= names {
            break;
        }
    }
    members.shuffled(random)
}

fn value(random: &mut Random, level: usize) -> String {
    match random.below(20) {
        0..4 if level + 1 < NAMES.len() => object(random, level + 1),
        4..6 => {
            let items: Vec<_> = (0..random.below(5)).map(|_| text(random, 30)).collect();
            format!("[{}]", items.join(","))
        }
        6..9 => format!("{}", random.next() >> random.below(64)),
        9 => format!("-{}.{}", random.below(100_000), random.below(1_000_000)),
        10 => format!("{}.{:02}E{}", random.between(1, 9), random.below(100), random.between(0, 20) as i64 - 10),
        11 => random.pick(&["null", "true", "false"]).to_string(),
        _ => text(random, 120),
    }
}

/// A JSON string of up to about so many characters, a third of them with escapes or from other scripts.
fn text(random: &mut Random, longest: usize) -> String {
    const PIECES: &[&str] = &[
        r#"\""#,
        r"\\",
        r"\n",
        r"\t",
        r"\/",
        r"\u00e9",
        r"\ud83d\ude00",
        "é",
        "日本",
        "😀",
        "<b>",
        "{",
        "]",
        ",",
        ": ",
    ];
    let mut out = String::from('"');
    let is_plain = random.chance(670);
    for _ in 0..=random.between(0, longest) / 12 {
        out.push_str(&word(random, 1..24));
        if !is_plain {
            out.push_str(PIECES[random.below(PIECES.len() as u64) as usize]);
        }
    }
    out.push('"');
    out
}

/// Letters, digits and a few signs; a length within the range.
fn word(random: &mut Random, lengths: std::ops::Range<usize>) -> String {
    let length = random.between(lengths.start, lengths.end - 1);
    random.text(length, b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
}

fn address(random: &mut Random) -> String {
    let (high, low) = (random.next(), random.next());
    if random.chance(500) {
        let [a, b, c, d, ..] = high.to_be_bytes();
        return format!("10.{}.{}.{}", a ^ d, b, c);
    }
    let group = |number: u64, shift: u32| (number >> shift) & 0xffff;
    format!(
        "2001:db8:{:x}:{:x}:{:x}:{:x}:{:x}:{:x}",
        group(high, 0),
        group(high, 16),
        group(high, 32),
        group(low, 0),
        group(low, 16),
        group(low, 32)
    )
}
