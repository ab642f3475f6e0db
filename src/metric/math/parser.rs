//! Text to tree. Precedence climbing over [`Operator::strength`].

use super::function::Function;
use super::lexer::{Kind, Token, tokens};
use super::syntax::{Error, Node, Operator, Tree};
use std::ops::Range;

/// Characters of a formula (MetricDataQuery, "Expression").
pub const LONGEST: usize = 2_048;

/// Brackets inside brackets.
const DEEPEST: usize = 32;

/// Parts of a formula: keeps a long chain of operators from going deep.
const PARTS: usize = 500;

/// Reads a formula. Errors point at the first place that cannot be read.
pub fn parse(text: &str) -> Result<Node, Error> {
    if text.chars().count() > LONGEST {
        return Err(Error::new(&(0..text.len()), format!("a formula has at most {LONGEST} characters")));
    }
    let mut parser = Parser { text, tokens: tokens(text), at: 0, depth: 0, parts: 0 };
    let node = parser.expression(0)?;
    match parser.peek() {
        None => Ok(node),
        Some(token) => {
            Err(Error::new(&token.span, format!("an operator is missing before “{}”", &text[token.span.clone()])))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    parts: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_text(&self) -> &'a str {
        self.peek().map_or("", |token| &self.text[token.span.clone()])
    }

    /// The place of the next token, or the end of the text.
    fn place(&self) -> Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), |token| token.span.clone())
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| token.kind == Kind::Sign) && self.peek_text() == sign;
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, sign: &str, why: &str) -> Result<(), Error> {
        if self.take(sign) { Ok(()) } else { Err(Error::new(&self.place(), format!("“{sign}” {why}"))) }
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek_text() {
            "OR" | "||" => Operator::Or,
            "AND" | "&&" => Operator::And,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "^" => Operator::Power,
            _ => return None,
        })
    }

    /// Operators that bind more strongly than `floor`.
    fn expression(&mut self, floor: u8) -> Result<Node, Error> {
        let mut left = self.sign()?;
        while let Some(operator) = self.operator().filter(|operator| operator.strength() > floor) {
            self.at += 1;
            // `^` groups to the right, all others to the left.
            let strength = operator.strength() - u8::from(operator == Operator::Power);
            let right = self.expression(strength)?;
            let span = left.span.start..right.span.end;
            left = self.node(span, Tree::Binary(operator, Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    /// A minus binds more weakly than `^` behind it: `-a^2` is `-(a^2)`.
    fn sign(&mut self) -> Result<Node, Error> {
        let start = self.place().start;
        if !self.take("-") {
            return self.operand();
        }
        self.deeper(|parser| {
            let inner = parser.expression(Operator::Multiply.strength())?;
            parser.node(start..inner.span.end, Tree::Negate(Box::new(inner)))
        })
    }

    fn operand(&mut self) -> Result<Node, Error> {
        let span = self.place();
        let Some(token) = self.peek() else {
            let what = if self.at == 0 { "the formula is empty" } else { "something is missing at the end" };
            return Err(Error::new(&span, what));
        };
        let (kind, text) = (token.kind, self.peek_text());
        self.at += 1;
        match kind {
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => self.node(span, Tree::Number(number)),
                _ => Err(Error::new(&span, format!("“{text}” is not a number"))),
            },
            Kind::Id => self.node(span, Tree::Id(text.to_owned())),
            Kind::Text => self.quoted(span, text),
            Kind::Word => self.word(span, text),
            Kind::Sign if text == "(" => {
                let mut node = self.deeper(|parser| parser.expression(0))?;
                self.expect(")", "is missing here")?;
                node.span = span.start..self.end();
                Ok(node)
            }
            Kind::Sign if text == "[" => {
                let nodes = self.deeper(|parser| parser.arguments("]"))?;
                self.node(span.start..self.end(), Tree::List(nodes))
            }
            Kind::Sign if text == "=" => Err(Error::new(&span, "equality is written “==”")),
            Kind::Sign => Err(Error::new(&span, format!("a value is missing before “{text}”"))),
            Kind::Unknown => Err(Error::new(&span, format!("“{text}” is not part of metric math"))),
        }
    }

    fn quoted(&mut self, span: Range<usize>, text: &str) -> Result<Node, Error> {
        let quote = text.chars().next().unwrap_or('"');
        let mut inner = String::new();
        let mut characters = text.chars().skip(1);
        while let Some(character) = characters.next() {
            match character {
                '\\' => inner.extend(characters.next()),
                _ if character == quote => return self.node(span, Tree::Text(inner)),
                _ => inner.push(character),
            }
        }
        Err(Error::new(&span, "the closing quote is missing"))
    }

    /// A function's name with its arguments, or a word that is an argument itself.
    fn word(&mut self, span: Range<usize>, text: &str) -> Result<Node, Error> {
        if matches!(text, "AND" | "OR") {
            return Err(Error::new(&span, format!("a value is missing before “{text}”")));
        }
        if !self.take("(") {
            return self.node(span, Tree::Word(text.to_owned()));
        }
        let Some(function) = Function::named(text) else {
            return Err(Error::new(&span, format!("there is no function “{text}”")));
        };
        let arguments = self.deeper(|parser| parser.arguments(")"))?;
        self.node(span.start..self.end(), Tree::Call(function, arguments))
    }

    fn arguments(&mut self, close: &str) -> Result<Vec<Node>, Error> {
        let mut nodes = Vec::new();
        if self.take(close) {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.expression(0)?);
            if !self.take(",") {
                self.expect(close, "or “,” is missing here")?;
                return Ok(nodes);
            }
        }
    }

    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.span.end)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::new(&self.place(), format!("more than {DEEPEST} levels of brackets or signs")));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn node(&mut self, span: Range<usize>, tree: Tree) -> Result<Node, Error> {
        self.parts += 1;
        if self.parts > PARTS {
            return Err(Error::new(&span, format!("the formula has more than {PARTS} parts")));
        }
        Ok(Node { tree, span })
    }
}
