//! The command-line tool: the library of the page, run natively.
//!
//! Commands read files, ask the same engine the page asks, and print text or JSON. Nothing here
//! decides anything about CloudTrail or CloudWatch. Results go to standard output, everything else to standard error.

pub mod cases;

mod alarm;
mod backtest;
mod bench;
mod count;
mod data;
mod deployed;
mod export;
mod failure;
mod generate;
mod insights;
mod metric;
mod replay;
mod report;
mod rule;
mod scan;
mod shards;
mod verify;
mod which;

use clap::{Parser, Subcommand};
use failure::Failure;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// Exit codes, as `--help` lists them.
const EXIT_CODES: &str = "\
Exit codes:
  0  done; what could not be read below a folder is said on standard error, and listed by scan
  1  a conformance case failed; verify found a file modified, missing or with an invalid signature
  2  the command line, a filter pattern, a metric or an alarm is not valid
  3  a file cannot be read or written, or is neither a file nor a folder
  4  verify found nothing wrong, but could not prove or read everything";

/// Read CloudTrail archives and backtest CloudWatch metric filters and alarms on them.
///
/// PATH is a file or a folder: .json, .json.gz, NDJSON, .zip, .tar, .tar.gz, at any depth, recognised by content.
#[derive(Debug, Parser)]
#[command(name = "trailscope", version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print JSON instead of text (`export` has --format).
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load everything and report what was found and what could not be read.
    Scan(scan::Args),
    /// Count events, and group them by a field.
    Count(count::Args),
    /// Print the metric that a metric filter would have published.
    Metric(metric::Args),
    /// Backtest an alarm: every change of state it would have gone through, and why.
    Alarm(alarm::Args),
    /// Replay every alarm that is deployed: which fire, never fire or cannot fire, and why.
    Replay(replay::Args),
    /// Times with more calls or errors than usual: those that CloudTrail Insights recorded, and those found here.
    Insights(insights::Args),
    /// Match an EventBridge event pattern: which events it matches, and which of them would reach a rule.
    Rule(rule::Args),
    /// Write the evidence report of a framework: what each of its controls found, as an HTML file.
    Report(report::Args),
    /// Check log files against CloudTrail's digest files: hashes, chain and signatures.
    Verify(verify::Args),
    /// Write the original records of the events found, or some of their fields, to standard output.
    Export(export::Args),
    /// Run conformance case files and print each failure.
    Cases(cases::Args),
    /// Write a synthetic trail: the same bytes for the same numbers.
    Gen(generate::Args),
    /// Measure loading and queries.
    Bench(bench::Args),
}

/// What a command prints: a value for `--json`, its `Display` otherwise.
trait Output: Serialize + Display {
    /// 0, unless the command found what it looks for to be wrong.
    fn exit_code(&self) -> u8 {
        0
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Scan(args) => scan::run(args).and_then(|output| print(&output, cli.json)),
        Command::Count(args) => count::run(args).and_then(|output| print(&output, cli.json)),
        Command::Metric(args) => metric::run(args).and_then(|output| print(&output, cli.json)),
        Command::Alarm(args) => alarm::run(args).and_then(|output| print(&output, cli.json)),
        Command::Replay(args) => replay::run(args).and_then(|output| print(&output, cli.json)),
        Command::Insights(args) => insights::run(args).and_then(|output| print(&output, cli.json)),
        Command::Rule(args) => rule::run(args).and_then(|output| print(&output, cli.json)),
        Command::Report(args) => report::run(args).and_then(|output| print(&output, cli.json)),
        Command::Verify(args) => verify::run(args).and_then(|output| print(&output, cli.json)),
        Command::Export(args) => export::run(args),
        Command::Cases(args) => cases::run_files(args).and_then(|output| print(&output, cli.json)),
        Command::Gen(args) => generate::run(args).and_then(|output| print(&output, cli.json)),
        Command::Bench(args) => bench::run(args).and_then(|output| print(&output, cli.json)),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("trailscope: {}", on_one_line(&failure.message));
        ExitCode::from(failure.exit_code)
    })
}

fn print(output: &impl Output, json: bool) -> Result<ExitCode, Failure> {
    let text = if json {
        let text = serde_json::to_string_pretty(output).map_err(|error| Failure::io("standard output", error))?;
        unsteered(&text)
    } else {
        output.to_string()
    };
    match writeln!(io::stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::io("standard output", error)),
        _ => Ok(ExitCode::from(output.exit_code())),
    }
}

/// Text from files, for a terminal: control characters and those that turn the direction of writing come as escapes, so
/// that a value in a log can neither steer the terminal nor pose as another line.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return text.into();
    }
    text.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Text of several lines for a terminal, likewise, with the escapes of JSON: JSON means the same with them.
fn unsteered(text: &str) -> String {
    let escaped = |c: char| match c {
        '\n' => c.to_string(),
        c if steers(c) => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_heading_stands_over_what_it_says_only() {
        use clap::CommandFactory;
        for command in Cli::command().get_subcommands() {
            let below =
                command.get_arguments().filter(|option| option.get_help_heading() == Some("Read only part of it"));
            let below: Vec<_> = below.map(|option| option.get_id().as_str()).collect();
            let selected = ["delivered_from", "delivered_to", "account", "region", "path"];
            assert!(below.is_empty() || below == selected, "{}: {below:?}", command.get_name());
        }
    }

    #[test]
    fn text_from_logs_stays_on_its_line() {
        assert_eq!(on_one_line("Zoë's plain text"), "Zoë's plain text");
        assert_eq!(on_one_line("a\u{1b}[31m\r\nb\u{202e}"), "a\\u{1b}[31m\\r\\nb\\u{202e}");
    }
}
