//! A table of accounts, by their numbers and names, in the form in which `aws organizations list-accounts` gives them:
//! the CSV of the Organizations console, or one that somebody keeps.

use super::table::Row;

/// What the columns are called, without case, spaces and signs.
const IDS: [&str; 4] = ["accountid", "id", "awsaccountid", "accountnumber"];
const NAMES: [&str; 3] = ["accountname", "name", "awsaccountname"];

/// Which columns hold number and name.
pub(super) struct Accounts {
    id: usize,
    name: usize,
    /// An account has been written.
    begun: bool,
}

impl Accounts {
    /// For columns of these names; `None` if they are not those of accounts.
    pub(super) fn new(names: &[impl AsRef<str>]) -> Option<Self> {
        let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let column = |wanted: &[&str]| {
            let is = |wanted: &&str| names.iter().position(|name| plain(name.as_ref()) == **wanted);
            wanted.iter().find_map(is)
        };
        Some(Self { id: column(&IDS)?, name: column(&NAMES)?, begun: false })
    }

    /// Appends the account of a row to `out`; a row without one adds nothing. Spreadsheets take zeros off the front.
    pub(super) fn write(&mut self, row: &Row, out: &mut Vec<u8>) {
        let (id, name) = (row.cell(self.id), row.cell(self.name));
        let id = id.trim().trim_matches(['\'', '"', '=']);
        if !(10..=12).contains(&id.len()) || !id.bytes().all(|digit| digit.is_ascii_digit()) || name.trim().is_empty() {
            return;
        }
        out.extend_from_slice(if std::mem::replace(&mut self.begun, true) { b",\n" } else { b"{\"Accounts\":[\n" });
        let account = serde_json::json!({ "Id": format!("{id:0>12}"), "Name": name.trim() });
        out.extend_from_slice(account.to_string().as_bytes());
    }

    /// Appends what ends the list, if it has begun.
    pub(super) fn end(&self, out: &mut Vec<u8>) {
        if self.begun {
            out.extend_from_slice(b"\n]}\n");
        }
    }
}
