//! CloudWatch JSON patterns and searches to event patterns.
//!
//! Conditions joined by `||` on one field become its values, others `$or`. A field has one list of values, so
//! conditions joined by `&&` on one field are merged where that is exact, and one of them is left out elsewhere.

use super::{Converted, Lost};
use crate::filter::predicate::{Comparison, Field, Glob, Selector, Step, number};
use crate::pattern::cloudwatch::Pattern;
use crate::pattern::cloudwatch::ast::{Expr, ExprKind, JsonCondition, JsonTest, ValueKind};
use crate::pattern::eventbridge;
use crate::pattern::search::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use serde_json::{Map, Value, json};

/// Names of the record below which arrays occur.
const WITH_ARRAYS: [&str; 6] = [
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "serviceEventDetails",
    "resources",
    "insightDetails",
];

/// Combinations made of several alternatives beside each other, at most.
const MAX_COMBINATIONS: usize = 200;

/// What is asked: everything in one object, or one of several.
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Values { path: Vec<String>, values: Vec<Value> },
}

pub(super) fn of_filter(pattern: &Pattern) -> Result<Converted, String> {
    let Pattern::Json(expr) = pattern else {
        return Err("An event pattern asks for fields; this pattern looks at the text of the message".into());
    };
    let mut lost = Lost::default();
    let node = of_expr(expr, &mut lost)?.ok_or("Nothing of this pattern can be said as an event pattern")?;
    written(node, lost)
}

pub(super) fn of_search(query: &SearchQuery) -> Result<Converted, String> {
    let mut lost = Lost::default();
    let mut all = Vec::new();
    for clause in query.clauses.iter().filter(|clause| !clause.disabled) {
        all.extend(of_clause(clause, &mut lost)?);
    }
    if all.is_empty() {
        return Err("There is nothing in this search that an event pattern can say".into());
    }
    written(Node::All(all), lost)
}

fn of_expr(expr: &Expr<JsonCondition>, lost: &mut Lost) -> Result<Option<Node>, String> {
    Ok(match &expr.kind {
        ExprKind::And(items) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(of_expr(item, lost)?);
            }
            (!all.is_empty()).then_some(Node::All(all))
        }
        ExprKind::Or(items) => {
            let mut any = Vec::new();
            for item in items {
                // Without one of its alternatives it would match fewer events, without all of it more.
                match of_expr(item, lost)? {
                    Some(node) => any.push(node),
                    None => return Ok(None),
                }
            }
            Some(Node::Any(any))
        }
        ExprKind::Leaf(condition) => of_condition(condition, lost)?,
    })
}

fn of_condition(condition: &JsonCondition, lost: &mut Lost) -> Result<Option<Node>, String> {
    let JsonCondition { selector, test, .. } = condition;
    let Some(path) = path(selector, lost) else { return Ok(None) };
    let values = match test {
        JsonTest::IsNull => vec![Value::Null],
        JsonTest::IsBool(value) => vec![json!(value)],
        JsonTest::NotExists => {
            lost.add(format!(
                "{selector} NOT EXISTS: for an event pattern, an object or an empty list does not exist either"
            ));
            vec![json!({"exists": false})]
        }
        JsonTest::Compare(comparison, value) => match (comparison, &value.kind) {
            (_, ValueKind::Regex(regex)) => {
                lost.add(format!(
                    "{selector} %{}% is left out: event patterns have no regular expressions",
                    regex.source()
                ));
                return Ok(None);
            }
            (Comparison::Equal, ValueKind::Number(text)) => both(text),
            (Comparison::NotEqual, ValueKind::Number(text)) => {
                lost.add(format!(
                    "{selector} != {text}: the string \"{text}\", null and booleans are anything but the number"
                ));
                vec![json!({"anything-but": numeric(text)})]
            }
            (Comparison::Equal, ValueKind::Bare(text) | ValueKind::Quoted(text)) => {
                equal(selector, &Glob::parse(text), lost)
            }
            (Comparison::NotEqual, ValueKind::Bare(text) | ValueKind::Quoted(text)) => {
                match not_equal(selector, &Glob::parse(text), lost) {
                    Some(values) => values,
                    None => return Ok(None),
                }
            }
            (comparison, kind) => match kind.text().filter(|text| number(text).is_some()) {
                Some(text) => vec![json!({"numeric": [sign(*comparison), numeric(text)]})],
                None => return Err(format!("{selector} is compared with something that is no number: it never holds")),
            },
        },
    };
    Ok(Some(Node::Values { path, values }))
}

/// Text as CloudWatch compares it: a number is its text.
fn equal(selector: &Selector, glob: &Glob, lost: &mut Lost) -> Vec<Value> {
    if !glob.is_any() && (glob.open_start || glob.open_end) && could_be_number(&glob.text) {
        lost.add(format!("{selector}: CloudWatch finds this text in numbers, too, an event pattern in strings only"));
    }
    match (glob.open_start, glob.open_end) {
        (true, true) if glob.text.is_empty() => {
            lost.add(format!("{selector} = *: null exists for an event pattern, but not for CloudWatch"));
            vec![json!({"exists": true})]
        }
        (false, false) => both(&glob.text),
        (false, true) => vec![json!({"prefix": glob.text})],
        (true, false) => vec![json!({"suffix": glob.text})],
        (true, true) => vec![json!({"wildcard": format!("*{}*", escaped(&glob.text))})],
    }
}

