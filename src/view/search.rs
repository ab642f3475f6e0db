//! What the screen does with a search: chips, edits from facets and menus, problems. All on text, so that the
//! view state stays text; the tree behind it is `pattern::search`.
//!
//! An edit of a search that cannot be read leaves it as it is.

use super::code::Problem;
use crate::pattern::search::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery, parse};
use crate::pattern::{path, text::quote};

/// One clause of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Which clause.
    pub index: usize,
    /// What it says, for a person.
    pub label: String,
    /// Its text, as it is edited.
    pub source: String,
    /// Whether it counts.
    pub enabled: bool,
    /// Whether it excludes.
    pub negated: bool,
}

/// What a value does to the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Only this value of the field.
    Only,
    /// This value of the field, too.
    Add,
    /// Not this value of the field.
    Exclude,
}

/// The clauses as chips; none when the search cannot be read.
pub fn chips(search: &str) -> Vec<Chip> {
    let query = parse(search).unwrap_or_default();
    let chip = |(index, clause): (usize, &Clause)| Chip {
        index,
        label: label(clause),
        source: clause.print(),
        enabled: !clause.disabled,
        negated: clause.exclude,
    };
    query.clauses.iter().enumerate().map(chip).collect()
}

/// What is wrong with a search; empty when it can be used.
pub fn check(search: &str) -> Vec<Problem> {
    parse(search).err().map(Problem::from).into_iter().collect()
}

/// Whether a search can be used.
pub fn is_usable(search: &str) -> bool {
    check(search).iter().all(|problem| !problem.is_error)
}

/// The search after something was done with a value of a field; `None` is "without the field".
pub fn edit(search: &str, edit: Edit, field: &str, value: Option<&str>) -> String {
    let Ok(field) = path::parse(field) else { return search.into() };
    change(search, |query| match edit {
        Edit::Only => query.only(&field, value),
        Edit::Add => query.add_value(&field, value),
        Edit::Exclude => query.exclude(&field, value),
    })
}

/// The search with this one clause and nothing else.
pub fn just(field: &str, value: Option<&str>) -> String {
    edit("", Edit::Only, field, value)
}

/// Without a clause.
pub fn remove(search: &str, index: usize) -> String {
    change(search, |query| query.remove(index))
}

/// With a clause switched off, or on again.
pub fn toggle(search: &str, index: usize) -> String {
    change(search, |query| query.toggle(index))
}

/// With a clause replaced by what was typed for it. Text that cannot be read leaves the search as it is.
pub fn replace(search: &str, index: usize, text: &str) -> String {
    let Ok(new) = parse(text) else { return search.into() };
    change(search, |query| {
        let mut clauses = query.clauses.clone();
        if index < clauses.len() {
            clauses.splice(index..=index, new.clauses);
        }
        SearchQuery { clauses }
    })
}

/// The search without what it says about a field: what the counts of its facet are taken over.
pub fn without_field(search: &str, field: &str) -> String {
    let Ok(field) = path::parse(field) else { return search.into() };
    change(search, |query| query.without_field(&field))
}

/// Values of a field that the search asks for, and those it excludes. `None` is "without the field".
pub fn choices(search: &str, field: &str) -> Vec<(Option<String>, bool)> {
    let (Ok(query), Ok(field)) = (parse(search), path::parse(field)) else { return Vec::new() };
    query.choices(&field).into_iter().map(|(value, excluded)| (value.map(String::from), excluded)).collect()
}

/// A metric filter pattern for events with this value at a selector such as `$.eventName`.
pub fn pattern_for(selector: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{{ {selector} = {} }}", quote(value)),
        None => format!("{{ {selector} NOT EXISTS }}"),
    }
}

fn change(search: &str, change: impl FnOnce(&SearchQuery) -> SearchQuery) -> String {
    parse(search).map_or_else(|_| search.into(), |query| change(&query).print())
}

fn label(clause: &Clause) -> String {
    let ClauseKind::Field(field, test) = &clause.kind else {
        return Clause { disabled: false, exclude: false, ..clause.clone() }.print();
    };
    let name = path::print(field);
    match test {
        FieldTest::Exists => format!("{name} is present"),
        FieldTest::Compare(..) => Clause { disabled: false, exclude: false, ..clause.clone() }.print(),
        FieldTest::Values(values) => {
            let texts: Vec<String> = values
                .iter()
                .map(|value| match value {
                    FieldValue::Literal(text) => text.clone(),
                    FieldValue::Wildcard(glob) => {
                        let star = |open| if open { "*" } else { "" };
                        format!("{}{}{}", star(glob.open_start), glob.text, star(glob.open_end))
                    }
                })
                .collect();
            format!("{name} = {}", texts.join(" or "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_read_like_words() {
        let chips = chips("root errorCode:AccessDenied,Client* ~-awsRegion:us-east-1 userAgent:*");
        let labels: Vec<_> = chips.iter().map(|chip| (chip.label.as_str(), chip.enabled, chip.negated)).collect();
        assert_eq!(
            labels,
            [
                ("root", true, false),
                ("errorCode = AccessDenied or Client*", true, false),
                ("awsRegion = us-east-1", false, true),
                ("userAgent is present", true, false),
            ]
        );
        assert_eq!(chips[2].source, "~-awsRegion:us-east-1");
    }

    #[test]
    fn values_edit_the_search() {
        let search = edit("root", Edit::Add, "eventName", Some("ConsoleLogin"));
        assert_eq!(search, "root eventName:ConsoleLogin");
        assert_eq!(edit(&search, Edit::Add, "eventName", Some("GetUser")), "root eventName:ConsoleLogin,GetUser");
        assert_eq!(
            edit(&search, Edit::Exclude, "awsRegion", Some("x y")),
            "root eventName:ConsoleLogin -awsRegion:\"x y\""
        );
        assert_eq!(just("eventName", Some("GetUser")), "eventName:GetUser");
        assert_eq!(without_field(&search, "eventName"), "root");
        assert_eq!(choices(&search, "eventName"), [(Some("ConsoleLogin".into()), false)]);
    }

    #[test]
    fn clauses_are_replaced_in_place() {
        assert_eq!(replace("a b:1 c", 1, "b:2"), "a b:2 c");
        assert_eq!(replace("a b:1 c", 1, ""), "a c");
        assert_eq!(replace("a b:1 c", 1, "\"open"), "a b:1 c");
        assert_eq!(toggle("a b:1", 1), "a ~b:1");
        assert_eq!(remove("a b:1", 0), "b:1");
    }

    #[test]
    fn an_unreadable_search_is_left_alone() {
        assert_eq!(edit("\"open", Edit::Only, "eventName", Some("x")), "\"open");
        assert_eq!(check("\"open").len(), 1);
        assert!(chips("\"open").is_empty() && check("a -b:c").is_empty());
    }

    #[test]
    fn a_value_becomes_a_pattern() {
        assert_eq!(pattern_for("$.eventName", Some("Stop\"Logging")), "{ $.eventName = \"Stop\\\"Logging\" }");
        assert_eq!(pattern_for("$.errorCode", None), "{ $.errorCode NOT EXISTS }");
    }
}
