//! Why a command ends without a result.

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
}
