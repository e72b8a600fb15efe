//! Drive letters, shares, both kinds of slash, and paths longer than 260 characters.

use std::fs;

use super::{SHARE, crypt, prepared, stored, verbatim};
use crate::program::Said;

const RESTORE: [&str; 5] = ["restore", "stored", "target", "--names", "standard"];

#[test]
fn x8_long_paths() {
    let long = format!("{}/report.txt", ["a folder with a rather long name"; 12].join("/"));
    let folder = stored(&[&long]);
    Said::by(&mut crypt(folder.path(), &RESTORE)).ended(0);
    let written = verbatim(folder.path(), &format!("target/{long}"));
    assert!(written.as_os_str().len() > 400);
    assert_eq!(fs::read_to_string(written).unwrap(), long);
    let named = ["--names", "standard"];
    let shown =
        Said::by(&mut crypt(folder.path(), &[&["cat", "stored", &long][..], &named].concat())).ended(0);
    assert_eq!(shown.out, long);
    let listed = Said::by(&mut crypt(folder.path(), &[&["ls", "stored", "--json"][..], &named].concat()));
    assert_eq!(listed.ended(0).json()["files"][0]["plain"].as_str().unwrap().replace('\\', "/"), long);
    Said::by(&mut crypt(folder.path(), &[&RESTORE[..], &["--compare", "target"]].concat())).ended(1);
    fs::rename(verbatim(folder.path(), "target"), verbatim(folder.path(), "source")).unwrap();
    Said::by(&mut crypt(folder.path(), &[&RESTORE[..], &["--compare", "source"]].concat())).ended(0);
    Said::by(&mut crypt(folder.path(), &[&["check", "source", "stored"][..], &named].concat())).ended(0);
}

/// The current folder of a drive, a drive's root, and both kinds of slash.
#[test]
fn x8_targets_with_drive_letters() {
    let folder = stored(&["deep/a.txt"]);
    let whole = folder.path().join("whole").display().to_string();
    let drive = &whole[..2];
    let targets =
        [whole.clone(), whole.replace('\\', "/") + "2", format!("{drive}relative"), ".\\dotted".to_owned()];
    for target in targets {
        let restore = ["restore", "stored", &target, "--names", "standard"];
        Said::by(&mut crypt(folder.path(), &restore)).ended(0);
    }
    for name in ["whole", "whole2", "relative", "dotted"] {
        assert!(folder.path().join(name).join("deep").join("a.txt").exists(), "{name}");
    }
}

/// From a share to a share, listed, opened and restored.
#[test]
fn x8_shares() {
    if prepared().is_none() {
        return;
    }
    let folder = stored(&["deep/a.txt", "CON"]);
    let on_share = tempfile::tempdir_in(SHARE).unwrap();
    let share = on_share.path().display().to_string();
    assert!(share.starts_with(SHARE), "{share}");
    let from = folder.path().join("stored");
    for target in [format!("{share}\\back"), share.replace('\\', "/") + "/slashes"] {
        for folder_of in [from.display().to_string(), format!("{share}\\stored")] {
            let restore = ["restore", &folder_of, &target, "--names", "standard", "--json"];
            if !fs::exists(&folder_of).unwrap() {
                copied(&from, &on_share.path().join("stored"));
            }
            let restored = Said::by(&mut crypt(folder.path(), &restore)).ended(0).json();
            assert_eq!(restored["renamed"][0]["written"], "CON_", "{restored}");
        }
        assert_eq!(fs::read_to_string(format!("{target}/deep/a.txt")).unwrap(), "deep/a.txt");
        assert_eq!(fs::read_to_string(format!("{target}/CON_")).unwrap(), "CON");
    }
    let cat = ["cat", &format!("{share}\\stored"), "deep/a.txt", "--names", "standard"];
    assert_eq!(Said::by(&mut crypt(folder.path(), &cat)).ended(0).out, "deep/a.txt");
    // The target lies in the encrypted folder, however either is written.
    let inside = format!("{}/stored/back", share.replace('\\', "/"));
    let restore = ["restore", &format!("{share}\\stored"), &inside, "--names", "standard"];
    let said = Said::by(&mut crypt(folder.path(), &restore)).ended(1);
    assert!(said.err.contains("lies in the encrypted folder"), "{}", said.err);
}

