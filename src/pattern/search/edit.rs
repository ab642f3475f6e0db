//! Edits that clicks make: each returns a new query and leaves the clauses it is not about as they are.
//!
//! A facet value is `Some(text)`, or `None` for "(none)", the events without the field.

use super::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use crate::filter::predicate::Field;

impl SearchQuery {
    /// Only this value: every other clause about the field goes.
    pub fn only(&self, field: &Field, value: Option<&str>) -> Self {
        let mut query = self.without_field(field);
        query.clauses.push(choice(field, value));
        query
    }

    /// This value too: one more alternative beside those already chosen. "(none)" cannot be an alternative, so it
    /// replaces them and is replaced.
    pub fn add_value(&self, field: &Field, value: Option<&str>) -> Self {
        let Some(text) = value else { return self.only(field, None) };
        let mut query = self.without_value(field, text, true).without_presence(field, true);
        query.join(field, text, false);
        query
    }

    /// Not this value: it leaves the chosen ones and joins the excluded ones. If it was excluded, no longer.
    pub fn exclude(&self, field: &Field, value: Option<&str>) -> Self {
        if self.choices(field).contains(&(value, true)) {
            return match value {
                Some(text) => self.without_value(field, text, true),
                None => self.without_presence(field, false),
            };
        }
        let Some(text) = value else {
            let mut query = self.without_presence(field, true);
            query.clauses.push(Clause { exclude: false, ..choice(field, None) });
            return query;
        };
        let mut query = self.without_value(field, text, false);
        query.join(field, text, true);
        query
    }

    /// Without the clause at `index` (unchanged when there is none).
    pub fn remove(&self, index: usize) -> Self {
        let kept = self.clauses.iter().enumerate().filter(|(at, _)| *at != index);
        Self { clauses: kept.map(|(_, clause)| clause.clone()).collect() }
    }

    /// With the clause at `index` switched off or on again.
    pub fn toggle(&self, index: usize) -> Self {
        let mut query = self.clone();
        query.clauses.iter_mut().skip(index).take(1).for_each(|clause| clause.disabled = !clause.disabled);
        query
    }

    /// Without the clauses about a field: what the counts of its facet are taken over.
    pub fn without_field(&self, field: &Field) -> Self {
        let kept = self.clauses.iter().filter(|clause| clause.field() != Some(field));
        Self { clauses: kept.cloned().collect() }
    }

    /// What the enabled clauses say about a field: each value with whether it is excluded. `None` is "(none)".
    pub fn choices(&self, field: &Field) -> Vec<(Option<&str>, bool)> {
        let mut choices = Vec::new();
        for clause in self.clauses.iter().filter(|clause| !clause.disabled) {
            match &clause.kind {
                ClauseKind::Field(about, FieldTest::Values(values)) if about == field => {
                    choices.extend(values.iter().filter_map(literal).map(|text| (Some(text), clause.exclude)));
                }
                ClauseKind::Field(about, FieldTest::Exists) if about == field => choices.push((None, !clause.exclude)),
                _ => {}
            }
        }
        choices
    }

    /// Adds a value to the clause that holds such values, or as a clause of its own.
    fn join(&mut self, field: &Field, text: &str, exclude: bool) {
        let value = FieldValue::Literal(text.to_owned());
        for clause in self.clauses.iter_mut().filter(|clause| is_active(clause, field, exclude)) {
            if let ClauseKind::Field(_, FieldTest::Values(values)) = &mut clause.kind {
                if !values.contains(&value) {
                    values.push(value);
                }
                return;
            }
        }
        self.clauses.push(Clause { exclude, ..choice(field, Some(text)) });
    }

    /// Without the enabled clauses that ask for the field (or, excluding, for its absence).
    fn without_presence(&self, field: &Field, exclude: bool) -> Self {
        let mut query = self.clone();
        query.clauses.retain(|clause| !is_active(clause, field, exclude) || !is_presence(clause));
        query
    }

