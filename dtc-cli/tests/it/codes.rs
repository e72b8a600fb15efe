//! X6: every way in which the program can end with another code than 0 has a code of `docs/errors.md`, in text and in JSON.

use std::collections::BTreeMap;
use std::fs;

use crate::crypt::Folder;
use crate::program::{Said, dtc};

/// The codes of the list, with the exit codes that each can end with.
fn listed() -> BTreeMap<String, Vec<i32>> {
    let list = include_str!("../../../docs/errors.md");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| Some((row.split_once("` | ")?, row)));
    cells
        .map(|((code, rest), _)| {
            let exits = rest.split(" | ").next().unwrap().split(", ");
            (code.to_owned(), exits.map(|exit| exit.parse().unwrap()).collect())
        })
        .collect()
}

/// Ends of commands that have found something to do, which are no errors.
const PENDING: [&str; 2] = ["DTC-PLAN-PENDING", "DTC-LOCKS-DUE"];

/// What a command says of how it ended: in text on standard error, or of a plan that has something to do in its text; in JSON in `code`,
/// and beside what happened in `error.code`.
fn held(command: &str, exit: i32, code: &str, text: &Said, json: Option<&Said>) {
    let exits = listed().remove(code).unwrap_or_else(|| panic!("{command}: {code} is not listed"));
    assert!(exits.contains(&exit), "{command}: {code} is listed with {exits:?}");
    assert_eq!(text.code, exit, "{command}: {text:?}");
    let said = if PENDING.contains(&code) {
        text.out.contains(&format!("({code})"))
    } else {
        let lines: Vec<&str> = text.err.lines().filter(|line| line.starts_with("error")).collect();
        lines.len() == 1 && lines[0].starts_with(&format!("error[{code}]: "))
    };
    assert!(said, "{command}: {code} is not said, once: {text:?}");
    let Some(json) = json else { return };
    assert_eq!(json.code, exit, "{command}: {json:?}");
    let document = json.json();
    assert_eq!(document["code"], code, "{command}: {document}");
    if !PENDING.contains(&code) {
        assert_eq!(document["error"]["code"], code, "{command}: {document}");
        assert!(document["error"]["message"].as_str().is_some_and(|text| text.len() > 5), "{document}");
    }
    assert_eq!(json.err, "", "{command}: what the document says is not said again");
}

/// Lines as a shell splits them, a word in quotes apart.
fn words(command: &str) -> Vec<String> {
    command.split(' ').map(|word| if word == "''" { String::new() } else { word.to_owned() }).collect()
}

#[test]
fn x6_arguments_that_are_refused_have_a_code() {
    let folder = tempfile::tempdir().unwrap();
    for (command, says) in [
        ("", "a command is missing"),
        ("crypt", "a command is missing"),
        ("name", "a command is missing"),
        ("plann", "unrecognized subcommand 'plann'"),
        ("crypt sl stored", "unrecognized subcommand"),
        ("plan --sight site.toml", "unexpected argument '--sight' found"),
        ("plan site.toml", "unexpected argument"),
        ("plan --out", "a value is required"),
        ("plan --out a --out b", "cannot be used multiple times"),
        ("verify --timeout soon", "90s"),
        ("verify --timeout 0s", "in no time nothing is done"),
        ("apply --wait tomorrow", "invalid value 'tomorrow'"),
        ("crypt cat", "the following required arguments were not provided: <FOLDER>"),
        ("crypt encode --names sideways a", "off, standard, obfuscate"),
        ("name label application-key", "<LOCATION>"),
        #[cfg(feature = "demo")]
        ("simulator --seed many", "invalid value 'many'"),
        #[cfg(feature = "demo")]
        ("demo --rclone /bin/false --without-rclone", "cannot be used with"),
    ] {
        let arguments = words(command).into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let text = Said::by(dtc(folder.path()).args(&arguments));
        let json = Said::by(dtc(folder.path()).args(&arguments).arg("--json"));
        held(command, 3, "DTC-COMMAND-ARGUMENTS", &text, Some(&json));
        assert!(text.err.contains(says), "{command}: {}", text.err);
        assert!(json.json()["error"].to_string().contains(says), "{command}: {}", json.out);
    }
}

/// Rows of `dtc crypt`: what is wrong with the folder, the command, its exit code and its code.
type Row = (fn(&Folder), &'static str, i32, &'static str);

