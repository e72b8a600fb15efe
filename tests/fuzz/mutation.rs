//! Changes an input at random: its bytes, its text, or its JSON.

use std::cmp::Reverse;
use std::ops::Range;

use crate::corpus::Entry;
use crate::random::Random;

/// No input grows beyond this.
const LONGEST: usize = 64 << 10;

/// Text that is a boundary, or dangerous, in one format or another.
const ODD_TEXT: [&str; 28] = [
    "\0",
    "\r\n",
    "\n",
    "\t",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{feff}",
    "\u{202e}",
    "\u{2028}",
    "\u{200b}",
    "\u{e0041}",
    "\u{201b}",
    "\u{2400}",
    "\u{ff0f}",
    "\u{1f600}",
    "e\u{301}",
    "%00",
    "%",
    "\\",
    "\"",
    "'",
    "../",
    "/",
    "-1",
    "999999999999999999999",
    "1e999",
    "{{{{[[[[",
];

/// JSON that services have been seen to send where something else was promised, or that no reader expects.
const ODD_VALUES: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "-0",
    "1e400",
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"0\"",
    "[]",
    "{}",
    "[null]",
    "{\"$date\": 9223372036854775807}",
    "{\"$date\": -1}",
    "{\"$type\": \"date\", \"$value\": \"2026-02-30T25:61:61Z\"}",
    "\"2026-02-30T25:61:61Z\"",
];

/// A changed copy of an entry.
pub(crate) fn changed(entry: &Entry, kept: &[Entry], words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut bytes = entry.bytes.clone();
    // Most broken JSON is refused at its first character, so it is broken in its values three times out of four.
    if !entry.values.is_empty() && !random.one_in(4) {
        change_values(&mut bytes, &entry.values, random);
        if !random.one_in(8) {
            return bytes;
        }
    }
    for _ in 0..=random.below(4) {
        change_bytes(&mut bytes, kept, words, random);
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Changes one to three values of a JSON document, from its end to its beginning, so that no place moves before its turn.
fn change_values(json: &mut Vec<u8>, values: &[Range<usize>], random: &mut Random) {
    let mut before = usize::MAX;
    let mut chosen: Vec<_> = (0..=random.below(3)).map(|_| random.pick(values).clone()).collect();
    chosen.sort_by_key(|value| Reverse(value.start));
    for value in chosen {
        if value.end <= before {
            before = value.start;
            let changed = changed_value(&json[value.clone()], random);
            json.splice(value, changed);
        }
    }
}

fn changed_value(value: &[u8], random: &mut Random) -> Vec<u8> {
    match (value.first(), random.below(6)) {
        // A row again and again, or one level deeper.
        (Some(b'{' | b'['), 0) => {
            let many = vec![value; 1 + random.below(20)];
            [b"[", &*many.join(&b','), b"]"].concat()
        }
        (_, 0) if random.one_in(8) => [&*b"[".repeat(random.below(200)), value].concat(),
        // The same as text.
        (Some(b'0'..=b'9' | b'-'), 1) => [b"\"", value, b"\""].concat(),
        (Some(b'"'), 1..=3) => {
            let mut text = value[1..value.len() - 1].to_vec();
            change_bytes(&mut text, &[], &[], random);
            [b"\"", &*text, b"\""].concat()
        }
        (Some(b'"'), 4) => format!("\"{}\"", "x".repeat(random.below(5000))).into_bytes(),
        _ => random.pick(&ODD_VALUES).as_bytes().to_vec(),
    }
}

/// Where the values of a valid JSON document stand; names of members are among them, as they are texts too.
pub(crate) fn values(json: &[u8]) -> Vec<Range<usize>> {
    let (mut found, mut open, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(byte) = json.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' | b'[' => open.push(start),
            b'}' | b']' => found.extend(open.pop().map(|start| start..at)),
            b'"' => {
                while json[at] != b'"' {
                    at += if json[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                found.push(start..at);
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => {
                while json.get(at).is_some_and(|byte| !b",]} \n\r\t".contains(byte)) {
                    at += 1;
                }
                found.push(start..at);
            }
        }
    }
    found
}

fn change_bytes(bytes: &mut Vec<u8>, kept: &[Entry], words: &[&str], random: &mut Random) {
    let length = bytes.len();
    let (from, to) = {
        let (a, b) = (random.below(length + 1), random.below(length + 1));
        // Short ranges are the usual ones.
        let b = if random.one_in(4) { b } else { (a + random.below(8)).min(length) };
        (a.min(b), a.max(b))
    };
    match random.below(11) {
        0 if length > 0 => bytes[from.min(length - 1)] ^= 1 << random.below(8),
        1 if length > 0 => bytes[from.min(length - 1)] = random.byte(),
        2 => drop(bytes.drain(from..to)),
        3 => bytes.truncate(from),
        4 => {
            let twice = bytes[from..to].to_vec();
            bytes.splice(to..to, twice);
        }
        5 => {
            let random_bytes: Vec<u8> = (0..=random.below(16)).map(|_| random.byte()).collect();
            bytes.splice(from..to, random_bytes);
        }
        6 if length > 0 => {
            let many = vec![bytes[from.min(length - 1)]; random.below(300)];
            bytes.splice(from..from, many);
        }
        7 if !words.is_empty() => drop(bytes.splice(from..to, random.pick(words).bytes())),
        8 if !kept.is_empty() => {
            let other = &random.pick(kept).bytes;
            let start = random.below(other.len() + 1);
            bytes.splice(from..to, other[start..].iter().copied().take(200));
        }
        _ => drop(bytes.splice(from..to, random.pick(&ODD_TEXT).bytes())),
    }
}

#[test]
fn a_change_changes_and_stays_short() {
    let entry = |bytes: &[u8]| Entry { name: "x".into(), bytes: bytes.into(), values: vec![] };
    let json = b"{\"a\": [1, \"two\", null]}";
    assert_eq!(values(json).len(), 6);
    let kept = [Entry { values: values(json), ..entry(json) }, entry(b"plain text"), entry(b"")];
    let mut different = std::collections::HashSet::new();
    for number in 0..3000 {
        let mut random = Random::of(7, number);
        let input = changed(random.clone().pick(&kept), &kept, &["word"], &mut random);
        assert!(input.len() <= LONGEST);
        different.insert(input);
    }
    assert!(different.len() > 1500, "only {} inputs differ", different.len());
}
