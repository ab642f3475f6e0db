//! Single values of a configuration document, as written or not: CloudFormation has functions and writes numbers as
//! text, Terraform has values known after apply.

use serde_json::{Map, Value, json};

/// An object in the words of the API.
pub type Object = Map<String, Value>;

/// Stands for a value that Terraform knows only after apply.
pub fn after_apply() -> Value {
    json!({ "known after apply": true })
}

/// The text under `key`; `None` if there is none. The error says why it cannot be known.
pub fn text(object: &Object, key: &str) -> Result<Option<String>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
        Some(value) => Err(unknown(key, value)),
    }
}

/// The text under `key`, where an empty one means that there is none.
pub fn some_text(object: &Object, key: &str) -> Result<Option<String>, String> {
    Ok(text(object, key)?.filter(|text| !text.is_empty()))
}

/// The number under `key`, also if it is written as text.
pub fn number(object: &Object, key: &str) -> Result<Option<f64>, String> {
    let Some(text) = some_text(object, key)? else { return Ok(None) };
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Some).ok_or_else(|| format!("{key} “{}” is not a number", short(&text)))
}

/// The whole number under `key`.
pub fn whole_number(object: &Object, key: &str) -> Result<Option<u32>, String> {
    let Some(number) = number(object, key)? else { return Ok(None) };
    let whole = (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32);
    whole.map(Some).ok_or_else(|| format!("{key} {number} is not a whole number"))
}

/// Something that has to be there.
pub fn required<T>(value: Option<T>, key: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("it has no {key}"))
}

/// The object under `key`, alone or as the only one in a list.
pub fn object<'v>(object: &'v Object, key: &str) -> Result<Option<&'v Object>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(Value::Array(list)) if list.is_empty() => Ok(None),
        Some(value @ Value::Array(list)) => match list.as_slice() {
            [Value::Object(inner)] => Ok(Some(inner)),
            _ => Err(unknown(key, value)),
        },
        Some(value) => Err(unknown(key, value)),
    }
}

/// The objects in the list under `key`.
pub fn objects<'v>(object: &'v Object, key: &str) -> Result<Vec<&'v Object>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => {
            list.iter().map(|value| value.as_object().ok_or_else(|| unknown(key, value))).collect()
        }
        Some(value) => Err(unknown(key, value)),
    }
}

/// Why the value under `key` cannot be known.
pub fn unknown(key: &str, value: &Value) -> String {
    let function = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match function {
        Some((name, _)) if *value == after_apply() => format!("{key} is {name}"),
        Some((name, Value::String(text))) => {
            format!("{key} is {name} {}, which the file does not resolve", short(text))
        }
        Some((name, argument)) => {
            format!("{key} is {name} {}, which the file does not resolve", short(&argument.to_string()))
        }
        None => format!("{key} is {}, which is not a plain value", short(&value.to_string())),
    }
}

/// Whether an object stands for what is not known here: a function of CloudFormation, or what Terraform knows after apply.
pub fn is_unresolved(object: &Object) -> bool {
    let mut keys = object.keys();
    match (keys.next(), keys.next()) {
        (Some(key), None) => {
            key == "Ref" || key.starts_with("Fn::") || object == after_apply().as_object().unwrap_or(object)
        }
        _ => false,
    }
}

/// As much of a text as fits into a sentence.
pub fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
