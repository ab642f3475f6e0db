//! Warnings about patterns that are valid but probably say something else than meant.
//!
//! Only what the text alone shows; whether a field is absent or an array in the loaded events is for whoever has
//! them. Each code is stable and documented on its variant.

use super::ast::{
    Expr, ExprKind, JsonCondition, JsonTest, Pattern, Role, SpaceCondition, SpaceItem, SpaceItemKind, Term, Value,
    ValueKind,
};
use super::regex;
use crate::filter::predicate::{Comparison, Glob, Step, number};
use crate::pattern::{Span, text};
use std::ops::Range;

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// Bytes of the pattern it is about.
    pub span: Range<usize>,
    /// Which warning.
    pub code: LintCode,
    /// What the pattern does, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Kinds of [`Lint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LintCode {
    /// `a = x || b != y`: the negated alternative matches nearly everything.
    NegationInOr,
    /// `a || b && c` without parentheses.
    MixedOperators,
    /// `?` terms beside others are ignored.
    OptionalIgnored,
    /// `*` in the middle of a value is literal.
    InnerWildcard,
    /// `= true` never matches a JSON boolean.
    BooleanAsText,
    /// `= null` never matches a JSON null.
    NullAsText,
    /// `<` and its kin with something that is no number.
    NoNumber,
    /// A condition, or two together, that nothing satisfies.
    NeverTrue,
    /// `= $.other` compares with that text, not with the other field.
    FieldAsText,
    /// Single quotes are part of the text.
    SingleQuotes,
    /// A backslash that escapes nothing.
    Backslash,
    /// A term with symbols outside quotes.
    UnquotedSymbols,
    /// Terms that look like a JSON pattern without its braces.
    MissingBraces,
    /// `AND`, `OR`, `NOT` as terms.
    WordOperator,
    /// Regular expression syntax outside the documented set.
    UndocumentedRegex,
    /// Two fields of a space-delimited pattern with the same name.
    DuplicateName,
}

impl LintCode {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NegationInOr => "negation-in-or",
            Self::MixedOperators => "mixed-operators",
            Self::OptionalIgnored => "optional-ignored",
            Self::InnerWildcard => "inner-wildcard",
            Self::BooleanAsText => "boolean-as-text",
            Self::NullAsText => "null-as-text",
            Self::NoNumber => "no-number",
            Self::NeverTrue => "never-true",
            Self::FieldAsText => "field-as-text",
            Self::SingleQuotes => "single-quotes",
            Self::Backslash => "backslash",
            Self::UnquotedSymbols => "unquoted-symbols",
            Self::MissingBraces => "missing-braces",
            Self::WordOperator => "word-operator",
            Self::UndocumentedRegex => "undocumented-regex",
            Self::DuplicateName => "duplicate-name",
        }
    }
}

/// All warnings about a pattern, in the order of the text.
pub fn check(pattern: &Pattern) -> Vec<Lint> {
    let mut lints = Lints(Vec::new());
    match pattern {
        Pattern::Terms(terms) => lints.terms(terms),
        Pattern::Regex { span, regex } => lints.regex(*span, regex.source()),
        Pattern::Json(expr) => {
            lints.operators(expr);
            lints.alternatives(expr);
            lints.contradictions(expr);
            expr.for_each(&mut |condition| lints.json_condition(condition));
        }
        Pattern::Space(items) => lints.space(items),
    }
    lints.0.sort_by_key(|lint| (lint.span.start, lint.span.end));
    lints.0
}

struct Lints(Vec<Lint>);

