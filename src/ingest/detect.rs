//! What a stream is, from its first bytes alone.

use super::archive::tar;
use super::csv;
use super::lines::is_log_line;

/// Bytes that decide, if the stream has that many.
pub(super) const HEAD: usize = 4_096;

/// A container, or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing at all.
    Empty,
    Gzip,
    Zip,
    Tar,
    Utf16 {
        big_endian: bool,
    },
    /// Begins with JSON, or has a line that does.
    Json,
    /// Lines with a time before the event.
    LogLines,
    /// A table with columns of events.
    Csv {
        delimiter: u8,
    },
    /// Text of AWS that holds no CloudTrail events; the name is for people.
    LookAlike(&'static str),
    /// Something else; the name is for people.
    Unknown(&'static str),
}

/// Judges the beginning of a stream: the first [`HEAD`] bytes of it, or all. Further ones make no difference.
pub(super) fn detect(stream: &[u8]) -> Kind {
    let head = &stream[..stream.len().min(HEAD)];
    match head {
        [] => Kind::Empty,
        [0x1f, 0x8b, ..] => Kind::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        [0xff, 0xfe, ..] => Kind::Utf16 { big_endian: false },
        [0xfe, 0xff, ..] => Kind::Utf16 { big_endian: true },
        [b'{' | b'[', 0, second, 0, ..] if *second != 0 => Kind::Utf16 { big_endian: false },
        [0, b'{' | b'[', 0, second, ..] if *second != 0 => Kind::Utf16 { big_endian: true },
        _ if tar::is_header(head) => Kind::Tar,
        [b'{' | b'[', ..] => text(head),
        _ => csv::delimiter(head, head.len() == HEAD).map_or_else(|| text(head), |delimiter| Kind::Csv { delimiter }),
    }
}

/// What it is if it is not a table.
fn text(head: &[u8]) -> Kind {
    if head.split(|&byte| byte == b'\n').any(is_log_line) {
        Kind::LogLines
    } else if looks_like_json(head) {
        Kind::Json
    } else {
        look_alike(head).map_or_else(|| Kind::Unknown(name(head)), Kind::LookAlike)
    }
}

/// What lies beside trails in buckets.
fn look_alike(head: &[u8]) -> Option<&'static str> {
    let line = head.split(|&byte| byte == b'\n').next()?;
    let mut words = line.split(|&byte| byte == b' ');
    let is_flow_header = line.split(|&byte| byte == b' ').any(|word| word == b"interface-id" || word == b"srcaddr");
    // Version, account, interface: the default format.
    let is_flow = words.next() == Some(b"2") && words.nth(1).is_some_and(|word| word.starts_with(b"eni-"));
    match line.trim_ascii() {
        b"Permission Check Successful" => Some("what CloudWatch Logs writes to see whether it may export to a bucket"),
        _ if is_flow_header || is_flow => Some("a VPC flow log"),
        _ => None,
    }
}

fn looks_like_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match text.trim_ascii_start() {
        [] | [b'{' | b'[', ..] => true,
        _ => text.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"{\"") || line.starts_with(b"[{")),
    }
}

/// What people call it.
fn name(head: &[u8]) -> &'static str {
    match head {
        [b'P', b'A', b'R', b'1', ..] => "a Parquet file",
        [b'B', b'Z', b'h', ..] => "a bzip2 file",
        [0xfd, b'7', b'z', b'X', b'Z', ..] => "an xz file",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "a Zstandard file",
        [b'7', b'z', 0xbc, 0xaf, ..] => "a 7z archive",
        [b'R', b'a', b'r', b'!', ..] => "a RAR archive",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => "an image",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'<', ..] => "HTML or XML",
        _ if head.contains(&0) => "binary data",
        _ if csv::is_about_events(head, head.len() == HEAD) => "a table without a column `eventTime` or `eventID`",
        _ => "text that is not JSON",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let cases: &[(&[u8], Kind)] = &[
            (b"", Kind::Empty),
            (b"\x1f\x8b\x08", Kind::Gzip),
            (b"PK\x03\x04", Kind::Zip),
            (b"PK\x05\x06", Kind::Zip),
            (b"\xff\xfe{\0", Kind::Utf16 { big_endian: false }),
            (b"\xfe\xff\0{", Kind::Utf16 { big_endian: true }),
            (b"{\0\"\0", Kind::Utf16 { big_endian: false }),
            (b"\0[\0{", Kind::Utf16 { big_endian: true }),
            (b"\xef\xbb\xbf {}", Kind::Json),
            (b" \n[", Kind::Json),
            (b"# comment\n{\"a\":1}\n", Kind::Json),
            (b"START\n2026-01-02T03:04:05.678Z {\"a\":1}\n", Kind::LogLines),
            (b"{\n2026-01-02 03:04 {}\n", Kind::Json),
            (b"eventTime,eventName\n", Kind::Csv { delimiter: b',' }),
            (b"\xef\xbb\xbf\"eventtime\";\"useridentity\"\r\n", Kind::Csv { delimiter: b';' }),
            (b"User name\tEvent time\tEvent name", Kind::Csv { delimiter: b'\t' }),
            (b"@timestamp,@message\n2026-01-02T03:04:05.678Z {\"a\":1}\n", Kind::Csv { delimiter: b',' }),
            (b"eventname,_col1\n", Kind::Unknown("a table without a column `eventTime` or `eventID`")),
            (b"name,date\n", Kind::Unknown("text that is not JSON")),
            (b"import x;\n{\n}\n", Kind::Unknown("text that is not JSON")),
            (b"PAR1", Kind::Unknown("a Parquet file")),
            (b"version account-id interface-id srcaddr\n", Kind::LookAlike("a VPC flow log")),
            (
                b"2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6",
                Kind::LookAlike("a VPC flow log"),
            ),
        ];
        for (head, kind) in cases {
            assert_eq!(detect(head), *kind, "{head:?}");
        }
    }
}
