//! Text to tree.

use super::ast::{
    Content, Excluded, Field, Fields, Literal, Member, OPERATORS, Pattern, Text, Value, ValueKind, Values,
};
use super::json::{self, Json, Kind};
use super::{MAX_COMBINATIONS, MAX_MULTIPLIED_FIELDS, address, wildcard};
use crate::filter::predicate::Comparison;
use crate::pattern::{PatternError, Span};
use std::collections::HashMap;

/// Reads an event pattern.
pub fn parse(pattern: &str) -> Result<Pattern, PatternError> {
    let json = json::parse(pattern)?;
    let span = json.span;
    let described = json.describe();
    let Kind::Object(members) = json.kind else {
        let message = format!("an event pattern is an object, not {described}");
        return Err(PatternError::new(span, message).help("such as {\"source\": [\"aws.iam\"]}"));
    };
    let mut reader = Reader { replaced: Vec::new() };
    let fields = reader.fields(span, members)?;
    let multiplied = Multiplied::of(&fields);
    if multiplied.combinations > MAX_COMBINATIONS {
        let message = format!("the alternatives of $or make more than {MAX_COMBINATIONS} combinations");
        return Err(PatternError::new(span, message));
    }
    if multiplied.fields > MAX_MULTIPLIED_FIELDS {
        let message = format!("the combinations of $or have more than {MAX_MULTIPLIED_FIELDS} fields together");
        return Err(PatternError::new(span, message));
    }
    Ok(Pattern { fields, replaced: reader.replaced })
}

/// A pattern without its `$or`: how many sets of fields their alternatives make, and how many fields are in all of them.
/// The largest number, if there are more.
struct Multiplied {
    combinations: usize,
    fields: usize,
}

impl Multiplied {
    fn of(fields: &Fields) -> Self {
        fields.members.iter().fold(Self { combinations: 1, fields: 0 }, |all, member| {
            let one = match member {
                Member::Field(Field { content: Content::Fields(fields), .. }) => Self::of(fields),
                Member::Field(_) => Self { combinations: 1, fields: 1 },
                Member::Or { alternatives, .. } => {
                    alternatives.iter().map(Self::of).fold(Self { combinations: 0, fields: 0 }, |sum, one| Self {
                        combinations: sum.combinations.saturating_add(one.combinations),
                        fields: sum.fields.saturating_add(one.fields),
                    })
                }
            };
            let in_all = all.fields.saturating_mul(one.combinations);
            Self {
                combinations: all.combinations.saturating_mul(one.combinations),
                fields: in_all.saturating_add(one.fields.saturating_mul(all.combinations)),
            }
        })
    }
}

struct Reader {
    replaced: Vec<Span>,
}

impl Reader {
    fn fields(&mut self, span: Span, members: Vec<json::Member>) -> Result<Fields, PatternError> {
        if members.is_empty() {
            return Err(PatternError::new(span, "an object names at least one field"));
        }
        let last: HashMap<String, usize> =
            members.iter().enumerate().map(|(at, member)| (member.name.clone(), at)).collect();
        let mut kept = Vec::new();
        for (at, member) in members.into_iter().enumerate() {
            let name_span = member.name_span;
            let is_replaced = last.get(&member.name).is_some_and(|last| *last > at);
            // What is replaced has to be right all the same.
            let member = self.member(member)?;
            if is_replaced {
                self.replaced.push(name_span);
            } else {
                kept.push(member);
            }
        }
        Ok(Fields { span, members: kept })
    }

    fn member(&mut self, member: json::Member) -> Result<Member, PatternError> {
        let json::Member { name, name_span, value } = member;
        let (span, described) = (value.span, value.describe());
        let content = match value.kind {
            Kind::Array(items) if name == "$or" => {
                return Ok(Member::Or { span: name_span, alternatives: self.alternatives(span, items)? });
            }
            Kind::Object(members) => Content::Fields(self.fields(span, members)?),
            Kind::Array(items) => Content::Values(values(span, items)?),
            _ => {
                let error = PatternError::new(span, format!("expected an array of values, not {described}"));
                return Err(error.help("put it into brackets: the values of an array are alternatives"));
            }
        };
        Ok(Member::Field(Field { name, name_span, content }))
    }

    fn alternatives(&mut self, span: Span, items: Vec<Json>) -> Result<Vec<Fields>, PatternError> {
        if items.len() < 2 {
            return Err(PatternError::new(span, "$or needs at least two objects"));
        }
        items
            .into_iter()
            .map(|item| {
                let (span, described) = (item.span, item.describe());
                match item.kind {
                    Kind::Object(members) => self.fields(span, members),
                    _ => Err(PatternError::new(span, format!("$or takes objects with fields, not {described}"))),
                }
            })
            .collect()
    }
}

