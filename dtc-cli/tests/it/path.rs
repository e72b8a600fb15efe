//! `dtc plan`, `apply` and `verify` against simulated services, each a process of its own.

use std::fs;

use serde_json::{Value, json};

use crate::program::Said;
use crate::services::Services;

/// A consent file for whatever the plan asks.
fn consent(services: &Services) -> Value {
    let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
    assert_eq!(planned["empty"], false);
    let acts = planned["consents"].as_array().unwrap();
    assert_eq!(acts.len(), 1, "{acts:?}");
    let recorded = json!([{ "act": acts[0]["act"], "valid_until": "2100-01-01T00:00:00Z" }]);
    fs::write(services.file("consent.json"), recorded.to_string()).unwrap();
    recorded
}

#[test]
fn x1_the_whole_path_and_then_an_empty_plan() {
    let services = Services::start();
    let shown = Said::by(services.dtc().args(["plan", "--out", "plan.json"])).ended(2);
    assert!(
        shown.out.contains("consent is asked for") && shown.out.contains("15 steps to do."),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains('\u{1b}'), "a pipe gets no colour");
    consent(&services);
    let mut apply = services.dtc();
    apply.args([
        "apply",
        "--json",
        "--plan",
        "plan.json",
        "--consent",
        "consent.json",
        "--journal",
        "journal.jsonl",
    ]);
    let applied = Said::by(apply.args(["--wait", "1m", "--record-consent", "given.json"])).ended(0);
    let result = applied.json();
    assert_eq!(result["report"]["passed"], true, "{result}");
    assert_eq!(result["first_runs"].as_array().unwrap().len(), 2);
    assert!(applied.err.contains("first run of pool1"), "{}", applied.err);
    let journal = fs::read_to_string(services.file("journal.jsonl")).unwrap();
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(entries.iter().all(|entry| entry["at"].is_string() && entry["event"].is_string()));
    let given: Value = serde_json::from_slice(&fs::read(services.file("given.json")).unwrap()).unwrap();
    assert_eq!(given[0]["act"]["kind"], "compliance-lock");

    let verified = Said::by(services.dtc().args(["verify", "--json"])).ended(0).json();
    assert_eq!(verified["items"].as_array().unwrap().len(), 26);
    let again = Said::by(services.dtc().arg("plan")).ended(0);
    assert!(again.out.contains("Nothing to do"), "{}", again.out);
    let nothing = Said::by(services.dtc().args(["apply", "--json"])).ended(0);
    assert_eq!((&nothing.json()["empty"], &nothing.json()["verdict"]), (&json!(true), &json!("done")));
    assert_eq!(nothing.err, "", "what the document says is not said again");
    let stale =
        Said::by(services.dtc().args(["apply", "--plan", "plan.json", "--consent", "consent.json"])).ended(5);
    assert!(stale.err.contains("stale"), "{}", stale.err);
}