fn copied(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[cfg(feature = "demo")]
mod with_services {
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};
    use tempfile::TempDir;

    use super::*;
    use crate::services::Services;

    /// A site file in this folder, whose secrets are files there, named with their whole paths.
    fn site_in(folder: &Path, services: &Services) {
        fs::create_dir_all(folder).unwrap();
        let mut site = fs::read_to_string(services.file("site.toml")).unwrap();
        for (variable, service, field) in [
            ("TEST_B2", "b2", "application_key"),
            ("TEST_BOX", "truenas", "api_key"),
            ("TEST_NINJA", "ninja", "client_secret"),
            ("TEST_VAULT", "itglue", "api_key"),
        ] {
            let file = folder.join(variable);
            let secret = services.addresses[service][field].as_str().unwrap();
            fs::write(&file, format!("{secret}\r\n")).unwrap();
            site = site.replace(&format!("\"env:{variable}\""), &format!("'file:{}'", file.display()));
        }
        site += &format!("[tickets]\ndirectory = '{}'\n", folder.join("tickets of ours").display());
        fs::write(folder.join("site.toml"), site.replace('\n', "\r\n")).unwrap();
    }

    /// Ways to write the path of a folder; whether a path has one depends on the folder alone.
    fn folders(services: &Services, share: Option<&Path>) -> Vec<(&'static str, PathBuf)> {
        let whole = services.file("whole");
        let long: PathBuf =
            [services.folder.path(), Path::new(&["a rather long name"; 15].join("\\"))].iter().collect();
        assert!(long.as_os_str().len() > 260);
        let text = whole.display().to_string();
        let mut folders = vec![
            ("a drive letter", whole.clone()),
            ("slashes", text.replace('\\', "/").into()),
            ("a drive's current folder", format!("{}relative", &text[..2]).into()),
            ("a verbatim path", format!(r"\\?\{text}").into()),
            ("a long path", long),
        ];
        folders.extend(share.map(|share| ("a share", share.to_owned())));
        folders
    }

    /// The site file, its secrets and tickets, the saved plan, the consents and the journal.
    #[test]
    fn x6_every_file_that_is_named_may_have_any_path_of_windows() {
        let services = Services::start();
        let share = prepared().map(|_| tempfile::tempdir_in(SHARE).unwrap());
        for (how, folder) in folders(&services, share.as_ref().map(TempDir::path)) {
            let made = if how.contains("current") { services.file("relative") } else { folder.clone() };
            site_in(&made, &services);
            let file = |name: &str| folder.join(name).display().to_string();
            let mut plan = services.bare();
            plan.args(["plan", "--json", "--site", &file("site.toml"), "--out", &file("plan.json")]);
            let planned = Said::by(&mut plan);
            assert_eq!(planned.code, 2, "{how}: {planned:?}");
            let mut expired = planned.json()["required_consents"].clone();
            expired[0]["valid_until"] = json!("2020-01-01T00:00:00Z");
            fs::write(made.join("consent.json"), expired.to_string().replace('\n', "\r\n")).unwrap();
            let mut apply = services.bare();
            apply.args(["apply", "--json", "--site", &file("site.toml"), "--plan", &file("plan.json")]);
            apply.args(["--consent", &file("consent.json"), "--journal", &file("journal.jsonl")]);
            let refused = Said::by(apply.args(["--record-consent", &file("given.json")]));
            assert_eq!(refused.code, 5, "{how}: {refused:?}");
            assert!(refused.out.contains("ran out"), "{how}: {refused:?}");
        }
    }

    #[test]
    fn x6_a_whole_run_in_a_folder_with_a_long_path() {
        let services = Services::start();
        let (_, folder) =
            folders(&services, None).into_iter().find(|(how, _)| *how == "a long path").unwrap();
        site_in(&folder, &services);
        let file = |name: &str| folder.join(name).display().to_string();
        let site = file("site.toml");
        let planned = Said::by(services.bare().args(["plan", "--json", "--site", &site])).ended(2).json();
        fs::write(folder.join("consent.json"), planned["required_consents"].to_string()).unwrap();
        let mut apply = services.bare();
        apply.args(["apply", "--site", &site, "--consent", &file("consent.json"), "--wait", "1m"]);
        apply.args(["--record-consent", &file("given.json"), "--journal", &file("journal.jsonl")]);
        let applied = Said::by(&mut apply).ended(0);
        assert!(
            applied.out.contains(&format!("dtc verify --site {site}"))
                || applied.out.contains("nothing to do")
        );
        let given: Value = serde_json::from_slice(&fs::read(folder.join("given.json")).unwrap()).unwrap();
        assert_eq!(given[0]["act"]["kind"], "compliance-lock");
        for name in ["journal.jsonl", "tickets of ours/T-1.md"] {
            assert!(fs::metadata(folder.join(name)).unwrap().len() > 0, "{name}");
        }
        Said::by(services.bare().args(["verify", "--site", &site])).ended(0);
    }
}
