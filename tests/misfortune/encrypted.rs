//! `dtc crypt` on folders with damaged objects, wrong secrets, and targets that are taken.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rclone_crypt::{Catalogue, Keys, Names, Password, Progress, Salt};
use tempfile::TempDir;

use crate::program::Ended;
use crate::table::{faults, side_by_side};

const PASSWORD: &str = "p%K2{!rM x:Tq9?c^Zs8<w@L&3n*vB#f";
const SALT: &str = "battery staple of another kind";

/// A source of four files, and the folder that it is encrypted into.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (path, len) in [("a.txt", 5), ("deep/er/empty", 0), ("deep/b.dat", 200_000), ("x.bin", 65_536)] {
        let path = at("source").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let content: Vec<u8> = (0..len).map(|i: u32| (i % 251).to_le_bytes()[0]).collect();
        fs::write(path, content).unwrap();
    }
    let keys = Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap();
    let go_on = &mut |_: Progress<'_>| std::ops::ControlFlow::Continue(());
    Catalogue::new(&keys, &Names::off(), &at("stored")).update_from(&at("source"), go_on).unwrap();
    folder
}

fn object(folder: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let path = folder.join("stored/x.bin.bin");
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Which secrets the program is given.
#[derive(Clone, Copy, Debug)]
enum Given {
    Right,
    OtherPassword,
    NoSalt,
    Nothing,
    Absent,
}

/// A command on a folder with something wrong, its exit code, and what is said.
type Case = (&'static str, &'static str, fn(&Path), Given, i32, &'static [&'static str]);

const AS_IT_IS: fn(&Path) = |_| {};
const DAMAGED: fn(&Path) = |f| object(f, |bytes| bytes[60_000] ^= 1);
const CUT: fn(&Path) = |f| object(f, |bytes| bytes.truncate(40_000));
const CUT_IN_THE_HEADER: fn(&Path) = |f| object(f, |bytes| bytes.truncate(20));
const PLAIN: fn(&Path) =
    |f| object(f, |bytes| *bytes = b"never encrypted, and longer than a header".repeat(9));
const EMPTY: fn(&Path) = |f| object(f, Vec::clear);
const FOREIGN: fn(&Path) = |f| fs::write(f.join("stored/README"), "not ours").unwrap();
const TAKEN: fn(&Path) = |f| {
    fs::create_dir(f.join("target")).unwrap();
    fs::write(f.join("target/a.txt"), "mine").unwrap();
};
const TARGET_IS_A_FILE: fn(&Path) = |f| fs::write(f.join("target"), "mine").unwrap();
const GONE: fn(&Path) = |f| fs::remove_dir_all(f.join("stored")).unwrap();
const A_FILE: fn(&Path) = |f| {
    fs::remove_dir_all(f.join("stored")).unwrap();
    fs::write(f.join("stored"), "a file").unwrap();
};
const PIPE: fn(&Path) = |f| {
    let pipe = f.join("stored/pipe.bin");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
};

use Given::{Absent, NoSalt, Nothing, OtherPassword, Right};

const RESTORE: &str = "restore stored target";
const CHECK: &str = "check source stored";
const CAT: &str = "cat stored x.bin --count 10000000";
const LS: &str = "ls stored";

