//! What stands in the gaps of templates.
//!
//! A kind has one value per event, so that a name is the same in the request, the response and the resource. Things that
//! exist for longer come from a pool, are kept for some events, because whoever works on a thing calls more than once,
//! and are replaced by others over time.

use std::fmt::Write;

use super::form;
use crate::base::time::{DAY, HOUR, SECOND};
use crate::sample::company::ACCOUNT;
use crate::sample::layout::Moment;
use crate::sample::random::Random;

/// One kind of value.
pub(in crate::sample) struct Kind {
    pub(super) name: &'static str,
    source: Source,
}

/// Where values come from.
enum Source {
    /// Of this form, new for each event.
    Fresh(&'static str),
    /// Of this form, one of so many things.
    Pool(&'static str, u64),
    Account,
    Region,
    /// `2024-03-04T05:06:07Z`
    Time,
    /// `Mar 4, 2024, 5:06:07 AM`
    Date,
    /// `2024-03-04`
    Day,
    Milliseconds,
    /// With three decimals.
    Seconds,
    Nanoseconds,
}

use Source::{Fresh, Pool};

const fn kind(name: &'static str, source: Source) -> Kind {
    Kind { name, source }
}

/// All kinds.
pub(in crate::sample) const KINDS: &[Kind] = &[
    kind("account", Source::Account),
    kind("region", Source::Region),
    kind("time", Source::Time),
    kind("date", Source::Date),
    kind("day", Source::Day),
    kind("ms", Source::Milliseconds),
    kind("seconds", Source::Seconds),
    kind("nanos", Source::Nanoseconds),
    kind("uuid", Fresh("#{8}-#{4}-4#{3}-a#{3}-#{12}")),
    kind("UUID", Fresh("^{8}-^{4}-4^{3}-A^{3}-^{12}")),
    kind("version", Pool("^{8}-^{4}-4^{3}-9^{3}-^{12}", 20)),
    kind("vpc", Pool("vpc-0#{16}", 7)),
    kind("subnet", Pool("subnet-0#{16}", 10)),
    kind("rtb", Pool("rtb-0#{16}", 10)),
    kind("rtbassoc", Pool("rtbassoc-0#{16}", 10)),
    kind("sg", Pool("sg-0#{16}", 6)),
    kind("sgr", Fresh("sgr-0#{16}")),
    kind("i", Pool("i-0#{16}", 40)),
    kind("vol", Pool("vol-0#{16}", 6)),
    kind("snap", Pool("snap-0#{16}", 4)),
    kind("igw", Pool("igw-0#{16}", 4)),
    kind("nat", Pool("nat-0#{16}", 2)),
    kind("eipalloc", Pool("eipalloc-0#{16}", 3)),
    kind("eni", Pool("eni-0#{16}", 4)),
    kind("eni-attach", Fresh("eni-attach-0#{16}")),
    kind("ami", Pool("ami-0#{16}", 3)),
    kind("fl", Pool("fl-0#{16}", 2)),
    kind("dopt", Pool("dopt-0#{16}", 2)),
    kind("vpc-cidr-assoc", Fresh("vpc-cidr-assoc-0#{16}")),
    kind("mac", Fresh("02:#{2}:#{2}:#{2}:#{2}:#{2}")),
    kind("ip", Fresh("203.0.113.%{2}|198.51.100.1%{2}|192.0.2.%")),
    kind("byte", Fresh("%{2}")),
    kind("bucket", Pool("@-@-bucket-~{10}-example|example-@-logs-~{12}", 14)),
    kind(
        "object",
        Pool("@/2024/%%/~{12}.parquet|@/@/~{8}-~{4}.json|AWSLogs/@/~{24}.json.gz|@/Rückläufer/@-%{4}.pdf", 200),
    ),
    kind("role", Pool("@-@-~{4}-execution-role|AWSServiceRoleFor@|eks-@-nodes-~{8}-example", 14)),
    kind("user", Pool("@-deploy-user-~{6}|alice|bruno|chen|dana", 5)),
    kind("policy", Pool("@-@-policy-~{10}", 5)),
    kind("profile", Pool("@-@-instance-profile", 3)),
    kind("function", Pool("@-@-function-~{8}", 4)),
    kind("trail", Pool("@-trail-~{10}", 4)),
    kind("group", Pool("/aws/lambda/@-@-~{6}|/ecs/@/@", 5)),
    kind("database", Pool("terraform-2024%{20}", 2)),
    kind("dbsnapshot", Pool("@-snapshot", 2)),
    kind("name", Pool("@-@-@-~{8}|@-@-stack-~{10}-~{6}", 24)),
    kind("secret", Pool("prod/@/@/retrieve-secret-%-~{6}", 20)),
    kind("parameter", Pool("/credentials/@-@/credentials-%{2}", 42)),
    kind("key", Pool("#{8}-#{4}-4#{3}-8#{3}-#{12}", 4)),
    kind("session", Pool("i-0#{16}|aws-go-sdk-%{19}|@@example.com|botocore-session-1709%{6}|@-~{8}", 16)),
    kind("host", Pool("ip-10-0-%-%{2}.ec2.internal", 6)),
    kind("AROAID", Pool("AROA?{17}", 10)),
    kind("AIDAID", Pool("AIDA?{17}", 4)),
    kind("AIPAID", Pool("AIPA?{17}", 4)),
    kind("ANPAID", Pool("ANPA?{17}", 4)),
    kind("ASIAID", Fresh("ASIA?{16}")),
    kind("AKIAID", Fresh("AKIA?{16}")),
    kind("dbi", Pool("db-?{26}", 2)),
    kind("word", Fresh("~{10}")),
    kind("hex32", Pool("#{32}", 3)),
    kind("sha", Fresh("#{64}")),
    kind("hash", Fresh("*{43}=")),
    kind("base64", Fresh("*{75}=|*{75}=|*{75}=|*{107}=")),
    kind("marker", Fresh("*{72}|*{72}|*{120}|*{744}")),
    kind("token", Fresh("IQoJb3JpZ2luX2VjE*{880}|IQoJb3JpZ2luX2VjE*{880}|IQoJb3JpZ2luX2VjE*{1400}")),
    kind("denial", Fresh("*{596}")),
    kind("number", Fresh("%%%|%%%|%%|%%%%|%{6}")),
    kind("few", Fresh("0|0|0|0|0|0|0|0|0|0|0|0|%{3}")),
    kind("ratio", Fresh("%.%{2}|0.%|%{2}.%")),
];

/// Of 100 events, how many keep the thing of the event before.
const KEEPS: u64 = 40;
/// Sessions after which a pool has one more new thing.
const SESSIONS_PER_THING: u64 = 2;

/// Writes values.
pub(super) struct Values {
    seed: u64,
    /// Number of the event, and by kind the value and the event it was last drawn for.
    event: u64,
    current: Vec<(u64, String)>,
}

impl Values {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, event: 0, current: KINDS.iter().map(|_| (0, String::new())).collect() }
    }

