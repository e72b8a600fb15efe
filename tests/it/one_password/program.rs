//! Secrets by the program `op`: a stand-in that does as it is asked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dtc_adapters::{ErrorKind, OnePassword, OnePasswordFailure, SecretReader};
use safe_text::SecretString;

use super::{failures, read, source};

/// The folder with the stand-in.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/one_password/program")
}

/// The stand-in behaving in this way, with these variables besides.
fn stand_in(behaviour: &str, more: &[(&str, &str)]) -> OnePassword {
    let path = format!("{}:/usr/bin:/bin", folder().display());
    let own = [("PATH", path.as_str()), ("OP_STAND_IN", behaviour)];
    OnePassword::default().environment(own.into_iter().chain(more.iter().copied()))
}

#[tokio::test]
async fn e7_exactly_one_newline_is_no_part_of_the_value() {
    for (behaviour, text, value) in [
        ("value", "K005value", "K005value"),
        ("bare", "K005value", "K005value"),
        ("value", "K005value\n", "K005value\n"),
        ("value", " two words ", " two words "),
        ("value", "pass\u{fc}\u{20ac}", "pass\u{fc}\u{20ac}"),
        ("bare", "K005value\r\n", "K005value\r"),
    ] {
        let way = stand_in(behaviour, &[("OP_STAND_IN_TEXT", text)]);
        assert_eq!(read(&way, "op://v/i/f").await.as_deref(), Ok(value), "{text:?}");
    }
    let nothing = stand_in("value", &[("OP_STAND_IN_TEXT", "")]);
    assert_eq!(read(&nothing, "op://v/i/f").await, Err(OnePasswordFailure::NoValue));
    let ending = stand_in("value", &[("OP_STAND_IN_TEXT", "K005value\n")]);
    let key = source("op://v/i/f");
    let error = SecretReader::new(ending).read_all([(&key, "the key")]).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SecretUnusable { .. }), "{error}");
}

/// It is given the reference and nothing else: no secret among its arguments, nothing to read, few variables.
#[tokio::test]
async fn e7_the_program_is_given_a_reference_and_an_environment_of_its_own() {
    let text = "op://MSP Infrastructure/Backblaze B2/test/application key?attribute=otp";
    assert_eq!(read(&stand_in("reference", &[]), text).await, Ok(format!("value of {text}")));
    assert_eq!(read(&stand_in("stdin", &[]), "op://v/i/f").await.as_deref(), Ok("it is closed"));
    let way = stand_in(
        "environment",
        &[
            ("OP_ACCOUNT", "msp"),
            ("OP_SERVICE_ACCOUNT_TOKEN", "ops_x"),
            ("HOME", "/root"),
            ("DTC_B2_APPLICATION_KEY", "K001secret"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("OP_CONNECT_HOST", ""),
        ],
    );
    let shown = read(&way, "op://v/i/f").await.unwrap();
    let set: Vec<&str> =
        shown.split(' ').filter(|name| !["_", "PWD", "SHLVL", "OLDPWD"].contains(name)).collect();
    assert_eq!(set, ["HOME", "OP_ACCOUNT", "OP_SERVICE_ACCOUNT_TOKEN", "OP_STAND_IN", "PATH"]);
}

#[tokio::test]
async fn e7_what_is_no_secret_is_refused() {
    let no_secret = |read| matches!(read, Err(OnePasswordFailure::NoSecret(_)));
    for behaviour in ["long", "bytes"] {
        assert!(no_secret(read(&stand_in(behaviour, &[]), "op://v/i/f").await), "{behaviour}");
    }
    // However much it says besides, and whatever goes on running behind it.
    let left = stand_in("leaves", &[("OP_STAND_IN_TEXT", "K005value")]).limit(Duration::from_secs(2));
    assert_eq!(read(&left, "op://v/i/f").await.as_deref(), Ok("K005value"));
    assert_eq!(read(&stand_in("chatty", &[]), "op://v/i/f").await.as_deref(), Ok("value"));
}

/// Time stands still but for what waits: fifteen seconds pass at once, since nothing else happens.
#[tokio::test(start_paused = true)]
async fn e7_a_prompt_that_nobody_answers_is_given_up_and_ended() {
    let (log, scratch) = (tempfile::NamedTempFile::new().unwrap(), "op://hangs/for/ever");
    let way = stand_in("hang", &[("OP_STAND_IN_LOG", log.path().to_str().unwrap())]);
    let begun = tokio::time::Instant::now();
    let (one, other) = (source(scratch), source("op://v/i/other"));
    let reader = SecretReader::new(way);
    let error = reader.read_all([(&one, "one"), (&other, "other")]).await.unwrap_err();
    let unanswered = &OnePasswordFailure::Unanswered(OnePassword::LIMIT);
    assert_eq!(failures(&error), [("one", unanswered), ("other", unanswered)]);
    assert_eq!(begun.elapsed().as_secs(), 15, "the second one was waited for, too");
    assert!(error.to_string().contains("no answer came within 15 seconds"), "{error}");
    #[cfg(target_os = "linux")]
    assert_eq!(running(scratch), [""; 0], "it was not ended");
}

/// The command lines of running programs that have this argument.
#[cfg(target_os = "linux")]
fn running(argument: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(argument)).collect()
}