#[test]
fn x1b_without_consent_nothing_is_written_and_the_file_that_consents_is_shown() {
    let services = Services::start();
    let refused = Said::by(services.dtc().arg("apply")).ended(5);
    assert!(refused.err.contains("cannot be deleted by anybody for 14 days"), "{}", refused.err);
    let shown: Vec<&str> = refused.err.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let (from, to) = (shown.iter().position(|line| *line == "["), shown.iter().position(|line| *line == "]"));
    let file = shown[from.unwrap()..=to.unwrap()].join("\n");
    let lines: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(lines[0]["act"]["subject"], "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
    fs::write(services.file("consent.json"), file).unwrap();

    let mut expired = lines;
    expired[0]["valid_until"] = json!("2020-01-01T00:00:00Z");
    fs::write(services.file("old.json"), expired.to_string()).unwrap();
    let late = Said::by(services.dtc().args(["apply", "--json", "--consent", "old.json"])).ended(5);
    assert!(late.json()["error"]["causes"].to_string().contains("ran out"), "{late:?}");

    let transcript = fs::read_to_string(services.file("transcript.jsonl")).unwrap();
    assert!(!transcript.contains("b2_create_bucket"), "something was written without consent");
}

#[test]
fn s3_a_device_that_nobody_has_added_yet_is_a_missing_precondition() {
    let services = Services::start_with(&["--device-after", "1h"]);
    consent(&services);
    let awaited = Said::by(services.dtc().args(["apply", "--consent", "consent.json"])).ended(4);
    assert!(awaited.err.contains("In NinjaOne, add nas01"), "{}", awaited.err);
    assert!(awaited.err.contains("dtc apply --site site.toml --consent consent.json"), "{}", awaited.err);
}

#[test]
fn a_box_with_another_certificate_is_sent_nothing() {
    let services = Services::start();
    let pinned = services.addresses["truenas"]["fingerprint"].as_str().unwrap();
    let other = "ab".repeat(32);
    let site = fs::read_to_string(services.file("site.toml")).unwrap().replace(pinned, &other);
    fs::write(services.file("site.toml"), site).unwrap();
    let refused = Said::by(services.dtc().arg("plan")).ended(5);
    let plain = refused.err.to_lowercase().replace([':', '\n', ' '], "");
    assert!(plain.contains(pinned) && plain.contains(&other), "both are shown: {}", refused.err);
    assert!(!fs::read_to_string(services.file("transcript.jsonl")).unwrap().contains("auth.login"));
}

#[cfg(unix)]
#[test]
fn x3_interrupted_it_finishes_the_call_and_says_how_to_go_on() {
    use crate::services::signal;
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let services = Services::start();
    consent(&services);
    let arguments = ["apply", "--consent", "consent.json", "--wait", "1m"];
    // A pipe as the journal: its lines are read as they are written.
    let journal = services.file("journal");
    assert!(Command::new("mkfifo").arg(&journal).status().unwrap().success());
    let mut apply = services.dtc();
    apply.args(arguments).args(["--journal", "journal"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let apply = apply.spawn().unwrap();
    let mut entries = BufReader::new(fs::File::open(journal).unwrap()).lines().map(Result::unwrap);
    assert!(entries.any(|entry| entry.contains("default retention")), "the step is not journalled");
    signal(&apply, "INT");
    let stopped = Said::of(apply.wait_with_output().unwrap()).ended(130);
    assert!(stopped.err.contains("dtc apply --site site.toml --consent consent.json"), "{}", stopped.err);
    assert!(!stopped.out.contains("Verified"), "{}", stopped.out);
    drop(entries);

    Said::by(services.dtc().args(arguments)).ended(0);
    Said::by(services.dtc().arg("plan")).ended(0);
    let transcript = fs::read_to_string(services.file("transcript.jsonl")).unwrap();
    for once in ["b2_create_bucket", "b2_create_key"] {
        let calls = transcript.lines().filter(|line| line.contains(&format!("/{once}\""))).count();
        assert_eq!(calls, 1, "{once}");
    }
}

/// Every string that stands under one of these names, anywhere in a line of the transcript.
fn secrets_in(value: &Value, found: &mut Vec<String>) {
    const NAMES: [&str; 7] = [
        "applicationKey",
        "authorizationToken",
        "access_token",
        "password",
        "encryption_password",
        "encryption_salt",
        "v3_privpassphrase",
    ];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if NAMES.contains(&name.as_str()) && text.len() >= 20 => {
                        found.push(text.to_owned());
                    }
                    _ => secrets_in(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| secrets_in(value, found)),
        _ => {}
    }
}

#[test]
fn e8_no_secret_is_printed_or_logged_or_kept() {
    let services = Services::start();
    consent(&services);
    Said::by(services.dtc().env("RUST_LOG", "trace").args(["plan", "--out", "plan.json"])).ended(2);
    let arguments =
        ["apply", "--consent", "consent.json", "--journal", "journal.jsonl", "--wait", "1m", "--json"];
    let applied = Said::by(services.dtc().env("RUST_LOG", "trace").args(arguments)).ended(0);
    let verified = Said::by(services.dtc().env("RUST_LOG", "trace").args(["verify", "-v"])).ended(0);
    assert!(applied.err.contains("TRACE") || applied.err.contains("DEBUG"), "nothing was logged");
    let mut shown = [applied.out, applied.err, verified.out, verified.err].concat();
    for kept in ["plan.json", "journal.jsonl", "tickets/T-1.md"] {
        shown += &fs::read_to_string(services.file(kept)).unwrap();
    }

    let mut secrets: Vec<String> = [
        ("b2", "application_key"),
        ("truenas", "api_key"),
        ("ninja", "client_secret"),
        ("itglue", "api_key"),
    ]
    .iter()
    .map(|(service, field)| services.addresses[service][field].as_str().unwrap().to_owned())
    .collect();
    for line in fs::read_to_string(services.file("transcript.jsonl")).unwrap().lines() {
        secrets_in(&serde_json::from_str(line).unwrap(), &mut secrets);
    }
    secrets.sort_unstable();
    secrets.dedup();
    assert!(secrets.len() >= 12, "too few to prove anything: {}", secrets.len());
    for secret in secrets {
        let json = json!(secret).to_string();
        assert!(!shown.contains(&secret) && !shown.contains(json.trim_matches('"')), "a secret is shown");
    }
}
