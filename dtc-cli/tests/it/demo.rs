//! `dtc demo`: with our own engine, and with each rclone there is.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Said, dtc};

fn demo(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    demo_in(folder.path(), arguments)
}

fn demo_in(folder: &Path, arguments: &[&str]) -> Value {
    let said =
        Said::by(dtc(folder).args(["demo", "--json", "--transcript", "transcript.jsonl"]).args(arguments));
    let result = said.ended(0).json();
    assert_eq!(result["report"]["passed"], true, "{result}");
    assert_eq!(result["consents"][0]["typed"], result["consents"][0]["act"]["subject"]);
    let again = &result["second_plan"];
    assert_eq!(
        (&again["empty"], &again["writes"]),
        (&Value::from(true), &Value::Array(Vec::new())),
        "{again}"
    );
    assert!(fs::read_to_string(folder.join("transcript.jsonl")).unwrap().lines().count() > 100);
    result
}

#[test]
fn x2_the_demo_without_rclone_says_that_its_proof_is_not_independent() {
    let engine = demo(&["--without-rclone"])["engine"].clone();
    assert_eq!((&engine["independent"], &engine["version"]), (&Value::from(false), &Value::Null));
}

#[test]
fn the_demo_shows_every_step_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let mut command = dtc(folder.path());
    let said = Said::by(command.env("TMPDIR", &scratch).args(["demo", "--without-rclone"])).ended(0);
    let expected = [
        "15 steps to do.",
        "typed by the demo, since these are its own simulators: truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9",
        "the proof is not independent",
        "Verified: 26 passed, 0 failed, 0 not checkable.",
        "Nothing to do",
        "every one of them only reads",
        "6 · Ransomware",
        "as it was before, to the byte",
        "Where everything stands",
        "TrueNAS Cloud Backup — Main Office, operational",
        "ticket 1002: 1 private note, with the vault record's address and no secret",
        "Done in ",
    ];
    let mut rest = said.out.as_str();
    for words in expected {
        let Some(at) = rest.find(words) else {
            panic!("{words:?} is missing, or not in its place:\n{}", said.out)
        };
        rest = &rest[at..];
    }
    assert_eq!(said.err, "");
    assert!(said.out.lines().all(|line| line.chars().count() <= 110), "{}", said.out);
    assert_eq!(fs::read_dir(scratch).unwrap().count(), 0, "something is left behind");
}

/// Y2, Y3: the demo of a copy, with the real rsync; and what it would take, where there is none.
#[cfg(unix)]
#[test]
fn y2_the_demo_of_a_copy_brings_a_lost_folder_back() {
    let rsync = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join("rsync").is_file());
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let said = |arguments: &[&str]| {
        let mut command = dtc(folder.path());
        Said::by(command.env("TMPDIR", &scratch).args(["demo", "--copy"]).args(arguments))
    };
    if !rsync {
        assert!(std::env::var_os("DTC_REQUIRE_RSYNC").is_none(), "apt-get install -y rsync");
        let missing = said(&["--without-rclone"]).ended(4);
        assert!(missing.err.contains("rsync 3.1 or newer"), "{}", missing.err);
        return;
    }
    let shown = said(&["--without-rclone"]).ended(0);
    let expected = [
        "4 files",
        "The vault does not hold the pair yet",
        "Encrypted: 4 files",
        "Carried: 4 files",
        "letters/march.txt: Encrypts to",
        "Restore test passed: all 4 files",
        "The destination holds what the catalogue holds.",
        "Fetched: 4 files",
        "Restored: 4 files",
        "Done in ",
    ];
    let mut rest = shown.out.as_str();
    for words in expected {
        let Some(at) = rest.find(words) else {
            panic!("{words:?} is missing, or not in its place:\n{}", shown.out)
        };
        rest = &rest[at..];
    }
    assert!(!shown.out.contains("a demo's password") && shown.err.is_empty(), "{}", shown.err);
    let rclones = ["DTC_RCLONE_1_75_2", "DTC_RCLONE_1_65_2"].map(|name| std::env::var(name).ok());
    for rclone in rclones.into_iter().flatten() {
        let result = said(&["--json", "--rclone", &rclone]).ended(0).json();
        assert_eq!((&result["same"], &result["tested"]), (&Value::from(true), &Value::from(4)), "{result}");
        assert!(result["rclone"].is_string() && result["records"].as_array().unwrap().len() == 2);
    }
    assert_eq!(fs::read_dir(scratch).unwrap().count(), 0, "something is left behind");
}

