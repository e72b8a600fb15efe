//! `--events`: what happens, one JSON object a line, in a file or on standard error.

use std::fs;

use serde_json::{Value, json};

use crate::crypt::{Folder, PASSWORD};
use crate::program::{Said, dtc};
use crate::schema::events;
#[cfg(feature = "demo")]
use crate::services::Services;

/// The kinds of these events, each once where it is said again and again.
fn kinds(events: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    kinds.dedup();
    kinds
}

/// The phases that a run went through.
fn phases(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["phase"].as_str()).collect()
}

/// The first event names the command, and the last says how it ended.
fn held(events: &[Value], command: &str, exit_code: i32, code: &Value) {
    let (first, last) = (&events[0], &events[events.len() - 1]);
    assert_eq!((&first["event"], &first["command"]), (&json!("began"), &json!(command)));
    assert_eq!(
        (&last["event"], &last["exit_code"], &last["code"]),
        (&json!("ended"), &json!(exit_code), code),
        "{last}"
    );
    let ends = events.iter().filter(|event| event["event"] == "ended").count();
    assert_eq!(ends, 1, "{events:?}");
}

#[test]
fn a_restore_and_a_check_count_their_bytes() {
    let made = Folder::new();
    for (arguments, phase) in
        [(&["check", "source", "stored"][..], "checking"), (&["restore", "stored", "new"], "restoring")]
    {
        let said = made.said(&[arguments, &["--events", "-", "--json"]].concat()).ended(0);
        said.json();
        let events = events(&said.err);
        held(&events, &format!("crypt {}", arguments[0]), 0, &Value::Null);
        assert_eq!(kinds(&events), ["began", "phase", "bytes", "ended"]);
        assert_eq!(phases(&events), ["listing", phase]);
        let last = events.iter().rfind(|event| event["event"] == "bytes").unwrap();
        assert_eq!((&last["done"], &last["of"]), (&json!(265_541), &json!(265_541)));
        assert!(!said.err.contains(PASSWORD));
    }
}

#[test]
fn a_run_that_fails_says_so_at_its_end_and_the_next_is_appended() {
    let made = Folder::new();
    made.damage("stored/x.bin.bin", 80);
    made.said(&["restore", "stored", "new", "--events", "events.jsonl"]).ended(6);
    let text = fs::read_to_string(made.path("events.jsonl")).unwrap();
    held(&events(&text), "crypt restore", 6, &json!("DTC-CRYPT-DATA-AT-RISK"));
    Said::by(dtc(made.folder.path()).args(["name", "task", "pool0", "--events", "events.jsonl"])).ended(0);
    let more = fs::read_to_string(made.path("events.jsonl")).unwrap();
    let rest = more.strip_prefix(&text).unwrap();
    held(&events(rest), "name task", 0, &Value::Null);
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site.toml");
    fs::write(&site, "[site]\n").unwrap();
    let said =
        Said::by(dtc(folder.path()).args(["name", "task", "pool0", "--json", "--events", "site.toml"]))
            .ended(3);
    let problem = said.json()["error"].to_string();
    assert!(problem.contains("cannot write the events to site.toml"), "{problem}");
    assert_eq!(fs::read_to_string(site).unwrap(), "[site]\n");
    let absent = Said::by(dtc(folder.path()).args(["name", "task", "pool0", "--events", "no/events.jsonl"]));
    assert!(absent.ended(3).err.contains("make the folder first"));
}

/// What happens on the way is in the journal's words; no secret and no address with one is among them.
#[cfg(feature = "demo")]
#[test]
fn a_plan_an_apply_and_a_verification_are_followed() {
    let services = Services::start();
    let planned = Said::by(services.dtc().args(["plan", "--json", "--events", "-"])).ended(2);
    let plan = planned.json();
    let plan_events = events(&planned.err);
    held(&plan_events, "plan", 2, &json!("DTC-PLAN-PENDING"));
    assert_eq!(phases(&plan_events), ["connecting", "observing"]);
    fs::write(services.file("consent.json"), plan["required_consents"].to_string()).unwrap();

    let mut apply = services.dtc();
    apply.args(["apply", "--consent", "consent.json", "--wait", "1m", "--json"]);
    let applied = Said::by(apply.args(["--events", "-", "--journal", "journal.jsonl"])).ended(0);
    applied.json();
    let apply_events = events(&applied.err);
    held(&apply_events, "apply", 0, &Value::Null);
    assert_eq!(phases(&apply_events), ["connecting", "observing", "applying"]);
    let journal = fs::read_to_string(services.file("journal.jsonl")).unwrap();
    let journal = events(&journal);
    let ours = ["began", "phase", "note", "ended"];
    let entries: Vec<&Value> =
        apply_events.iter().filter(|event| !ours.contains(&event["event"].as_str().unwrap())).collect();
    for entry in &journal {
        assert!(entries.contains(&entry), "{entry}");
    }
    for kind in ["started", "done", "progress"] {
        assert!(journal.iter().any(|entry| entry["event"] == kind), "{kind}");
    }

    let verified = Said::by(services.dtc().args(["verify", "--events", "events.jsonl"])).ended(0);
    assert!(verified.out.contains("Verified"), "{}", verified.out);
    let verify_events = fs::read_to_string(services.file("events.jsonl")).unwrap();
    assert_eq!(phases(&events(&verify_events)), ["connecting", "verifying"]);
    for (service, field) in
        [("b2", "application_key"), ("truenas", "api_key"), ("ninja", "client_secret"), ("itglue", "api_key")]
    {
        let secret = services.addresses[service][field].as_str().unwrap();
        for text in [&planned.err, &applied.err, &verify_events] {
            assert!(!text.contains(secret), "{service}");
        }
    }
}

#[cfg(feature = "demo")]
#[test]
fn a_demo_is_followed_from_its_beginning_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = dtc(folder.path());
    demo.args(["demo", "--without-rclone", "--json", "--events", "events.jsonl"]);
    Said::by(&mut demo).ended(0).json();
    let events = events(&fs::read_to_string(folder.path().join("events.jsonl")).unwrap());
    held(&events, "demo", 0, &Value::Null);
    assert_eq!(phases(&events), ["connecting", "observing", "applying", "verifying", "observing"]);
}
