//! What the loaded events say against a filter pattern that is valid: fields that none of them has, comparisons that the
//! kind of the values rules out, texts that are there in other letters only, exclusions of a field that most events
//! lack; each with the change that would help.
//!
//! What the text alone shows is for [`check`](cloudwatch::check). A pattern of the control pack has nothing to be told
//! about events that lack what it looks for (`tests/lint.rs`): a field that records have by their format, or that a
//! control asks for, may just not have occurred.

mod exclusions;
mod nearest;

use super::format;
use super::partial::lacks;
use crate::controls;
use crate::dialect::athena::is_column;
use crate::filter::predicate::{Comparison, Field, Glob, Selector};
use crate::model::fields::{FIELDS_MAX, FieldPart, FieldQuestion, FieldsPart};
use crate::model::partial::CatalogPart;
use crate::pattern::cloudwatch::ast::{JsonCondition, JsonTest, Value, ValueKind};
use crate::pattern::cloudwatch::mend::{Mend, mend, or_absent, retest, spliced};
use crate::pattern::cloudwatch::{self, Pattern, parse};
use crate::pattern::{path, text};
use exclusions::{Exclusion, exclusions};
use nearest::nearest;
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

/// One thing to know about a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// One sentence.
    pub text: String,
    /// The change that would help.
    pub fix: Option<Mend>,
}

/// What the text of a pattern shows by itself, each with its change.
pub fn of_text(pattern: &str) -> Vec<Finding> {
    let Ok(tree) = parse(pattern) else { return Vec::new() };
    let mut findings: Vec<Finding> = Vec::new();
    for lint in cloudwatch::check(&tree) {
        let finding = Finding { fix: mend(pattern, &lint), text: lint.message };
        // Several exclusions among the same alternatives have one change.
        if finding.fix.is_none() || !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// What has to be known about the fields of a pattern; nothing unless it is a valid pattern over JSON fields.
pub fn questions(pattern: &str) -> Vec<FieldQuestion> {
    let Ok(Pattern::Json(expr)) = parse(pattern) else { return Vec::new() };
    let mut questions = Vec::new();
    let exclusions = exclusions(&expr);
    expr.for_each(&mut |condition| {
        let question = question(condition, &exclusions);
        if questions.len() < FIELDS_MAX && !questions.contains(&question) {
            questions.push(question);
        }
    });
    questions
}

fn question(condition: &JsonCondition, exclusions: &[Exclusion]) -> FieldQuestion {
    let text = compared(condition).and_then(|value| value.kind.text()).unwrap_or_default();
    let exclusion = exclusions.iter().find(|exclusion| std::ptr::eq(exclusion.condition, condition));
    let among = exclusion.map(|exclusion| exclusion.among.clone());
    FieldQuestion { field: field(&condition.selector), text: text.to_owned(), among }
}

/// The right-hand side of `=` and `!=`.
fn compared(condition: &JsonCondition) -> Option<&Value> {
    match &condition.test {
        JsonTest::Compare(Comparison::Equal | Comparison::NotEqual, value) => Some(value),
        _ => None,
    }
}

fn field(selector: &Selector) -> String {
    path::print(&Field::Path(selector.clone()))
}

/// What the events say against a pattern. `part` answers the [`questions`] about it.
pub fn of_events(pattern: &str, part: &FieldsPart, catalog: &CatalogPart) -> Vec<Finding> {
    let Ok(Pattern::Json(expr)) = parse(pattern) else { return Vec::new() };
    if catalog.paths.is_empty() {
        return Vec::new();
    }
    let mut conditions = Vec::new();
    expr.for_each(&mut |condition| conditions.push(condition));
    let lint = Lint { pattern, conditions: &conditions, catalog };
    let (questions, exclusions) = (questions(pattern), exclusions(&expr));
    let known = |condition: &JsonCondition| {
        let question = question(condition, &exclusions);
        questions.iter().zip(&part.fields).find(|(asked, _)| **asked == question).map(|(_, part)| part)
    };
    let mut told = HashSet::new();
    let mut findings = Vec::new();
    for condition in &conditions {
        let finding = match known(condition) {
            None => None,
            Some(part) if part.is_present => lint.kind(condition, part).or_else(|| lint.letters(condition, part)),
            Some(_) if told.insert(&condition.selector) => lint.absent(condition),
            Some(_) => None,
        };
        findings.extend(finding.filter(|finding| !findings.contains(finding)));
    }
    let lacking = exclusions.iter().filter_map(|exclusion| Some((exclusion, known(exclusion.condition)?)));
    let lacking: Vec<_> = lacking.filter(|(exclusion, part)| lint.is_lacking(exclusion.condition, part)).collect();
    let mut told = HashSet::new();
    let first = lacking.iter().filter(|(exclusion, _)| told.insert(&exclusion.condition.selector));
    findings.extend(first.map(|(exclusion, part)| lint.lacking(exclusion, part, &lacking)));
    findings
}

/// A pattern beside what is loaded.
struct Lint<'a> {
    pattern: &'a str,
    conditions: &'a [&'a JsonCondition],
    catalog: &'a CatalogPart,
}