/// X1a: the demo passes on every release, and plans the same there. Each run begins the transcript of the one before anew.
#[test]
fn x1a_the_demo_passes_on_every_release() {
    let folder = tempfile::tempdir().unwrap();
    let planned = |release| {
        let result = demo_in(folder.path(), &["--without-rclone", "--seed", "7", "--release", release]);
        assert_eq!(result["report"]["counts"]["passed"], 26);
        result["plan"]["plan"].clone()
    };
    let expected = planned("25.10");
    for release in ["13.3", "24.10", "25.04", "26.0"] {
        let plan = planned(release);
        for part in ["identity", "bucket", "credential", "tasks", "pools"] {
            assert_eq!(plan[part], expected[part], "{part} on {release}");
        }
    }
}

fn with_rclone(version: &str) {
    let variable = format!("DTC_RCLONE_{}", version.replace('.', "_"));
    let Ok(program) = std::env::var(&variable) else {
        assert!(std::env::var_os("DTC_REQUIRE_RCLONE").is_none(), "{variable} is not set");
        eprintln!("{variable} is not set: not tried with rclone {version}");
        return;
    };
    let engine = demo(&["--rclone", &program])["engine"].clone();
    assert_eq!((&engine["independent"], &engine["version"]), (&Value::from(true), &Value::from(version)));
}

#[test]
fn v3_the_demo_with_rclone_1_75_2() {
    with_rclone("1.75.2");
}

#[test]
fn v3_the_demo_with_rclone_1_70_2() {
    with_rclone("1.70.2");
}

#[test]
fn v3_the_demo_with_rclone_1_65_2() {
    with_rclone("1.65.2");
}

#[cfg(unix)]
#[test]
fn a_demo_that_is_kept_can_be_looked_at_until_it_is_interrupted() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let folder = tempfile::tempdir().unwrap();
    let mut command = dtc(folder.path());
    let mut kept =
        command.args(["demo", "--keep", "--without-rclone"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = BufReader::new(kept.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .take_while(|line| !line.contains("until Ctrl-C"))
        .collect();
    let mut verify = dtc(folder.path());
    for line in &lines {
        if let Some((name, value)) = line.strip_prefix("export ").and_then(|line| line.split_once('=')) {
            verify.env(name, value.trim_matches('\''));
        }
    }
    let shown = lines.iter().find_map(|line| line.strip_prefix("dtc verify ")).unwrap();
    Said::by(verify.arg("verify").args(shown.split(' '))).ended(0);
    crate::services::signal(&kept, "INT");
    assert!(kept.wait().unwrap().success());
}

/// The texts in a transcript that are drawn or follow from what is drawn, by the members that hold them. File ids hold a time as well, and
/// objects begin with a nonce of their own.
fn drawn(transcript: &str) -> BTreeMap<String, BTreeSet<String>> {
    const MEMBERS: [&str; 14] = [
        "accountId",
        "applicationKey",
        "applicationKeyId",
        "bucketId",
        "deviceGuid",
        "encryption_password",
        "encryption_salt",
        "folder",
        "password",
        "resource-url",
        "username",
        "v3_password",
        "v3_privpassphrase",
        "v3_username",
    ];
    fn collect(value: &Value, member: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| collect(value, name, found)),
            Value::Array(values) => values.iter().for_each(|value| collect(value, member, found)),
            Value::String(text) if MEMBERS.contains(&member) => {
                found.entry(member.to_owned()).or_default().insert(text.clone());
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for line in transcript.lines() {
        collect(&serde_json::from_str(line).unwrap(), "", &mut found);
    }
    assert_eq!(found.len(), MEMBERS.len(), "{found:?}");
    found
}

/// Whatever a run draws comes from the seed: the Device GUID, every key and secret with its id, and what names them, in all that is said.
#[test]
fn a_seed_makes_the_same_demo_again_and_none_makes_another() {
    let run = |arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let result = demo_in(folder.path(), &[&["--without-rclone"], arguments].concat());
        assert!(result["plan"]["plan"]["identity"].is_object(), "{result}");
        drawn(&fs::read_to_string(folder.path().join("transcript.jsonl")).unwrap())
    };
    let (one, again, other) = (run(&["--seed", "7"]), run(&["--seed", "7"]), run(&[]));
    for (member, values) in &one {
        assert_eq!(values, &again[member], "{member}");
        assert_ne!(values, &other[member], "{member} is the same without the seed");
    }
}
