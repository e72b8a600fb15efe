//! Files and arguments that are not as they should be: told before any call, with the place, and nothing is written.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::table::{Row, hold, row};
use crate::world::Service::{B2, ItGlue, NinjaOne, TrueNas};
use crate::world::{Change, Misfortune, World};

/// What a file is, what makes it so, the exit code, and what is said.
type Shape = (&'static str, fn(&Path), i32, &'static [&'static str]);
/// The same, where every exit code is one.
type Kind = (&'static str, fn(&Path), &'static [&'static str]);

/// Commands that read a site file.
const SITED: [&str; 3] = ["plan", "apply --consent consent.json", "verify"];

fn site(folder: &Path) -> std::path::PathBuf {
    folder.join("site.toml")
}

fn changed(name: &'static str, make: fn(&Path)) -> Misfortune {
    Misfortune::Files(Change { name, make })
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn replaced_by_fifo(path: &Path) {
    fs::remove_file(path).unwrap();
    fifo(path);
}

fn mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    #[cfg(not(unix))]
    let _ = (path, mode);
}

/// A site file that is none, or that others may change.
const SITE_FILES: [Shape; 9] = [
    ("missing", |f| fs::remove_file(site(f)).unwrap(), 3, &["DTC-SITE-UNREADABLE", "site.toml"]),
    (
        "a folder",
        |f| {
            fs::remove_file(site(f)).unwrap();
            fs::create_dir(site(f)).unwrap();
        },
        3,
        &["DTC-FILE-WRONG", "site.toml", "folder"],
    ),
    ("a pipe", |f| replaced_by_fifo(&site(f)), 3, &["DTC-FILE-WRONG", "site.toml", "pipe"]),
    ("anybody's", |f| mode(&site(f), 0o666), 4, &["DTC-FILE-ACCESS", "site.toml", "chmod go-w"]),
    ("in anybody's folder", |f| mode(f, 0o777), 4, &["DTC-FILE-ACCESS", "site.toml"]),
    ("binary", |f| fs::write(site(f), [0, 159, 146, 150]).unwrap(), 3, &["site.toml"]),
    ("empty", |f| fs::write(site(f), "").unwrap(), 3, &["DTC-SITE-INVALID", "site.toml", "missing field"]),
    ("no TOML", |f| fs::write(site(f), "[site").unwrap(), 3, &["DTC-SITE-INVALID", "site.toml:1:6"]),
    ("huge", |f| fs::write(site(f), vec![b'#'; 3 << 20]).unwrap(), 3, &["site.toml", "larger than"]),
];

/// A line of the site file that is another, and what is said of it.
const LINES: [(&str, &str, &[&str]); 15] = [
    ("ticket = \"T-1001\"", "ticket = \"../../etc\"", &["ticket"]),
    ("ticket = \"T-1001\"", "tiket = \"T-1001\"", &["did you mean", "ticket"]),
    ("uplink_mbit = 10000", "uplink_mbit = \"fast\"", &["uplink_mbit", "whole number"]),
    ("uplink_mbit = 10000", "uplink_mbit = 0", &["uplink_mbit"]),
    ("identity_pool = \"pool0\"", "identity_pool = \"\"", &["identity_pool"]),
    ("ticket = \"T-1001\"", "time_zone = \"Mars/Olympus\"", &["time_zone"]),
    ("organization = \"Harbour Dental Group\"", "organization = \"\"", &["organization"]),
    ("fingerprint = \"", "fingerprint = \"zz", &["fingerprint"]),
    (
        "application_key = \"env:TEST_B2\"",
        "application_key = \"K001secret\"",
        &["application_key", "env:NAME"],
    ),
    ("api_key = \"env:TEST_VAULT\"", "apikey = \"env:TEST_VAULT\"", &["api_key"]),
    ("first = \"1ms\"", "first = \"soon\"", &["first", "no duration"]),
    ("[tickets]", "[tickts]", &["tickets"]),
    ("url = \"wss://", "url = \"gopher://", &["url"]),
    ("[ninjaone]\nurl = \"http:", "[ninjaone]\nurl = \"ftp:", &["url"]),
    ("[b2]", "[b2", &["site.toml:7:4"]),
];

#[test]
fn x6_a_site_file_that_is_not_understood_is_refused_before_any_call() {
    let world = World::fresh(101);
    world.bed.sim.faults().clear();
    let mut rows: Vec<Row> = Vec::new();
    for (number, command) in SITED.into_iter().enumerate() {
        for (name, change, exit, says) in SITE_FILES {
            rows.push(row(command, changed(name, change), exit, says));
        }
        let lines = LINES.iter().enumerate().filter(|(line, _)| number == 0 || line % 3 == number);
        for (_, (this, instead, says)) in lines {
            let says = [&["DTC-SITE-INVALID", "site.toml"], *says].concat();
            rows.push(row(command, Misfortune::Says(this, instead), 3, &says));
        }
    }
    rows.push(row(
        "plan",
        Misfortune::Unset(&[B2, TrueNas, NinjaOne, ItGlue]),
        4,
        &["DTC-SECRET-MISSING", "TEST_B2", "TEST_BOX", "TEST_NINJA", "TEST_VAULT"],
    ));
    rows.push(row("verify", Misfortune::Unset(&[ItGlue]), 4, &["DTC-SECRET-MISSING", "TEST_VAULT"]));
    rows.push(row("apply", Misfortune::Unset(&[B2, ItGlue]), 4, &["TEST_B2", "TEST_VAULT"]));
    hold(&world, &rows);
    assert_eq!(world.bed.sim.faults().requests(), 0, "a call was made");
}

fn secret(folder: &Path, bytes: &[u8]) {
    let path = folder.join("key");
    fs::write(&path, bytes).unwrap();
    mode(&path, 0o600);
    let text = fs::read_to_string(site(folder)).unwrap();
    fs::write(site(folder), text.replace("env:TEST_B2", "file:key")).unwrap();
}

/// A file with B2's key, and what is wrong with it.
const SECRETS: [Kind; 7] = [
    (
        "missing",
        |f| {
            secret(f, b"");
            fs::remove_file(f.join("key")).unwrap();
        },
        &["DTC-SECRET-MISSING", "key"],
    ),
    (
        "others read it",
        |f| {
            secret(f, b"0123456789abcdef");
            mode(&f.join("key"), 0o644);
        },
        &["DTC-SECRET-EXPOSED", "chmod 600"],
    ),
    ("empty", |f| secret(f, b""), &["DTC-SECRET-", "key"]),
    ("two lines", |f| secret(f, b"0123456789\nabcdef"), &["DTC-SECRET-UNUSABLE", "2 lines"]),
    ("a space before", |f| secret(f, b" 0123456789abcdef"), &["DTC-SECRET-UNUSABLE", "begins with a space"]),
    ("binary", |f| secret(f, &[0, 159, 146, 150]), &["key"]),
    (
        "a pipe that others may read",
        |f| {
            secret(f, b"");
            replaced_by_fifo(&f.join("key"));
            mode(&f.join("key"), 0o644);
        },
        &["DTC-SECRET-EXPOSED", "key", "chmod 600"],
    ),
];

#[test]
fn e7_a_secret_that_cannot_be_used_is_a_missing_precondition() {
    let world = World::fresh(102);
    let of = |command| SECRETS.map(|(name, change, says)| row(command, changed(name, change), 4, says));
    let waiting = changed("a pipe to which nobody writes", |f| {
        secret(f, b"");
        replaced_by_fifo(&f.join("key"));
        mode(&f.join("key"), 0o600);
    });
    let waited = ["plan --timeout 1s", "verify --timeout 1s", "apply --timeout 1s"];
    let waited = waited.map(|command| row(command, waiting, 7, &["DTC-COMMAND-INCOMPLETE", "--timeout"]));
    hold(&world, &[&of("plan")[..], &of("verify"), &of("apply"), &waited].concat());
}

/// A file that a command reads, in bad shapes.
const READ: [Shape; 5] = [
    ("missing", |_| {}, 3, &["given"]),
    ("a folder", |f| fs::create_dir(f.join("given")).unwrap(), 3, &["given", "folder"]),
    ("a pipe", |f| fifo(&f.join("given")), 3, &["given", "pipe"]),
    ("binary", |f| fs::write(f.join("given"), [0, 159, 146, 150]).unwrap(), 3, &["given"]),
    ("no JSON", |f| fs::write(f.join("given"), "[{").unwrap(), 3, &["given", "line 1"]),
];

/// A file to write that is something else already.
const WRITTEN: [Kind; 5] = [
    ("a folder", |f| fs::create_dir(f.join("made")).unwrap(), &["made"]),
    ("a pipe", |f| fifo(&f.join("made")), &["made"]),
    ("somebody's notes", |f| fs::write(f.join("made"), "mine\n").unwrap(), &["made"]),
    ("the site file", |f| assert!(fs::copy(site(f), f.join("made")).is_ok()), &["made"]),
    (
        "a link",
        |f| {
            #[cfg(unix)]
            std::os::unix::fs::symlink(site(f), f.join("made")).unwrap();
        },
        &["made"],
    ),
];

#[test]
fn x6_files_beside_it_are_refused_before_any_call() {
    let world = World::fresh(103);
    world.bed.sim.faults().clear();
    let mut rows = Vec::new();
    for command in ["apply --consent given", "apply --plan given"] {
        for (name, change, exit, says) in READ {
            rows.push(row(command, changed(name, change), exit, says));
        }
    }
    for command in ["plan --out made", "apply --record-consent made", "init --site made"] {
        rows.extend(WRITTEN.map(|(name, change, says)| row(command, changed(name, change), 3, says)));
    }
    // A pipe is a journal that another program reads.
    let journals = WRITTEN.iter().filter(|(name, ..)| *name != "a pipe");
    rows.extend(
        journals.map(|(name, change, says)| row("apply --journal made", changed(name, *change), 3, says)),
    );
    for command in [
        "plan --out /dev/full",
        "plan --out nowhere/plan.json",
        "apply --journal /dev/full",
        "apply --record-consent nowhere/x",
        "simulator --transcript nowhere/x",
        "demo --transcript nowhere/x",
        "simulator --write-site site.toml --without-rclone",
    ] {
        rows.push(row(command, Misfortune::None, 3, &["error[DTC-"]));
    }
    hold(&world, &rows);
    assert_eq!(world.bed.sim.faults().requests(), 0, "a call was made");
}

#[test]
fn x6_arguments_that_are_not_understood() {
    let world = World::fresh(104);
    let rows: Vec<Row> = [
        ("plann", 3, "plan"),
        ("plan --sight site.toml", 3, "--sight"),
        ("plan --timeout soon", 3, "90s"),
        ("verify --timeout 0s", 3, "--timeout"),
        ("apply --wait tomorrow", 3, "--wait"),
        ("simulator --seed many", 3, "--seed"),
        ("simulator --rclone nowhere/rclone", 3, "nowhere/rclone"),
        ("demo --rclone nowhere/rclone", 3, "nowhere/rclone"),
        ("simulator --rclone /bin/false", 4, "/bin/false"),
        ("demo --rclone /bin/false --without-rclone", 3, "--without-rclone"),
        ("name bucket 42", 3, "DTC-RULE-"),
        ("name folder 9babab19-acc0-4587-aa05-ccd8103a1148 ../..", 3, "DTC-RULE-"),
        ("name label application-key", 3, "LOCATION"),
        ("name parse nothing-of-ours", 3, "error"),
        ("name task -", 3, "DTC-RULE-"),
        ("crypt cat", 3, "FOLDER"),
        ("crypt", 3, "error[DTC-COMMAND-ARGUMENTS]: a command is missing"),
        ("crypt encode ../x", 3, "DTC-CRYPT-NAME"),
        ("crypt encode --names sideways a", 3, "sideways"),
        ("init", 3, "site.toml"),
        ("init --site nowhere/site.toml", 3, "nowhere"),
    ]
    .map(|(command, exit, says)| row(command, Misfortune::None, exit, &[says]))
    .to_vec();
    hold(&world, &rows);
}

/// A full disk behind standard output: what was not shown is no success, whatever the command.
#[cfg(target_os = "linux")]
#[test]
fn x6_output_that_is_lost_is_an_error_for_every_command() {
    let world = World::provisioned(105);
    let uuid = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
    let bucket: &'static str = Box::leak(format!("name bucket {uuid}").into_boxed_str());
    let rows: Vec<Row> = [
        "plan",
        "plan --json",
        "verify",
        "verify --json",
        "apply --consent consent.json",
        "apply --consent consent.json --json",
        bucket,
        "init --site other.toml",
        "crypt encode a.txt",
        "simulator --without-rclone",
        "demo --without-rclone --seed 7",
        "--help",
        "--version",
    ]
    .map(|command| row(command, Misfortune::FullDisk, 1, &["error[DTC-COMMAND-OUTPUT]: standard output"]))
    .to_vec();
    hold(&world, &rows);
}