    /// Without this value in the enabled clauses that choose (or exclude) values; a clause left empty goes.
    fn without_value(&self, field: &Field, text: &str, exclude: bool) -> Self {
        let mut query = self.clone();
        query.clauses.retain_mut(|clause| {
            let active = is_active(clause, field, exclude);
            match &mut clause.kind {
                ClauseKind::Field(_, FieldTest::Values(values)) if active => {
                    values.retain(|value| literal(value) != Some(text));
                    !values.is_empty()
                }
                _ => true,
            }
        });
        query
    }
}

/// The clause of one facet value.
fn choice(field: &Field, value: Option<&str>) -> Clause {
    let test = match value {
        Some(text) => FieldTest::Values(vec![FieldValue::Literal(text.to_owned())]),
        None => FieldTest::Exists,
    };
    Clause { exclude: value.is_none(), ..Clause::new(ClauseKind::Field(field.clone(), test)) }
}

fn is_active(clause: &Clause, field: &Field, exclude: bool) -> bool {
    !clause.disabled && clause.exclude == exclude && clause.field() == Some(field)
}

fn is_presence(clause: &Clause) -> bool {
    matches!(clause.kind, ClauseKind::Field(_, FieldTest::Exists))
}

fn literal(value: &FieldValue) -> Option<&str> {
    match value {
        FieldValue::Literal(text) => Some(text),
        FieldValue::Wildcard(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::path;
    use crate::pattern::search::parse;

    fn edit(query: &str, change: impl Fn(&SearchQuery, &Field) -> SearchQuery) -> String {
        change(&parse(query).unwrap(), &path::parse("a").unwrap()).print()
    }

    #[test]
    fn facet_clicks() {
        let only = |q: &SearchQuery, f: &Field| q.only(f, Some("x y"));
        assert_eq!(edit("word a:1 -a:2 ~a:3 b:4", only), "word b:4 a:\"x y\"");
        let add = |q: &SearchQuery, f: &Field| q.add_value(f, Some("x"));
        assert_eq!(edit("a:1 b:2", add), "a:1,x b:2");
        assert_eq!(edit("a:x", add), "a:x");
        assert_eq!(edit("-a:x,y", add), "-a:y a:x");
        assert_eq!(edit("-a:*", add), "a:x");
        assert_eq!(edit("~a:1 a:>5", add), "~a:1 a:>5 a:x");
        let exclude = |q: &SearchQuery, f: &Field| q.exclude(f, Some("x"));
        assert_eq!(edit("a:x,y", exclude), "a:y -a:x");
        assert_eq!(edit("-a:1", exclude), "-a:1,x");
        assert_eq!(edit("-a:1,x", exclude), "-a:1");
        assert_eq!(edit("b:1 a:* -a:x", |q, f| q.exclude(f, None)), "b:1 -a:x");
        assert_eq!(edit("a:x", |q, f| q.only(f, None)), "-a:*");
        assert_eq!(edit("-a:*", |q, f| q.exclude(f, None)), "a:*");
        assert_eq!(edit("a:x b:1", |q, f| q.add_value(f, None)), "b:1 -a:*");
        assert_eq!(edit("a:x b:1 { $.a = x }", |q, f| q.without_field(f)), "b:1 { $.a = x }");
    }

    #[test]
    fn clauses_by_index() {
        assert_eq!(edit("a b c", |q, _| q.remove(1)), "a c");
        assert_eq!(edit("a b", |q, _| q.remove(7)), "a b");
        assert_eq!(edit("a ~-b", |q, _| q.toggle(1).toggle(0)), "~a -b");
    }

    #[test]
    fn choices_are_what_the_facet_shows() {
        let query = parse("a:1,\"2\",3* -a:4 ~a:5 -a:* b:6").unwrap();
        let found = query.choices(&path::parse("a").unwrap());
        assert_eq!(found, [(Some("1"), false), (Some("2"), false), (Some("4"), true), (None, false)]);
    }
}