fn not_equal(selector: &Selector, glob: &Glob, lost: &mut Lost) -> Option<Vec<Value>> {
    if glob.is_any() {
        lost.add(format!("{selector} != * is left out"));
        return None;
    }
    lost.add(format!(
        "{selector} != …: null and booleans are anything but the text, and CloudWatch’s != passes them over"
    ));
    let excluded = match (glob.open_start, glob.open_end) {
        (false, false) => json!(glob.text),
        (false, true) => json!({"prefix": glob.text}),
        (true, false) => json!({"suffix": glob.text}),
        (true, true) => json!({"wildcard": format!("*{}*", escaped(&glob.text))}),
    };
    Some(vec![json!({"anything-but": excluded})])
}

fn of_clause(clause: &Clause, lost: &mut Lost) -> Result<Vec<Node>, String> {
    let printed = clause.print();
    Ok(match &clause.kind {
        ClauseKind::EventPattern(pattern) if !clause.exclude => return of_event_pattern(pattern, lost),
        ClauseKind::Pattern(Pattern::Json(expr)) if !clause.exclude => of_expr(expr, lost)?.into_iter().collect(),
        ClauseKind::Field(Field::Path(selector), test) => {
            let Some(path) = path(selector, lost) else { return Ok(Vec::new()) };
            match (test, clause.exclude) {
                (FieldTest::Exists, exclude) => {
                    lost.add(format!("{printed}: an object or an empty list does not exist for an event pattern"));
                    vec![Node::Values { path, values: vec![json!({"exists": !exclude})] }]
                }
                (FieldTest::Compare(comparison, text), false) => {
                    vec![Node::Values { path, values: vec![json!({"numeric": [sign(*comparison), numeric(text)]})] }]
                }
                (FieldTest::Values(values), false) => {
                    let values = values.iter().flat_map(|value| found(selector, value, lost)).collect();
                    vec![Node::Values { path, values }]
                }
                (FieldTest::Values(values), true) => match literals(values) {
                    Some(texts) => {
                        if texts.iter().any(|text| both(text).len() > 1 || is_word(text)) {
                            lost.add(format!("{printed}: numbers, booleans and null are anything but a text"));
                        }
                        vec![Node::Values {
                            path,
                            values: vec![json!({"anything-but": texts}), json!({"exists": false})],
                        }]
                    }
                    None => {
                        lost.add(format!("{printed} is left out: an event pattern cannot exclude it"));
                        Vec::new()
                    }
                },
                (FieldTest::Compare(..), true) => {
                    lost.add(format!("{printed} is left out: an event pattern cannot exclude it"));
                    Vec::new()
                }
            }
        }
        _ => {
            lost.add(format!("{printed} is left out: an event pattern asks for values of fields"));
            Vec::new()
        }
    })
}

/// An event pattern inside a search stays as it is if it asks for fields of the record only.
fn of_event_pattern(pattern: &eventbridge::Pattern, lost: &mut Lost) -> Result<Vec<Node>, String> {
    let value: Value = serde_json::from_str(&pattern.print()).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    flatten(&value, &mut Vec::new(), &mut all);
    if all.is_empty() {
        lost.add("An event pattern with $or cannot be joined with other clauses: it is left out");
    }
    Ok(all)
}

fn flatten(value: &Value, path: &mut Vec<String>, all: &mut Vec<Node>) {
    let Value::Object(members) = value else { return };
    if members.contains_key("$or") {
        all.clear();
        return;
    }
    for (name, member) in members {
        path.push(name.clone());
        match member {
            Value::Array(values) => all.push(Node::Values { path: path.clone(), values: values.clone() }),
            member => flatten(member, path, all),
        }
        path.pop();
    }
}

/// A value of the search bar, which compares texts, `true` and `null` included.
fn found(selector: &Selector, value: &FieldValue, lost: &mut Lost) -> Vec<Value> {
    match value {
        FieldValue::Literal(text) => {
            let mut values = both(text);
            match text.as_str() {
                "true" => values.push(json!(true)),
                "false" => values.push(json!(false)),
                "null" => values.push(Value::Null),
                _ => {}
            }
            values
        }
        FieldValue::Wildcard(glob) => {
            if ["true", "false", "null"].iter().any(|word| glob.matches(word)) {
                lost.add(format!("{selector}: a search finds this text in true, false and null, too"));
            }
            equal(selector, glob, lost)
        }
    }
}

fn literals(values: &[FieldValue]) -> Option<Vec<&str>> {
    values.iter().map(|value| if let FieldValue::Literal(text) = value { Some(text.as_str()) } else { None }).collect()
}

fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
}