fn values(span: Span, items: Vec<Json>) -> Result<Values, PatternError> {
    if items.is_empty() {
        let error = PatternError::new(span, "expected at least one value");
        return Err(error.help("[{\"exists\": true}] asks for any value"));
    }
    Ok(Values { span, alternatives: items.into_iter().map(value).collect::<Result<_, _>>()? })
}

fn value(json: Json) -> Result<Value, PatternError> {
    let span = json.span;
    let kind = match json.kind {
        Kind::Array(_) => return Err(PatternError::new(span, "an array of values holds no other array")),
        Kind::Object(members) => operator(span, members)?,
        _ => ValueKind::Literal(literal(json)?),
    };
    Ok(Value { span, kind })
}

fn literal(json: Json) -> Result<Literal, PatternError> {
    match json.kind {
        Kind::Text(text) => Ok(Literal::Text(text)),
        Kind::Number(number) => finite(json.span, number).map(Literal::Number),
        Kind::Bool(value) => Ok(Literal::Bool(value)),
        Kind::Null => Ok(Literal::Null),
        _ => Err(PatternError::new(json.span, format!("expected a value, not {}", json.describe()))),
    }
}

/// A number that a double can hold (Comparison operators, "Numeric matching").
fn finite(span: Span, number: String) -> Result<String, PatternError> {
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(number),
        _ => Err(PatternError::new(span, "this number is beyond the range of a double")),
    }
}

fn operator(span: Span, mut members: Vec<json::Member>) -> Result<ValueKind, PatternError> {
    let listed = OPERATORS.join(", ");
    let (Some(member), true) = (members.pop(), members.is_empty()) else {
        let error = PatternError::new(span, "expected an object with exactly one operator");
        return Err(error.help(format!("the operators are {listed}; several tests are values of their own")));
    };
    let json::Member { name, name_span, value } = member;
    Ok(match name.as_str() {
        "prefix" => ValueKind::Prefix(affix(value, "prefix")?),
        "suffix" => ValueKind::Suffix(affix(value, "suffix")?),
        "equals-ignore-case" => ValueKind::EqualsIgnoreCase(string(value, "equals-ignore-case")?),
        "wildcard" => ValueKind::Wildcard(wildcard_text(value)?),
        "anything-but" => ValueKind::AnythingBut(excluded(value)?),
        "numeric" => ValueKind::Numeric(numeric(value)?),
        "cidr" => {
            let span = value.span;
            let text = string(value, "cidr")?;
            address::network(&text).map_err(|message| {
                PatternError::new(span, message).help("such as \"10.0.0.0/8\" or \"2001:db8::/32\"")
            })?;
            ValueKind::Cidr(text)
        }
        "exists" => match value.kind {
            Kind::Bool(exists) => ValueKind::Exists(exists),
            _ => {
                return Err(PatternError::new(
                    value.span,
                    format!("exists takes true or false, not {}", value.describe()),
                ));
            }
        },
        _ => {
            let error = PatternError::new(name_span, format!("there is no operator “{name}”"));
            let lower = name.to_lowercase();
            let help = if OPERATORS.contains(&lower.as_str()) {
                format!("operators are lower case: {lower}")
            } else {
                format!("the operators are {listed}")
            };
            return Err(error.help(help));
        }
    })
}

fn string(json: Json, operator: &str) -> Result<String, PatternError> {
    let described = json.describe();
    match json.kind {
        Kind::Text(text) => Ok(text),
        Kind::Array(_) => Err(PatternError::new(json.span, format!("{operator} takes one string, not a list"))
            .help(format!("several are values of their own: [{{\"{operator}\": …}}, {{\"{operator}\": …}}]"))),
        _ => Err(PatternError::new(json.span, format!("{operator} takes a string, not {described}"))),
    }
}

/// The argument of `prefix` and `suffix`: a string, or one in any case.
fn affix(json: Json, operator: &str) -> Result<Text, PatternError> {
    let span = json.span;
    match json.kind {
        Kind::Object(mut members) => match (members.pop(), members.is_empty()) {
            (Some(member), true) if member.name == "equals-ignore-case" => {
                Ok(Text { text: string(member.value, "equals-ignore-case")?, ignore_case: true })
            }
            _ => {
                let message = format!("{operator} takes a string or {{\"equals-ignore-case\": string}}");
                Err(PatternError::new(span, message))
            }
        },
        _ => Ok(Text { text: string(json, operator)?, ignore_case: false }),
    }
}

fn wildcard_text(json: Json) -> Result<String, PatternError> {
    let span = json.span;
    let text = string(json, "wildcard")?;
    wildcard::pieces(&text).map_err(|message| {
        PatternError::new(span, message).help("\\\\* in JSON is an asterisk, \\\\\\\\ a backslash")
    })?;
    Ok(text)
}

