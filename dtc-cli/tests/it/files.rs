//! Files that people write, as their editors save them, and files that the program writes.

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

use tempfile::TempDir;

#[cfg(target_os = "linux")]
use crate::program::at_terminal;
use crate::program::{Said, dtc};

/// A folder with a site file to fill in.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    Said::by(dtc(folder.path()).arg("init")).ended(0);
    folder
}

/// The text as editors and shells save it, with the name of how.
fn saved(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let little = windows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big = windows.encode_utf16().flat_map(u16::to_be_bytes).collect();
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
        ("CR LF", text.replace('\n', "\r\n").into_bytes()),
        ("UTF-8 with a mark, CR LF", windows.clone().into_bytes()),
        ("UTF-16 LE", little),
        ("UTF-16 BE", big),
    ]
}

/// A file that only its owner may read.
fn private(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

const VARIABLES: [&str; 4] =
    ["DTC_B2_APPLICATION_KEY", "DTC_TRUENAS_API_KEY", "DTC_NINJAONE_CLIENT_SECRET", "DTC_ITGLUE_API_KEY"];

#[test]
fn x6_a_site_file_is_the_same_however_it_was_saved() {
    let folder = folder();
    let site = folder.path().join("site.toml");
    let text = fs::read_to_string(&site).unwrap();
    for (how, bytes) in saved(&text) {
        fs::write(&site, bytes).unwrap();
        let mut plan = dtc(folder.path());
        for name in VARIABLES {
            plan.env_remove(name);
        }
        let said = Said::by(plan.arg("plan")).ended(4);
        let all = VARIABLES.iter().all(|name| said.err.contains(&format!("set {name}")));
        assert!(all, "{how}: all that are missing are named: {}", said.err);
    }
    for (how, bytes, says) in [
        ("latin 1", b"# M\xfcller\n[site]".to_vec(), "not UTF-8: line 1, column 4"),
        ("a NUL", b"[site]\n\0".to_vec(), "a NUL character: line 2, column 1"),
        ("too much", vec![b'#'; (1 << 20) + 1], "larger than"),
    ] {
        fs::write(&site, bytes).unwrap();
        let said = Said::by(dtc(folder.path()).arg("plan")).ended(3);
        assert!(said.err.contains("site.toml") && said.err.contains(says), "{how}: {}", said.err);
    }
}

#[cfg(unix)]
#[test]
fn e7_a_site_file_that_everybody_may_change_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let site = folder.path().join("site.toml");
    fs::set_permissions(&site, fs::Permissions::from_mode(0o666)).unwrap();
    let said = Said::by(dtc(folder.path()).arg("plan")).ended(4);
    assert!(said.err.contains("0666") && said.err.contains("chmod go-w"), "{}", said.err);
    fs::set_permissions(&site, fs::Permissions::from_mode(0o644)).unwrap();
    let below = folder.path().join("open");
    fs::create_dir(&below).unwrap();
    fs::copy(&site, below.join("site.toml")).unwrap();
    fs::set_permissions(&below, fs::Permissions::from_mode(0o777)).unwrap();
    let said = Said::by(dtc(&below).arg("plan")).ended(4);
    assert!(said.err.contains("replaced by everybody"), "{}", said.err);
}

#[test]
fn e7_a_password_is_the_same_however_its_file_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let encode = |password: &[u8]| {
        private(&folder.path().join("password"), password);
        Said::by(dtc(folder.path()).args([
            "crypt",
            "encode",
            "--names",
            "standard",
            "--password",
            "file:password",
            "--salt",
            "none",
            "a.txt",
        ]))
    };
    let right = encode(b"two words").ended(0).out;
    for (how, bytes) in saved("two words\n") {
        assert_eq!(encode(&bytes).ended(0).out, right, "{how}");
    }
    for (wrong, says) in [
        (&b" two words"[..], "begins with a space"),
        (b"two words ", "ends with a space"),
        (b"two\nwords", "has 2 lines"),
        (b"t\0w\0o\0", "UTF-16 without"),
    ] {
        let said = encode(wrong).ended(4);
        assert!(said.out.is_empty() && said.err.contains(says), "{said:?}");
        assert!(says.contains("UTF") || said.err.contains("type it when asked"), "{}", said.err);
    }
}

