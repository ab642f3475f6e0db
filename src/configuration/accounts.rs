//! Names of accounts: the output of `aws organizations list-accounts`, or a table that ingest has brought into its form.
//!
//! <https://docs.aws.amazon.com/cli/latest/reference/organizations/list-accounts.html>

use crate::model::attachment::{Attachment, AttachmentKind};
use serde_json::Value;
use std::collections::BTreeMap;

/// Accounts whose names are kept.
const ACCOUNTS: usize = 20_000;

/// Characters of a name that are shown; AWS allows 50.
const NAME: usize = 100;

/// Names by account id. Of two names for one account the one read last counts.
pub fn account_names<'a>(attachments: impl IntoIterator<Item = &'a Attachment>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for attachment in attachments.into_iter().filter(|attachment| attachment.kind == AttachmentKind::Accounts) {
        let document: Value = serde_json::from_str(&attachment.json).unwrap_or_default();
        let accounts = document.get("Accounts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for account in accounts {
            let text = |key: &str| account.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default();
            let (id, name) = (text("Id"), text("Name"));
            let is_id = id.len() == 12 && id.bytes().all(|digit| digit.is_ascii_digit());
            if is_id && !name.is_empty() && (names.len() < ACCOUNTS || names.contains_key(id)) {
                names.insert(id.to_owned(), name.chars().take(NAME).collect());
            }
        }
    }
    names
}