fn excluded(json: Json) -> Result<Excluded, PatternError> {
    let span = json.span;
    let described = json.describe();
    match json.kind {
        Kind::Text(_) | Kind::Number(_) => Ok(Excluded::Literals(vec![literal(json)?])),
        Kind::Array(items) => {
            let literals: Vec<Literal> = non_empty(span, items)?.into_iter().map(literal).collect::<Result<_, _>>()?;
            let all = |test: fn(&Literal) -> bool| literals.iter().all(test);
            if all(|one| matches!(one, Literal::Text(_))) || all(|one| matches!(one, Literal::Number(_))) {
                Ok(Excluded::Literals(literals))
            } else {
                Err(PatternError::new(span, "a list of anything-but holds only strings or only numbers"))
            }
        }
        Kind::Object(mut members) => {
            let (Some(json::Member { name, name_span, value }), true) = (members.pop(), members.is_empty()) else {
                return Err(PatternError::new(span, "expected an object with exactly one operator"));
            };
            let value_span = value.span;
            let texts = texts(value, &name)?;
            let no_empty = |texts: Vec<String>| {
                if texts.iter().any(String::is_empty) {
                    let message =
                        format!("{name} in anything-but takes no empty string: it would exclude every string");
                    return Err(PatternError::new(value_span, message));
                }
                Ok(texts)
            };
            match name.as_str() {
                "prefix" => no_empty(texts).map(Excluded::Prefix),
                "suffix" => no_empty(texts).map(Excluded::Suffix),
                "equals-ignore-case" => Ok(Excluded::EqualsIgnoreCase(texts)),
                "wildcard" => {
                    for text in &texts {
                        wildcard::pieces(text).map_err(|message| PatternError::new(value_span, message))?;
                    }
                    Ok(Excluded::Wildcard(texts))
                }
                _ => Err(PatternError::new(name_span, format!("anything-but cannot hold “{name}”"))
                    .help("it holds prefix, suffix, equals-ignore-case or wildcard")),
            }
        }
        _ => Err(PatternError::new(span, format!("anything-but takes strings or numbers, not {described}"))
            .help("for a field that is there, null or not, write {\"exists\": true}")),
    }
}

/// One string or a list of them.
fn texts(json: Json, operator: &str) -> Result<Vec<String>, PatternError> {
    let span = json.span;
    let item = |json: Json| {
        let described = json.describe();
        match json.kind {
            Kind::Text(text) => Ok(text),
            _ => Err(PatternError::new(json.span, format!("{operator} takes strings, not {described}"))),
        }
    };
    match json.kind {
        Kind::Array(items) => non_empty(span, items)?.into_iter().map(item).collect(),
        _ => Ok(vec![item(json)?]),
    }
}

fn non_empty(span: Span, items: Vec<Json>) -> Result<Vec<Json>, PatternError> {
    if items.is_empty() { Err(PatternError::new(span, "expected at least one value")) } else { Ok(items) }
}

/// `[op, n]` or `[lower op, n, upper op, m]`.
fn numeric(json: Json) -> Result<Vec<(Comparison, String)>, PatternError> {
    let form = "numeric takes [\"<\", number], with =, <, <=, > or >=, or a range [\">=\", number, \"<\", number]";
    let span = json.span;
    let Kind::Array(items) = json.kind else { return Err(PatternError::new(span, form)) };
    if items.len() != 2 && items.len() != 4 {
        return Err(PatternError::new(span, form));
    }
    let mut bounds = Vec::new();
    let mut items = items.into_iter();
    while let (Some(sign), Some(operand)) = (items.next(), items.next()) {
        let comparison = match &sign.kind {
            Kind::Text(sign) => comparison(sign),
            _ => None,
        };
        let comparison =
            comparison.ok_or_else(|| PatternError::new(sign.span, "expected =, <, <=, > or >= in quotes"))?;
        let described = operand.describe();
        let Kind::Number(number) = operand.kind else {
            return Err(PatternError::new(operand.span, format!("expected a number, not {described}")));
        };
        bounds.push((comparison, finite(operand.span, number)?));
    }
    if let [(lower_sign, lower), (upper_sign, upper)] = bounds.as_slice() {
        let is_range = matches!(lower_sign, Comparison::Greater | Comparison::GreaterOrEqual)
            && matches!(upper_sign, Comparison::Less | Comparison::LessOrEqual);
        if !is_range {
            return Err(PatternError::new(span, "a range has a lower bound (> or >=) and then an upper one (< or <=)"));
        }
        if lower.parse::<f64>().ok() >= upper.parse::<f64>().ok() {
            return Err(PatternError::new(span, "the lower bound is not below the upper one"));
        }
    }
    Ok(bounds)
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "=" => Comparison::Equal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
