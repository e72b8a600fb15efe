//! Paths that Windows can hold.
//!
//! rclone's replacement characters stand for what Windows refuses in a name. Beyond rclone, names of devices get an underscore, and names
//! that differ only in case, or a file and a folder of one name, get a number.

use std::collections::HashMap;

use crate::local_name::{UNIX, WINDOWS};
use crate::replacement::convert;

/// The longest name of a file or folder, in UTF-16 code units (NTFS).
const LONGEST: usize = 255;

/// Names of devices, with or without an extension
/// (learn.microsoft.com/windows/win32/fileio/naming-a-file, "Naming Conventions").
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// What follows `COM` and `LPT` in the names of devices.
const PORTS: &str = "0123456789\u{B9}\u{B2}\u{B3}";

/// What stands under a path, compared without case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

/// For each path on an appliance, the path that is written instead: valid on Windows, and no two files with the same one. A path that
/// Windows can hold is kept.
pub(super) fn safe_paths(paths: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut used: HashMap<String, Kind> = HashMap::new();
    let mut folders: HashMap<&[u8], String> = HashMap::new();
    let mut safe = Vec::with_capacity(paths.len());
    for path in paths {
        let mut parent = String::new();
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        let mut begin = 0;
        for end in ends {
            let name = safe_name(&path[begin..end]);
            let of = std::mem::take(&mut parent);
            parent = folders
                .entry(&path[..end])
                .or_insert_with(|| free(&of, &name, Kind::Folder, &mut used))
                .clone();
            begin = end + 1;
        }
        let name = safe_name(&path[begin..]);
        safe.push(free(&parent, &name, Kind::File, &mut used).into_bytes());
    }
    safe
}

/// The path of a name in a folder, with a number if it is taken. Folders whose names differ only in case become one.
fn free(parent: &str, name: &str, kind: Kind, used: &mut HashMap<String, Kind>) -> String {
    let names = std::iter::once(name.to_owned()).chain((2..).map(|number| numbered(name, number)));
    for name in names {
        let path = if parent.is_empty() { name } else { format!("{parent}/{name}") };
        let key = folded(&path);
        match used.get(&key) {
            None => {
                used.insert(key, kind);
                return path;
            }
            Some(Kind::Folder) if kind == Kind::Folder => return path,
            Some(_) => {}
        }
    }
    // The numbers do not end.
    String::new()
}

/// The path without case, as Windows' disks compare it: character by character, by the capital letter. That makes one of `ς` and `σ`,
/// which both have small letters of their own; a few letters become one here that NTFS tells apart.
pub(super) fn folded(path: &str) -> String {
    let capital = |c: char| one(c.to_uppercase()).unwrap_or(c);
    path.chars().map(capital).map(|c| one(c.to_lowercase()).unwrap_or(c)).collect()
}

/// The letter, if it is one.
fn one(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

fn numbered(name: &str, number: u64) -> String {
    let mark = format!("~{number}");
    let (stem, extension) = split(name);
    let stem = shortened(stem, LONGEST.saturating_sub(units(&mark) + units(extension)));
    format!("{stem}{mark}{extension}")
}

/// The name in rclone's encoding for Windows, not that of a device, and not too long.
fn safe_name(segment: &[u8]) -> String {
    let name = String::from_utf8_lossy(&convert(segment, UNIX, WINDOWS)).into_owned();
    let (device, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
    let name = if is_device(device.trim_end()) { format!("{}_{rest}", device.trim_end()) } else { name };
    if units(&name) <= LONGEST {
        return name;
    }
    let (stem, extension) = split(&name);
    format!("{}{extension}", shortened(stem, LONGEST.saturating_sub(units(extension))))
}

fn is_device(name: &str) -> bool {
    let upper = name.to_uppercase();
    let port = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    let mut port = port.unwrap_or_default().chars();
    DEVICES.contains(&&*upper) || matches!((port.next(), port.next()), (Some(c), None) if PORTS.contains(c))
}

/// The name without its extension, and the extension if it is short enough to be one.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 32 => name.split_at(dot),
        _ => (name, ""),
    }
}

/// The beginning of a name, of at most so many UTF-16 code units.
fn shortened(name: &str, most: usize) -> &str {
    let mut left = most;
    let fits = |(_, c): &(usize, char)| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    let end = name.char_indices().take_while(fits).last().map_or(0, |(at, c)| at + c.len_utf8());
    &name[..end]
}

