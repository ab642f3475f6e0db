//! Two filter patterns beside each other: which events only one of them finds, and why.
//!
//! The differences are read off the two trees; what each comes to is counted by the workers, so that every sentence is
//! either a rule of the language or a number of this archive.

use super::format;
use super::lab::search_for;
use crate::model::query::CONDITIONS_MAX;
use crate::model::tuning::{ComparisonPart, Sets};
use crate::pattern::cloudwatch::difference::{Condition, Difference, differences};

/// One of the three sets of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What only the first pattern finds.
    OnlyA,
    /// What both find.
    Both,
    /// What only the second finds.
    OnlyB,
}

impl Part {
    /// All three.
    pub const ALL: [Self; 3] = [Self::OnlyA, Self::Both, Self::OnlyB];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::OnlyA => "Only A",
            Self::Both => "Both",
            Self::OnlyB => "Only B",
        }
    }

    /// Its count.
    pub fn of(self, sets: Sets) -> u64 {
        match self {
            Self::OnlyA => sets.only_a,
            Self::Both => sets.both,
            Self::OnlyB => sets.only_b,
        }
    }

    /// The search that finds its events; `None` unless both patterns are over JSON fields.
    pub fn search(self, a: &str, b: &str) -> Option<String> {
        let (a, b) = (search_for(a)?, search_for(b)?);
        Some(match self {
            Self::OnlyA => format!("{a} -{b}"),
            Self::Both => format!("{a} {b}"),
            Self::OnlyB => format!("{b} -{a}"),
        })
    }
}

/// How two patterns differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Differences(Vec<Difference>);

impl Differences {
    /// Reads them off the patterns; none where one cannot be read.
    pub fn between(a: &str, b: &str) -> Self {
        Self(differences(a, b))
    }

    /// The patterns to count, as `Query::Compare` takes them.
    pub fn conditions(&self) -> Vec<String> {
        let patterns = self.0.iter().filter_map(|difference| match &difference.condition {
            Condition::None => None,
            Condition::Asked(condition) => Some(format!("{{ {condition} }}")),
            Condition::Missing { selector, .. } => Some(format!("{{ {selector} NOT EXISTS }}")),
        });
        patterns.take(CONDITIONS_MAX).collect()
    }

    /// The differences in words, with what they come to in `part`, which counted [`Self::conditions`].
    pub fn explain(&self, part: &ComparisonPart) -> Vec<String> {
        let Sets { only_a, both, only_b } = part.events;
        let mut lines = Vec::new();
        if only_a + only_b == 0 {
            let same = if self.0.is_empty() { "They say the same." } else { "They say different things." };
            lines.push(format!("Both find the same {}. {same}", format::plural(both, "event", "events")));
        }
        let mut counts = part.conditions.iter();
        for Difference { rule, condition } in &self.0 {
            let line = match condition {
                Condition::None => {
                    Some(format!("{rule} {} only for A, {} only for B.", events(only_a), events(only_b)))
                }
                Condition::Asked(condition) => counts.next().map(|sets| {
                    let held = [(sets.only_a, only_a, "A"), (sets.only_b, only_b, "B")];
                    let held: Vec<String> = held
                        .into_iter()
                        .filter(|(_, all, _)| *all > 0)
                        .map(|(count, all, name)| {
                            format!("in {} of the {} that only {name} finds", format::count(count), format::count(all))
                        })
                        .collect();
                    let held = if held.is_empty() {
                        String::new()
                    } else {
                        format!(" {condition} holds {}.", held.join(" and "))
                    };
                    format!("{rule}{held}").trim_start().to_owned()
                }),
                Condition::Missing { selector, by_a } => counts.next().and_then(|sets| {
                    let (missing, all, other) =
                        if *by_a { (sets.only_b, only_b, "B") } else { (sets.only_a, only_a, "A") };
                    (missing > 0).then(|| {
                        format!(
                            "{rule} {} of the {} that only {other} finds lack {selector}.",
                            format::count(missing),
                            format::count(all)
                        )
                    })
                }),
            };
            lines.extend(line);
        }
        lines
    }
}

