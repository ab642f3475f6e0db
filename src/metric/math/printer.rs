//! Tree to text: what [`parse`](super::parse) reads back as the same tree.

use super::syntax::{Node, Operator, Tree};
use std::fmt;

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f, 0)
    }
}

/// Strength of the minus before a value, between that of `*` and of `^`.
const MINUS: u8 = 6;

/// In brackets where `node` binds no more strongly than `floor`.
fn write(node: &Node, f: &mut fmt::Formatter<'_>, floor: u8) -> fmt::Result {
    let strength = match &node.tree {
        Tree::Binary(operator, ..) => operator.strength(),
        Tree::Negate(_) => MINUS,
        _ => u8::MAX,
    };
    if strength <= floor {
        f.write_str("(")?;
        write(node, f, 0)?;
        return f.write_str(")");
    }
    match &node.tree {
        Tree::Number(number) => write!(f, "{number}"),
        Tree::Id(name) | Tree::Word(name) => f.write_str(name),
        Tree::Text(text) => write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Tree::Negate(inner) => {
            f.write_str("-")?;
            write(inner, f, MINUS - 1)
        }
        Tree::Binary(operator, left, right) => {
            let (before, behind) =
                if *operator == Operator::Power { (strength, MINUS - 1) } else { (strength - 1, strength) };
            write(left, f, before)?;
            write!(f, " {} ", operator.as_str())?;
            write(right, f, behind)
        }
        Tree::List(nodes) => {
            f.write_str("[")?;
            list(nodes, f)?;
            f.write_str("]")
        }
        Tree::Call(function, nodes) => {
            write!(f, "{}(", function.name())?;
            list(nodes, f)?;
            f.write_str(")")
        }
    }
}

fn list(nodes: &[Node], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write(node, f, 0)?;
    }
    Ok(())
}
