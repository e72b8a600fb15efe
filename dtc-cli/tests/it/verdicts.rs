//! X6: how the program ends for each kind of failure, and what it says then.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Said, run};
use crate::services::Services;

/// A service of the site file, where nobody answers or the key is another.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Nobody,
    OtherKey,
}

/// The tables of the site file, the variable of each key, and the names of the simulator's addresses.
const SERVICES: [(&str, &str, &str); 4] = [
    ("b2", "TEST_B2", "b2"),
    ("truenas", "TEST_BOX", "truenas"),
    ("ninjaone", "TEST_NINJA", "ninja"),
    ("itglue", "TEST_VAULT", "itglue"),
];

/// Runs a command against the services, one of them failing.
fn faulty(
    services: &Services,
    (table, variable, name): (&str, &str, &str),
    fault: Fault,
    arguments: &[&str],
) -> Said {
    let site = fs::read_to_string(services.file("site.toml")).unwrap();
    let mut command = services.dtc();
    match fault {
        Fault::Nobody => {
            let url = services.addresses[name]["url"].as_str().unwrap();
            let scheme = url.split(':').next().unwrap();
            let nobody = format!("{scheme}://127.0.0.1:1");
            let text = site.replace(&format!("url = {url:?}"), &format!("url = {nobody:?}"));
            assert_ne!(text, site, "{table}");
            fs::write(services.file("faulty.toml"), text).unwrap();
        }
        Fault::OtherKey => {
            fs::write(services.file("faulty.toml"), site).unwrap();
            command.env(variable, "1-another0123456789another0123456789another0123456789another0123456789");
        }
    }
    Said::by(command.args(arguments).args(["--site", "faulty.toml"]))
}

/// Every service, unreachable or with a wrong key: `plan` cannot start (4), and says which field or variable.
#[test]
fn x6_a_service_that_is_away_or_refuses_the_key_is_a_missing_precondition() {
    let services = Services::start();
    for service in SERVICES {
        let (table, variable, _) = service;
        let away = faulty(&services, service, Fault::Nobody, &["plan"]).ended(4);
        let error = away.err.lines().find(|line| !line.starts_with("waiting: ")).unwrap_or_default();
        assert!(error.starts_with("error[DTC-SERVICE-UNREACHABLE]: "), "{table}: {}", away.err);
        assert!(
            away.err.contains(&format!("[{table}] url = ")) && away.err.contains("127.0.0.1:1"),
            "{}",
            away.err
        );
        assert!(
            !away.err.contains("client error") && !away.err.contains("error sending request"),
            "{}",
            away.err
        );
        let refused = faulty(&services, service, Fault::OtherKey, &["plan", "--json"]).ended(4);
        let document = refused.json();
        let error = &document["error"];
        assert_eq!(
            (&error["code"], &document["verdict"]),
            (&json!("DTC-SERVICE-CREDENTIALS"), &json!("precondition"))
        );
        let remedy = error["remedy"].as_str().unwrap();
        assert!(remedy.contains(&format!("[{table}]")) && remedy.contains(variable), "{remedy}");
        assert_eq!(refused.err, "", "what the document says is not said again");
    }
}

/// X6: `verify` ends with 4 where nothing can be held against anything, and with 7 where a part could not be checked.
#[test]
fn x6_a_verification_that_could_not_look_at_all_or_at_a_part() {
    let services = Services::start();
    let consents = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
    fs::write(services.file("consent.json"), consents["required_consents"].to_string()).unwrap();
    Said::by(services.dtc().args(["apply", "--consent", "consent.json", "--wait", "1m"])).ended(0);
    for service in SERVICES {
        let expected = if ["b2", "itglue"].contains(&service.0) { 7 } else { 4 };
        for fault in [Fault::Nobody, Fault::OtherKey] {
            let said = faulty(&services, service, fault, &["verify", "--json"]).ended(expected);
            let result = said.json();
            if expected == 7 {
                assert_eq!(
                    (&result["verdict"], &result["passed"]),
                    (&json!("incomplete"), &json!(false)),
                    "{service:?}"
                );
                assert!(
                    result["counts"]["passed"].as_u64().unwrap() > 15,
                    "{service:?}: {}",
                    result["counts"]
                );
                assert_eq!(result["counts"]["failed"], 0, "{service:?} {fault:?}: {}", result["failures"]);
                let failures = result["failures"].as_array().unwrap();
                assert!(
                    failures
                        .iter()
                        .all(|failure| failure["remedy"].is_string() && failure["code"].is_string())
                );
            }
        }
    }
    // A setting that is another than the standard's differs: 2.
    let site = fs::read_to_string(services.file("site.toml")).unwrap();
    fs::write(services.file("other.toml"), site.replace("uplink_mbit = 10000", "uplink_mbit = 5000"))
        .unwrap();
    let differs = Said::by(services.dtc().args(["verify", "--site", "other.toml"])).ended(2);
    assert!(differs.out.contains("Next: dtc plan --site other.toml"), "{}", differs.out);
    let proven = Said::by(services.dtc().arg("verify")).ended(0);
    assert!(proven.out.contains("Next: nothing to do"), "{}", proven.out);
}

/// `--json` begins with its form and its version, and names who, where and when; `required_consents` is a consent file.
#[test]
fn x6_documents_begin_with_their_form_and_say_who_where_and_when() {
    let services = Services::start();
    let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2);
    assert!(planned.out.starts_with("{\"schema\":1,\"version\":\""), "{}", planned.out);
    assert_eq!(planned.err, "");
    let plan = planned.json();
    for member in ["at", "organization", "location", "host_name", "management_address", "verdict"] {
        assert!(plan[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
    assert_eq!((&plan["exit_code"], &plan["counts"]["to_do"]), (&json!(2), &json!(15)));
    let refused = Said::by(services.dtc().args(["apply", "--json"])).ended(5);
    assert!(refused.out.starts_with("{\"schema\":1,"), "{}", refused.out);
    let acts = |document: &Value| -> Vec<Value> {
        document["required_consents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|consent| consent["act"].clone())
            .collect()
    };
    assert_eq!(acts(&plan), acts(&refused.json()["error"]));
    let written = run(&["name", "bucket", "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9", "--json"]).ended(0);
    assert!(written.out.starts_with("{\"schema\":1,"), "{}", written.out);
}

/// The help's table is the program's own, for every command that is asked.
#[test]
fn x6_the_help_says_every_exit_code() {
    let help = run(&["--help"]).ended(0).out;
    for code in ["  0  ", "  1  ", "  2  ", "  3  ", "  4  ", "  5  ", "  6  ", "  7  ", "130  "] {
        assert!(help.contains(code), "{code}: {help}");
    }
}
