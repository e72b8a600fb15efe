//! `dtc crypt`: an encrypted folder, listed, opened, compared and restored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rclone_crypt::{
    Catalogue, DirectoryNames, Keys, NameEncoding, NameEncryption, Names, Password, Progress, Salt, obscure,
};
use serde_json::json;
use tempfile::TempDir;

#[cfg(target_os = "linux")]
use crate::program::at_terminal;
use crate::program::{Said, dtc, run};

pub(crate) const PASSWORD: &str = "p%K2{!rM x:Tq9?c^Zs8<w@L&3n*vB#f";
const SALT: &str = "battery staple";

/// A source, and an encrypted folder of it.
pub(crate) struct Folder {
    pub(crate) folder: TempDir,
    keys: Keys,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let keys = Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap();
        let made = Self { folder: tempfile::tempdir().unwrap(), keys };
        for (path, len) in [("a.txt", 5), ("deep/er/empty", 0), ("deep/über.dat", 200_000), ("x.bin", 65_536)]
        {
            let path = made.path("source").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let content: Vec<u8> = (0..len).map(|i: u32| (i % 251).to_le_bytes()[0]).collect();
            fs::write(path, content).unwrap();
        }
        made.encrypt(&Names::off(), "stored");
        made
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn encrypt(&self, names: &Names, to: &str) {
        let go_on = &mut |_: Progress<'_>| std::ops::ControlFlow::Continue(());
        Catalogue::new(&self.keys, names, &self.path(to)).update_from(&self.path("source"), go_on).unwrap();
    }

    pub(crate) fn standard(&self) -> Names {
        let standard = NameEncryption::Standard(NameEncoding::Base32);
        Names::new(&self.keys, standard, DirectoryNames::Encrypted)
    }

    /// `dtc crypt` here, with both secrets in its environment and nothing said of them.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = dtc(self.folder.path());
        command.env("TEST_PASSWORD", PASSWORD).env("TEST_SALT", SALT).arg("crypt").args(arguments);
        command
    }

    pub(crate) fn crypt(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.args(["--password", "env:TEST_PASSWORD", "--salt", "env:TEST_SALT"]);
        command
    }

    pub(crate) fn said(&self, arguments: &[&str]) -> Said {
        let said = Said::by(&mut self.crypt(arguments));
        for secret in [PASSWORD, SALT] {
            assert!(!said.out.contains(secret) && !said.err.contains(secret), "{said:?}");
        }
        said
    }

    pub(crate) fn damage(&self, path: &str, at: usize) {
        let mut bytes = fs::read(self.path(path)).unwrap();
        bytes[at] ^= 1;
        fs::write(self.path(path), bytes).unwrap();
    }
}

#[test]
fn y1_plain_names_are_listed_without_any_secret() {
    let made = Folder::new();
    let said = Said::by(&mut made.bare(&["ls", "stored", "--mapping"])).ended(0);
    let lines: Vec<&str> = said.out.lines().collect();
    let expected =
        ["        5 a.txt", "        0 deep/er/empty", "   200000 deep/über.dat", "    65536 x.bin"];
    assert_eq!(lines, expected);
    assert!(said.err.contains("deep/über.dat: Encrypts to \"deep/über.dat.bin\""), "{}", said.err);
    assert!(said.err.contains("deep: Encrypts to \"deep\""), "{}", said.err);
    let listed = Said::by(&mut made.bare(&["ls", "stored", "--json"])).ended(0).json();
    assert_eq!(listed["files"][0], json!({"plain": "a.txt", "stored": "a.txt.bin", "size": 5}));
    assert_eq!(listed["foreign"], json!([]));
}