/// A variable goes through the same reader; one of UTF-16 would hold NULs, which none can.
#[cfg(unix)]
#[test]
fn e7_a_variable_is_read_as_a_file_is() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let encode = |value: &[u8]| {
        let mut encode = dtc(folder.path());
        encode.env("TEST_PASSWORD", std::ffi::OsStr::from_bytes(value)).args(["crypt", "encode", "a.txt"]);
        Said::by(encode.args(["--names", "standard", "--password", "env:TEST_PASSWORD", "--salt", "none"]))
    };
    let right = encode(b"two words").ended(0).out;
    private(&folder.path().join("password"), b"two words");
    let mut from_file = dtc(folder.path());
    from_file.args(["crypt", "encode", "a.txt", "--names", "standard", "--password", "file:password"]);
    assert_eq!(Said::by(from_file.args(["--salt", "none"])).ended(0).out, right);
    for (how, bytes) in saved("two words\n").into_iter().filter(|(_, bytes)| !bytes.contains(&0)) {
        assert_eq!(encode(&bytes).ended(0).out, right, "{how}");
    }
    for (wrong, says) in [
        (&b" two words"[..], "begins with a space"),
        (b"two words ", "ends with a space"),
        (b"two\nwords", "has 2 lines"),
        (b"tw\xf6 words", "not UTF-8"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
    ] {
        let said = encode(wrong).ended(4);
        assert!(said.out.is_empty() && said.err.contains(says), "{said:?}");
        assert!(said.err.contains("env:TEST_PASSWORD"), "{said:?}");
    }
}

/// What each option that names a file to write does with one of another kind: nothing, and before any call.
#[test]
fn x6_a_file_of_another_kind_is_never_written_over() {
    let folder = folder();
    let site = fs::read(folder.path().join("site.toml")).unwrap();
    fs::write(folder.path().join("notes.json"), "{\"mine\": true}\n").unwrap();
    fs::write(folder.path().join("consents.json"), "[]\n").unwrap();
    for (arguments, kind) in [
        (&["plan", "--out"][..], "a saved plan"),
        (&["apply", "--record-consent"], "a file of consents"),
        (&["apply", "--journal"], "a journal"),
        #[cfg(feature = "demo")]
        (&["simulator", "--transcript"], "a transcript"),
        #[cfg(feature = "demo")]
        (&["demo", "--transcript"], "a transcript"),
    ] {
        for (file, says) in [
            ("site.toml", kind),
            ("notes.json", kind),
            (".", "a folder"),
            ("nowhere/file", "cannot be"),
            #[cfg(unix)]
            ("/dev/full", "a device"),
        ] {
            let said = Said::by(dtc(folder.path()).args(arguments).arg(file)).ended(3);
            assert!(said.err.contains(says), "{arguments:?} {file}: {}", said.err);
        }
    }
    Said::by(dtc(folder.path()).args(["plan", "--out", "consents.json"])).ended(3);
    assert_eq!(fs::read(folder.path().join("site.toml")).unwrap(), site);
    assert_eq!(fs::read_to_string(folder.path().join("notes.json")).unwrap(), "{\"mine\": true}\n");
    assert_eq!(fs::read_to_string(folder.path().join("consents.json")).unwrap(), "[]\n");
}

#[cfg(unix)]
#[test]
fn x6_no_link_is_written_through() {
    let folder = folder();
    let victim = folder.path().join("victim");
    fs::write(&victim, "").unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join("link")).unwrap();
    for arguments in
        [&["plan", "--out"][..], &["apply", "--record-consent"], &["apply", "--journal"], &["init", "--site"]]
    {
        Said::by(dtc(folder.path()).args(arguments).arg("link")).ended(3);
    }
    assert_eq!(fs::read(&victim).unwrap(), b"");
}