/// Whoever stops waiting leaves no program behind.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn e7_a_read_that_is_dropped_ends_the_program() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let way = stand_in("hang", &[("OP_STAND_IN_LOG", log.path().to_str().unwrap())]);
    let text = "op://hangs/until/dropped";
    let reading = tokio::spawn(async move { read(&way, text).await });
    while std::fs::read(log.path()).unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    reading.abort();
    assert!(reading.await.unwrap_err().is_cancelled());
    while !running(text).is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn e7_the_reason_is_read_off_what_the_program_says() {
    use OnePasswordFailure::{Ambiguous, NotFound, NotSignedIn, Other, RateLimited};
    let refused = async |text: &str| {
        let way = stand_in("refuse", &[("OP_STAND_IN_TEXT", text)]);
        read(&way, "op://v/i/f").await.unwrap_err()
    };
    assert!(matches!(refused("\"v\" isn't a vault in this account").await, NotFound(_)));
    assert!(matches!(
        refused("could not read secret: \"i\" isn't an item in the \"v\" vault").await,
        NotFound(_)
    ));
    assert!(matches!(refused("More than one item matches \"i\"").await, Ambiguous(_)));
    assert_eq!(refused("You are not currently signed in. Please run `op signin --help`").await, NotSignedIn);
    assert_eq!(refused("(429) Too Many Requests").await, RateLimited);
    let unknown = refused("connecting to desktop app: read: connection reset").await;
    assert!(matches!(&unknown, Other(said) if said.contains("connection reset")), "{unknown}");
    assert!(
        matches!(read(&stand_in("mute", &[]), "op://v/i/f").await, Err(Other(said)) if said.contains("why"))
    );
}

/// A program that repeats the secret, or its own token, does not make us repeat it.
#[tokio::test]
async fn e8_what_the_program_says_is_shown_without_secrets() {
    let (value, token) = ("K005-value-of-the-field", "ops_service-account-token");
    let way = stand_in("repeat", &[("OP_STAND_IN_TEXT", value), ("OP_SERVICE_ACCOUNT_TOKEN", token)]);
    let failure = read(&way, "op://v/i/f").await.unwrap_err();
    let shown = format!("{failure} {failure:?}");
    assert!(shown.contains("failed with [redacted] under [redacted]"), "{shown}");
    assert!(!shown.contains(value) && !shown.contains(token));
}

/// The same secret is asked for once, and each by itself.
#[tokio::test]
async fn e7_each_secret_is_asked_for_once() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let way = stand_in("reference", &[("OP_STAND_IN_LOG", log.path().to_str().unwrap())]);
    let (one, other) = (source("op://v/i/one"), source("op://v/i/other"));
    let reader = SecretReader::new(way);
    let found = reader.read_all([(&one, "a"), (&other, "b"), (&one, "c")]).await.unwrap();
    let found: Vec<&str> = found.iter().map(SecretString::expose_secret).collect();
    assert_eq!(found, ["value of op://v/i/one", "value of op://v/i/other", "value of op://v/i/one"]);
    assert_eq!(std::fs::read_to_string(log.path()).unwrap(), "op://v/i/one\nop://v/i/other\n");
}
