//! Tree to canonical text: one space around operators, parentheses around `&&` inside `||`, values as they were
//! spelled. A pattern that would exceed the length limit that way is printed without the optional characters, which
//! is never longer than any text that means the same tree. Law: `parse(print(p)) == p`.

use super::MAX_CHARS;
use super::ast::{
    Expr, ExprKind, JsonCondition, JsonTest, Pattern, Role, SpaceCondition, SpaceItem, SpaceItemKind, Term, Value,
    ValueKind,
};
use crate::filter::predicate::Comparison;
use crate::pattern::text;
use std::fmt;

impl Pattern {
    /// The canonical text.
    pub fn print(&self) -> String {
        let roomy = Printer { tight: false }.pattern(self);
        if roomy.chars().count() <= MAX_CHARS { roomy } else { Printer { tight: true }.pattern(self) }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print())
    }
}

/// The text of an operator.
pub fn symbol(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

struct Printer {
    tight: bool,
}

impl Printer {
    fn pattern(&self, pattern: &Pattern) -> String {
        let space = self.space();
        match pattern {
            Pattern::Terms(terms) => terms.iter().map(|term| self.term(term)).collect::<Vec<_>>().join(" "),
            Pattern::Regex { regex, .. } => format!("%{}%", regex.source()),
            Pattern::Json(expr) => format!("{{{space}{}{space}}}", self.expr(expr, &|c| self.json_condition(c))),
            Pattern::Space(items) => {
                let items: Vec<String> = items.iter().map(|item| self.space_item(item)).collect();
                format!("[{}]", items.join(if self.tight { "," } else { ", " }))
            }
        }
    }

    fn space(&self) -> &'static str {
        if self.tight { "" } else { " " }
    }

    fn quoted(&self, value: &str) -> String {
        if self.tight { text::quote_tightly(value) } else { text::quote(value) }
    }

    fn term(&self, term: &Term) -> String {
        let sign = match term.role {
            Role::Required => "",
            Role::Optional => "?",
            Role::Excluded => "-",
        };
        if term.quoted { format!("{sign}{}", self.quoted(&term.text)) } else { format!("{sign}{}", term.text) }
    }

    fn expr<C>(&self, expr: &Expr<C>, leaf: &dyn Fn(&C) -> String) -> String {
        let group = |item: &Expr<C>| match &item.kind {
            ExprKind::Leaf(condition) => leaf(condition),
            ExprKind::And(_) if self.tight => self.expr(item, leaf),
            _ => format!("({})", self.expr(item, leaf)),
        };
        let join = |items: &[Expr<C>], operator| {
            let separator = format!("{0}{operator}{0}", self.space());
            items.iter().map(group).collect::<Vec<_>>().join(&separator)
        };
        match &expr.kind {
            ExprKind::Or(items) => join(items, "||"),
            ExprKind::And(items) => join(items, "&&"),
            ExprKind::Leaf(condition) => leaf(condition),
        }
    }

    fn json_condition(&self, condition: &JsonCondition) -> String {
        let selector = condition.selector.to_string();
        // A keyword has to be kept apart from a name only.
        let gap = if self.tight && selector.ends_with([']', '*']) { "" } else { " " };
        match &condition.test {
            JsonTest::Compare(comparison, value) => self.comparison(&selector, *comparison, value),
            JsonTest::IsNull => format!("{selector}{gap}IS NULL"),
            JsonTest::IsBool(true) => format!("{selector}{gap}IS TRUE"),
            JsonTest::IsBool(false) => format!("{selector}{gap}IS FALSE"),
            JsonTest::NotExists => format!("{selector}{gap}NOT EXISTS"),
        }
    }

    fn comparison(&self, left: &str, comparison: Comparison, value: &Value) -> String {
        format!("{left}{0}{1}{0}{2}", self.space(), symbol(comparison), self.value(value))
    }

    fn value(&self, value: &Value) -> String {
        match &value.kind {
            ValueKind::Number(text) | ValueKind::Bare(text) => text.clone(),
            ValueKind::Quoted(text) => self.quoted(text),
            ValueKind::Regex(regex) => format!("%{}%", regex.source()),
        }
    }

    fn space_item(&self, item: &SpaceItem) -> String {
        match &item.kind {
            SpaceItemKind::Ellipsis => "...".into(),
            SpaceItemKind::Unnamed => String::new(),
            SpaceItemKind::Named(name) => name.clone(),
            SpaceItemKind::Condition(name, expr) => self.expr(expr, &|condition: &SpaceCondition| {
                self.comparison(name, condition.comparison, &condition.value)
            }),
        }
    }
}
