//! Advice on filters that are nearly one of the controls but not spelled as Security Hub or Prowler look for, and the
//! words for how a pattern compares with what they want.

use super::advice::Advice;
use crate::controls::Control;
use crate::controls::nearest::nearest;
use crate::controls::spelling::{Likeness, ProwlerVerdict, prowler, security_hub};
use crate::model::alarm::Backtest;

/// Conditions named at most.
const NAMED: usize = 3;

/// What to know about the spelling; nothing when no control is near, or all that check it accept the text.
pub fn advise(backtest: &Backtest) -> Option<Advice> {
    let filter = &backtest.filter;
    let control = nearest(filter)?;
    let pattern = filter.filter_pattern.as_str();
    let hub = security_hub(control, pattern);
    let verdict = prowler(control, pattern);
    if hub.is_none_or(|likeness| likeness == Likeness::Exact) && verdict == ProwlerVerdict::Accepted {
        return None;
    }
    let id = control.security_hub.as_deref().unwrap_or_default();
    let about_hub = match hub {
        None | Some(Likeness::Exact) => None,
        Some(Likeness::Equivalent) => Some(format!(
            "does not match the exact text Security Hub looks for ({id}): white space or parentheses differ, and whether that is accepted is not documented"
        )),
        Some(Likeness::Differs) => Some(format!("does not match the exact text Security Hub looks for ({id})")),
    };
    let about_prowler = match &verdict {
        ProwlerVerdict::Accepted => None,
        other => Some(prowler_words(other)),
    };
    let parts: Vec<String> = about_hub.into_iter().chain(about_prowler).collect();
    let (label, text) = match (&control.security_hub, &control.prowler.pattern) {
        (None, Some(wanted)) => ("Use Prowler's text", wanted.as_str()),
        _ => ("Use Security Hub's text", control.pattern()),
    };
    let mut fixed = backtest.clone();
    fixed.filter.filter_pattern = text.into();
    Some(Advice {
        text: format!("As “{}” this filter {}.", control.title, parts.join("; it ")),
        fix: Some((label.into(), fixed)),
    })
}

/// How a pattern compares with Security Hub's text, in words.
pub fn hub_words(control: &Control, pattern: &str) -> &'static str {
    match security_hub(control, pattern) {
        None => "has no such control",
        Some(likeness) => likeness_words(likeness),
    }
}

/// A likeness in words.
pub fn likeness_words(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Exact => "exactly the text",
        Likeness::Equivalent => "the same but for white space or parentheses",
        Likeness::Differs => "another text",
    }
}

/// Prowler's verdict, with the filter as the subject: `passes every release of Prowler`.
pub fn prowler_words(verdict: &ProwlerVerdict) -> String {
    match verdict {
        ProwlerVerdict::Accepted => "passes every release of Prowler".into(),
        ProwlerVerdict::OtherOrder => {
            "has Prowler's conditions in another order, which older releases do not accept".into()
        }
        ProwlerVerdict::Lacks(missing) => {
            let named: Vec<&str> = missing.iter().take(NAMED).map(String::as_str).collect();
            let more = missing.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("lacks what Prowler looks for: {}{more}", named.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::{all, by_key};

    #[test]
    fn recommended_texts_need_no_advice_and_every_fix_ends_it() {
        for control in all() {
            for spelling in &control.spellings {
                let backtest = control.backtest(spelling);
                let Some(Advice { fix: Some((_, fixed)), .. }) = advise(&backtest) else {
                    assert!(advise(&backtest).is_none());
                    continue;
                };
                assert_ne!(spelling.pattern, fixed.filter.filter_pattern);
                assert_eq!(advise(&fixed), None, "{}", control.key);
            }
            if control.security_hub.is_some() {
                assert_eq!(advise(&control.backtest(&control.spellings[0])), None, "{}", control.key);
            }
        }
    }

    #[test]
    fn the_text_says_who_does_not_accept_it_and_why() {
        let control = by_key("cloudtrail_configuration_changes").unwrap();
        let mut backtest = control.backtest(&control.spellings[0]);
        backtest.filter.filter_pattern = "{ $.eventName = CreateTrail || $.eventName = StopLogging }".into();
        let text = advise(&backtest).unwrap().text;
        assert_eq!(
            text,
            "As “CloudTrail configuration changes” this filter does not match the exact text Security Hub looks for (CloudWatch.5); it lacks what Prowler looks for: eventName = UpdateTrail, eventName = DeleteTrail, eventName = StartLogging."
        );
        backtest.filter.filter_pattern = control.pattern().replace("||", " || ");
        assert!(advise(&backtest).unwrap().text.contains("white space or parentheses differ"));
    }

    #[test]
    fn other_filters_are_left_alone() {
        let mut backtest = Backtest::default();
        backtest.filter.filter_pattern = "{ $.eventName = RunInstances }".into();
        assert_eq!(advise(&backtest), None);
    }
}
