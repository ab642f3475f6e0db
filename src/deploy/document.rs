//! A small tree of data whose members keep their order, and its two spellings.

use std::fmt::Write;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    List(Vec<Node>),
    /// Members in the order written.
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Node)>) -> Self {
        Self::Map(members.into_iter().map(|(key, node)| (key.into(), node)).collect())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn texts(texts: &[String]) -> Self {
        texts.iter().map(Self::text).collect()
    }

    /// Adds a member at the end if it is there.
    pub(super) fn with(mut self, key: &str, node: Option<Node>) -> Self {
        if let (Self::Map(members), Some(node)) = (&mut self, node) {
            members.push((key.to_owned(), node));
        }
        self
    }

    /// JSON, two spaces a level, a line end at the end.
    pub(super) fn to_json(&self) -> String {
        let mut out = String::new();
        self.json(&mut out, 0);
        out.push('\n');
        out
    }

    fn json(&self, out: &mut String, depth: usize) {
        let (open, close, len) = match self {
            Self::List(items) => ('[', ']', items.len()),
            Self::Map(members) => ('{', '}', members.len()),
            leaf => return leaf.leaf(out),
        };
        out.push(open);
        for at in 0..len {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            indent(out, depth + 1);
            match self {
                Self::Map(members) => {
                    quote(out, &members[at].0);
                    out.push_str(": ");
                    members[at].1.json(out, depth + 1);
                }
                Self::List(items) => items[at].json(out, depth + 1),
                _ => {}
            }
        }
        if len > 0 {
            out.push('\n');
            indent(out, depth);
        }
        out.push(close);
    }

    /// YAML 1.1 as CloudFormation reads it, in which every text is quoted: no text is taken for anything else.
    pub(super) fn to_yaml(&self) -> String {
        let mut out = String::new();
        self.yaml(&mut out, 0, true);
        out
    }

    /// Writes members or items on lines of their own; the first one where the cursor is when `in_line`.
    fn yaml(&self, out: &mut String, depth: usize, in_line: bool) {
        let begin = |out: &mut String, at: usize| {
            if at > 0 || !in_line {
                indent(out, depth);
            }
        };
        match self {
            Self::Map(members) if !members.is_empty() => {
                for (at, (key, node)) in members.iter().enumerate() {
                    begin(out, at);
                    name(out, key);
                    out.push(':');
                    node.yaml_after(out, depth + 1);
                }
            }
            Self::List(items) if !items.is_empty() => {
                for (at, node) in items.iter().enumerate() {
                    begin(out, at);
                    out.push_str("- ");
                    match node {
                        Self::Map(_) | Self::List(_) => node.yaml(out, depth + 1, true),
                        leaf => {
                            leaf.leaf(out);
                            out.push('\n');
                        }
                    }
                }
            }
            Self::Map(_) => out.push_str("{}\n"),
            Self::List(_) => out.push_str("[]\n"),
            leaf => {
                leaf.leaf(out);
                out.push('\n');
            }
        }
    }

    /// What follows a key.
    fn yaml_after(&self, out: &mut String, depth: usize) {
        match self {
            Self::Map(members) if !members.is_empty() => {
                out.push('\n');
                self.yaml(out, depth, false);
            }
            Self::List(items) if !items.is_empty() => {
                out.push('\n');
                self.yaml(out, depth, false);
            }
            other => {
                out.push(' ');
                other.yaml(out, depth, true);
            }
        }
    }

    fn leaf(&self, out: &mut String) {
        let _ = match self {
            Self::Text(text) => return quote(out, text),
            Self::Number(number) => write!(out, "{number}"),
            Self::Bool(flag) => write!(out, "{flag}"),
            Self::Null => write!(out, "null"),
            Self::List(_) | Self::Map(_) => return,
        };
    }
}

impl FromIterator<Node> for Node {
    fn from_iter<I: IntoIterator<Item = Node>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// A key of YAML: as it is if nothing could take it for anything but a word.
fn name(out: &mut String, key: &str) {
    const OTHERS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_word =
        key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_word && !OTHERS.contains(&key.to_ascii_lowercase().as_str()) { out.push_str(key) } else { quote(out, key) }
}

/// Double quotes around text, with the escapes that JSON and YAML share.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Not printable in YAML, or a line end there.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Node {
        Node::map([
            ("A", Node::text("yes: \"#\" \u{85}\n")),
            ("B", Node::map([("C", Node::Number(1.5)), ("D", Node::Bool(true))])),
            ("E", Node::List(vec![Node::map([("F", Node::Number(-2.0)), ("G", Node::texts(&[]))]), Node::text("x")])),
            ("H", Node::Map(Vec::new())),
        ])
    }

    #[test]
    fn json_reads_back() {
        let value: serde_json::Value = serde_json::from_str(&sample().to_json()).unwrap();
        let expected = serde_json::json!({
            "A": "yes: \"#\" \u{85}\n", "B": {"C": 1.5, "D": true}, "E": [{"F": -2, "G": []}, "x"], "H": {}
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn yaml_has_one_line_for_each_leaf() {
        let expected = concat!(
            "A: \"yes: \\\"#\\\" \\u0085\\n\"\n",
            "B:\n  C: 1.5\n  D: true\n",
            "E:\n  - F: -2\n    G: []\n  - \"x\"\n",
            "H: {}\n",
        );
        assert_eq!(sample().to_yaml(), expected);
    }
}
