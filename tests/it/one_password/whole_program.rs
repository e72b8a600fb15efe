//! The real program with references in its site file, by either way, and nothing of a secret in what it says.

use std::process::{Command, Output, Stdio};

use dtc_tests::TestBed;
use simulator::connect::{DEFAULT_VAULT, Item};

use super::program::folder;

/// The bed's site file with references in place of variables.
fn site_file(bed: &TestBed) -> String {
    let names =
        [("TEST_B2", "B2"), ("TEST_BOX", "NAS"), ("TEST_NINJA", "NinjaOne"), ("TEST_VAULT", "IT Glue")];
    names.into_iter().fold(bed.site_file(), |text, (variable, item)| {
        let reference = format!("\"op://{DEFAULT_VAULT}/{item}/password\"");
        text.replace(&format!("\"env:{variable}\""), &reference)
    })
}

/// Runs `dtc plan` with these variables and no others but the system's.
async fn planned(bed: &TestBed, variables: &[(&str, &str)]) -> Output {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("site.toml"), site_file(bed)).unwrap();
    let mut command = Command::new(dtc_tests::program());
    command.args(["plan", "--json"]).current_dir(scratch.path()).stdin(Stdio::null());
    for name in ["OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "OP_SERVICE_ACCOUNT_TOKEN"] {
        command.env_remove(name);
    }
    command.env("RUST_LOG", "trace").envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn texts(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn e7_the_program_plans_with_the_secrets_of_a_connect_server() {
    let bed = TestBed::new(61).await;
    let (at, connect) = (bed.sim.addresses(), bed.sim.connect());
    let keys = [
        ("B2", &at.b2.application_key),
        ("NAS", &at.truenas.api_key),
        ("NinjaOne", &at.ninja.client_secret),
        ("IT Glue", &at.itglue.api_key),
    ];
    for (item, secret) in keys {
        connect.file(&Item::login(item, "msp", secret));
    }
    let variables = [("OP_CONNECT_HOST", at.connect.url.as_str()), ("OP_CONNECT_TOKEN", &at.connect.token)];
    let output = planned(&bed, &variables).await;
    let shown = texts(&output);
    assert!(matches!(output.status.code(), Some(0 | 2)), "{shown}");
    for (item, secret) in keys.into_iter().chain([("the token", &at.connect.token)]) {
        assert!(!shown.contains(secret.as_str()), "{item} is shown");
    }
    // One of the two variables is said to be missing, before anything is asked.
    let before = bed.sim.faults().requests();
    let output = planned(&bed, &variables[..1]).await;
    let shown = texts(&output);
    assert_eq!(output.status.code(), Some(4), "{shown}");
    assert!(shown.contains("OP_CONNECT_HOST is set, and OP_CONNECT_TOKEN is not"), "{shown}");
    assert_eq!(bed.sim.faults().requests(), before);
}

#[tokio::test]
async fn e7_the_program_says_which_secrets_op_does_not_give_out() {
    let bed = TestBed::new(62).await;
    let path = format!("{}:/usr/bin:/bin", folder().display());
    let token = "ops_service-account-token";
    let variables = [
        ("PATH", path.as_str()),
        ("OP_STAND_IN", "refuse"),
        ("OP_STAND_IN_TEXT", "\"password\" isn't a vault in this account"),
        ("OP_SERVICE_ACCOUNT_TOKEN", token),
    ];
    let before = bed.sim.faults().requests();
    let output = planned(&bed, &variables).await;
    let shown = texts(&output);
    assert_eq!(output.status.code(), Some(4), "{shown}");
    for secret in ["the application key of B2", "the API key of the appliance", "the API key of IT Glue"] {
        assert!(shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("this account may not see it") && !shown.contains(token), "{shown}");
    assert_eq!(bed.sim.faults().requests(), before, "a service was asked without its key");
}
