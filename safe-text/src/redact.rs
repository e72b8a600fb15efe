//! Text without the live secrets.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::live::{Live, START, with_live};
use crate::obscured;
use crate::printable::{is_seen, printable};
use crate::spellings::json_escaped;
use crate::unescaped::{Reading, is_base64, readings};

/// What stands where a secret stood.
pub const REDACTED: &str = "[redacted]";

/// So much of a secret at a text's end is a secret that was cut off.
const CUT: usize = 8;
/// The shortest and the longest obscured text that is revealed: a secret of six bytes, and far more than a vault takes.
const OBSCURED: Range<usize> = 30..4096;

/// The text with [`REDACTED`] in the place of every live secret, whatever its spelling.
pub fn redact(text: &str) -> Cow<'_, str> {
    let found = if text.len() < START { None } else { with_live(|live| found_in(live, text)) };
    match found {
        Some(found) if !found.is_empty() => Cow::Owned(without(text, found)),
        _ => Cow::Borrowed(text),
    }
}

/// The text on one line as it may be shown: without live secrets and without what cannot be seen.
pub fn safe(text: &str) -> Cow<'_, str> {
    // Once before, since a secret may hold what cannot be seen; once after, since what cannot be seen may stand in a secret.
    let clean = match redact(text) {
        Cow::Borrowed(text) => printable(text),
        Cow::Owned(text) => Cow::Owned(printable(&text).into_owned()),
    };
    match clean {
        Cow::Borrowed(text) => redact(text),
        Cow::Owned(text) => Cow::Owned(redact(&text).into_owned()),
    }
}

/// A text of several lines as it may be shown: its line ends stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    let whole = redact(text);
    let clean: String = whole
        .split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => format!("{}\n", safe(line)),
            None => safe(line).into_owned(),
        })
        .collect();
    if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
}

/// A JSON document as it may be shown: every string in it, names included, without live secrets, and with each character that nobody sees
/// as an escape such as `\u202e`. Whoever reads the document gets exactly what was written, apart from the secrets.
pub fn json(document: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(quote) = document[at..].find('"') {
        let start = at + quote + 1;
        let Some(length) = string_length(&document[start..]) else { break };
        at = start + length + 1;
        let raw = &document[start..start + length];
        let value = unescaped_json(raw);
        let shown = without_secrets(&value);
        if *shown != *value || !raw.chars().all(is_seen) {
            clean.push_str(&document[copied..start]);
            clean.push_str(&json_escaped(&shown));
            copied = start + length;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(document);
    }
    clean.push_str(&document[copied..]);
    Cow::Owned(clean)
}

/// The text without live secrets. It keeps what nobody sees, unless that stands within a secret and hides it.
fn without_secrets(text: &str) -> Cow<'_, str> {
    let exact = redact(text);
    let seen = printable(&exact);
    let hidden = redact(&seen);
    if hidden == seen { exact } else { Cow::Owned(hidden.into_owned()) }
}

/// How long a JSON string is whose opening quotation mark was read; `None` where it does not end.
fn string_length(rest: &str) -> Option<usize> {
    let mut escaped = false;
    rest.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// What a JSON string says.
fn unescaped_json(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(crate::unescaped::from_backslashes(raw))
}

/// Whatever can be displayed, as it may be shown on one line.
#[derive(Clone, Copy, Debug)]
pub struct Safe<T>(pub T);

impl<T: fmt::Display> fmt::Display for Safe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&safe(&self.0.to_string()))
    }
}

/// Where secrets stand in a text.
fn found_in(live: &Live, text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for reading in readings(text) {
        for range in spelled(live, &reading).into_iter().chain(hidden(live, &reading.bytes)) {
            found.push(reading.in_text(range));
        }
    }
    found
}

/// Where a spelling of a secret stands, or begins at the end.
fn spelled(live: &Live, reading: &Reading) -> Vec<Range<usize>> {
    let bytes = reading.bytes.as_slice();
    let end = end_of_words(bytes);
    let mut found: Vec<Range<usize>> = Vec::new();
    // What stands in an encoded value that was found is found with it: each is looked through once.
    let mut encoded = 0;
    for at in 0..bytes.len().saturating_sub(START - 1) {
        for spelling in live.beginning_like(&bytes[at..]) {
            let whole = at + spelling.text.len();
            let stands = bytes[at..].starts_with(&spelling.text);
            let is_cut = at < end && end - at >= CUT && spelling.text.starts_with(&bytes[at..end]);
            match (stands, is_cut, spelling.is_encoded) {
                (true, _, true) if at < encoded => {}
                (true, _, true) => {
                    let range = widened(reading, at..whole);
                    encoded = range.end;
                    found.push(range);
                }
                (true, _, false) => found.push(at..whole),
                (false, true, _) => found.push(at..end),
                (false, false, _) => {}
            }
        }
    }
    found
}

/// Where the words of a text end, before what a service puts after a text that it has cut.
fn end_of_words(bytes: &[u8]) -> usize {
    let mut end = bytes.len();
    loop {
        let words = &bytes[..end];
        if let Some(words) = words.strip_suffix("…".as_bytes()) {
            end = words.len();
        } else if words.last().is_some_and(|last| b".\"'`)]}>\\ ".contains(last)) {
            end -= 1;
        } else {
            return end;
        }
    }
}

/// An encoded text with its neighbours, as far as they stand in its line.
fn widened(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    while start > 0 && is_base64(reading.bytes[start - 1]) && reading.touch(start - 1, start) {
        start -= 1;
    }
    let is_part = |byte: &u8| is_base64(*byte) || *byte == b'=';
    while reading.bytes.get(end).is_some_and(is_part) && reading.touch(end - 1, end) {
        end += 1;
    }
    // The last sign of a padded value may stand alone on its line.
    let rest = &reading.bytes[end..];
    let signs = rest.iter().take(2).take_while(|byte| is_base64(**byte)).count();
    let padding = rest[signs..].iter().take(6).take_while(|byte| **byte == b'=').count();
    if signs < 2 && padding > 0 && !rest.get(signs + padding).is_some_and(|byte| is_base64(*byte)) {
        end += signs + padding;
    }
    start..end
}

/// Where a secret stands that rclone obscured.
fn hidden(live: &Live, bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let length = bytes[start..].iter().take_while(|byte| obscured::is_part(**byte)).count();
        if OBSCURED.contains(&length)
            && obscured::reveal(&bytes[start..start + length]).is_some_and(|clear| live.contains(&clear))
        {
            found.push(start..start + length);
        }
        start += length + 1;
    }
    found
}

/// The text without what was found.
fn without(text: &str, mut found: Vec<Range<usize>>) -> String {
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for range in found {
        // Overlapping ones are one.
        if range.start >= at {
            // A range begins and ends between characters: secrets and their spellings are whole texts.
            clean.push_str(text.get(at..range.start).unwrap_or_default());
            if !(at > 0 && range.start == at && clean.ends_with(REDACTED)) {
                clean.push_str(REDACTED);
            }
        }
        at = at.max(range.end);
    }
    clean.push_str(text.get(at..).unwrap_or_default());
    clean
}
