//! The one menu that every value on screen has.

use super::keymap::Chord;
use crate::model::query::PRINCIPAL;
use crate::pattern::cloudwatch::edit::{Clause, principal_member};

/// What can be done with a value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueCommand {
    /// Adds a clause: field has this value.
    FilterFor,
    /// Adds a clause: field does not have this value.
    FilterOut,
    /// Replaces the whole search by this one clause.
    Only,
    /// Copies the value.
    Copy,
    /// Copies the path as a CloudWatch selector.
    CopyPath,
    /// Shows the field as a column.
    AddColumn,
    /// Shows the field as a facet.
    GroupBy,
    /// Starts a metric filter that matches this value.
    StartMetricFilter,
    /// Adds a clause to the open metric filter: and only this value.
    AddClause,
    /// Adds a clause to the open metric filter: but not this value.
    ExcludeClause,
}

impl ValueCommand {
    /// The clause it adds to the open metric filter, if that is what it does.
    pub fn clause(self) -> Option<Clause> {
        match self {
            Self::AddClause => Some(Clause::Only),
            Self::ExcludeClause => Some(Clause::Not),
            _ => None,
        }
    }
}

/// The selector of a clause about a value. `@principal` is no field of the record; which of the fields behind it the value
/// is from shows in its form.
pub fn clause_selector(field: &str, selector: &str, value: Option<&str>) -> String {
    if field != PRINCIPAL {
        return selector.into();
    }
    let member = value.map_or("arn", principal_member);
    format!("$.userIdentity.{member}")
}

/// How a menu line reads and the key that chooses it while a value has the focus.
#[derive(Debug)]
pub struct ValueEntry {
    /// The command.
    pub command: ValueCommand,
    /// What it does.
    pub title: &'static str,
    /// Its key.
    pub key: Chord,
    /// Icon in the sprite.
    pub icon: &'static str,
}

/// The menu, in order.
pub const VALUE_MENU: &[ValueEntry] = &[
    ValueEntry { command: ValueCommand::FilterFor, title: "Filter for value", key: Chord::plain("f"), icon: "plus" },
    ValueEntry { command: ValueCommand::FilterOut, title: "Filter out value", key: Chord::plain("x"), icon: "minus" },
    ValueEntry { command: ValueCommand::Only, title: "Show only this", key: Chord::plain("o"), icon: "target" },
    ValueEntry { command: ValueCommand::Copy, title: "Copy value", key: Chord::plain("c"), icon: "copy" },
    ValueEntry { command: ValueCommand::CopyPath, title: "Copy path", key: Chord::plain("$"), icon: "path" },
    ValueEntry { command: ValueCommand::AddColumn, title: "Add as column", key: Chord::plain("a"), icon: "columns" },
    ValueEntry { command: ValueCommand::GroupBy, title: "Group by this field", key: Chord::plain("g"), icon: "list" },
    ValueEntry {
        command: ValueCommand::StartMetricFilter,
        title: "Start a metric filter",
        key: Chord::plain("m"),
        icon: "bell",
    },
    ValueEntry {
        command: ValueCommand::AddClause,
        title: "Open filter: and only this",
        key: Chord::plain("i"),
        icon: "plus",
    },
    ValueEntry {
        command: ValueCommand::ExcludeClause,
        title: "Open filter: but not this",
        key: Chord::plain("e"),
        icon: "minus",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_a_field_of_the_record() {
        for (value, member) in [
            ("arn:aws:iam::1:user/a", "arn"),
            ("ec2.amazonaws.com", "invokedBy"),
            ("111122223333", "accountId"),
            ("AROAEXAMPLE:session", "principalId"),
            ("alice", "userName"),
        ] {
            assert_eq!(clause_selector(PRINCIPAL, "$.@principal", Some(value)), format!("$.userIdentity.{member}"));
        }
        assert_eq!(clause_selector("eventName", "$.eventName", Some("x")), "$.eventName");
    }

    #[test]
    fn no_key_means_two_things() {
        for (index, entry) in VALUE_MENU.iter().enumerate() {
            assert!(VALUE_MENU[..index].iter().all(|other| other.key != entry.key), "{entry:?}");
        }
    }
}