impl Lint<'_> {
    /// A field that no event has.
    fn absent(&self, condition: &JsonCondition) -> Option<Finding> {
        let selector = &condition.selector;
        let field = field(selector);
        if is_column(selector) || CONTROLS.contains(selector) || lacks(&field, self.catalog) {
            return None;
        }
        let near = nearest(&field, self.catalog);
        let near = near.and_then(|near| path::parse_selector(near).ok()).filter(|near| near != selector);
        let is_absence = matches!(condition.test, JsonTest::NotExists);
        let fix = near.as_ref().and_then(|near| self.with_selector(selector, near));
        let text = match (near, is_absence) {
            (None, true) => return None,
            (None, false) => format!("No loaded event has {selector}, so this condition never holds."),
            (Some(near), true) => {
                format!("No loaded event has {selector}, so NOT EXISTS holds on all of them; there is {near}.")
            }
            (Some(near), false) => {
                format!("No loaded event has {selector}, so this condition never holds; there is {near}.")
            }
        };
        Some(Finding { text, fix })
    }

    /// Whether an exclusion fails on most of the events that it sorts because they lack its field, and nothing else is
    /// said about it that would explain that.
    fn is_lacking(&self, condition: &JsonCondition, part: &FieldPart) -> bool {
        let is_told = if part.is_present { self.kind(condition, part) } else { self.absent(condition) }.is_some();
        part.having < part.events - part.having && !is_told && !lacks(&field(&condition.selector), self.catalog)
    }

    /// An exclusion of a field that most events lack, the first one of that field in `all`.
    fn lacking(&self, exclusion: &Exclusion, part: &FieldPart, all: &[(&Exclusion, &FieldPart)]) -> Finding {
        let selector = &exclusion.condition.selector;
        let events = match exclusion.among.as_str() {
            "" => format!("{} events", format::count(part.events)),
            _ => {
                format!("the {} that the conditions beside it hold on", format::plural(part.events, "event", "events"))
            }
        };
        let lacking = format::count(part.events - part.having);
        let text = format!("{selector} is absent from {lacking} of {events}, and != is false where it is absent.");
        let mut same = all.iter().rev().filter(|(other, _)| other.condition.selector == *selector);
        let pattern =
            same.try_fold(self.pattern.to_owned(), |pattern, (other, _)| or_absent(&pattern, other.condition));
        let label = format!("Add {selector} NOT EXISTS");
        Finding { text, fix: pattern.and_then(|pattern| sound(Mend { label, pattern })) }
    }

    /// The pattern with another selector wherever `selector` stands.
    fn with_selector(&self, selector: &Selector, near: &Selector) -> Option<Mend> {
        let mut pattern = self.pattern.to_owned();
        let spans = self.conditions.iter().filter(|other| other.selector == *selector).map(|other| other.selector_span);
        for span in spans.collect::<Vec<_>>().into_iter().rev() {
            pattern = spliced(&pattern, &span.range(), &near.to_string())?;
        }
        sound(Mend { label: format!("Use {near}"), pattern })
    }

    /// A comparison that holds for no value of the kinds there are.
    fn kind(&self, condition: &JsonCondition, part: &FieldPart) -> Option<Finding> {
        let JsonTest::Compare(comparison, value) = &condition.test else { return None };
        let selector = &condition.selector;
        let kinds = kinds(part);
        if compared(condition).is_none() {
            let is_number = matches!(value.kind, ValueKind::Number(_));
            let text = format!(
                "{selector} {} {} compares numbers, but in the loaded events {selector} holds {kinds}, so it is never true.",
                cloudwatch::symbol(*comparison),
                value.kind.text().unwrap_or_default(),
            );
            return (is_number && !part.has_numbers).then_some(Finding { text, fix: None });
        }
        let any = value.kind.text().is_some_and(|text| Glob::parse(text).is_any());
        // The text of a pattern alone tells that bare true and false are no booleans.
        let is_told = matches!(&value.kind, ValueKind::Bare(text) if text.parse::<bool>().is_ok());
        if part.has_texts || part.has_numbers || any || is_told {
            return None;
        }
        if !part.has_booleans {
            return Some(Finding {
                text: format!("In the loaded events {selector} holds {kinds}, which no comparison is true of."),
                fix: None,
            });
        }
        let test = match (value.kind.text(), comparison) {
            (Some("true"), Comparison::Equal) | (Some("false"), Comparison::NotEqual) => Some("IS TRUE"),
            (Some("false"), Comparison::Equal) | (Some("true"), Comparison::NotEqual) => Some("IS FALSE"),
            _ => None,
        };
        Some(Finding {
            text: format!(
                "In the loaded events {selector} holds true and false without quotes, which no comparison with text is true of."
            ),
            fix: test.and_then(|test| retest(self.pattern, condition, test)).and_then(sound),
        })
    }

    /// A text that is there in other letters only.
    fn letters(&self, condition: &JsonCondition, part: &FieldPart) -> Option<Finding> {
        let value = compared(condition)?;
        let glob = Glob::parse(value.kind.text()?);
        let others = self.conditions.iter().filter(|other| other.selector == condition.selector);
        let asked: BTreeSet<String> = others
            .filter_map(|other| Some(Glob::parse(compared(other)?.kind.text()?)))
            .filter(|other| (other.open_start, other.open_end) == (glob.open_start, glob.open_end))
            .map(|other| other.text)
            .collect();
        if part.matches || part.spellings.iter().all(|spelling| asked.contains(spelling)) {
            return None;
        }
        let listed: Vec<String> = part.spellings.iter().map(|spelling| format!("“{spelling}”")).collect();
        let text = format!(
            "No loaded event has “{}” in {}, but {}: the case of letters counts.",
            glob.text,
            condition.selector,
            listed.join(", ")
        );
        let (label, written) = match (part.spellings.first(), part.spellings.len()) {
            (Some(only), 1) => (format!("Use “{only}”"), Some(in_place_of(value, &glob, only))),
            _ => ("Match all of them".into(), expression(&glob, &part.spellings)),
        };
        let pattern = written.and_then(|written| spliced(self.pattern, &value.span.range(), &written));
        Some(Finding { text, fix: pattern.and_then(|pattern| sound(Mend { label, pattern })) })
    }
}

