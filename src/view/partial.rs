//! Events that are not full records, such as rows of a CSV: what a search or a metric filter cannot tell about them.
//!
//! A test of a field that an event cannot have says nothing about what happened: it fails, or with a negation passes,
//! because the field was never written down. Whoever asks is told, with the number of events concerned.

use super::format;
use crate::model::metric::MetricFilter;
use crate::model::partial::CatalogPart;
use crate::model::query::PRINCIPAL;
use crate::pattern::{cloudwatch, path, search};

/// Members of `userIdentity` of which any makes the derived field `@principal`.
const IDENTITY: [&str; 5] = ["arn", "principalId", "invokedBy", "accountId", "userName"];
/// Fields that are named in a sentence.
const NAMED: usize = 2;

/// What to say about a search; `None` if all events can have the fields that it names.
pub fn of_search(text: &str, catalog: &CatalogPart) -> Option<String> {
    if catalog.partial.is_empty() {
        return None;
    }
    let predicate = search::parse(text).ok()?.lower();
    notice(predicate.fields().into_iter().map(path::print), catalog)
}

/// What to say about a metric filter: its pattern, and the fields it takes values from.
pub fn of_metric_filter(filter: &MetricFilter, catalog: &CatalogPart) -> Option<String> {
    if catalog.partial.is_empty() {
        return None;
    }
    let predicate = cloudwatch::parse(&filter.filter_pattern).ok()?.lower();
    let values = filter.metric_transformations.iter().flat_map(|transformation| {
        std::iter::once(&transformation.metric_value).chain(transformation.dimensions.values())
    });
    let selected = values.filter_map(|value| value.strip_prefix("$.")).map(str::to_owned);
    notice(predicate.fields().into_iter().map(path::print).chain(selected), catalog)
}

/// What to say beside an event that can have `known` fields only.
pub fn about(known: &[String]) -> String {
    let has_call = can_have("requestParameters", known) || can_have("responseElements", known);
    let lack = if has_call { "without full records" } else { "that has no request and response" };
    format!("This event comes from a file {lack}: only these fields are known.")
}

fn notice(fields: impl Iterator<Item = String>, catalog: &CatalogPart) -> Option<String> {
    let mut lacking: Vec<String> = Vec::new();
    let mut concerned = vec![0; catalog.partial.len()];
    for field in fields {
        for ((known, count), concerned) in catalog.partial.iter().zip(&mut concerned) {
            if !can_have(&field, known) {
                *concerned = *count;
                if !lacking.contains(&field) {
                    lacking.push(field.clone());
                }
            }
        }
    }
    let events = concerned.iter().sum();
    if events == 0 {
        return None;
    }
    let more = if lacking.len() > NAMED { ", …" } else { "" };
    lacking.truncate(NAMED);
    Some(format!("{} cannot have {}{more}", format::plural(events, "event", "events"), lacking.join(", ")))
}

/// Whether there are events that cannot have `field`.
pub(super) fn lacks(field: &str, catalog: &CatalogPart) -> bool {
    catalog.partial.keys().any(|known| !can_have(field, known))
}

/// Whether an event with the `known` fields can have `field`: one of them is it, is in it, or holds it.
fn can_have(field: &str, known: &[String]) -> bool {
    if field == PRINCIPAL {
        return IDENTITY.iter().any(|member| can_have(&format!("userIdentity.{member}"), known));
    }
    known.iter().any(|known| keys(known).zip(keys(field)).all(|(known, key)| known == key || key == "*"))
}

/// The keys of a path; which element of a list makes no difference.
fn keys(path: &str) -> impl Iterator<Item = &str> {
    let is_index = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    path.split(['.', '[', ']', '\''])
        .enumerate()
        .filter(move |(at, key)| *at == 0 || !is_index(key))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metric::MetricTransformation;

    fn catalog() -> CatalogPart {
        let fields = |names: &[&str]| names.iter().map(|name| String::from(*name)).collect::<Vec<_>>();
        let console = fields(&["userIdentity.userName", "eventTime", "eventName", "resources"]);
        let athena = fields(&["userIdentity", "eventTime", "eventName", "requestParameters"]);
        CatalogPart { partial: [(console, 574), (athena, 1_000)].into(), ..CatalogPart::default() }
    }

    #[test]
    fn fields_that_no_column_holds_are_named_with_the_events_that_lack_them() {
        for (search, said) in [
            ("eventName:ConsoleLogin -userIdentity.userName:ann text @principal:x", None),
            ("requestParameters.bucketName:b", Some("574 events cannot have requestParameters.bucketName")),
            ("-userIdentity.type:Root", Some("574 events cannot have userIdentity.type")),
            ("errorCode:* eventName:x", Some("1,574 events cannot have errorCode")),
            ("resources[0].ARN:x", Some("1,000 events cannot have resources[0].ARN")),
            ("~errorCode:*", None),
            ("a:1 b:2 c:3", Some("1,574 events cannot have a, b, …")),
            ("{ $.userIdentity.type = Root || $.eventName = x }", Some("574 events cannot have userIdentity.type")),
            ("\"", None),
        ] {
            assert_eq!(of_search(search, &catalog()).as_deref(), said, "{search}");
        }
        assert_eq!(of_search("errorCode:*", &CatalogPart::default()), None);
    }

    #[test]
    fn a_metric_filter_also_takes_values() {
        let filter = |value: &str| MetricFilter {
            filter_name: String::new(),
            filter_pattern: "{ $.eventName = x }".into(),
            metric_transformations: vec![MetricTransformation { metric_value: value.into(), ..Default::default() }],
        };
        assert_eq!(of_metric_filter(&filter("1"), &catalog()), None);
        let said = Some("1,574 events cannot have additionalEventData.bytes".to_owned());
        assert_eq!(of_metric_filter(&filter("$.additionalEventData.bytes"), &catalog()), said);
    }
}
