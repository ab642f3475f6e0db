//! CSV as a decoder stage: each row becomes the JSON text of one event, a line each. A table of accounts becomes one
//! object ([`Accounts`]).
//!
//! The first row names the columns; [`Table`] knows what they hold. Quotes, line ends and cells that reach over
//! several lines are `csv_core`'s matter. A row is held in memory, so it is bounded as a record is. A row that cannot
//! be one event is reported and left out; the rows around it are kept.

use super::accounts::Accounts;
use super::findings::Findings;
use super::layer::{Io, Window};
use super::quotes::Quotes;
use super::table::{Row, Table};
use crate::base::{Code, Severity};
use csv_core::{ReadFieldResult, ReaderBuilder};

/// What may stand between cells: a comma, or what a spreadsheet of another language or "Unicode text" puts there.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Leaves the events of the rows, a line each.
pub(super) struct Csv {
    pub(super) window: Window,
    reader: csv_core::Reader,
    /// What comes before the first cell has been dealt with.
    begun: bool,
    row: Row,
    quotes: Quotes,
    /// The last cell ended inside quotes.
    is_open: bool,
    /// The row is larger than a record may be.
    too_large: bool,
    header: Option<(Row, Holds)>,
    /// The fields that the rows have, until somebody has been told.
    news: Option<Vec<String>>,
    /// Bytes read and made so far.
    totals: (u64, u64),
}

/// What the rows hold.
enum Holds {
    Events(Table),
    Accounts(Accounts),
}

impl Csv {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            window: Window::default(),
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            begun: false,
            row: Row::default(),
            quotes: Quotes::new(delimiter),
            is_open: false,
            too_large: false,
            header: None,
            news: None,
            totals: (0, 0),
        }
    }

    /// What kind of table it is, once the header has been read.
    pub(super) fn name(&self) -> Option<&'static str> {
        self.header.as_ref().map(|(_, holds)| match holds {
            Holds::Events(table) => table.name(),
            Holds::Accounts(_) => "table of accounts",
        })
    }

    /// The fields that the rows have, if not all; only once.
    pub(super) fn news(&mut self) -> Option<Vec<String>> {
        self.news.take()
    }

    /// Reads a piece of `input`. True if it needs more of it.
    pub(super) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        if !self.begun {
            if input.data().len() < BOM.len() && !input.ended {
                return true;
            }
            let blank = if input.data().starts_with(BOM) { BOM.len() } else { 0 };
            input.consume(blank);
            self.begun = true;
        }
        let piece = &input.data()[..input.data().len().min(io.limits.chunk.max(1))];
        if piece.is_empty() && !input.ended {
            return true;
        }
        let before = self.window.data().len();
        let is_end = piece.is_empty();
        let mut read = 0;
        let mut cell = [0; 4_096];
        loop {
            let (result, taken, given) = self.reader.read_field(&piece[read..], &mut cell);
            self.quotes.read(&piece[read..read + taken]);
            read += taken;
            self.extend(&cell[..given], io.limits.record);
            match result {
                ReadFieldResult::Field { record_end } => {
                    self.row.end_cell();
                    self.is_open = self.quotes.end_cell();
                    if record_end {
                        self.end_row(io, is_end);
                    }
                }
                ReadFieldResult::End => {
                    if let Some((_, Holds::Accounts(accounts))) = &self.header {
                        accounts.end(self.window.tail());
                    }
                    self.window.end(input.cut);
                }
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            }
            if self.window.ended || read == piece.len() && !is_end {
                break;
            }
        }
        let made = self.window.data().len() - before;
        self.totals = (self.totals.0 + read as u64, self.totals.1 + made as u64);
        input.consume(read);
        if !io.expanding(made, self.totals.0, self.totals.1) {
            self.window.end(true);
        }
        io.work += read as u64;
        false
    }

    fn extend(&mut self, text: &[u8], limit: usize) {
        self.too_large |= self.row.len() + text.len() > limit;
        if !self.too_large {
            self.row.extend(text);
        }
    }

    /// The row is complete; `is_last` if the text ended with it rather than its line.
    fn end_row(&mut self, io: &mut Io, is_last: bool) {
        let row = std::mem::take(&mut self.row);
        let too_large = std::mem::take(&mut self.too_large);
        if std::mem::take(&mut self.quotes.stray) {
            io.findings.add(Severity::Warning, Code::DamagedRow, "stray", || {
                "a cell goes on after its closing quote: a quote inside it is not doubled, and rows may have run together"
                    .to_owned()
            });
        }
        if self.is_open && is_last {
            io.findings.add(Severity::Error, Code::DamagedRow, "quotes", || {
                "the table ends inside quotes: the rows after the opening quote are one cell".to_owned()
            });
        }
        if !row.is_text() {
            io.findings.add(Severity::Warning, Code::RepairedText, "cell", || {
                "text that is not UTF-8 was replaced by U+FFFD; the original bytes are only in the file".to_owned()
            });
        }
        if too_large {
            io.findings.add(Severity::Error, Code::RecordTooLarge, "", || {
                "a row is larger than the limit for one record; skipped".to_owned()
            });
        }
        match &mut self.header {
            None => self.begin(row, too_large, io),
            // Files put together, each with its header.
            Some((header, _)) if *header == row => self.row = row.cleared(),
            Some((header, Holds::Events(table))) => {
                if !too_large && has_cells(&row, header.cells(), is_last, &mut io.findings) {
                    let out = self.window.tail();
                    if table.event(&row, &mut io.findings, out) {
                        out.push(b'\n');
                    }
                }
                self.row = row.cleared();
            }
            Some((_, Holds::Accounts(accounts))) => {
                if !too_large {
                    accounts.write(&row, self.window.tail());
                }
                self.row = row.cleared();
            }
        }
    }

    /// The header is complete.
    fn begin(&mut self, row: Row, too_large: bool, io: &mut Io) {
        let names: Vec<_> = (0..row.cells()).map(|column| row.cell(column)).collect();
        let table = Table::new(&names);
        let accounts = if table.is_none() { Accounts::new(&names) } else { None };
        match (table, accounts) {
            _ if too_large => self.window.end(true),
            (Some(table), _) => {
                io.format.get_or_insert(table.name());
                self.news = table.known().map(<[String]>::to_vec);
                self.header = Some((row, Holds::Events(table)));
            }
            (None, Some(accounts)) => self.header = Some((row, Holds::Accounts(accounts))),
            (None, None) => {
                io.findings.add(Severity::Error, Code::UnknownFormat, "", || {
                    "the first line does not name the columns of a table of events; skipped".to_owned()
                });
                self.window.end(true);
            }
        }
    }
}

