//! What people read: a plan, a checklist, and the names of files.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

#[cfg(test)]
use crate::document::{Described, Member, Types, closed, one_of};

pub(crate) mod checklist;
pub(crate) mod plan;

/// A number of bytes, as people say it.
pub(crate) fn bytes(count: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let unit = (count.max(1).ilog2() / 10).min(5);
    if unit == 0 {
        return format!("{count} bytes");
    }
    // Tenths, in whole numbers: a file's size is not to depend on how floats round.
    let tenths = u128::from(count) * 10 / (1_u128 << (10 * unit));
    format!("{}.{} {}", tenths / 10, tenths % 10, units[unit as usize])
}

/// A path for people: one line with nothing left out, so that two that differ look different.
pub(crate) fn shown(path: &Path) -> String {
    safe_text::visible(&path.to_string_lossy()).into_owned()
}

/// A path for scripts: the text that it is, or, of one that is no text, its bytes in hexadecimal digits beside what people see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum ExactPath {
    /// The path.
    Text(String),
    /// A path that is no text.
    Bytes {
        /// What people see of it.
        shown: String,
        /// Its bytes in hexadecimal digits.
        bytes: String,
    },
}

/// The path, exactly.
pub(crate) fn exact(path: &Path) -> ExactPath {
    if let Some(text) = path.to_str() {
        return ExactPath::Text(text.to_owned());
    }
    let mut digits = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        let _ = write!(digits, "{byte:02x}");
    }
    ExactPath::Bytes { shown: path.to_string_lossy().into_owned(), bytes: digits }
}

/// A number of things, as people say it.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
impl Described for ExactPath {
    fn describe(types: &mut Types) -> serde_json::Value {
        types.named("Path", |types| {
            let text = String::describe(types);
            let members = [
                Member::of("shown", "What people see of it.", text.clone()),
                Member::of("bytes", "Its bytes, in hexadecimal digits.", text.clone()),
            ];
            let bytes = closed(&["A path that is no text."], &members, types);
            one_of("A path, exactly: a text, or the bytes of what is no text.", &[text, bytes])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn e8_a_path_that_is_no_text_is_given_by_its_bytes() {
        use serde_json::json;
        use std::os::unix::ffi::OsStrExt as _;
        let latin = Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9/\x1b[2J"));
        assert_eq!(
            json!(exact(latin)),
            json!({ "shown": "caf\u{fffd}/\u{1b}[2J", "bytes": "636166e92f1b5b324a" })
        );
        assert_eq!(shown(latin), "caf\u{fffd}/\\u{1b}[2J");
        assert_eq!(json!(exact(Path::new("a\u{202e}b"))), json!("a\u{202e}b"));
    }

    #[test]
    fn sizes_are_given_to_a_tenth() {
        let given = [0, 1023, 1024, 1536, 65 << 20, u64::MAX].map(bytes);
        assert_eq!(given, ["0 bytes", "1023 bytes", "1.0 KiB", "1.5 KiB", "65.0 MiB", "16383.9 PiB"]);
    }
}