/// Fields that the patterns of the control pack name.
static CONTROLS: LazyLock<HashSet<Selector>> = LazyLock::new(|| {
    let mut selectors = HashSet::new();
    for spelling in controls::all().iter().flat_map(|control| &control.spellings) {
        if let Ok(Pattern::Json(expr)) = parse(&spelling.pattern) {
            expr.for_each(&mut |condition| {
                selectors.insert(condition.selector.clone());
            });
        }
    }
    selectors
});

/// A change whose pattern the service would take.
fn sound(mend: Mend) -> Option<Mend> {
    parse(&mend.pattern).is_ok().then_some(mend)
}

/// The kinds of values that are no numbers, in words.
fn kinds(part: &FieldPart) -> &'static str {
    match (part.has_texts, part.has_booleans) {
        (true, true) => "text, true and false only",
        (true, false) => "text only",
        (false, true) => "true and false only",
        (false, false) => "objects, arrays or null only",
    }
}

/// Another spelling, quoted where the value was.
fn in_place_of(value: &Value, glob: &Glob, spelling: &str) -> String {
    let star = |open| if open { "*" } else { "" };
    let whole = format!("{}{spelling}{}", star(glob.open_start), star(glob.open_end));
    if matches!(value.kind, ValueKind::Quoted(_)) { text::quote(&whole) } else { whole }
}

/// A regular expression for several spellings of one text; `None` where its letters cannot be written in one.
fn expression(glob: &Glob, spellings: &BTreeSet<String>) -> Option<String> {
    let mut expression = String::new();
    for at in 0..glob.text.len() {
        let letters: BTreeSet<u8> =
            spellings.iter().filter_map(|spelling| spelling.as_bytes().get(at).copied()).collect();
        let all: String = letters.iter().map(|&letter| char::from(letter)).collect();
        match letters.first() {
            Some(letter) if !letter.is_ascii() => return None,
            Some(_) if letters.len() > 1 => expression.push_str(&format!("[{all}]")),
            Some(letter) if letter.is_ascii_alphanumeric() => expression.push_str(&all),
            Some(letter) => expression.push_str(&format!("\\x{letter:02X}")),
            None => return None,
        }
    }
    let (start, end) = (if glob.open_start { "" } else { "^" }, if glob.open_end { "" } else { "$" });
    Some(format!("%{start}{expression}{end}%"))
}

#[cfg(test)]
mod tests;