fn events(count: u64) -> String {
    format::plural(count, "event", "events")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentences when each condition holds on 2 events of A, 1 of both and 3 of B, out of 5, 6 and 7.
    fn said(a: &str, b: &str) -> Vec<String> {
        let differences = Differences::between(a, b);
        let conditions = vec![Sets { only_a: 2, both: 1, only_b: 3 }; differences.conditions().len()];
        let events = Sets { only_a: 5, both: 6, only_b: 7 };
        differences.explain(&ComparisonPart { events, conditions, ..ComparisonPart::default() })
    }

    #[track_caller]
    fn says(a: &str, b: &str, expected: &[&str]) {
        assert_eq!(said(a, b), expected, "{a} and {b}");
    }

    #[test]
    fn each_kind_of_difference_has_its_rule_and_numbers() {
        says(
            "{ $.a = x || $.b = y && $.c = z }",
            "{ ($.a = x || $.b = y) && $.c = z }",
            &["&& binds tighter than ||, unless there are parentheses. The conditions are the same, A reads \
               { $.a = x || ($.b = y && $.c = z) }, B reads { ($.a = x || $.b = y) && $.c = z }. 5 events only for A, \
               7 events only for B."],
        );
        let held = "holds in 2 of the 5 that only A finds and in 3 of the 7 that only B finds.";
        for (a, b, rule) in [
            ("$.a = x", "$.a = X", "Letter case counts: “x” and “X” are two values."),
            ("$.a = x*", "$.a = xy", "* at the ends of a value stands for anything: “x*” takes in “xy” and more."),
            ("$.a = 5", "$.a = \"5\"", "Without quotes a number is compared by value, in quotes by its digits."),
            ("$.r[0].t = x", "$.r[*].t = x", "[0] is the first element of an array, [*] any of them."),
            ("$.Name = x", "$.name = x", "Letter case counts in names, too: $.Name and $.name are two fields."),
        ] {
            let (first, second) = (format!("{rule} {a} {held}"), format!("{b} {held}"));
            says(&format!("{{ {a} }}"), &format!("{{ {b} }}"), &[&first, &second]);
        }
        says(
            "{ $.a = x }",
            "{ $.a = x && $.b != y }",
            &[
                &format!("Only B asks this. $.b != y {held}"),
                "$.b != y holds on no event that lacks the field. 2 of the 5 that only A finds lack $.b.",
            ],
        );
    }

    #[test]
    fn the_same_is_said_to_be_the_same() {
        let nothing = |a: &str, b: &str| {
            let differences = Differences::between(a, b);
            let conditions = vec![Sets::default(); differences.conditions().len()];
            let events = Sets { both: 6, ..Sets::default() };
            differences.explain(&ComparisonPart { events, conditions, ..ComparisonPart::default() })
        };
        assert_eq!(nothing("{$.a=x}", "{ ($.a = x) }"), ["Both find the same 6 events. They say the same."]);
        assert_eq!(nothing("{ $.a = x }", "{ $.a = X }")[0], "Both find the same 6 events. They say different things.");
    }

    #[test]
    fn sets_are_searches() {
        let search = |part: Part| part.search("{ $.a = x }", "{ $.b = y }").unwrap();
        assert_eq!(search(Part::OnlyA), "{ $.a = x } -{ $.b = y }");
        assert_eq!(search(Part::OnlyB), "{ $.b = y } -{ $.a = x }");
        for part in Part::ALL {
            let query = crate::pattern::search::parse(&search(part)).unwrap();
            assert_eq!((query.clauses.len(), query.clauses[1].exclude), (2, part != Part::Both));
        }
        assert_eq!(Part::Both.search("ERROR", "{ $.b = y }"), None);
    }

    #[test]
    fn questions_are_bounded() {
        let many = |prefix: &str| {
            let list: Vec<String> = (0..20).map(|n| format!("$.{prefix}{n} = x")).collect();
            format!("{{ {} }}", list.join(" || "))
        };
        assert_eq!(Differences::between(&many("a"), &many("b")).conditions().len(), CONDITIONS_MAX);
    }
}
