//! The report as HTML: one file without script, images or anything else to load.
//!
//! Markup is built only by [`Markup`], whose names of elements and attributes are literals and whose text is always
//! escaped; there is no way to put a text from a log in as markup. A policy in the file forbids script and loading all
//! the same, and allows its one style sheet by hash.

use super::{Evidence, Finding};
use crate::alarm::headline::duration;
use crate::base::EpochMs;
use crate::model::alarm::AlarmState;
use crate::view::format;
use crate::view::spelling::{hub_words, prowler_words};
use crate::{controls::spelling::prowler, view::lab::capitalised};
use std::fmt::Write;

/// Characters of a text from a log that are shown.
const LONGEST: usize = 300;

/// The style sheet. A test holds [`POLICY`] to its hash.
const STYLE: &str = include_str!("report.css");

/// Nothing is loaded and no script runs; the style sheet is allowed by its hash.
const POLICY: &str = "default-src 'none'; style-src 'sha256-61b1vvhxBJNbIf89VKV11WWyoCsn92klcFx4FB2yhc4='; base-uri 'none'; form-action 'none'";

/// Markup that is well-formed and holds text only as text.
#[derive(Default)]
struct Markup(String);

impl Markup {
    /// An element around what `inside` writes.
    fn element(&mut self, name: &'static str, inside: impl FnOnce(&mut Self)) {
        self.classed(name, "", inside);
    }

    /// Likewise, with a class.
    fn classed(&mut self, name: &'static str, class: &'static str, inside: impl FnOnce(&mut Self)) {
        self.0.push('<');
        self.0.push_str(name);
        if !class.is_empty() {
            let _ = write!(self.0, " class=\"{class}\"");
        }
        self.0.push('>');
        inside(self);
        let _ = write!(self.0, "</{name}>");
        if !matches!(name, "b" | "code" | "span") {
            self.0.push('\n');
        }
    }

    /// Text. What could be markup is escaped; what could turn or hide the text around it is shown as a code point.
    fn text(&mut self, text: &str) {
        for (index, c) in text.chars().enumerate() {
            match c {
                _ if index == LONGEST * 8 => return self.0.push('…'),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' => self.0.push('\n'),
                c if c.is_control() || is_invisible(c) => {
                    let _ = write!(self.0, "\\u{{{:x}}}", u32::from(c));
                }
                c => self.0.push(c),
            }
        }
    }

    /// An element with nothing but text in it.
    fn of(&mut self, name: &'static str, text: &str) {
        self.element(name, |inside| inside.text(text));
    }

    /// A name and what belongs to it, in a list of them.
    fn fact(&mut self, name: &str, value: &str) {
        self.of("dt", name);
        self.of("dd", value);
    }
}