#[test]
fn y1_encrypted_names_are_listed_with_the_secrets() {
    let made = Folder::new();
    made.encrypt(&made.standard(), "standard");
    let listed = made.said(&["ls", "standard", "--names", "standard", "--json"]).ended(0).json();
    let plain: Vec<&str> =
        listed["files"].as_array().unwrap().iter().map(|file| file["plain"].as_str().unwrap()).collect();
    assert_eq!(plain, ["a.txt", "deep/er/empty", "deep/über.dat", "x.bin"]);
    let mut other = made.bare(&["ls", "standard", "--names", "standard", "--salt", "none"]);
    let said = Said::by(other.args(["--password", "env:TEST_PASSWORD"])).ended(1);
    assert!(said.out.is_empty() && said.err.contains("4 files are none of this remote's"), "{said:?}");
}

#[test]
fn a_file_is_written_out_whole_or_in_part() {
    let made = Folder::new();
    let content = fs::read(made.path("source/deep/über.dat")).unwrap();
    let written = |arguments: &[&str]| {
        let output = made.crypt(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    assert_eq!(written(&["cat", "stored", "deep/über.dat"]), content);
    assert_eq!(written(&["cat", "stored/deep/über.dat.bin"]), content);
    let part = written(&["cat", "stored", "deep/über.dat", "--offset", "65530", "--count", "70000"]);
    assert_eq!(part, content[65_530..135_530]);
    assert_eq!(written(&["cat", "stored", "deep/über.dat", "--offset", "199999"]), content[199_999..]);
    assert!(written(&["cat", "stored", "deep/über.dat", "--offset", "200000"]).is_empty());
    made.said(&["cat", "stored", "a.txt", "--offset", "6"]).ended(3);
    made.said(&["cat", "stored"]).ended(3);
    made.said(&["cat", "stored", "nothing"]).ended(3);
    made.said(&["cat", "stored", "a.txt", "--json"]).ended(3).json();
}

#[test]
fn v3_what_does_not_open_is_data_at_risk() {
    let made = Folder::new();
    let mut other =
        made.bare(&["cat", "stored", "a.txt", "--salt", "none", "--password", "env:TEST_PASSWORD"]);
    let said = Said::by(&mut other).ended(6);
    assert!(
        said.out.is_empty() && said.err.contains("the password or the salt is wrong, or the data is damaged"),
        "{said:?}"
    );
    made.damage("stored/deep/über.dat.bin", 150_000);
    let output = made.crypt(&["cat", "stored", "deep/über.dat"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(6), 131_072), "the good blocks came");
}

#[test]
fn y3_a_folder_is_checked_against_its_source() {
    let made = Folder::new();
    let said = made.said(&["check", "source", "stored"]).ended(0);
    assert!(said.out.contains("Proven: 3 files") && said.out.contains("1 file is empty"), "{}", said.out);
    fs::create_dir(made.path("source/Archive")).unwrap();
    fs::write(made.path("source/Archive/old"), "old").unwrap();
    let missing = made.said(&["check", "source", "stored", "--json"]).ended(2).json();
    assert_eq!((&missing["missing"], &missing["passed"]), (&json!(["Archive/old"]), &json!(false)));
    made.said(&["check", "source", "stored", "--exclude", "/Archive/**"]).ended(0);
    // What is in both is left out as well.
    let named = ["check", "source", "stored", "--exclude", "/Archive/**", "--exclude", "/x.*", "--json"];
    fs::write(made.path("source/x.bin"), "another").unwrap();
    let left_out = made.said(&named).ended(0).json();
    assert_eq!((&left_out["left_out"], &left_out["same"]), (&json!(2), &json!(2)));
    let content: Vec<u8> = (0..65_536_u32).map(|i| (i % 251).to_le_bytes()[0]).collect();
    fs::write(made.path("source/x.bin"), content).unwrap();

    fs::write(made.path("source/a.txt"), "other").unwrap();
    fs::write(made.path("stored/README"), "not ours").unwrap();
    let differs = made.said(&["check", "source", "stored", "--json"]).ended(2).json();
    assert_eq!(differs["failed"][0]["path"], "a.txt");
    assert_eq!((&differs["failed"][0]["opens"], &differs["foreign"]), (&json!(true), &json!(["README"])));
    made.damage("stored/x.bin.bin", 60_000);
    let said = made.said(&["check", "source", "stored"]).ended(6);
    assert!(said.out.contains("x.bin: block 0 does not authenticate"), "{}", said.out);
}

#[test]
fn y3_a_restore_test_writes_and_compares() {
    let made = Folder::new();
    made.encrypt(&made.standard(), "standard");
    for (folder, names) in [("stored", "off"), ("standard", "standard")] {
        let scratch = format!("scratch-{names}");
        let tested = ["restore", folder, &scratch, "--names", names, "--compare", "source"];
        let said = made.said(&tested).ended(0);
        assert!(said.out.contains("Restore test passed: all 4 files"), "{}", said.out);
        let again = made.said(&[&tested[..], &["--json"]].concat()).ended(0).json();
        assert_eq!(
            (&again["restored"], &again["unchanged"], &again["same"]),
            (&json!(0), &json!(4), &json!(4))
        );
    }
    let restored = made.said(&["restore", "stored", "restored", "--json"]).ended(0).json();
    let nothing = json!([]);
    let expected = json!({
        "complete": true, "restored": 4, "unchanged": 0, "bytes": 265_541,
        "failed": nothing, "foreign": nothing, "skipped": nothing, "renamed": nothing,
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&restored[member], value, "{member}");
    }
    assert_eq!(fs::read(made.path("restored/x.bin")).unwrap(), fs::read(made.path("source/x.bin")).unwrap());
    fs::write(made.path("source/a.txt"), "other").unwrap();
    let failed = made.said(&["restore", "stored", "again", "--compare", "source", "--json"]).ended(2).json();
    assert_eq!(failed["different"], json!(["a.txt"]));
    made.damage("stored/x.bin.bin", 60_000);
    made.said(&["restore", "stored", "damaged"]).ended(6);
}

/// What the password opens comes back; what it does not open, or what cannot be written, is named with both its paths.
#[test]
fn x8_a_restore_goes_on_past_what_it_cannot_restore() {
    let made = Folder::new();
    fs::create_dir(made.path("target")).unwrap();
    fs::write(made.path("target/a.txt"), "mine").unwrap();
    let taken = made.said(&["restore", "stored", "target", "--json"]).ended(7).json();
    assert_eq!((&taken["restored"], &taken["complete"]), (&json!(3), &json!(false)));
    assert_eq!(taken["failed"][0]["plain"], "a.txt");
    assert_eq!(
        (&taken["failed"][0]["stored"], &taken["failed"][0]["data_at_risk"]),
        (&json!("a.txt.bin"), &json!(false))
    );
    assert_eq!(fs::read_to_string(made.path("target/a.txt")).unwrap(), "mine");

    made.damage("stored/x.bin.bin", 60_000);
    fs::write(made.path("stored/plain.bin"), "never encrypted, and longer than a header").unwrap();
    fs::write(made.path("stored/none.bin"), "").unwrap();
    let said = made.said(&["restore", "stored", "again"]).ended(6);
    for part in ["plain (stored as plain.bin): the object does not begin", "none (stored as none.bin): the"] {
        assert!(said.out.contains(part), "{}", said.out);
    }
    assert!(said.out.contains("Restored in part: 3 files"), "{}", said.out);
    assert!(
        said.err.contains("error[DTC-CRYPT-DATA-AT-RISK]: 3 files or folders could not be restored"),
        "{}",
        said.err
    );
    let again = made.said(&["restore", "stored", "again", "--json"]).ended(6).json();
    assert_eq!((&again["restored"], &again["unchanged"]), (&json!(0), &json!(3)));
    let tested = made.said(&["restore", "stored", "tested", "--compare", "source", "--json"]).ended(6).json();
    assert_eq!((&tested["passed"], &tested["same"]), (&json!(false), &json!(3)));
    assert_eq!((&tested["missing"], tested["failed"].as_array().unwrap().len()), (&json!([]), 3));
    made.said(&["restore", "stored", "stored", "--compare", "source"]).ended(1);
}

/// An empty folder proves nothing: a disk that is not mounted looks like one.
#[test]
fn x6_nothing_is_not_proven() {
    let made = Folder::new();
    for empty in ["none", "nothing"] {
        fs::create_dir(made.path(empty)).unwrap();
    }
    let checked = made.said(&["check", "none", "nothing"]).ended(7);
    assert!(
        checked.out.contains("Nothing was compared") && !checked.out.contains("Proven"),
        "{}",
        checked.out
    );
    let restored = made.said(&["restore", "nothing", "back"]).ended(7);
    assert!(restored.out.contains("Nothing was restored"), "{}", restored.out);
    assert!(
        restored.err.contains("error[DTC-CRYPT-INCOMPLETE]: the folder holds no file"),
        "{}",
        restored.err
    );
    let excluded = made.said(&["check", "source", "stored", "--exclude", "**"]).ended(7);
    assert!(excluded.out.contains("Nothing was compared: every file is excluded"), "{}", excluded.out);
    made.said(&["check", "source", "nothing"]).ended(2);
}

/// Files that were left out are never exit 0: the name is none of this remote's.
#[test]
fn x8_what_was_left_out_is_not_success() {
    let made = Folder::new();
    fs::write(made.path("stored/README"), "not ours").unwrap();
    let said = made.said(&["restore", "stored", "restored"]).ended(7);
    assert!(said.out.contains("README: no file of this remote"), "{}", said.out);
    let said = made.said(&["restore", "source", "elsewhere", "--names", "standard"]).ended(1);
    assert!(said.out.contains("Nothing was restored"), "{}", said.out);
    assert!(
        said.err.contains("error[DTC-CRYPT-FOREIGN]: no name in the folder is one of this remote"),
        "{}",
        said.err
    );
}

#[test]
fn x8_a_wrong_password_is_reported_as_one() {
    let made = Folder::new();
    let mut other =
        made.bare(&["restore", "stored", "restored", "--password", "env:TEST_SALT", "--salt", "none"]);
    let said = Said::by(&mut other).ended(6);
    assert!(
        said.err.contains("the password or the salt is wrong") && said.err.contains("none opens"),
        "{}",
        said.err
    );
    assert!(said.err.contains("a.txt.bin") && said.err.contains("the vault"), "{}", said.err);
    assert_eq!(fs::read_dir(made.path("restored")).unwrap().count(), 0);
}

/// Links are named; links planted in the target lead nowhere.
#[cfg(unix)]
#[test]
fn x8_no_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let made = Folder::new();
    symlink("/etc/hosts", made.path("stored/link.bin")).unwrap();
    fs::create_dir(made.path("target")).unwrap();
    fs::create_dir(made.path("outside")).unwrap();
    symlink(made.path("outside"), made.path("target/deep")).unwrap();
    symlink(made.path("outside/x"), made.path("target/x.bin")).unwrap();
    let said = made.said(&["restore", "stored", "target", "--json"]).ended(7).json();
    assert_eq!(said["skipped"], json!([{"path": "link.bin", "what": "a symbolic link"}]));
    let failed = said["failed"].as_array().unwrap();
    let plain: Vec<&str> = failed.iter().map(|failed| failed["plain"].as_str().unwrap()).collect();
    assert_eq!(plain, ["deep/er/empty", "deep/über.dat", "x.bin"]);
    assert!(failed[2]["reason"].as_str().unwrap().starts_with("a symbolic link is there"), "{said}");
    assert_eq!(fs::read_dir(made.path("outside")).unwrap().count(), 0);
    let permissions = fs::metadata(made.path("target/a.txt")).unwrap().permissions().mode();
    assert_eq!(permissions & 0o777, 0o600);
    symlink("a.txt", made.path("source/link")).unwrap();
    fs::remove_file(made.path("stored/link.bin")).unwrap();
    let check = made.said(&["check", "source", "stored", "--json"]).ended(0).json();
    assert_eq!(check["skipped"], json!([{"path": "link", "what": "a symbolic link"}]));
}

#[test]
fn y1_paths_both_ways() {
    let made = Folder::new();
    assert_eq!(run(&["crypt", "encode", "a/b.bin"]).ended(0).out, "a/b.bin.bin\n");
    assert_eq!(run(&["crypt", "decode", "a/b.bin", "c.bin"]).ended(0).out, "a/b\nc\n");
    let said = run(&["crypt", "decode", "a/b", "c.bin", "--json"]).ended(3);
    assert_eq!(said.json()["paths"][1]["plain"], "c");
    for names in ["standard", "obfuscate"] {
        for encoding in ["base32", "base64", "base32768"] {
            let how = ["--names", names, "--encoding", encoding];
            let stored = made.said(&[&["encode", "deep/über.dat"][..], &how].concat()).ended(0).out;
            let plain = made.said(&[&["decode", stored.trim_end()][..], &how].concat()).ended(0).out;
            assert_eq!(plain, "deep/über.dat\n");
        }
    }
    let directory = ["encode", "deep", "--directories", "--names", "standard", "--plain-directories"];
    assert_eq!(made.said(&directory).ended(0).out, "deep\n");
}

#[test]
fn e8_a_secret_is_never_an_argument_and_never_repeated() {
    let made = Folder::new();
    let mut inline = made.bare(&["cat", "stored", "a.txt", "--password", PASSWORD, "--salt", "none"]);
    let said = Said::by(&mut inline).ended(3);
    assert!(
        said.err.contains("neither env:NAME nor file:PATH nor op://") && !said.err.contains("K2{"),
        "{}",
        said.err
    );
    let said = Said::by(&mut made.bare(&["cat", "stored", "a.txt"])).ended(3);
    assert!(said.err.contains("--password and --salt are missing, and nobody is there"), "{}", said.err);
    let one = ["cat", "stored", "a.txt", "--password", "env:TEST_PASSWORD"];
    let said = Said::by(&mut made.bare(&one)).ended(3);
    assert!(said.err.contains("--salt is missing, and nobody is there"), "{}", said.err);
    let mut unset = made.bare(&["cat", "stored", "a.txt", "--password", "env:TEST_UNSET", "--salt", "none"]);
    assert!(Said::by(&mut unset).ended(4).err.contains("TEST_UNSET"));
    let hidden = obscure(PASSWORD).unwrap();
    let mut obscured = made.bare(&["cat", "stored", "a.txt", "--password", "env:OBSCURED", "--salt", "none"]);
    let said = Said::by(obscured.env("OBSCURED", hidden.expose())).ended(6);
    assert!(said.err.contains("looks as if rclone had obscured it"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn e7_a_secret_comes_from_a_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let made = Folder::new();
    fs::write(made.path("password"), format!("{PASSWORD}\n")).unwrap();
    let mut command =
        made.bare(&["cat", "stored", "a.txt", "--password", "file:password", "--salt", "env:TEST_SALT"]);
    fs::set_permissions(made.path("password"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Said::by(&mut command).ended(4).err.contains("chmod 600"));
    fs::set_permissions(made.path("password"), fs::Permissions::from_mode(0o600)).unwrap();
    Said::by(&mut command).ended(0);
}

/// Whether the terminal that this file names shows what is typed.
#[cfg(target_os = "linux")]
fn echoes(terminal: &Path) -> bool {
    let terminal = fs::read_to_string(terminal).unwrap();
    let output = Command::new("stty").args(["-a", "-F", terminal.trim()]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    !String::from_utf8(output.stdout).unwrap().split([' ', '\n']).any(|setting| setting == "-echo")
}

/// At a terminal, which `script` provides: what is typed is not shown.
#[cfg(target_os = "linux")]
#[test]
fn e8_a_secret_is_asked_for_unseen() {
    use std::io::Write as _;
    let made = Folder::new();
    let line = format!("tty > terminal; exec {} crypt cat stored a.txt", env!("CARGO_BIN_EXE_dtc"));
    let Some(mut script) = at_terminal(made.folder.path(), &line) else { return };
    script.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut terminal = script.spawn().unwrap();
    // Each answer follows its question, as a person's does.
    let mut out = terminal.stdout.take().unwrap();
    let mut seen = Vec::new();
    for (question, answer) in [("Encryption password: ", PASSWORD), ("if there is none: ", SALT)] {
        while !String::from_utf8_lossy(&seen).contains(question) {
            let mut byte = [0];
            std::io::Read::read_exact(&mut out, &mut byte).unwrap();
            seen.push(byte[0]);
        }
        // The echo ends after the question is written.
        while echoes(&made.path("terminal")) {
            std::thread::yield_now();
        }
        terminal.stdin.as_mut().unwrap().write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    std::io::Read::read_to_end(&mut out, &mut seen).unwrap();
    let seen = String::from_utf8_lossy(&seen);
    assert!(terminal.wait().unwrap().success(), "{seen}");
    assert!(seen.ends_with("\u{0}\u{1}\u{2}\u{3}\u{4}"), "{seen:?}");
    assert!(!seen.contains(PASSWORD) && !seen.contains(SALT), "{seen}");
}

/// What a real rclone encrypted, in each mode of names.
#[test]
fn y1_y3_what_rclone_made_comes_back() {
    let Some(rclone) = std::env::var_os("DTC_RCLONE_1_75_2") else {
        assert!(std::env::var_os("DTC_REQUIRE_RCLONE").is_none(), "DTC_RCLONE_1_75_2 must name an rclone");
        return;
    };
    let made = Folder::new();
    let secrets = [PASSWORD, SALT].map(|clear| obscure(clear).unwrap());
    for (number, (options, flags)) in [
        ("filename_encryption=off", &["--names", "off"][..]),
        ("filename_encryption=standard", &["--names", "standard"]),
        ("filename_encoding=base64", &["--names", "standard", "--encoding", "base64"]),
        ("directory_name_encryption=false", &["--names", "standard", "--plain-directories"]),
        ("filename_encryption=obfuscate", &["--names", "obfuscate"]),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = format!("rclone-{number}");
        let remote = format!(
            ":crypt,remote=\"{}\",password={},password2={},{options}:",
            made.path(&folder).display(),
            secrets[0].expose(),
            secrets[1].expose()
        );
        copied(Path::new(&rclone), &made.path("source"), &remote);
        let ours = made.said(&[&["ls", &folder, "--mapping"][..], flags].concat()).ended(0).err;
        assert_eq!(sorted(&ours), mapping_of(Path::new(&rclone), &remote), "{options}");
        made.said(&[&["check", "source", &folder][..], flags].concat()).ended(0);
        let scratch = format!("restored-{number}");
        made.said(&[&["restore", &folder, &scratch, "--compare", "source"][..], flags].concat()).ended(0);
    }
}

fn sorted(mapping: &str) -> Vec<String> {
    let mut lines: Vec<String> = mapping.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// What rclone says each file and directory is stored as.
fn mapping_of(rclone: &Path, remote: &str) -> Vec<String> {
    let listed = ["--config", "/dev/null", "lsf", "--recursive", "--crypt-show-mapping", remote];
    let output = Command::new(rclone).args(listed).output().unwrap();
    let notices = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = notices.lines().filter_map(|line| Some(line.split_once("NOTICE: ")?.1)).collect();
    sorted(&lines.join("\n"))
}

fn copied(rclone: &Path, source: &Path, remote: &str) {
    let mut command = Command::new(rclone);
    command.args(["--config", "/dev/null", "copy"]).arg(source).arg(remote);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
