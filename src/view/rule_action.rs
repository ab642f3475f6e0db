//! Changes of the list of EventBridge rules.

use super::state::{ListedRule, ViewState};
use crate::model::rule::Rule;

/// One change of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleAction {
    /// Adds rules, but for those whose names are there already with the same pattern; the first one becomes active.
    Add(Vec<Rule>),
    /// Changes one.
    Edit {
        /// Which one.
        id: u32,
        /// Its new content.
        rule: Box<Rule>,
    },
    /// Copies one next to itself and makes the copy active.
    Duplicate(u32),
    /// Takes one out; a neighbour becomes active.
    Remove(u32),
    /// Chooses the one that is edited.
    Activate(u32),
    /// Replaces the whole list.
    Replace(Vec<Rule>),
}

impl RuleAction {
    /// Applies it. What makes no sense (an unknown id) changes nothing.
    pub(super) fn apply(self, view: &mut ViewState) {
        let place = |view: &ViewState, id: u32| view.rules.iter().position(|item| item.id == id);
        match self {
            Self::Add(rules) => {
                let mut first = None;
                for rule in rules {
                    if view.rules.iter().any(|item| is_same(&item.rule, &rule)) {
                        continue;
                    }
                    let id = add(view, view.rules.len(), rule);
                    first = first.or(Some(id));
                }
                view.active_rule = first.or(view.active_rule);
            }
            Self::Edit { id, rule } => {
                if let Some(at) = place(view, id) {
                    view.rules[at].rule = *rule;
                }
            }
            Self::Duplicate(id) => {
                if let Some(at) = place(view, id) {
                    let copy = view.rules[at].rule.clone();
                    view.active_rule = Some(add(view, at + 1, copy));
                }
            }
            Self::Remove(id) => {
                if let Some(at) = place(view, id) {
                    view.rules.remove(at);
                    if view.active_rule == Some(id) {
                        let neighbour = at.min(view.rules.len().saturating_sub(1));
                        view.active_rule = view.rules.get(neighbour).map(|item| item.id);
                    }
                }
            }
            Self::Activate(id) => {
                if place(view, id).is_some() {
                    view.active_rule = Some(id);
                }
            }
            Self::Replace(rules) => {
                view.rules.clear();
                for rule in rules {
                    add(view, view.rules.len(), rule);
                }
                view.active_rule = view.rules.first().map(|item| item.id);
            }
        }
    }
}

/// Whether two rules are the same deployed one; state and targets may have been tried out on either.
pub fn is_same(a: &Rule, b: &Rule) -> bool {
    a.name == b.name && a.event_pattern == b.event_pattern
}

fn add(view: &mut ViewState, at: usize, mut rule: Rule) -> u32 {
    let id = view.free_id();
    rule.name = unused_name(view, &rule.name);
    view.rules.insert(at, ListedRule { id, rule });
    id
}

/// `root`, or `root-2` when the list has that name already: names of rules have no spaces.
fn unused_name(view: &ViewState, wanted: &str) -> String {
    let wanted = if wanted.trim().is_empty() { "rule" } else { wanted.trim() };
    let taken = |name: &str| view.rules.iter().any(|item| item.rule.name == name);
    let numbered = (2u32..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Action, reduce};

    fn rule(name: &str) -> Rule {
        Rule { name: name.into(), event_pattern: format!("{{\"source\": [\"{name}\"]}}"), ..Rule::default() }
    }

    #[test]
    fn rules_are_added_copied_and_removed() {
        let mut view = ViewState::default();
        let mut act = |action| {
            reduce(&mut view, Action::Rules(action));
            (view.rules.iter().map(|item| item.rule.name.clone()).collect::<Vec<_>>(), view.active_rule)
        };
        assert_eq!(
            act(RuleAction::Add(vec![rule("a"), rule("b"), rule("a")])),
            (vec!["a".into(), "b".into()], Some(1))
        );
        assert_eq!(act(RuleAction::Duplicate(1)), (vec!["a".into(), "a-2".into(), "b".into()], Some(3)));
        assert_eq!(act(RuleAction::Remove(3)), (vec!["a".into(), "b".into()], Some(2)));
        assert_eq!(act(RuleAction::Activate(9)).1, Some(2));
        assert_eq!(act(RuleAction::Replace(vec![rule("c")])), (vec!["c".into()], Some(1)));
    }

    #[test]
    fn ids_are_unique_over_all_lists() {
        let mut view = ViewState::default();
        reduce(&mut view, Action::AddBacktest { name: "x".into(), backtest: Box::default() });
        reduce(&mut view, Action::Rules(RuleAction::Add(vec![rule("a")])));
        assert_ne!(view.backtests[0].id, view.rules[0].id);
    }
}