const ROWS: &[Row] = &[
    (|_| {}, "encode ''", 3, "DTC-CRYPT-NAME"),
    (|_| {}, "decode a.txt", 3, "DTC-CRYPT-NAME"),
    (|_| {}, "ls nowhere", 3, "DTC-CRYPT-PATH"),
    (|_| {}, "check source stored --exclude ***", 3, "DTC-CRYPT-FILTER"),
    (|f| fs::write(f.path("source/a.txt"), "other").unwrap(), "check source stored", 2, "DTC-CRYPT-DIFFERS"),
    (|f| fs::remove_file(f.path("source/a.txt")).unwrap(), "check source stored", 2, "DTC-CRYPT-DIFFERS"),
    (|f| f.damage("stored/x.bin.bin", 60_000), "check source stored", 6, "DTC-CRYPT-DATA-AT-RISK"),
    (|f| f.damage("stored/x.bin.bin", 60_000), "restore stored target", 6, "DTC-CRYPT-DATA-AT-RISK"),
    (
        |f| f.damage("stored/x.bin.bin", 60_000),
        "restore stored target --compare source",
        6,
        "DTC-CRYPT-DATA-AT-RISK",
    ),
    (
        |f| fs::write(f.path("source/a.txt"), "other").unwrap(),
        "restore stored target --compare source",
        2,
        "DTC-CRYPT-DIFFERS",
    ),
    (
        |f| {
            fs::create_dir(f.path("target")).unwrap();
            fs::write(f.path("target/a.txt"), "mine").unwrap();
        },
        "restore stored target",
        7,
        "DTC-CRYPT-INCOMPLETE",
    ),
    (|f| fs::write(f.path("stored/README"), "").unwrap(), "restore stored target", 7, "DTC-CRYPT-INCOMPLETE"),
    (|f| fs::create_dir(f.path("none")).unwrap(), "restore none target", 7, "DTC-CRYPT-INCOMPLETE"),
    (
        |f| {
            fs::create_dir(f.path("none")).unwrap();
            fs::create_dir(f.path("nothing")).unwrap();
        },
        "check none nothing",
        7,
        "DTC-CRYPT-INCOMPLETE",
    ),
    (|_| {}, "ls source --names standard", 1, "DTC-CRYPT-FOREIGN"),
    (|_| {}, "restore source target --names standard", 1, "DTC-CRYPT-FOREIGN"),
    (|_| {}, "restore stored stored/below", 1, "DTC-CRYPT-FAILED"),
];

#[test]
fn x6_every_end_of_crypt_has_a_code() {
    for (change, command, exit, code) in ROWS {
        let said = |json: bool| {
            let made = Folder::new();
            change(&made);
            let arguments = words(command);
            let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            arguments.extend(json.then_some("--json"));
            made.said(&arguments)
        };
        held(command, *exit, code, &said(false), Some(&said(true)));
    }
    let made = Folder::new();
    // A file's content is no JSON document, so these end in text only.
    held("cat", 3, "DTC-CRYPT-RANGE", &made.said(&["cat", "stored", "a.txt", "--offset", "6"]), None);
    held("cat", 3, "DTC-COMMAND-ARGUMENTS", &made.said(&["cat", "stored"]), None);
    let mut empty = made.bare(&["cat", "stored", "a.txt", "--password", "env:TEST_SALT", "--salt", "none"]);
    held("cat", 6, "DTC-CRYPT-DATA-AT-RISK", &Said::by(&mut empty), None);
    let mut unset = made.bare(&["cat", "stored", "a.txt", "--password", "env:TEST_UNSET", "--salt", "none"]);
    held("cat", 4, "DTC-SECRET-MISSING", &Said::by(&mut unset), None);
}

