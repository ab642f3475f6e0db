//! Which column of a table goes where in an event: a tree with columns as leaves, made once for all rows.

use super::super::findings::Findings;
use super::field::Members;
use super::{Row, cell};
use crate::base::{Code, Severity};

/// Keys of a column's path; deeper ones are left out.
const DEEPEST: usize = 16;
/// Bytes of a column's name; longer ones are left out, since every row would repeat them.
const LONGEST: usize = 256;
/// Columns that are named when they are left out.
const NAMED: usize = 8;

/// What a cell holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// `true` or `false`.
    Flag,
    /// An account's number: twelve digits.
    Account,
    Time,
    /// JSON, or the members of a map as Athena prints them.
    Json,
    /// An object with these members, as JSON or as Athena prints it.
    Struct(Members),
    /// A list of such objects.
    Structs(Members),
    /// `[{"resourceType":…,"resourceName":…}]`
    ConsoleResources,
}

/// Where the columns go.
#[derive(Default)]
pub(super) struct Plan {
    root: Group,
    known: Vec<String>,
    left_out: Vec<String>,
    /// Columns in `left_out` and those that were too many to be named.
    left_out_count: usize,
}

/// An object, or a list if its keys are numbers.
#[derive(Default)]
struct Group {
    is_list: bool,
    members: Vec<(String, Node)>,
}

enum Node {
    Cell(usize, Kind),
    Group(Group),
}

impl Plan {
    /// Column number `column`, called `name`, is the field at `path`. Of two for one field the first counts.
    pub(super) fn add(&mut self, column: usize, name: &str, path: &[&str], kind: Kind) {
        let too_long = name.len() > LONGEST || path.len() > DEEPEST;
        if too_long || !self.root.add(path, Node::Cell(column, kind), false) {
            return self.leave_out(name);
        }
        // A list is known as a whole: which element a row has says nothing.
        let is_index = |key: &&&str| key.bytes().all(|byte| byte.is_ascii_digit());
        let keys: Vec<&str> = path.iter().take_while(|key| !is_index(key)).copied().collect();
        let known = keys.join(".");
        if !self.known.contains(&known) {
            self.known.push(known);
        }
    }

    /// A column that is no field of an event.
    pub(super) fn leave_out(&mut self, name: &str) {
        self.left_out_count += 1;
        if self.left_out.len() < NAMED {
            self.left_out.push(name.chars().take(64).collect());
        }
    }

    /// Sorts the fields of the event.
    pub(super) fn sort(&mut self, order: impl Fn(&str) -> usize) {
        self.root.members.sort_by_key(|(key, _)| order(key));
    }

    pub(super) fn known(&self) -> &[String] {
        &self.known
    }

    /// Whether there is a column for exactly the field at `path`.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.known.iter().any(|known| known == path)
    }

    /// Appends the event of a row. False if the row is empty.
    pub(super) fn write(&self, row: &Row, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
        self.root.write(row, findings, out)
    }

    /// Says what the events lack.
    pub(super) fn report(&self, findings: &mut Findings) {
        findings.add(Severity::Note, Code::PartialEvents, "fields", || {
            let call = if self.knows("requestParameters") { "" } else { ", and not the request and the response" };
            format!("these events are no full records: they have {} fields{call}", self.known.len())
        });
        if self.left_out_count > 0 {
            findings.add(Severity::Note, Code::PartialEvents, "columns", || {
                let more = if self.left_out_count > self.left_out.len() { ", …" } else { "" };
                format!("columns that are no field of an event are left out: {}{more}", self.left_out.join(", "))
            });
        }
    }
}

impl Group {
    /// False if the path is taken, or leads through what is not an object.
    fn add(&mut self, path: &[&str], node: Node, in_list: bool) -> bool {
        let [key, rest @ ..] = path else { return false };
        if self.members.is_empty() {
            self.is_list = in_list;
        }
        if self.is_list != in_list {
            return false;
        }
        let next_in_list = rest.first().is_some_and(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
        match self.members.iter_mut().find(|(known, _)| known == key) {
            Some((_, Node::Group(group))) if !rest.is_empty() => group.add(rest, node, next_in_list),
            Some(_) => false,
            None => {
                let node = if rest.is_empty() {
                    node
                } else {
                    let mut group = Group::default();
                    group.add(rest, node, next_in_list);
                    Node::Group(group)
                };
                self.members.push((String::from(*key), node));
                true
            }
        }
    }

    fn write(&self, row: &Row, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let mut is_empty = true;
        out.push(if self.is_list { b'[' } else { b'{' });
        for (key, node) in &self.members {
            let before = out.len();
            if !is_empty {
                out.push(b',');
            }
            if !self.is_list {
                cell::string(key, out);
                out.push(b':');
            }
            let is_there = match node {
                Node::Cell(column, kind) => cell::write(*kind, &row.cell(*column), findings, out),
                Node::Group(group) => group.write(row, findings, out),
            };
            if is_there {
                is_empty = false;
            } else {
                out.truncate(before);
            }
        }
        out.push(if self.is_list { b']' } else { b'}' });
        if is_empty {
            out.truncate(start);
        }
        !is_empty
    }
}
