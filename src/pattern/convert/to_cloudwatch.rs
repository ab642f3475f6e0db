//! Event patterns to CloudWatch JSON patterns.

use super::{Converted, Lost};
use crate::filter::predicate::{Comparison, DETAIL_TYPES, LeafView, Selector, Step, number};
use crate::pattern::eventbridge::Pattern;
use crate::pattern::eventbridge::ast::{Excluded, Literal, Text, Value, ValueKind, Values};
use crate::pattern::eventbridge::envelope::{Place, place};
use crate::pattern::eventbridge::lower::Item;
use crate::pattern::{cloudwatch, text};

pub(super) fn of_event_pattern(pattern: &Pattern) -> Result<Converted, String> {
    let mut lost = Lost::default();
    let all = joined(&pattern.members(), &mut lost).ok_or("Nothing of this pattern can be said as a metric filter")?;
    let text = format!("{{ {all} }}");
    let printed = cloudwatch::parse(&text).map_err(|error| error.message)?.print();
    Ok(Converted { text: printed, lost: lost.0 })
}

/// All of the items; `None` if none can be said.
fn joined(items: &[Item], lost: &mut Lost) -> Option<String> {
    let all: Vec<String> = items.iter().filter_map(|item| condition(item, lost)).collect();
    (!all.is_empty()).then(|| all.join(" && "))
}

fn condition(item: &Item, lost: &mut Lost) -> Option<String> {
    match item {
        Item::Or(alternatives) => {
            let any: Option<Vec<String>> = alternatives.iter().map(|items| joined(items, lost)).collect();
            if any.is_none() {
                lost.add("$or is left out: one of its alternatives cannot be said");
            }
            any.map(|any| format!("({})", any.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" || ")))
        }
        Item::Field { path, values } => match place(path) {
            Place::Record { path: in_record, view, .. } => field(path, in_record, view, values, lost),
            Place::Constant(_) | Place::Nowhere => {
                lost.add(format!("{path} is left out: the record has no such field"));
                None
            }
        },
    }
}

fn field(path: &str, in_record: &str, view: LeafView, values: &Values, lost: &mut Lost) -> Option<String> {
    let steps = in_record.split('.').map(|name| Step::Key(name.to_owned())).collect();
    let selector = Selector { steps };
    if selector.steps.len() > 2 || in_record.starts_with("re") && selector.steps.len() > 1 {
        lost.add(format!("{path}: CloudWatch looks into the elements of an array only where [*] says so"));
    }
    let mut any = Vec::new();
    for value in &values.alternatives {
        match said(&selector, path, view, value, lost) {
            Some(condition) => any.push(condition),
            None if values.alternatives.len() == 1 => {
                lost.add(format!("{path}: {} is left out", value.print()));
                return None;
            }
            // Without one of its values it would match fewer events, without all of it more.
            None => {
                lost.add(format!("{path} is left out, because {} cannot be said", value.print()));
                return None;
            }
        }
    }
    Some(if any.len() == 1 { any.remove(0) } else { format!("({})", any.join(" || ")) })
}