impl Lints {
    fn add(&mut self, span: Span, code: LintCode, message: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into()).filter(|help: &String| !help.is_empty());
        self.0.push(Lint { span: span.range(), code, message: message.into(), help });
    }

    fn terms(&mut self, terms: &[Term]) {
        if terms.iter().any(|term| term.role != Role::Optional) {
            for term in terms.iter().filter(|term| term.role == Role::Optional) {
                let message = "terms with ? are ignored as soon as there is any other term";
                self.add(
                    term.span,
                    LintCode::OptionalIgnored,
                    message,
                    "drop the other terms, or use a regular expression",
                );
            }
        }
        if let Some(term) = terms.iter().find(|term| !term.quoted && term.text.starts_with("$.")) {
            let message = "this looks for the text of a selector; a pattern over JSON fields stands in braces";
            self.add(term.span, LintCode::MissingBraces, message, "write { … } around the pattern");
            return;
        }
        for term in terms.iter().filter(|term| !term.quoted) {
            if term.role == Role::Required && matches!(term.text.as_str(), "AND" | "OR" | "NOT") {
                let message = format!("this looks for the text “{}”; terms have no word operators", term.text);
                self.add(
                    term.span,
                    LintCode::WordOperator,
                    message,
                    "all terms have to be there; ? in front of each makes it any, - negates",
                );
            } else if term.text.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                let message =
                    "a term with symbols should be quoted; what the service does without quotes is not documented";
                self.add(term.span, LintCode::UnquotedSymbols, message, format!("write {}", text::quote(&term.text)));
            }
        }
    }

    /// `&&` next to `||` without parentheses.
    fn operators<C>(&mut self, expr: &Expr<C>) {
        let (ExprKind::Or(items) | ExprKind::And(items)) = &expr.kind else { return };
        for item in items {
            if matches!(item.kind, ExprKind::And(_)) && !item.is_parenthesised() {
                let message = "&& binds tighter than ||: this part is taken together";
                self.add(item.span, LintCode::MixedOperators, message, "write the parentheses you mean");
            }
            self.operators(item);
        }
    }

    /// A negated comparison among alternatives, unless the only others say "or missing" about the same field, or name
    /// what `!=` passes over: `null`, `true`, `false`.
    fn alternatives(&mut self, expr: &Expr<JsonCondition>) {
        let (ExprKind::Or(items) | ExprKind::And(items)) = &expr.kind else { return };
        items.iter().for_each(|item| self.alternatives(item));
        if matches!(expr.kind, ExprKind::And(_)) {
            return;
        }
        for (at, item) in items.iter().enumerate() {
            let ExprKind::Leaf(condition) = &item.kind else { continue };
            let JsonTest::Compare(Comparison::NotEqual, _) = &condition.test else { continue };
            let or_missing = items.iter().enumerate().filter(|(other, _)| *other != at).all(|(_, other)| {
                matches!(&other.kind, ExprKind::Leaf(other)
                    if other.selector == condition.selector && !matches!(other.test, JsonTest::Compare(..)))
            });
            if !or_missing {
                let message = "joined by ||, this negated condition alone matches nearly every event";
                self.add(item.span, LintCode::NegationInOr, message, "exclusions are joined by &&");
            }
        }
    }

    /// Two different exact values demanded of one field.
    fn contradictions(&mut self, expr: &Expr<JsonCondition>) {
        let (ExprKind::Or(items) | ExprKind::And(items)) = &expr.kind else { return };
        items.iter().for_each(|item| self.contradictions(item));
        if matches!(expr.kind, ExprKind::Or(_)) {
            return;
        }
        let exact: Vec<_> = items.iter().filter_map(|item| Some((item.span, exact_value(item)?))).collect();
        for (at, (span, (selector, value))) in exact.iter().enumerate() {
            let differs = |(_, (other, theirs)): &(Span, (_, &str))| {
                other == selector && theirs != value && number(theirs).is_none_or(|n| number(value) != Some(n))
            };
            if exact[..at].iter().any(differs) {
                let message = "no event satisfies this together with the other value demanded of the same field";
                self.add(*span, LintCode::NeverTrue, message, "join alternatives with ||");
            }
        }
    }

    fn json_condition(&mut self, condition: &JsonCondition) {
        let JsonTest::Compare(comparison, value) = &condition.test else { return };
        self.comparison(*comparison, value);
        let ValueKind::Bare(text) = &value.kind else { return };
        let selector = &condition.selector;
        if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            let message = "this compares with text; it never matches a JSON boolean";
            let negated = *comparison == Comparison::NotEqual;
            let word = if text.eq_ignore_ascii_case("true") == negated { "FALSE" } else { "TRUE" };
            let help = format!("write {selector} IS {word} for a boolean, or put the text in quotes");
            self.add(value.span, LintCode::BooleanAsText, message, help);
        } else if text.eq_ignore_ascii_case("null") {
            let message = "this compares with text; it never matches a JSON null";
            let help = format!("write {selector} IS NULL, or put the text in quotes");
            self.add(value.span, LintCode::NullAsText, message, help);
        } else if text.starts_with("$.") {
            let message = "this compares with that text; patterns cannot compare two fields";
            self.add(value.span, LintCode::FieldAsText, message, "");
        }
    }

    /// What holds for comparisons in both bracketed languages.
    fn comparison(&mut self, comparison: Comparison, value: &Value) {
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !equality && !matches!(value.kind, ValueKind::Number(_)) {
            let message = "<, <=, > and >= compare numbers; with anything else they are never true";
            let unquoted = value.kind.text().filter(|text| number(text).is_some());
            let help = unquoted.map_or(String::new(), |text| format!("write {text} without quotes"));
            self.add(value.span, LintCode::NoNumber, message, help);
        }
        if let ValueKind::Regex(regex) = &value.kind {
            self.regex(value.span, regex.source());
        }
        let Some(text) = value.kind.text() else { return };
        let glob = Glob::parse(text);
        if glob.is_any() && comparison == Comparison::NotEqual {
            let message = "every value matches *, so this is never true";
            self.add(value.span, LintCode::NeverTrue, message, "write NOT EXISTS for “is absent”");
        } else if equality && glob.text.contains('*') {
            let message = "* is a wildcard only at the start and the end of a value; the others are taken literally";
            self.add(
                value.span,
                LintCode::InnerWildcard,
                message,
                "a regular expression can match in the middle: %a.*b%",
            );
        }
        if matches!(&value.kind, ValueKind::Bare(text) if text.starts_with('\'')) {
            let message = "single quotes are part of the text compared with";
            self.add(value.span, LintCode::SingleQuotes, message, "write \"…\"");
        }
        // A quoted text that is longer in the source than its minimum has escapes; one that is shorter than with
        // every backslash escaped has a backslash that stands for itself.
        if matches!(value.kind, ValueKind::Quoted(_)) && value.span.end - value.span.start < text::quote(text).len() {
            let message = "this backslash stands for itself; only \\\" and \\\\ are escapes";
            self.add(value.span, LintCode::Backslash, message, format!("write {}", text::quote(text)));
        }
    }

    fn regex(&mut self, span: Span, source: &str) {
        for piece in regex::undocumented(source) {
            let text = &source[piece.clone()];
            let here = Span { start: span.start + 1 + piece.start, end: span.start + 1 + piece.end };
            let message = format!("“{text}” is outside the documented syntax; the service may read it differently");
            self.add(here, LintCode::UndocumentedRegex, message, "");
        }
    }

    fn space(&mut self, items: &[SpaceItem]) {
        for (at, item) in items.iter().enumerate() {
            if let Some(name) = name(item)
                && items[..at].iter().any(|other| self::name(other) == Some(name))
            {
                let message = format!("another field is called “{name}” too");
                self.add(
                    item.span,
                    LintCode::DuplicateName,
                    message,
                    "a metric value or dimension cannot tell them apart",
                );
            }
            if let SpaceItemKind::Condition(_, expr) = &item.kind {
                self.operators(expr);
                expr.for_each(&mut |condition: &SpaceCondition| {
                    self.comparison(condition.comparison, &condition.value)
                });
            }
        }
    }
}