#[cfg(unix)]
#[test]
fn x6_a_disk_that_takes_nothing_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // A limit of nothing for files, whose signal is ignored, is to a program what a full disk is.
    let mut shell = Command::new("sh");
    let line = format!("trap '' XFSZ; ulimit -f 0; exec {} init", env!("CARGO_BIN_EXE_dtc"));
    let said = Said::by(shell.args(["-c", &line]).current_dir(folder.path())).ended(1);
    assert!(said.err.contains("site.toml") && said.err.contains("because"), "{}", said.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The device that is always full, as standard output.
#[cfg(target_os = "linux")]
#[test]
fn x6_output_that_is_lost_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let uuid = "018f3c2a-7b1d-7c3e-9a4f-5b6c7d8e9fa0";
    for arguments in [
        &["--version"][..],
        &["--help"],
        &["help", "apply"],
        &["init", "--site", "one.toml"],
        &["init", "--site", "two.toml", "--json"],
        &["name", "bucket", uuid],
        &["name", "bucket", uuid, "--json"],
        &["crypt", "encode", "a.txt"],
        &["crypt", "encode", "a.txt", "--json"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let well = Said::by(dtc(folder.path()).args(arguments));
        let _ = fs::remove_file(folder.path().join("one.toml"));
        let _ = fs::remove_file(folder.path().join("two.toml"));
        assert_eq!(well.code, 0, "{arguments:?}: {well:?}");
        let said = dtc(folder.path()).args(arguments).stdout(full).output().unwrap();
        let error = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(error.contains("standard output"), "{arguments:?}: {error}");
    }
    // Whoever stops reading has seen enough.
    let line = format!("{} --help | true", env!("CARGO_BIN_EXE_dtc"));
    let piped = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(piped.stderr.is_empty(), "{piped:?}");
}

/// At a terminal of this width, which `script` provides: text takes the room that there is.
#[cfg(target_os = "linux")]
#[test]
fn text_takes_the_terminals_real_width() {
    for (columns, widest) in [(20, 40), (44, 44), (150, 150), (300, 200)] {
        let folder = tempfile::tempdir().unwrap();
        let line = format!("stty rows 24 cols {columns}; exec {} init", env!("CARGO_BIN_EXE_dtc"));
        let Some(mut script) = at_terminal(folder.path(), &line) else { return };
        let shown = script.stdin(std::process::Stdio::null()).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        let lines = shown.lines().map(str::trim_end).skip_while(|line| !line.contains("Next:"));
        let widths: Vec<usize> =
            lines.take_while(|line| !line.is_empty()).map(|line| line.chars().count()).collect();
        // The paragraph has 157 characters: a line of it is as long as words allow.
        let longest = *widths.iter().max().unwrap();
        assert!(longest <= widest && longest + 15 >= widest.min(157), "{columns}: {widths:?} {shown}");
    }
}

#[cfg(feature = "demo")]
mod with_services {
    use super::*;
    use crate::services::Services;
    use serde_json::Value;

    #[test]
    fn x1_a_saved_plan_is_read_as_it_was_saved_and_in_no_other_way() {
        let services = Services::start();
        let plan = services.file("plan.json");
        // Saved twice: a plan may take a plan's place.
        let mut saying = String::new();
        for _ in 0..2 {
            saying = Said::by(services.dtc().args(["plan", "--out", "plan.json"])).ended(2).out;
        }
        let text = fs::read_to_string(&plan).unwrap();
        let drawn = serde_json::from_str::<Value>(&text).unwrap()["fresh"]["device_guid"].clone();
        assert!(saying.contains(drawn.as_str().unwrap()) && !saying.contains("*new*"), "{saying}");
        // A plan that is not saved has decided on no Device GUID: two are the same to the letter.
        let shown = [(); 2].map(|()| Said::by(services.dtc().arg("plan")).ended(2).out);
        assert!(shown[0].contains("Device GUID *new* on pool pool0"), "{}", shown[0]);
        assert!(shown[0].contains("/mnt/pool0 → /*new*/pool0"), "{}", shown[0]);
        assert_eq!(shown[0], shown[1]);
        for (how, bytes) in saved(&text) {
            fs::write(&plan, bytes).unwrap();
            // Read, compared with what is so now, and stopped for want of consent.
            let said = Said::by(services.dtc().args(["apply", "--plan", "plan.json"])).ended(5);
            assert!(said.err.contains("consent is missing"), "{how}: {}", said.err);
        }
        let original: Value = serde_json::from_str(&text).unwrap();
        for path in ["", "/site", "/bucket", "/pools/0", "/fresh"] {
            let mut changed = original.clone();
            changed.pointer_mut(path).unwrap()["not_known"] = 1.into();
            fs::write(&plan, changed.to_string()).unwrap();
            let said = Said::by(services.dtc().args(["apply", "--plan", "plan.json"])).ended(3);
            assert!(said.err.contains("not_known"), "{path}: {}", said.err);
        }
        let mut changed = original;
        changed["pools"] = "pool0".into();
        fs::write(&plan, changed.to_string()).unwrap();
        let said = Said::by(services.dtc().args(["apply", "--plan", "plan.json"])).ended(3);
        assert!(said.err.contains("expected a list") && !said.err.contains("sequence"), "{}", said.err);
    }

    /// X6: a name that is not known is answered with the nearest, and with its place.
    #[test]
    fn x6_consents_that_are_not_understood_are_answered_with_the_nearest_name() {
        let services = Services::start();
        let act = r#"{"kind": "key", "subject": "a", "terms": {}}"#;
        for (consents, says) in [
            (
                format!(r#"[{{"act": {act}, "valid_untill": "2100-01-01T00:00:00Z"}}]"#),
                &["unknown field `valid_untill`", "did you mean `valid_until`?", "line 1"][..],
            ),
            (
                r#"[{"act": {"kind": "key", "subjekt": "a"}, "valid_until": "2100-01-01T00:00:00Z"}]"#.into(),
                &["did you mean `subject`?"],
            ),
            (
                format!(r#"[{{"act": {act}, "entirely": 1}}]"#),
                &["unknown field `entirely`, expected `act` or `valid_until`"],
            ),
            (r#"{"act": 1}"#.into(), &["expected a list"]),
            ("[7]".into(), &["expected an object"]),
        ] {
            fs::write(services.file("consent.json"), consents).unwrap();
            let said = Said::by(services.dtc().args(["apply", "--consent", "consent.json"])).ended(3);
            for says in says {
                assert!(said.err.contains(says), "{says}: {}", said.err);
            }
            assert!(!said.err.contains("struct") && !said.err.contains("sequence"), "{}", said.err);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn e8_what_is_written_is_its_owners_only_and_lost_output_is_seen() {
        use std::os::unix::fs::PermissionsExt as _;
        let services = Services::start();
        Said::by(services.dtc().args(["plan", "--out", "plan.json"])).ended(2);
        let full = || fs::File::options().write(true).open("/dev/full").unwrap();
        for arguments in [&["plan"][..], &["plan", "--json"]] {
            let lost = services.dtc().args(arguments).stdout(full()).output().unwrap();
            assert_eq!(lost.status.code(), Some(1), "{lost:?}");
        }
        let shown = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
        let consents: Vec<Value> = shown["consents"].as_array().unwrap().clone();
        let given: Vec<Value> = consents
            .iter()
            .map(
                |consent| serde_json::json!({ "act": consent["act"], "valid_until": "2100-01-01T00:00:00Z" }),
            )
            .collect();
        for (how, bytes) in saved(&serde_json::to_string_pretty(&given).unwrap()).into_iter().rev() {
            fs::write(services.file("consent.json"), bytes).unwrap();
            let arguments = ["apply", "--consent", "consent.json", "--journal", "journal.jsonl"];
            let mut apply = services.dtc();
            apply.args(arguments).args(["--record-consent", "given.json", "--wait", "1m"]);
            assert_eq!(Said::by(&mut apply).code, 0, "{how}");
        }
        let files =
            ["plan.json", "given.json", "journal.jsonl", "tickets/T-1.md", "transcript.jsonl", "tickets"];
        for name in files {
            let mode = fs::metadata(services.file(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if name == "tickets" { 0o700 } else { 0o600 }, "{name}");
        }
    }

    /// A full disk: what was asked for is not there, which is no success, and no part of it is left. Nothing was written to any service.
    #[cfg(unix)]
    #[test]
    fn x6_a_plan_or_a_consent_that_does_not_fit_on_the_disk_is_an_error() {
        let services = Services::start();
        let shown = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
        fs::write(services.file("consent.json"), shown["required_consents"].to_string()).unwrap();
        for (arguments, file) in [
            ("plan --out plan.json", "plan.json"),
            ("apply --consent consent.json --record-consent given.json", "given.json"),
        ] {
            let mut shell = Command::new("sh");
            for (name, value) in services.dtc().get_envs() {
                value.map(|value| shell.env(name, value));
            }
            let line = format!("trap '' XFSZ; ulimit -f 0; exec {} {arguments}", env!("CARGO_BIN_EXE_dtc"));
            let before = fs::read_dir(services.folder.path()).unwrap().count();
            let said = Said::by(shell.args(["-c", &line]).current_dir(services.folder.path())).ended(1);
            assert!(said.err.contains(file) && said.err.contains("because"), "{arguments}: {}", said.err);
            assert_eq!(fs::read_dir(services.folder.path()).unwrap().count(), before, "{arguments}");
        }
        assert_eq!(
            Said::by(services.dtc().arg("plan")).ended(2).out,
            Said::by(services.dtc().arg("plan")).ended(2).out
        );
    }

    /// What has happened stays as it is: a journal that can take no more does not end the work, and is no success either.
    #[cfg(unix)]
    #[test]
    fn x6_a_journal_that_ends_early_is_part_of_it_not_done() {
        let services = Services::start();
        let shown = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
        let act = &shown["consents"][0]["act"];
        let given = serde_json::json!([{ "act": act, "valid_until": "2100-01-01T00:00:00Z" }]);
        fs::write(services.file("consent.json"), given.to_string()).unwrap();
        let mut shell = Command::new("sh");
        for (name, value) in services.dtc().get_envs() {
            value.map(|value| shell.env(name, value));
        }
        let line = format!(
            "trap '' XFSZ; ulimit -f 2; exec {} apply --consent consent.json --journal journal.jsonl --wait 1m",
            env!("CARGO_BIN_EXE_dtc")
        );
        let said = Said::by(shell.args(["-c", &line]).current_dir(services.folder.path())).ended(7);
        assert!(said.err.contains("the journal ends here"), "{}", said.err);
        assert!(said.out.contains("Checklist"), "{}", said.out);
        Said::by(services.dtc().arg("verify")).ended(0);
    }
}