const CASES: [Case; 46] = [
    ("nothing", LS, AS_IT_IS, Right, 0, &["x.bin"]),
    ("nothing", CHECK, AS_IT_IS, Right, 0, &["Proven"]),
    ("nothing", RESTORE, AS_IT_IS, Right, 0, &["4 files"]),
    ("damaged", CAT, DAMAGED, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("cut", CAT, CUT, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("cut in the header", CAT, CUT_IN_THE_HEADER, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("plain", CAT, PLAIN, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("empty", CAT, EMPTY, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("damaged", CHECK, DAMAGED, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin"]),
    ("cut", CHECK, CUT, Right, 6, &["x.bin"]),
    ("plain", CHECK, PLAIN, Right, 6, &["x.bin"]),
    ("empty", CHECK, EMPTY, Right, 6, &["x.bin"]),
    ("damaged", RESTORE, DAMAGED, Right, 6, &["DTC-CRYPT-DATA-AT-RISK", "x.bin.bin", "3 files"]),
    ("cut", RESTORE, CUT, Right, 6, &["x.bin.bin", "3 files"]),
    ("cut in the header", RESTORE, CUT_IN_THE_HEADER, Right, 6, &["x.bin.bin", "3 files"]),
    ("plain", RESTORE, PLAIN, Right, 6, &["x.bin.bin", "3 files"]),
    ("empty", RESTORE, EMPTY, Right, 6, &["x.bin.bin", "3 files"]),
    ("damaged", "restore stored target --json", DAMAGED, Right, 6, &["x.bin.bin", "\"data_at_risk\":true"]),
    ("a foreign file", RESTORE, FOREIGN, Right, 7, &["README"]),
    ("a foreign file", CHECK, FOREIGN, Right, 2, &["DTC-CRYPT-DIFFERS", "README"]),
    ("a pipe", RESTORE, PIPE, Right, 7, &["DTC-CRYPT-INCOMPLETE", "pipe.bin"]),
    ("a pipe", LS, PIPE, Right, 0, &["pipe.bin"]),
    ("a taken target", RESTORE, TAKEN, Right, 7, &["DTC-CRYPT-INCOMPLETE", "a.txt", "3 files"]),
    ("a file as the target", RESTORE, TARGET_IS_A_FILE, Right, 3, &["DTC-CRYPT-PATH", "target"]),
    ("no folder", LS, GONE, Right, 3, &["DTC-CRYPT-PATH", "there is no folder stored"]),
    ("no folder", CHECK, GONE, Right, 3, &["DTC-CRYPT-PATH", "there is no folder stored"]),
    ("no folder", RESTORE, GONE, Right, 3, &["DTC-CRYPT-PATH", "there is no folder stored"]),
    ("no folder", CAT, GONE, Right, 3, &["DTC-CRYPT-PATH", "there is no folder stored"]),
    ("a file as the folder", LS, A_FILE, Right, 3, &["DTC-CRYPT-PATH", "stored is not a folder"]),
    ("a file as the folder", RESTORE, A_FILE, Right, 3, &["DTC-CRYPT-PATH", "stored is not a folder"]),
    ("a file as the folder", CHECK, A_FILE, Right, 3, &["DTC-CRYPT-PATH", "stored is not a folder"]),
    ("another password", CAT, AS_IT_IS, OtherPassword, 6, &["the password or the salt is wrong"]),
    ("another password", CHECK, AS_IT_IS, OtherPassword, 6, &["password"]),
    (
        "another password",
        RESTORE,
        AS_IT_IS,
        OtherPassword,
        6,
        &["the password or the salt is wrong", "none opens"],
    ),
    ("no salt", CAT, AS_IT_IS, NoSalt, 6, &["the password or the salt is wrong"]),
    ("no salt", RESTORE, AS_IT_IS, NoSalt, 6, &["the password or the salt is wrong"]),
    ("no secret is said", CAT, AS_IT_IS, Nothing, 3, &["--password and --salt are missing"]),
    ("no secret is said", RESTORE, AS_IT_IS, Nothing, 3, &["--password and --salt are missing"]),
    ("no secret is said", CHECK, AS_IT_IS, Nothing, 3, &["--password and --salt are missing"]),
    ("a variable is not set", CAT, AS_IT_IS, Absent, 4, &["DTC-SECRET-MISSING", "TEST_ABSENT"]),
    ("a variable is not set", RESTORE, AS_IT_IS, Absent, 4, &["DTC-SECRET-MISSING", "TEST_ABSENT"]),
    ("a variable is not set", CHECK, AS_IT_IS, Absent, 4, &["DTC-SECRET-MISSING", "TEST_ABSENT"]),
    ("no such file", "cat stored nothing", AS_IT_IS, Right, 3, &["DTC-CRYPT-PATH", "nothing"]),
    ("out of range", "cat stored x.bin --offset 65537", AS_IT_IS, Right, 3, &["DTC-CRYPT-RANGE"]),
    ("no time", "restore stored target --timeout 1ms", AS_IT_IS, Right, 7, &LATE),
    ("no time", "check source stored --timeout 1ms", AS_IT_IS, Right, 7, &LATE),
];

const LATE: [&str; 3] = ["DTC-COMMAND-INCOMPLETE", "not done within 0.001 s", "--timeout"];

/// `dtc crypt` on a folder, with these secrets.
fn crypt(program: impl AsRef<std::ffi::OsStr>, command: &str, folder: &Path, given: Given) -> Command {
    let mut crypt = Command::new(program);
    crypt.arg("crypt").args(command.split(' '));
    with_secrets(crypt.current_dir(folder), given);
    crypt
}

fn with_secrets(crypt: &mut Command, given: Given) {
    let password = if matches!(given, OtherPassword) { "another password" } else { PASSWORD };
    crypt
        .env_remove("RUST_LOG")
        .env("TEST_PASSWORD", password)
        .env("TEST_SALT", SALT)
        .env_remove("TEST_ABSENT");
    match given {
        Right | OtherPassword => crypt.args(["--password", "env:TEST_PASSWORD", "--salt", "env:TEST_SALT"]),
        NoSalt => crypt.args(["--password", "env:TEST_PASSWORD", "--salt", "none"]),
        Absent => crypt.args(["--password", "env:TEST_ABSENT", "--salt", "env:TEST_SALT"]),
        Nothing => crypt,
    };
}

fn secrets() -> [String; 2] {
    [PASSWORD.to_owned(), SALT.to_owned()]
}

#[test]
fn x8_each_bad_object_and_wrong_secret_is_described_as_what_it_is() {
    let program = dtc_tests::program();
    side_by_side(&CASES, |(_, command, change, given, exit, says)| {
        let folder = folder();
        change(folder.path());
        let ended = Ended::of(crypt(&program, command, folder.path(), *given).stdout(Stdio::piped()));
        let mut wrong = faults(&ended, *exit, says, &secrets());
        let taken = folder.path().join("target/a.txt");
        if command.starts_with("restore") && fs::read(&taken).is_ok_and(|bytes| bytes.len() == 4) {
            let kept = fs::read(&taken).unwrap() == b"mine";
            wrong.extend((!kept).then(|| "what was there is another".to_owned()));
        }
        (ended, wrong)
    });
}

/// What scripts read ends alike, and says so in one document.
#[test]
fn x6_each_of_them_ends_alike_in_json() {
    let program = dtc_tests::program();
    let cases: Vec<&Case> = CASES
        .iter()
        .filter(|(_, command, ..)| !command.starts_with("cat") && !command.contains("--json"))
        .collect();
    side_by_side(&cases, |(_, command, change, given, exit, _)| {
        let folder = folder();
        change(folder.path());
        let mut crypt = crypt(&program, command, folder.path(), *given);
        let ended = Ended::of(crypt.arg("--json").stdout(Stdio::piped()));
        let mut wrong = faults(&ended, *exit, &[], &secrets());
        let document: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        if document["exit_code"] != *exit || document["error"]["code"].is_string() != (*exit != 0) {
            wrong.push("the document says another end".to_owned());
        }
        wrong.extend((!ended.err.is_empty()).then(|| "what the document says is said again".to_owned()));
        (ended, wrong)
    });
}

/// Standard output on a full disk, and a target on one: to a program, a limit of 8 KiB for a file is what a full disk is.
#[cfg(target_os = "linux")]
#[test]
fn x6_a_full_disk_is_no_success_and_leaves_no_part_of_a_file() {
    let program = dtc_tests::program();
    side_by_side(&[LS, CHECK, RESTORE, CAT, "ls stored --json", "check source stored --json"], |command| {
        let folder = folder();
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let ended = Ended::of(crypt(&program, command, folder.path(), Right).stdout(full));
        let wrong = faults(&ended, 1, &["error[DTC-COMMAND-OUTPUT]: standard output"], &secrets());
        (ended, wrong)
    });
    side_by_side(
        &[RESTORE, "restore stored target --json", "restore stored target --compare source"],
        |command| {
            let folder = folder();
            let mut shell = Command::new("sh");
            shell.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"]).arg(&program).arg("crypt");
            shell.args(command.split(' ')).current_dir(folder.path()).stdout(Stdio::piped());
            with_secrets(&mut shell, Right);
            let ended = Ended::of(&mut shell);
            let mut wrong = faults(
                &ended,
                7,
                &["DTC-CRYPT-INCOMPLETE", "could not write", "x.bin", "run this again"],
                &secrets(),
            );
            let mut left: Vec<String> = ["target", "target/deep", "target/deep/er"]
                .iter()
                .flat_map(|below| fs::read_dir(folder.path().join(below)).into_iter().flatten())
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
            left.sort_unstable();
            if left != ["a.txt", "deep", "empty", "er"] {
                wrong.push(format!("{left:?} is left in the target"));
            }
            (ended, wrong)
        },
    );
}
