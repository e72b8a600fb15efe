//! Consoles, whatever their code page.

use std::fs;
use std::io::Write as _;
use std::os::windows::process::CommandExt as _;
use std::path::{Path, absolute};
use std::process::{Command, Stdio};

use super::{OWN_CONSOLE, crypt, prepared, stored};
use crate::program::{Said, dtc};

/// Of the United States, of Western Europe (the console's and the desktop's), and UTF-8.
const CODE_PAGES: [u32; 4] = [437, 850, 1252, 65001];

/// Runs a program at a console with a code page, where this is typed; what the console shows in the end is its output.
fn shown(code_page: u32, typed: &str, program: &Command) -> Option<Said> {
    let mut console = Command::new(prepared()?.join("console.exe"));
    console.args(["show", &code_page.to_string()]);
    console.arg(absolute(Path::new(program.get_program())).unwrap()).args(program.get_args());
    console.current_dir(program.get_current_dir().unwrap()).creation_flags(OWN_CONSOLE);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => console.env(name, value),
            None => console.env_remove(name),
        };
    }
    let mut console =
        console.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    console.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let said = Said::of(console.wait_with_output().unwrap());
    assert!(said.err.is_empty(), "{said:?}");
    Some(said)
}

#[test]
fn x6_names_are_readable_at_a_console_of_any_code_page() {
    let folder = stored(&["Größe → Übergabe.txt"]);
    let named = ["--names", "standard"];
    for code_page in CODE_PAGES {
        let label = ["name", "label", "encryption-salt", "Zähringer Straße"];
        let Some(said) = shown(code_page, "", dtc(folder.path()).args(label)) else { return };
        assert_eq!(said.ended(0).out, "TrueNAS Cloud Backup — Zähringer Straße · Encryption Salt\n\n");
        let list = crypt(folder.path(), &[&["ls", "stored"][..], &named].concat());
        let said = shown(code_page, "", &list).unwrap().ended(0);
        assert!(said.out.contains("Größe → Übergabe.txt"), "{code_page}: {said:?}");
        let missing =
            crypt(folder.path(), &[&["cat", "stored", "Ärger → ß"][..], &["--names", "off"]].concat());
        let said = shown(code_page, "", &missing).unwrap().ended(3);
        assert!(said.out.contains("Ärger → ß"), "{code_page}: {said:?}");
    }
}

/// A pipe gets UTF-8, whatever the console's code page is: redirected to a file, and read by another program.
#[test]
fn x6_a_redirected_output_is_utf_8_whatever_the_code_page() {
    let folder = tempfile::tempdir().unwrap();
    let program = absolute(Path::new(env!("CARGO_BIN_EXE_dtc"))).unwrap();
    for code_page in CODE_PAGES {
        let mut command = Command::new(r"C:\windows\system32\cmd.exe");
        command.current_dir(folder.path()).args(["/c", "run.bat"]);
        let line =
            format!("@\"{}\" name label encryption-salt \"Main Office\" > label.txt\r\n", program.display());
        fs::write(folder.path().join("run.bat"), line).unwrap();
        let Some(said) = shown(code_page, "", &command) else { return };
        said.ended(0);
        let written = fs::read(folder.path().join("label.txt")).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "TrueNAS Cloud Backup — Main Office · Encryption Salt\n"
        );
    }
}

/// Typed with a mistake that is put right, and with characters that no code page but UTF-8 has.
#[test]
fn e8_a_secret_is_typed_unseen() {
    let folder = stored(&["a.txt"]);
    for code_page in [850, 1252] {
        let mut cat = dtc(folder.path());
        cat.args(["crypt", "cat", "stored", "a.txt", "--names", "standard"]);
        let typed = "correct house€\u{8}\u{8}\u{8}\u{8}rse\nbattery staple\n";
        let Some(said) = shown(code_page, typed, &cat) else { return };
        let said = said.ended(0);
        assert!(said.out.contains("Encryption password:") && said.out.contains("a.txt"), "{said:?}");
        assert!(!said.out.contains("correct") && !said.out.contains("staple"), "{said:?}");
    }
}

#[cfg(feature = "demo")]
#[test]
fn v3_the_demo_at_a_console_of_another_code_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = dtc(folder.path());
    let Some(said) = shown(850, "", demo.args(["demo", "--without-rclone"])) else { return };
    let said = said.ended(0);
    assert!(said.out.contains("/mnt/pool0 → /"), "{}", said.out);
    assert!(!said.out.contains("panicked") && !said.out.contains('\u{fffd}'), "{}", said.out);
}

#[cfg(feature = "demo")]
#[test]
fn x1b_consent_is_typed_at_a_console() {
    use crate::services::Services;
    let services = Services::start();
    let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
    let subject = planned["consents"][0]["act"]["subject"].as_str().unwrap();
    let mut apply = services.dtc();
    apply.args(["apply", "--wait", "1m"]);
    let Some(declined) = shown(850, "something else\n", &apply) else { return };
    assert!(declined.ended(5).out.contains("to consent"));
    let said = shown(850, &format!("{subject}\n"), &apply).unwrap().ended(0);
    assert!(said.out.contains("→") && said.out.contains("Checklist"), "{}", said.out);
    Said::by(services.dtc().arg("verify")).ended(0);
}