fn said(selector: &Selector, path: &str, view: LeafView, value: &Value, lost: &mut Lost) -> Option<String> {
    let compared = |sign: &str, wanted: &str| Some(format!("{selector} {sign} {}", text::quote(wanted)));
    // The envelope's words are those of the record in another form, one by one.
    if view != LeafView::AsIs {
        let ValueKind::Literal(Literal::Text(wanted)) = &value.kind else { return None };
        let of_record = match view {
            LeafView::Source => format!("{}.amazonaws.com", wanted.strip_prefix("aws.")?),
            _ => DETAIL_TYPES.iter().find(|(_, detail_type)| detail_type == wanted)?.0.to_owned(),
        };
        if view == LeafView::DetailType && of_record == DETAIL_TYPES[0].0 {
            lost.add("detail-type: events without an eventType, or with one of another kind, are left out");
        }
        return compared("=", &of_record);
    }
    match &value.kind {
        ValueKind::Literal(Literal::Text(wanted)) => {
            if number(wanted).is_some() {
                lost.add(format!("{path}: CloudWatch finds {} also as a number", value.print()));
            }
            if wanted.contains('*') { None } else { compared("=", wanted) }
        }
        ValueKind::Literal(Literal::Number(wanted)) => {
            lost.add(format!("{path}: CloudWatch finds {wanted} also as text"));
            number(wanted).is_some().then(|| format!("{selector} = {wanted}"))
        }
        ValueKind::Literal(Literal::Bool(wanted)) => {
            Some(format!("{selector} IS {}", if *wanted { "TRUE" } else { "FALSE" }))
        }
        ValueKind::Literal(Literal::Null) => Some(format!("{selector} IS NULL")),
        ValueKind::Prefix(Text { text, ignore_case: false }) => affix(selector, text, false, true),
        ValueKind::Suffix(Text { text, ignore_case: false }) => affix(selector, text, true, false),
        ValueKind::Wildcard(pattern) => {
            let inner = pattern.strip_prefix('*')?.strip_suffix('*')?;
            (!inner.contains(['*', '\\'])).then(|| affix(selector, inner, true, true))?
        }
        ValueKind::Numeric(bounds) => {
            let all: Option<Vec<String>> = bounds
                .iter()
                .map(|(comparison, operand)| {
                    number(operand).map(|_| format!("{selector} {} {operand}", sign(*comparison)))
                })
                .collect();
            if bounds.iter().any(|(comparison, _)| *comparison == Comparison::Equal) {
                lost.add(format!("{path}: CloudWatch finds the number also as text"));
            }
            all.map(|all| if all.len() == 1 { all.concat() } else { format!("({})", all.join(" && ")) })
        }
        ValueKind::AnythingBut(excluded) => {
            lost.add(format!("{path}: CloudWatch’s != passes null and booleans over, anything-but lets them in"));
            let conditions: Option<Vec<String>> = match excluded {
                Excluded::Literals(literals) => literals
                    .iter()
                    .map(|literal| match literal {
                        Literal::Text(wanted) if !wanted.contains('*') => compared("!=", wanted),
                        Literal::Number(wanted) => Some(format!("{selector} != {wanted}")),
                        _ => None,
                    })
                    .collect(),
                Excluded::Prefix(texts) => {
                    texts.iter().map(|text| plain(text).then(|| compared("!=", &format!("{text}*")))?).collect()
                }
                Excluded::Suffix(texts) => {
                    texts.iter().map(|text| plain(text).then(|| compared("!=", &format!("*{text}")))?).collect()
                }
                Excluded::EqualsIgnoreCase(_) | Excluded::Wildcard(_) => None,
            };
            conditions.map(|all| if all.len() == 1 { all.concat() } else { format!("({})", all.join(" && ")) })
        }
        ValueKind::Exists(true) => {
            lost.add(format!(
                "{path}: an object exists for neither, but an element of an array only for the event pattern"
            ));
            Some(format!("({selector} = * || {selector} IS NULL)"))
        }
        ValueKind::Exists(false) => {
            lost.add(format!("{path}: an object or an empty list exists for CloudWatch"));
            Some(format!("{selector} NOT EXISTS"))
        }
        ValueKind::Prefix(_) | ValueKind::Suffix(_) | ValueKind::EqualsIgnoreCase(_) | ValueKind::Cidr(_) => None,
    }
}

/// Text with a wildcard at its ends, if it has none of its own.
fn affix(selector: &Selector, wanted: &str, open_start: bool, open_end: bool) -> Option<String> {
    let star = |open: bool| if open { "*" } else { "" };
    let text = text::quote(&format!("{}{wanted}{}", star(open_start), star(open_end)));
    plain(wanted).then(|| format!("{selector} = {text}"))
}

fn plain(text: &str) -> bool {
    !text.is_empty() && !text.contains('*')
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Equal | Comparison::NotEqual => "=",
    }
}
