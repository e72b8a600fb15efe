//! What the program prints for scripts has the form that `docs/schema` publishes. Every document that any test reads is held against its
//! schema ([`Said::json`]); here are those that the other tests leave out.

mod form;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use self::form::problems;
use crate::crypt::Folder;
use crate::program::{Said, dtc};

/// Where the schemas are published.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/schema")
}

/// The published schema of this name.
pub(crate) fn named(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(format!("{name}.json")));
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
}

/// The schema of the command that these words give, whatever options stand between them.
pub(crate) fn of_command(words: &[OsString]) -> String {
    const COMMANDS: [&str; 12] = [
        "demo",
        "simulator",
        "init",
        "plan",
        "apply",
        "verify",
        "name",
        "crypt",
        "restore",
        "copy",
        "locks",
        "replication",
    ];
    const BELOW: [&str; 19] = [
        "parse", "ls", "cat", "check", "decode", "encode", "restore", "find", "get", "history", "when",
        "status", "extend", "unlock", "init", "plan", "apply", "verify", "run",
    ];
    let mut words = words.iter().filter_map(|word| word.to_str());
    let Some(command) = words.find(|word| COMMANDS.contains(word)) else { return "error".to_owned() };
    match (command, words.find(|word| BELOW.contains(word))) {
        ("crypt" | "restore" | "copy" | "locks" | "replication", None) => "error".to_owned(),
        ("name", Some("parse")) => "name-parse".to_owned(),
        ("crypt" | "restore" | "copy" | "locks" | "replication", Some(below)) => format!("{command}-{below}"),
        (command, _) => command.to_owned(),
    }
}

/// Fails unless the document has the form of this schema.
pub(crate) fn held(name: &str, document: &Value) {
    let schema = named(name);
    let found = problems(&schema, &schema, document, "");
    assert!(found.is_empty(), "{name}: {found:#?}: {document}");
}

/// Every line of a file of events, each held against the schema.
pub(crate) fn events(text: &str) -> Vec<Value> {
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for event in &events {
        held("events", event);
    }
    events
}

#[test]
fn each_command_prints_what_its_schema_says() {
    let made = Folder::new();
    let uuid = "a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9";
    for arguments in [
        &["init", "--site", "new.toml"][..],
        &["name", "bucket", uuid],
        &["name", "folder", uuid, "pool0"],
        &["name", "object", uuid, "pool0"],
        &["name", "task", "pool0"],
        &["name", "label", "nms"],
        &["name", "label", "encryption-salt", "Main Office"],
        &["name", "parse", uuid],
        &["name", "parse", "/a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9/pool0"],
        &["name", "parse", "a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9/pool0"],
        &["name", "parse", "Pool0 Cloud Backup"],
        &["name", "parse", "truenas-a1b2c3d4e5f640718293a4b5c6d7e8f9"],
    ] {
        Said::by(dtc(made.folder.path()).args(arguments).arg("--json")).ended(0).json();
    }
    for arguments in [
        &["ls", "stored", "--json"][..],
        &["check", "source", "stored", "--json"],
        &["restore", "stored", "restored", "--json"],
        &["restore", "stored", "compared", "--compare", "source", "--json"],
        &["decode", "a.txt.bin", "--json"],
        &["encode", "a.txt", "--json"],
    ] {
        made.said(arguments).ended(0).json();
    }
}

/// Lists that are empty where all is well.
#[test]
fn what_is_found_has_the_form_of_its_schema() {
    let made = Folder::new();
    made.damage("stored/x.bin.bin", 80);
    fs::write(made.path("stored/foreign"), "x").unwrap();
    fs::write(made.path("source/new"), "x").unwrap();
    fs::remove_file(made.path("source/a.txt")).unwrap();
    let checked = made.said(&["check", "source", "stored", "--json"]).ended(6).json();
    for list in ["failed", "missing", "extra", "foreign"] {
        assert!(!checked[list].as_array().unwrap().is_empty(), "{list}: {checked}");
    }
    let restored = made.said(&["restore", "stored", "restored", "--json"]).ended(6).json();
    assert!(!restored["failed"].as_array().unwrap().is_empty(), "{restored}");
    made.said(&["restore", "stored", "compared", "--compare", "source", "--json"]).ended(6).json();
    let listed = made.said(&["ls", "stored", "--json"]).ended(0).json();
    assert_eq!(listed["foreign"].as_array().unwrap().len(), 1, "{listed}");
    made.said(&["encode", "a/../b", "ok", "--json"]).ended(3).json();
    made.said(&["cat", "stored", "x.bin", "--json"]).ended(3).json();
    Said::by(dtc(made.folder.path()).args(["plann", "--json"])).ended(3).json();
}

#[test]
fn a_document_of_another_form_is_found() {
    let good = Said::by(dtc(&folder()).args(["name", "task", "pool0", "--json"])).ended(0).json();
    let schema = named("name");
    assert_eq!(problems(&schema, &schema, &good, ""), Vec::<String>::new());
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document = good.clone();
        change(&mut document);
        problems(&schema, &schema, &document, "")
    };
    let members = |document: &mut Value, name: &str| document.as_object_mut().unwrap().remove(name).unwrap();
    for found in [
        changed(&|document| document["another"] = Value::from(1)),
        changed(&|document| drop(members(document, "name"))),
        changed(&|document| document["name"] = Value::Null),
        changed(&|document| document["schema"] = Value::from(2)),
        changed(&|document| document["verdict"] = Value::from("fine")),
        changed(&|document| document["error"] = Value::from("x")),
    ] {
        assert!(!found.is_empty());
    }
}

/// Every command of the program has a schema, and no other has one.
#[test]
fn every_command_has_a_schema() {
    let help = Said::by(dtc(&folder()).arg("--help")).ended(0).out;
    let top = commands(&help);
    assert!(top.len() >= 6 && top.contains(&"plan".to_owned()), "{top:?}");
    let mut schemas: Vec<String> = vec!["error".to_owned(), "events".to_owned()];
    for command in top {
        let below = commands(&Said::by(dtc(&folder()).args([&command, "--help"])).ended(0).out);
        if below.is_empty() {
            schemas.push(command);
        } else {
            let words = below.iter().map(|below| [OsString::from(&command), OsString::from(below)].to_vec());
            schemas.extend(words.map(|words| of_command(&words)));
        }
    }
    schemas.sort();
    schemas.dedup();
    for schema in &schemas {
        assert_eq!(named(schema)["$id"], format!("urn:dtc:schema:1:{schema}"));
    }
}

/// The commands that a help lists.
pub(crate) fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed =
        listed.take_while(|line| line.starts_with("  ")).filter_map(|line| line.split_whitespace().next());
    listed.filter(|word| *word != "help").map(str::to_owned).collect()
}
