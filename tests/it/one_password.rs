//! E7: secrets out of 1Password, by its program and from a Connect server.

mod connect_faults;
mod connect_wire;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod whole_program;

use dtc_adapters::{Error, ErrorKind, OnePassword, OnePasswordFailure, SecretReference, SecretSource};

/// A way to 1Password by this Connect server.
fn by_connect(url: &str, token: &str) -> OnePassword {
    OnePassword::default().environment([("OP_CONNECT_HOST", url), ("OP_CONNECT_TOKEN", token)])
}

fn reference(text: &str) -> SecretReference {
    text.parse().unwrap()
}

fn source(text: &str) -> SecretSource {
    text.parse().unwrap()
}

/// What one read came to: the value, or why there is none.
async fn read(way: &OnePassword, text: &str) -> Result<String, OnePasswordFailure> {
    way.read(&reference(text)).await.map(|secret| secret.expose_secret().to_owned())
}

/// Every secret that was not read, and why.
fn failures(error: &Error) -> Vec<(&str, &OnePasswordFailure)> {
    let errors = match error.kind() {
        ErrorKind::Secrets(errors) => errors.iter().collect(),
        _ => vec![error],
    };
    errors.into_iter().map(failure).collect()
}

fn failure(error: &Error) -> (&str, &OnePasswordFailure) {
    match error.kind() {
        ErrorKind::OnePassword { secret, failure, .. } => (secret.as_str(), failure),
        other => panic!("{other:?}"),
    }
}

/// One choice of a way to 1Password is made, or none.
#[tokio::test]
async fn e7_two_ways_to_1password_are_refused_and_half_a_way_too() {
    const HOST: (&str, &str) = ("OP_CONNECT_HOST", "http://127.0.0.1:9");
    const TOKEN: (&str, &str) = ("OP_CONNECT_TOKEN", "connect-token");
    const ACCOUNT: (&str, &str) = ("OP_SERVICE_ACCOUNT_TOKEN", "ops_of-nobody");
    let half = |set, missing| OnePasswordFailure::HalfConnect { set, missing };
    for (variables, expected) in [
        (vec![HOST, TOKEN, ACCOUNT], OnePasswordFailure::TwoWays),
        (vec![HOST], half(HOST.0, TOKEN.0)),
        (vec![HOST, ACCOUNT, (TOKEN.0, "")], half(HOST.0, TOKEN.0)),
        (vec![TOKEN], half(TOKEN.0, HOST.0)),
        (vec![TOKEN, ACCOUNT], half(TOKEN.0, HOST.0)),
        (vec![ACCOUNT], OnePasswordFailure::NotInstalled),
        (vec![("PATH", "relative:.:")], OnePasswordFailure::NotInstalled),
    ] {
        let way = OnePassword::default().environment(variables.clone());
        let failure = read(&way, "op://v/i/f").await.unwrap_err();
        assert_eq!(failure, expected, "{variables:?}");
        assert!(failure.remedy().is_some(), "{failure}");
        assert!(!format!("{way:?} {failure:?}").contains("ops_"));
    }
}

/// A secret crosses no plain line but to this machine.
#[tokio::test]
async fn e8_a_connect_server_elsewhere_is_asked_by_https_only() {
    for host in [
        "http://connect.example:8080",
        "http://10.0.0.5",
        "connect.example",
        "ftp://127.0.0.1",
        "https://a:b@h",
    ] {
        let failure = read(&by_connect(host, "connect-token"), "op://v/i/f").await.unwrap_err();
        let OnePasswordFailure::UnusableVariable { name: "OP_CONNECT_HOST", problem } = &failure else {
            panic!("{host}: {failure}")
        };
        assert!(problem.contains("http"), "{host}: {problem}");
    }
}

#[tokio::test]
async fn e7_a_text_that_is_no_reference_says_what_to_write_instead() {
    let error = "op://MSP/M\u{fc}ller/password".parse::<SecretSource>().unwrap_err();
    assert_eq!(error.code(), "DTC-SECRET-SOURCE");
    assert!(error.to_string().starts_with("the item of the secret reference has the character"), "{error}");
    assert!(error.remedy().unwrap().contains("write the id instead"), "{error}");
}