fn units(name: &str) -> usize {
    name.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::HashSet;

    use super::*;

    fn safe(paths: &[&str]) -> Vec<String> {
        let bytes: Vec<&[u8]> = paths.iter().map(|path| path.as_bytes()).collect();
        safe_paths(&bytes).into_iter().map(|path| String::from_utf8(path).unwrap()).collect()
    }

    #[test]
    fn x8_names_that_windows_refuses() {
        let names = [
            ("CON", "CON_"),
            ("con.tar.gz", "con_.tar.gz"),
            ("NUL .txt", "NUL_.txt"),
            ("com\u{B9}", "com\u{B9}_"),
            ("LPT9.", "LPT9\u{FF0E}"),
            ("LPT9.a", "LPT9_.a"),
            ("COM10", "COM10"),
            ("console", "console"),
            ("a:b.txt", "a\u{FF1A}b.txt"),
            ("trail.", "trail\u{FF0E}"),
            ("trail ", "trail\u{2420}"),
            ("q?.txt", "q\u{FF1F}.txt"),
            ("tab\t", "tab\u{2409}"),
            ("aux/prn.d/x", "aux_/prn_.d/x"),
        ];
        for (name, expected) in names {
            assert_eq!(safe(&[name]), [expected], "{name}");
        }
        let twins = ["Report.txt", "report.txt", "REPORT.TXT", "d", "D/x", "D/X", "d/y"];
        let written = ["Report.txt", "report~2.txt", "REPORT~3.TXT", "d", "D~2/x", "D~2/X~2", "d~2/y"];
        assert_eq!(safe(&twins), written);
        let greek = ["\u{3C2}", "\u{3C3}", "\u{3A3}", "\u{1FB3}", "\u{1FBC}", "ß", "SS", "ss", "i", "İ"];
        let distinct =
            ["\u{3C2}", "\u{3C3}~2", "\u{3A3}~3", "\u{1FB3}", "\u{1FBC}~2", "ß", "SS", "ss~2", "i", "İ"];
        assert_eq!(safe(&greek), distinct);
        let long = "\u{2400}x".repeat(100) + ".txt";
        assert_eq!(units(&safe(&[&long])[0]), 204);
        let invalid = vec![0xFF; 255];
        assert_eq!(units(std::str::from_utf8(&safe_paths(&[&invalid])[0]).unwrap()), LONGEST);
    }

    /// The rules of Windows, written apart from the code that follows them.
    fn is_valid(name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
        let device = stem.len() <= 7 && ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem)
            || (stem.starts_with("COM") || stem.starts_with("LPT"))
                && stem.chars().count() == 4
                && stem.ends_with(|c: char| c.is_numeric());
        !name.is_empty()
            && !device
            && units(name) <= 255
            && !name.ends_with([' ', '.'])
            && !name.chars().any(|c| c < ' ' || "<>:\"/\\|?*".contains(c))
    }

    proptest! {
        #[test]
        fn x8_every_path_becomes_one_that_windows_holds(
            paths in prop::collection::hash_set("(([cC][oO][nN]|nul|Com1|[aA:?.\u{e4}\u{c4} ~2<\\\\\u{1}]{1,4})/){0,2}([cC][oO][nN]|nul|Com1|[aA:?.\u{e4}\u{c4} ~2<\\\\\u{1}]{1,4}|b{250,255}\\.txt)", 1..40)
        ) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let written = safe(&paths);
            prop_assert_eq!(written.len(), paths.len());
            let mut seen = HashSet::new();
            let mut above = HashSet::new();
            for (path, written) in paths.iter().zip(&written) {
                prop_assert!(written.split('/').all(is_valid), "{:?} became {:?}", path, written);
                prop_assert_eq!(written.split('/').count(), path.split('/').count());
                prop_assert!(seen.insert(written.to_lowercase()), "two files are {:?}", written);
                above.extend(written.match_indices('/').map(|(at, _)| written[..at].to_lowercase()));
            }
            prop_assert!(seen.is_disjoint(&above), "a file is where a folder is");
            prop_assert_eq!(safe(&paths), written, "the same paths become the same again");
        }

        #[test]
        fn x8_what_windows_holds_stays(path in "[a-z]{1,8}(/[a-z]{4,8}){0,2}\\.[a-z]{3}") {
            prop_assume!(path.split(['/', '.']).all(|part| !is_device(part)));
            prop_assert_eq!(safe(&[&path]), [path]);
        }
    }
}
