//! Where the quotes of a table's cells stand, beside `csv_core`, which reads whatever comes and tells nobody: cells that
//! end inside quotes, and cells that go on after their closing quote.

/// Follows the bytes of one cell after the other.
pub(super) struct Quotes {
    delimiter: u8,
    state: State,
    /// A cell of the row went on after its closing quote.
    pub(super) stray: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing of the cell was read.
    Start,
    /// The cell has no quotes, or no more that mean anything.
    Bare,
    Inside,
    /// The quotes were closed, unless another quote follows.
    Closed,
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Start, stray: false }
    }

    /// More of a cell as it stands in the file, with what ends it.
    pub(super) fn read(&mut self, mut raw: &[u8]) {
        while let Some((&byte, rest)) = raw.split_first() {
            raw = rest;
            self.state = match self.state {
                State::Start if matches!(byte, b'\r' | b'\n') => State::Start,
                State::Start | State::Closed if byte == b'"' => State::Inside,
                State::Closed if byte != self.delimiter && !matches!(byte, b'\r' | b'\n') => {
                    self.stray = true;
                    State::Bare
                }
                State::Start | State::Closed | State::Bare => State::Bare,
                State::Inside if byte == b'"' => State::Closed,
                State::Inside => {
                    raw = &raw[memchr::memchr(b'"', raw).unwrap_or(raw.len())..];
                    State::Inside
                }
            };
            if self.state == State::Bare {
                return;
            }
        }
    }

    /// The cell is over. Whether it ended inside quotes.
    pub(super) fn end_cell(&mut self) -> bool {
        std::mem::replace(&mut self.state, State::Start) == State::Inside
    }
}
