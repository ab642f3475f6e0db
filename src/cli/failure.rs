//! Why a command ends without a result.

use crate::pattern::PatternError;
use std::fmt::Display;

/// One sentence for a person, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong with what.
    pub message: String,
    /// See `--help`.
    pub exit_code: u8,
}

impl Failure {
    /// Something the user wrote is not valid.
    pub fn usage(message: impl Display) -> Self {
        Self { message: message.to_string(), exit_code: 2 }
    }

    /// A file cannot be read or written.
    pub fn io(file: impl Display, reason: impl Display) -> Self {
        Self { message: format!("{file}: {reason}"), exit_code: 3 }
    }

    /// A pattern, search text or field that cannot be read; `what` names it.
    pub fn pattern(what: impl Display, text: &str, error: &PatternError) -> Self {
        let PatternError { span, message, help } = error;
        let place = match text.get(span.clone()).filter(|part| !part.is_empty()) {
            Some(part) => format!("{what}, byte {}, at “{part}”", span.start),
            None => what.to_string(),
        };
        let help = help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        Self::usage(format!("{place}: {message}{help}"))
    }
}