/// X6: what is missing or cannot be used is named at once, each with what to do.
#[test]
fn x6_both_secrets_that_are_missing_are_named_at_once() {
    let made = Folder::new();
    fs::write(made.path("two"), "two\nlines\n").unwrap();
    #[cfg(unix)]
    fs::set_permissions(made.path("two"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    for (password, salt, says) in [
        (
            "env:TEST_UNSET_A",
            "env:TEST_UNSET_B",
            &["the encryption password", "set TEST_UNSET_A", "the encryption salt", "set TEST_UNSET_B"][..],
        ),
        ("file:absent", "env:TEST_UNSET_B", &["the encryption password", "absent", "set TEST_UNSET_B"]),
        ("file:two", "env:TEST_UNSET_B", &["has 2 lines", "leave --password out", "set TEST_UNSET_B"]),
        ("env:TEST_UNSET_A", "file:two", &["set TEST_UNSET_A", "has 2 lines", "leave --salt out"]),
    ] {
        for command in ["ls stored --names standard", "check source stored", "restore stored target"] {
            let run = |json: bool| {
                let mut command = made.bare(&command.split(' ').collect::<Vec<_>>());
                command.args(["--password", password, "--salt", salt]).args(json.then_some("--json"));
                Said::by(&mut command)
            };
            let (text, json) = (run(false), run(true));
            held(command, 4, "DTC-SECRET-MISSING", &text, Some(&json));
            for says in says {
                assert!(text.err.contains(says), "{command}: {says}: {}", text.err);
                assert!(json.json()["error"].to_string().contains(says), "{command}: {says}: {}", json.out);
            }
        }
    }
}

/// The device that is always full: nothing can be said in JSON then, and the code stands on standard error.
#[cfg(target_os = "linux")]
#[test]
fn x6_lost_output_has_a_code() {
    let made = Folder::new();
    for command in
        ["cat stored x.bin", "ls stored", "ls stored --json", "check source stored", "encode a --json"]
    {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let said = Said::of(
            made.crypt(&words(command).iter().map(String::as_str).collect::<Vec<_>>())
                .stdout(full)
                .output()
                .unwrap(),
        );
        held(command, 1, "DTC-COMMAND-OUTPUT", &said, None);
    }
    // A worse end stays.
    made.damage("stored/x.bin.bin", 60_000);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let said = Said::of(made.crypt(&["check", "source", "stored"]).stdout(full).output().unwrap());
    assert_eq!(said.code, 6, "{said:?}");
    assert!(said.err.contains("error[DTC-COMMAND-OUTPUT]: "), "{said:?}");
}

#[test]
fn x6_files_that_cannot_be_used_have_a_code() {
    let folder = tempfile::tempdir().unwrap();
    for (command, exit, code) in [
        ("plan", 3, "DTC-SITE-UNREADABLE"),
        ("init --site nowhere/site.toml", 3, "DTC-COMMAND-ARGUMENTS"),
        ("name bucket 42", 3, "DTC-RULE-I2"),
        #[cfg(feature = "demo")]
        ("simulator --rclone nowhere/rclone", 3, "DTC-COMMAND-ARGUMENTS"),
        #[cfg(feature = "demo")]
        ("simulator --write-site nowhere/site.toml", 3, "DTC-FILE-WRONG"),
    ] {
        let arguments = words(command);
        let text = Said::by(dtc(folder.path()).args(&arguments));
        let json = Said::by(dtc(folder.path()).args(&arguments).arg("--json"));
        held(command, exit, code, &text, Some(&json));
    }
}

#[cfg(feature = "demo")]
mod with_services {
    use super::*;
    use crate::services::Services;

    /// A plan that finds something to do, and a verification that finds something wrong, or not all.
    #[test]
    fn x6_every_end_of_plan_apply_and_verify_has_a_code() {
        let services = Services::start();
        let both = |command: &str| {
            let text = Said::by(services.dtc().args(words(command)));
            (text, Said::by(services.dtc().args(words(command)).arg("--json")))
        };
        let row = |command: &str, exit, code: &str| {
            let (text, json) = both(command);
            held(command, exit, code, &text, Some(&json));
        };
        row("plan", 2, "DTC-PLAN-PENDING");
        row("apply", 5, "DTC-CONSENT-MISSING");
        row("verify", 2, "DTC-VERIFY-FAILED");
        row("plan --timeout 1ms", 7, "DTC-COMMAND-INCOMPLETE");
        row("verify --timeout 1ms", 7, "DTC-COMMAND-INCOMPLETE");
        let consents = both("plan").1.json()["required_consents"].to_string();
        fs::write(services.file("consent.json"), consents).unwrap();
        Said::by(services.dtc().args(["apply", "--consent", "consent.json", "--wait", "1m"])).ended(0);
        row("locks status --keep-days 20 --extend-days 30", 2, "DTC-LOCKS-DUE");
        row("locks extend --at-most 1GiB", 5, "DTC-CONSENT-MISSING");
        let done = both("verify").1.ended(0).json();
        assert!(done["code"].is_null() && done["error"].is_null(), "{done}");
        let site = fs::read_to_string(services.file("site.toml")).unwrap();
        let b2 = services.addresses["b2"]["url"].as_str().unwrap();
        fs::write(services.file("away.toml"), site.replace(b2, "http://127.0.0.1:1")).unwrap();
        row("verify --site away.toml", 7, "DTC-VERIFY-UNPROVEN");
        row("plan --site away.toml", 4, "DTC-SERVICE-UNREACHABLE");
    }
}