/// Whether a row can be told apart into `width` cells. One with less was cut, or empty cells at its end were left out;
/// of one with more nobody knows which cell is which.
fn has_cells(row: &Row, width: usize, is_last: bool, findings: &mut Findings) -> bool {
    if row.has_text_after(width) {
        findings.add(Severity::Error, Code::DamagedRow, "long", || {
            format!("a row has more than the {width} cells that the first line names; skipped")
        });
        return false;
    }
    if row.cells() < width {
        let (kind, what) =
            if is_last { ("cut", "the last row ends early") } else { ("short", "a row has fewer cells") };
        findings.add(Severity::Warning, Code::DamagedRow, kind, || {
            format!("{what}: {} of the {width} cells that the first line names; its event has these only", row.cells())
        });
    }
    true
}

/// What separates the cells, if `head`, the beginning of a text or all of it, begins with names of columns of a
/// table of events. The last name may be cut off: `is_cut`.
pub(super) fn delimiter(head: &[u8], is_cut: bool) -> Option<u8> {
    DELIMITERS.into_iter().find(|&delimiter| {
        let names = header(head, delimiter, is_cut);
        names.len() > 1 && (Table::new(&names).is_some() || Accounts::new(&names).is_some())
    })
}

/// Whether `head` begins with names of columns that say something about events, though not which: of counts, for
/// example.
pub(super) fn is_about_events(head: &[u8], is_cut: bool) -> bool {
    DELIMITERS.into_iter().any(|delimiter| {
        let names = header(head, delimiter, is_cut);
        names.len() > 1 && Table::is_about_events(&names)
    })
}

/// The names in the first line, whole ones only.
fn header(head: &[u8], delimiter: u8, is_cut: bool) -> Vec<String> {
    let mut rest = head.strip_prefix(BOM).unwrap_or(head);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut names = Vec::new();
    let mut cell = vec![0; head.len() + 1];
    let mut len = 0;
    loop {
        if rest.is_empty() && is_cut {
            return names;
        }
        let (result, taken, given) = reader.read_field(rest, &mut cell[len..]);
        rest = &rest[taken..];
        len += given;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { record_end } => {
                names.push(String::from_utf8_lossy(&cell[..std::mem::take(&mut len)]).into_owned());
                if record_end {
                    return names;
                }
            }
            ReadFieldResult::OutputFull | ReadFieldResult::End => return names,
        }
    }
}
