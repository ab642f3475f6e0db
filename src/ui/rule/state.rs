//! The active rule: its content, its pattern, what became of the events.

use crate::base::time::MINUTE;
use crate::model::query::{RowRef, Scope};
use crate::model::rule::{Rule, RuleState};
use crate::pattern::PatternError;
use crate::pattern::eventbridge::delivery::{self, Withheld};
use crate::pattern::eventbridge::near::NearMiss;
use crate::pattern::eventbridge::{self, Pattern};
use crate::ui::state::{Answer, App, Ask, use_answer};
use crate::view::rule::{Outcome, busiest};
use crate::view::{Action, RuleAction};
use leptos::prelude::*;

/// Which events are listed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Listed {
    /// Those that match.
    #[default]
    Matching,
    /// Those that match and are kept back.
    Withheld(Withheld),
    /// Those that miss one field; with a value, those that have it there.
    NearMiss(NearMiss, Option<String>),
}

/// The rule that is edited. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Active {
    app: App,
    id: u32,
    /// Its content.
    pub rule: Memo<Rule>,
    /// Its pattern, or what is wrong with it.
    pub pattern: Memo<Result<Pattern, PatternError>>,
    /// The pattern while it is valid, and the one before while it is being typed.
    pub usable: Memo<Option<Pattern>>,
    /// What became of the events.
    pub outcome: ReadSignal<Answer<Outcome>>,
    /// Which events are listed.
    pub listed: RwSignal<Listed>,
    /// The event that is explained.
    pub chosen: RwSignal<Option<RowRef>>,
}

impl Active {
    /// Follows a rule, inside a component.
    pub fn follow(app: App, id: u32) -> Self {
        let rule = Memo::new(move |before: Option<&Rule>| {
            let found =
                app.view.with(|view| view.rules.iter().find(|item| item.id == id).map(|item| item.rule.clone()));
            found.or_else(|| before.cloned()).unwrap_or_default()
        });
        let text = Memo::new(move |_| rule.with(|rule| rule.event_pattern.clone()));
        let pattern = Memo::new(move |_| text.with(|text| eventbridge::parse(text)));
        let usable = Memo::new(move |before: Option<&Option<Pattern>>| {
            pattern.with(|pattern| pattern.as_ref().ok().cloned()).or_else(|| before.cloned().flatten())
        });
        let state = Memo::new(move |_| rule.with(|rule| rule.state));
        let question = move || {
            let pattern = usable.get().filter(|_| app.session.has_data())?;
            let text = pattern.print();
            Some((Question { text, state: state.get(), scope: scope(app) }, app.session.version.get()))
        };
        // An older question that went on step by step would overtake the steps of a newer one, and nobody had an answer.
        let newest = StoredValue::new(0u32);
        let outcome = use_answer(question, move |(question, _)| {
            newest.update_value(|newest| *newest += 1);
            let mine = newest.get_value();
            ask(app, question, move || newest.try_get_value() == Some(mine))
        });
        let listed = RwSignal::default();
        // What was chosen among the groups of another pattern or state is none of the groups of this one.
        Effect::new(move |before: Option<()>| {
            usable.track();
            state.track();
            if before.is_some() {
                listed.set(Listed::Matching);
            }
        });
        Self { app, id, rule, pattern, usable, outcome, listed, chosen: RwSignal::new(None) }
    }

    /// Changes it while the user is still at it; [`Self::done`] follows.
    pub fn draft(self, change: impl FnOnce(&mut Rule)) {
        self.app.preview(self.action(change));
    }

    /// Changes it as one step in the history.
    pub fn set(self, change: impl FnOnce(&mut Rule)) {
        self.app.dispatch(self.action(change));
    }

    /// Records what was drafted.
    pub fn done(self) {
        // Also called while the form goes away with the focus in it.
        if self.rule.try_get_untracked().is_some() {
            self.set(|_| {});
        }
    }

    /// Reads something of it.
    pub fn get<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&Rule) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.rule.with(&read))
    }

    /// The search for the listed events.
    pub fn search(self) -> Option<String> {
        let pattern = self.usable.get()?;
        Some(match self.listed.get() {
            Listed::Matching => delivery::matched(&pattern),
            Listed::Withheld(reason) => delivery::withheld(&pattern, reason),
            Listed::NearMiss(miss, None) => miss.search,
            Listed::NearMiss(miss, Some(value)) => {
                let value = crate::pattern::search::print_literal(&value);
                format!("{} $.{}:{value}", miss.search, miss.field.unwrap_or_default())
            }
        })
    }

    fn action(self, change: impl FnOnce(&mut Rule)) -> Action {
        let mut rule = self.rule.try_get_untracked().unwrap_or_default();
        change(&mut rule);
        Action::Rules(RuleAction::Edit { id: self.id, rule: Box::new(rule) })
    }
}

/// Everything loaded in the committed range: the search of the other panels does not concern a rule.
pub fn scope(app: App) -> Scope {
    Scope {
        range: app.range.get().map(|range| (range.from, range.to)),
        keep_duplicates: app.view.with(|view| view.keep_duplicates),
        ..Scope::default()
    }
}

#[derive(Clone, PartialEq)]
struct Question {
    text: String,
    state: RuleState,
    scope: Scope,
}

/// One count after the other, as long as it `is_newest`: each is a search of its own, and those that come again are
/// remembered.
async fn ask(app: App, question: Question, is_newest: impl Fn() -> bool) -> Result<Outcome, Ask> {
    let Question { text, state, scope } = question;
    let Ok(pattern) = eventbridge::parse(&text) else { return Ok(Outcome::default()) };
    let within = |filter: String| {
        let scope = Scope { filter, ..scope.clone() };
        if is_newest() { Ok(scope) } else { Err(Ask::Overtaken) }
    };
    let matched = app.engine.count("rule-matched", within(delivery::matched(&pattern))?).await?;
    let mut outcome = Outcome { events: matched.events, matched: matched.matched, ..Outcome::default() };
    let Some(delivered) = delivery::delivered(&pattern, state) else {
        outcome.withheld.push((Withheld::Disabled, matched.matched));
        return Ok(outcome);
    };
    outcome.delivered = app.engine.count("rule-delivered", within(delivered.clone())?).await?.matched;
    if outcome.delivered < outcome.matched {
        for reason in Withheld::OF_EVENTS.into_iter().filter(|reason| reason.concerns(state)) {
            let count = app.engine.count("rule-withheld", within(delivery::withheld(&pattern, reason))?).await?.matched;
            if count > 0 {
                outcome.withheld.push((reason, count));
            }
        }
    }
    if outcome.delivered > 0 {
        outcome.busiest = busiest(&app.engine.histogram("rule-minutes", within(delivered)?, MINUTE, 0).await?);
    }
    Ok(outcome)
}