    /// A new file: nothing is kept.
    pub(super) fn forget(&mut self) {
        self.current.iter_mut().for_each(|(_, text)| text.clear());
    }

    /// A new event.
    pub(super) fn turn(&mut self) {
        self.event += 1;
    }

    /// Appends this event's value of a kind.
    pub(super) fn write(&mut self, kind: usize, moment: &Moment, region: &str, random: &mut Random, out: &mut String) {
        let (drawn, text) = &mut self.current[kind];
        if *drawn != self.event {
            *drawn = self.event;
            draw(kind, self.seed, moment, region, random, text);
        }
        out.push_str(text);
    }
}

fn draw(kind: usize, seed: u64, moment: &Moment, region: &str, random: &mut Random, text: &mut String) {
    if let Pool(shape, size) = KINDS[kind].source {
        if !text.is_empty() && random.below(100) < KEEPS {
            return;
        }
        text.clear();
        // The first things of a pool are more popular.
        let place = random.below(size).min(random.below(size));
        let renewed = (moment.session / SESSIONS_PER_THING + size - 1 - place) / size;
        let number = place + renewed * size;
        let thing = (moment.region as u64) << 56 ^ (kind as u64) << 48 ^ number;
        form::write(shape, &mut Random::new(seed ^ thing), text);
        return;
    }
    text.clear();
    let time = moment.time;
    let at = time.civil();
    let written = match KINDS[kind].source {
        Pool(..) => Ok(()),
        Fresh(shape) => {
            form::write(shape, random, text);
            Ok(())
        }
        Source::Account => text.write_str(ACCOUNT),
        Source::Region => text.write_str(region),
        Source::Time => text.write_str(&time.to_rfc3339()),
        Source::Day => write!(text, "{:04}-{:02}-{:02}", at.year, at.month, at.day),
        Source::Date => {
            const MONTHS: [&str; 12] =
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = MONTHS[(at.month as usize + 11) % 12];
            let half = if time.0.rem_euclid(DAY) < 12 * HOUR { "AM" } else { "PM" };
            let hour = (at.hour + 11) % 12 + 1;
            write!(text, "{month} {}, {}, {hour}:{:02}:{:02} {half}", at.day, at.year, at.minute, at.second)
        }
        Source::Milliseconds => write!(text, "{}", time.0),
        Source::Seconds => write!(text, "{}.{:03}", time.0 / SECOND, random.below(1_000)),
        Source::Nanoseconds => write!(text, "{}{:06}", time.0, random.below(1_000_000)),
    };
    let _ = written; // a String takes everything
}
