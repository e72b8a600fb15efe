//! `dtc restore` against simulated services, each a process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{Said, dtc, run};
use crate::schema;
use crate::services::Services;

fn files(folder: &Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(path, entry.metadata().unwrap().len());
            }
        }
    }
    found
}

/// A file with content, by its path in the pool.
fn some_file(listed: &Value) -> (String, u64) {
    let files = listed["files"].as_array().unwrap();
    let sized = |file: &Value| (file["path"].as_str().unwrap().to_owned(), file["size"].as_u64().unwrap());
    files.iter().map(sized).filter(|(_, size)| *size > 0).min_by_key(|(path, _)| path.len()).unwrap()
}

#[test]
fn y4_a_pool_comes_back_from_the_vaults_record_and_a_second_run_goes_on() {
    let services = Services::backed_up();
    let dtc = |arguments: &[&str]| Said::by(services.dtc().arg("restore").args(arguments));
    let listed = dtc(&["ls", "pool0", "--json"]).ended(0).json();
    let (path, size) = some_file(&listed);
    let count = listed["files"].as_array().unwrap().len();
    let found = dtc(&["find", "*", "pool0", "--json"]).ended(0).json();
    assert_eq!(found["files"], listed["files"]);

    let would = dtc(&["get", "pool0", "--to", "back", "--dry-run", "--json"]).ended(0).json();
    assert_eq!((&would["files"], &would["dry_run"]), (&json!(count), &json!(true)));
    assert!(!services.file("back").exists());

    let kept = ["--json", "--report", "report.json", "--events", "events.jsonl"];
    let got = dtc(&[&["get", "pool0", "--to", "back"], &kept[..]].concat()).ended(0).json();
    assert_eq!((&got["written"], &got["complete"]), (&json!(count), &json!(true)), "{got}");
    let found = files(&services.file("back"));
    assert_eq!((found.len(), found[&path]), (count, size));
    let kept: Value = serde_json::from_slice(&fs::read(services.file("report.json")).unwrap()).unwrap();
    assert_eq!(kept["list_sha256"], got["list_sha256"]);
    let events = schema::events(&fs::read_to_string(services.file("events.jsonl")).unwrap());
    let read = events.iter().rfind(|event| event["event"] == "bytes").unwrap();
    assert_eq!((&read["done"], &read["of"]), (&got["bytes"], &got["bytes"]));

    fs::remove_file(services.file("back").join(&path)).unwrap();
    let again = dtc(&["get", "pool0", "--to", "back", "--json"]).ended(0).json();
    assert_eq!((&again["written"], &again["unchanged"]), (&json!(1), &json!(count - 1)));
    let shown = dtc(&["get", "pool0", "--to", "back"]).ended(0);
    assert!(shown.out.contains("there already"), "{shown:?}");

    let file = format!("pool0:{path}");
    let content = Said::by(services.dtc().args(["restore", "ls", &file, "--json"])).ended(0).json();
    assert_eq!(content["files"].as_array().unwrap().len(), 1);
    let printed = services.dtc().args(["restore", "cat", &file]).output().unwrap();
    assert_eq!(printed.stdout, fs::read(services.file("back").join(&path)).unwrap());
    let history = dtc(&["history", &file, "--json"]).ended(0).json();
    assert!(history["versions"][0]["locked"]["until"].is_string(), "{history}");
    let when = dtc(&["when", "pool0", "--json"]).ended(0).json();
    assert_eq!(when["bursts"], json!([]));

    // A report that could not be kept is refused before anything is fetched.
    for report in ["report.json", "no/folder.json"] {
        let refused = dtc(&["get", "pool0", "--to", "other", "--report", report]).ended(3);
        assert!(refused.err.contains(report) && !services.file("other").exists(), "{refused:?}");
    }
    let some = dtc(&["get", "pool0", "pool0:nowhere", "--to", "back", "--json"]).ended(7).json();
    assert_eq!((&some["absent"], &some["complete"]), (&json!(["pool0:nowhere"]), &json!(false)), "{some}");
    let later = dtc(&["ls", "pool0", "--at", "2226-01-01"]).ended(0);
    assert!(later.err.contains("yet to come"), "{later:?}");

    fs::write(services.file("back").join(&path), "somebody's own work").unwrap();
    let kept = dtc(&["get", "pool0", "--to", "back", "--json"]).ended(7).json();
    assert_eq!(
        (&kept["code"], &kept["failed"][0]["failure"]),
        (&json!("DTC-RESTORE-INCOMPLETE"), &json!("occupied"))
    );
}

#[test]
fn y4_a_moment_before_everything_is_refused_with_the_earliest_one() {
    let services = Services::backed_up();
    let early = ["restore", "ls", "pool0", "--at", "2001-01-01", "--json"];
    let refused = Said::by(services.dtc().args(early)).ended(3).json();
    assert_eq!(refused["code"], "DTC-RESTORE-MOMENT");
    assert!(refused["error"]["remedy"].as_str().unwrap().contains("the earliest moment is"), "{refused}");
    let unclear = Said::by(services.dtc().args(["restore", "ls", "pool0", "--at", "last week"])).ended(3);
    assert!(unclear.err.contains("3 days ago"), "{unclear:?}");
    let none = Said::by(services.dtc().args(["restore", "ls", "pool7"])).ended(3);
    assert!(none.err.contains("dtc restore ls POOL"), "{none:?}");
}

/// The vault's records as a person would copy them, from the simulator's transcript of nothing but what the vault shows.
#[test]
fn e8_a_saved_record_takes_its_secrets_from_where_they_are_and_shows_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file("record.txt", "Bucket Name: truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9\nDevice GUID: none\n");
    let with = |options: &[&str]| {
        let mut command = dtc(folder.path());
        command.args(["restore", "ls", "pool0", "--record", "record.txt"]).args(options);
        command.env("KEY", "hunter-key").env("PASSWORD", "hunter-password").env("SALT", "hunter-salt");
        Said::by(&mut command)
    };
    let secrets = ["--key", "env:KEY", "--password", "env:PASSWORD", "--salt", "env:SALT"];
    let refused = with(&secrets).ended(3);
    assert!(refused.err.contains("DTC-RESTORE-RECORD") && refused.err.contains("Device GUID"), "{refused:?}");
    let bare = with(&["--key", "env:KEY", "--password", "hunter-password", "--salt", "env:SALT"]).ended(3);
    assert!(bare.err.contains("--password") && !bare.err.contains("hunter"), "{bare:?}");
    file(
        "record.txt",
        "Username: 005abc\nBucket Name: truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9\n\
         Device GUID: 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083\n",
    );
    let missing = with(&["--key", "env:NO_KEY", "--password", "env:PASSWORD", "--salt", "env:SALT"]).ended(4);
    assert!(missing.err.contains("NO_KEY"), "{missing:?}");
    let lacking = with(&["--key", "env:KEY"]).ended(3);
    assert!(lacking.err.contains("--password"), "{lacking:?}");
}

#[test]
fn y4_what_is_no_pool_or_path_is_refused_before_anything_is_asked() {
    for wanted in ["pool0:../etc", "pool0:a//b", "0pool", ""] {
        let refused = run(&["restore", "ls", wanted]).ended(3);
        assert!(refused.out.is_empty(), "{refused:?}");
    }
    assert!(run(&["restore", "cat", "pool0:a", "--json"]).ended(3).out.contains("no JSON document"));
}