/// Whether a character turns the direction of the text around it, or cannot be seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A text from a log, no longer than anybody reads.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The whole file.
pub fn html(evidence: &Evidence) -> String {
    let title = format!("Evidence for {}", evidence.framework.title());
    let mut page = Markup("<!DOCTYPE html>\n<html lang=\"en\">\n".into());
    page.element("head", |head| {
        // Literals only: nothing else goes into these.
        head.0.push_str("<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"");
        head.0.push_str(POLICY);
        head.0.push_str("\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        head.of("title", &title);
        head.0.push_str("<style>");
        head.0.push_str(STYLE);
        head.0.push_str("</style>\n");
    });
    page.element("body", |body| {
        body.element("main", |main| {
            main.of("h1", &title);
            about(main, evidence);
            overview(main, evidence);
            for finding in &evidence.controls {
                control(main, evidence, finding);
            }
            limits(main, evidence);
        });
    });
    page.0.push_str("</html>\n");
    page.0
}

fn time(time: Option<EpochMs>) -> String {
    time.map_or_else(|| "–".into(), |time| time.to_rfc3339())
}

fn about(main: &mut Markup, evidence: &Evidence) {
    let count = &evidence.count;
    main.element("section", |section| {
        section.of("h2", "What was read");
        section.element("dl", |facts| {
            facts.fact("Data set", &cut(&evidence.name));
            facts.fact(
                "Written",
                &format!("{} by Trailscope {}", evidence.written.to_rfc3339(), env!("CARGO_PKG_VERSION")),
            );
            facts.fact("Period", &format!("{} to {}", time(count.first), time(count.last)));
            let (read, files) = evidence.files;
            facts.fact(
                "Files",
                &if read < files {
                    format!("{} of {} read to the end", format::count(read), format::count(files))
                } else {
                    format::count(files)
                },
            );
            evidence.not_read.iter().for_each(|what| facts.fact("Not read", what));
            let duplicates = if evidence.keep_duplicates {
                "events with the same eventID are all counted".into()
            } else {
                format!("{} set aside", format::plural(count.duplicates, "duplicate is", "duplicates are"))
            };
            let undated = match count.undated {
                0 => String::new(),
                1 => "; 1 has no readable time".into(),
                undated => format!("; {} have no readable time", format::count(undated)),
            };
            facts.fact("Events", &format!("{}; {duplicates}{undated}", format::count(count.events)));
            let (covered, hours) = evidence.hours;
            facts.fact(
                "Coverage",
                &format!("{} of {} hours have a file or an event", format::count(covered), format::count(hours)),
            );
            facts.fact("Integrity", &evidence.integrity);
            let more = more(evidence.more_places, "place", "places");
            facts.fact("Accounts and Regions", &format!("{}{more}", evidence.places.join("; ")));
        });
        if !evidence.gaps.is_empty() {
            section.of("h3", "Gaps: whole hours without a file or an event");
            section.element("ul", |list| {
                for (place, gap) in &evidence.gaps {
                    list.of("li", &format!("{place}: {} to {}", gap.from.to_rfc3339(), gap.to.to_rfc3339()));
                }
                if evidence.more_gaps > 0 {
                    list.of("li", &format!("and {} shorter ones", format::count(evidence.more_gaps as u64)));
                }
            });
            section.of("p", "CloudTrail writes no file when nothing happened, so a gap may be quiet or lost.");
        }
    });
}

fn more(count: usize, one: &str, many: &str) -> String {
    if count == 0 { String::new() } else { format!("; and {} more", format::plural(count as u64, one, many)) }
}

fn ids(evidence: &Evidence, finding: &Finding) -> String {
    match evidence.framework.ids(finding.control).as_slice() {
        [] => "–".into(),
        ids => ids.join(", "),
    }
}

fn overview(main: &mut Markup, evidence: &Evidence) {
    main.element("section", |section| {
        section.of("h2", "Controls at a glance");
        section.element("table", |table| {
            table.element("thead", |head| {
                head.element("tr", |row| {
                    for name in ["Id", "Control", "Events", "Alarm fires", "Last match"] {
                        row.of("th", name);
                    }
                });
            });
            table.element("tbody", |body| {
                for finding in &evidence.controls {
                    body.element("tr", |row| {
                        row.of("td", &ids(evidence, finding));
                        row.of("td", &finding.control.title);
                        row.of("td", &format::count(finding.history.events));
                        row.of("td", &format::count(finding.history.timeline.fires() as u64));
                        row.of("td", &time(finding.history.last));
                    });
                }
            });
        });
        if evidence.framework.is_opinion() {
            section.of("p", "Which clause asks for which control is the opinion of the sources named with each control, not a statement of the standard.");
        }
    });
}

fn control(main: &mut Markup, evidence: &Evidence, finding: &Finding) {
    let Finding { control, pattern, history } = finding;
    let timeline = &history.timeline;
    main.classed("section", "control", |section| {
        section.of("h2", &control.title);
        section.element("dl", |facts| {
            facts.fact("Ids", &ids(evidence, finding));
            facts.fact("Source of the mapping", evidence.framework.source(control));
            facts.fact("Looked for", &format!("{}. Events that match this metric filter:", control.about));
            facts.of("dt", "Filter pattern");
            facts.element("dd", |cell| cell.of("code", pattern));
            facts.fact(
                "Checkers",
                &format!(
                    "Security Hub: {}. {}.",
                    hub_words(control, pattern),
                    capitalised(&format!("it {}", prowler_words(&prowler(control, pattern))))
                ),
            );
            let undated = match history.undated {
                0 => String::new(),
                undated => format!(", {} of them without a readable time", format::count(undated)),
            };
            facts.fact("Events found", &format!("{}{undated}", format::count(history.events)));
            if history.first.is_some() {
                facts.fact("First and last", &format!("{} and {}", time(history.first), time(history.last)));
            }
            let alarm = match timeline.fires() {
                0 => "would never have fired".into(),
                fires => format!(
                    "would have fired {}, {} in ALARM, the longest from {}",
                    format::plural(fires as u64, "time", "times"),
                    duration(timeline.seconds_in(AlarmState::Alarm)),
                    time(timeline.longest_alarm().map(|span| span.from))
                ),
            };
            facts.fact("Recommended alarm", &format!("Sum over 5 minutes ≥ 1, simulated over the period: {alarm}"));
        });
        if !history.earliest.is_empty() {
            let shown = history.earliest.len() as u64;
            section.of(
                "h3",
                &if shown == history.events { "Events".to_owned() } else { format!("The first {shown} events") },
            );
            section.element("ul", |list| {
                for (time, id) in &history.earliest {
                    list.of("li", &format!("{} {}", time.to_rfc3339(), cut(id)));
                }
            });
        }
        if !control.traps.is_empty() {
            section.of("h3", "To keep in mind");
            section.element("ul", |list| control.traps.iter().for_each(|trap| list.of("li", trap)));
        }
    });
}

fn limits(main: &mut Markup, evidence: &Evidence) {
    main.element("section", |section| {
        section.of("h2", "What this report does not show");
        section.element("ul", |list| {
            evidence.not_read.iter().chain(&evidence.limits).for_each(|limit| list.of("li", limit));
            list.of("li", "It tells what the events that were read say. It does not tell whether metric filters, alarms or subscriptions existed in the accounts, nor who was notified.");
            list.of("li", "Alarms are simulated from all events, each at its own time; nothing was asked of AWS and nothing was sent. CloudTrail delivers events to CloudWatch Logs minutes later, and those over 256 KB not at all.");
            list.of("li", "No match means that no event that was read matches, not that nothing happened.");
        });
    });
}
