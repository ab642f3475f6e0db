//! `report`: the evidence report of a framework.

use super::Output;
use super::data::Data;
use super::failure::Failure;
use super::verify::{Verified, verify};
use crate::base::EpochMs;
use crate::base::time::HOUR;
use crate::controls::framework::Framework;
use crate::controls::history::histories;
use crate::model::query::{Answer, Query, Scope};
use crate::verify::Audit;
use crate::view::evidence::{Archive, SHOWN, chosen, evidence, html, integrity, not_read};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// security-hub, pci-dss-4.0, pci-dss-3.2.1, hipaa or a CIS version: cis-v1.2.0 and so on; another name lists them all.
    #[arg(long, value_name = "FRAMEWORK", value_parser = framework)]
    framework: Framework,
    /// Output of `aws cloudtrail list-public-keys` or `aws s3api head-object` that lies elsewhere.
    #[arg(long, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// Where to write the HTML file; standard output by default.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

fn framework(code: &str) -> Result<Framework, String> {
    Framework::by_code(code).ok_or_else(|| {
        let known: Vec<String> = Framework::every().map(Framework::code).collect();
        format!("one of {}", known.join(", "))
    })
}

/// The report, or where it was written.
#[derive(Serialize)]
pub struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
}

impl Output for Written {}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.html, &self.out) {
            (Some(html), _) => f.write_str(html),
            (None, Some(out)) => write!(f, "{} written", super::on_one_line(out)),
            (None, None) => Ok(()),
        }
    }
}

/// Loads the data and writes the report.
pub fn run(args: &Args) -> Result<Written, Failure> {
    let (shards, loaded) = args.data.load_and_tell()?;
    let keep_duplicates = args.data.reading.keep_duplicates;
    let scope = Scope { keep_duplicates, ..Scope::default() };
    let count = shards.ask(&Query::Count(scope), |answer| match answer {
        Answer::Count(part) => Some(part),
        _ => None,
    })?;
    let coverage =
        shards.ask(&Query::Coverage { step_ms: HOUR, offset_ms: 0, range: None }, |answer| match answer {
            Answer::Coverage(part) => Some(part),
            _ => None,
        })?;
    let patterns = crate::view::controls::patterns(args.framework);
    let query = Query::Matches { patterns, keep_duplicates, shown: SHOWN };
    let matches = shards.ask(&query, |answer| match answer {
        Answer::Matches(part) => Some(part),
        _ => None,
    })?;
    let selection = args.data.reading.selection.selection();
    let can_verify = Audit::new(&loaded.attachments).has_work();
    let paths: Vec<PathBuf> = args.data.paths.iter().chain(&args.keys).cloned().collect();
    let verified = can_verify.then(|| verify(&paths, args.data.reading.threads, &selection)).transpose()?;
    let files = loaded.files as u64;
    let archive = Archive {
        name: args.data.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        files: (files.saturating_sub(loaded.unreadable()), files),
        not_read: not_read(&loaded.diagnostics),
        chosen: chosen(std::slice::from_ref(&selection), loaded.left_out),
        count,
        coverage,
        integrity: integrity(verified.as_ref().map(Verified::report)),
        keep_duplicates,
    };
    let text = html(&evidence(args.framework, now(), archive, histories(matches).collect()));
    match &args.out {
        None => Ok(Written { out: None, html: Some(text) }),
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::io(path.display(), error))?;
            Ok(Written { out: Some(path.display().to_string()), html: None })
        }
    }
}

fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