/// The name of a space-delimited field.
pub(super) fn name(item: &SpaceItem) -> Option<&str> {
    match &item.kind {
        SpaceItemKind::Named(name) | SpaceItemKind::Condition(name, _) => Some(name),
        SpaceItemKind::Ellipsis | SpaceItemKind::Unnamed => None,
    }
}

/// The one text an item demands of a field without wildcards.
fn exact_value(item: &Expr<JsonCondition>) -> Option<(&[Step], &str)> {
    let ExprKind::Leaf(JsonCondition { selector, test: JsonTest::Compare(Comparison::Equal, value), .. }) = &item.kind
    else {
        return None;
    };
    let text = value.kind.text()?;
    let single = !selector.steps.iter().any(|step| matches!(step, Step::AnyKey | Step::AnyElement));
    (single && Glob::parse(text) == Glob::literal(text)).then_some((&selector.steps, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::cloudwatch::parse;

    fn lints(pattern: &str) -> Vec<(&'static str, &str)> {
        let found = check(&parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")));
        found.into_iter().map(|lint| (lint.code.name(), &pattern[lint.span])).collect()
    }

    #[test]
    fn each_warning_points_at_its_text() {
        for (pattern, expected) in [
            ("{ $.a = x || $.b != y }", &[("negation-in-or", "$.b != y")][..]),
            ("{ $.a = x || $.b = y && $.c = z }", &[("mixed-operators", "$.b = y && $.c = z")]),
            ("?a ?b c", &[("optional-ignored", "?a"), ("optional-ignored", "?b")]),
            ("{ $.a = \"x*y\" }", &[("inner-wildcard", "\"x*y\"")]),
            ("[a = x*y, b]", &[("inner-wildcard", "x*y")]),
            ("{ $.a = true }", &[("boolean-as-text", "true")]),
            ("{ $.a = null }", &[("null-as-text", "null")]),
            ("{ $.a > \"5\" }", &[("no-number", "\"5\"")]),
            ("{ $.a != * }", &[("never-true", "*")]),
            ("{ $.a = x && $.a = y }", &[("never-true", "$.a = y")]),
            ("{ $.a = $.b }", &[("field-as-text", "$.b")]),
            ("{ $.a = 'x' }", &[("single-quotes", "'x'")]),
            (r#"{ $.a = "C:\tmp" }"#, &[("backslash", r#""C:\tmp""#)]),
            ("a.b", &[("unquoted-symbols", "a.b")]),
            ("$.eventName = x", &[("missing-braces", "$.eventName")]),
            ("ERROR OR WARN", &[("word-operator", "OR")]),
            (r"{ $.a = %x*?\b% }", &[("undocumented-regex", "?"), ("undocumented-regex", r"\b")]),
            ("[a, a = 5]", &[("duplicate-name", "a = 5")]),
        ] {
            assert_eq!(lints(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn sound_patterns_have_no_warnings() {
        for pattern in [
            "{ ($.f != \"x\") || ($.f NOT EXISTS) }",
            "{ $.f != \"true\" || $.f IS FALSE || $.f NOT EXISTS }",
            "{ ($.a = x && $.b != y) || $.c = z }",
            "{ $.mfaAuthenticated != \"true\" }",
            "{ $.a = 5 && $.a = 5.0 }",
            "{ $.a[*] = x && $.a[*] = y }",
            "{ $.a = x* && $.a = *y }",
            r#"{ $.a = "say \"hi\" C:\\tmp" }"#,
            "\"a.b\" -c",
            "?a ?b",
            "",
            "[ip, user, ..., status = 4* || status = 5*, bytes > 10]",
        ] {
            assert_eq!(lints(pattern), [], "{pattern}");
        }
    }
}