/// A text, and the number that has it, because CloudWatch takes a number for its text.
fn both(text: &str) -> Vec<Value> {
    let mut values = vec![json!(text)];
    if number(text).is_some() && could_be_number(text) {
        values.push(numeric(text));
    }
    values
}

fn numeric(text: &str) -> Value {
    let whole = text.trim_start_matches('+').parse::<i64>().map(Value::from);
    whole.unwrap_or_else(|_| number(text).and_then(serde_json::Number::from_f64).map_or(Value::Null, Value::Number))
}

fn could_be_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('*', "\\*")
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

/// The path in the envelope; `None` where an event pattern has none for it.
fn path(selector: &Selector, lost: &mut Lost) -> Option<Vec<String>> {
    let mut path = vec!["detail".to_owned()];
    for step in &selector.steps {
        match step {
            Step::Key(name) => path.push(name.clone()),
            Step::AnyElement => {}
            Step::Index(index) => {
                lost.add(format!("{selector}: an event pattern looks into every element, not into [{index}] only"))
            }
            Step::AnyKey => {
                lost.add(format!("{selector} is left out: an event pattern names every field"));
                return None;
            }
        }
    }
    let deep = path.len() > 2 && WITH_ARRAYS.contains(&path[1].as_str());
    if deep {
        lost.add(format!("{selector}: if there is an array on the way, an event pattern looks into its elements, and fields of one array must be met in one element"));
    }
    Some(path)
}

fn written(node: Node, mut lost: Lost) -> Result<Converted, String> {
    let mut alternatives = spread(node)?;
    let mut objects = Vec::new();
    for fields in &mut alternatives {
        let mut object = Value::Object(Map::new());
        for (path, values) in merged(std::mem::take(fields), &mut lost) {
            put(&mut object, &path, values);
        }
        objects.push(object);
    }
    let pattern = if objects.len() == 1 { objects.remove(0) } else { json!({"$or": objects}) };
    let pattern = eventbridge::parse(&pattern.to_string()).map_err(|error| error.message)?;
    Ok(Converted { text: pattern.pretty(), lost: lost.0 })
}

type Fields = Vec<(Vec<String>, Vec<Value>)>;

/// Alternatives, each a list of fields. Alternatives of one field alone stay together as its values.
fn spread(node: Node) -> Result<Vec<Fields>, String> {
    match node {
        Node::Values { path, values } => Ok(vec![vec![(path, values)]]),
        Node::Any(nodes) => {
            let mut all: Vec<Fields> = Vec::new();
            for node in nodes {
                for fields in spread(node)? {
                    let known = match fields.as_slice() {
                        [(path, _)] => {
                            all.iter_mut().find(|known| matches!(known.as_slice(), [(other, _)] if other == path))
                        }
                        _ => None,
                    };
                    match known {
                        Some(known) => {
                            for value in fields.into_iter().flat_map(|(_, values)| values) {
                                if !known[0].1.contains(&value) {
                                    known[0].1.push(value);
                                }
                            }
                        }
                        None => all.push(fields),
                    }
                }
            }
            Ok(all)
        }
        Node::All(nodes) => {
            let mut all: Vec<Fields> = vec![Vec::new()];
            for node in nodes {
                let choices = spread(node)?;
                if all.len() * choices.len() > MAX_COMBINATIONS {
                    return Err("This pattern has too many combinations of alternatives for an event pattern".into());
                }
                all = all
                    .iter()
                    .flat_map(|before| choices.iter().map(move |choice| [&before[..], choice].concat()))
                    .collect();
            }
            Ok(all)
        }
    }
}

/// One list of values for each field.
fn merged(fields: Fields, lost: &mut Lost) -> Fields {
    let mut all: Fields = Vec::new();
    for (path, values) in fields {
        match all.iter_mut().find(|(known, _)| *known == path) {
            None => all.push((path, values)),
            Some((_, known)) => match (excluded(known), excluded(&values)) {
                (Some(before), Some(more)) => {
                    let all = [before, more].concat();
                    *known = vec![json!({"anything-but": all})];
                }
                _ if *known == values => {}
                _ => lost.add(format!(
                    "{} is asked twice, and a field has one list of values: the second is left out",
                    path[1..].join(".")
                )),
            },
        }
    }
    all
}

/// The texts of a single `anything-but` with texts.
fn excluded(values: &[Value]) -> Option<Vec<Value>> {
    let [only] = values else { return None };
    match only.get("anything-but")? {
        text @ Value::String(_) => Some(vec![text.clone()]),
        Value::Array(texts) if texts.iter().all(Value::is_string) => Some(texts.clone()),
        _ => None,
    }
}

fn put(object: &mut Value, path: &[String], values: Vec<Value>) {
    let Some((last, outer)) = path.split_last() else { return };
    let mut at = object;
    for name in outer {
        let Value::Object(members) = at else { return };
        at = members.entry(name.clone()).or_insert_with(|| json!({}));
    }
    if let Value::Object(members) = at {
        members.insert(last.clone(), values.into());
    }
}
