//! Ctrl-C at a console. Ctrl-Break and a closed window are the same to the program; Wine 8 has neither for programs to
//! send: `GenerateConsoleCtrlEvent` answers `ERROR_INVALID_HANDLE` for Ctrl-Break, with and without a process group.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::windows::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::{OWN_CONSOLE, prepared};
use crate::budgets::{service, site};
use crate::program::{Said, dtc};
use crate::services::Services;

/// Starts a program at a console of its own.
fn started(program: &mut Command) -> Child {
    program.creation_flags(OWN_CONSOLE).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Presses Ctrl-C at the program's console.
fn interrupt(program: &Child) {
    let mut console = Command::new(prepared().unwrap().join("console.exe"));
    console.args(["interrupt", &program.id().to_string()]).creation_flags(OWN_CONSOLE);
    let pressed = console.output().unwrap();
    assert!(pressed.status.success(), "{pressed:?}");
}

#[test]
fn x3_what_only_looks_ends_at_once() {
    if prepared().is_none() {
        return;
    }
    for command in ["plan", "verify"] {
        let (asked, asking) = channel();
        let silent = service(move |_| {
            let _ = asked.send(());
            None
        });
        let folder = site(&silent);
        let program = started(dtc(folder.path()).arg(command));
        asking.recv_timeout(Duration::from_mins(1)).unwrap();
        interrupt(&program);
        let said = Said::of(program.wait_with_output().unwrap()).ended(130);
        assert!(said.err.contains("interrupted"), "{command}: {}", said.err);
    }
}

/// In the middle of a run that writes: it stops where that is safe, and the next run does the rest, once.
#[test]
fn x3_interrupted_it_says_how_to_go_on_and_the_next_run_does_the_rest() {
    if prepared().is_none() {
        return;
    }
    let services = Services::start_with(&["--device-after", "5s"]);
    let text = fs::read_to_string(services.file("site.toml")).unwrap();
    let patient = text.replace("poll_interval = \"10ms\"", "poll_interval = \"1m\"");
    assert_ne!(patient, text);
    fs::write(services.file("patient.toml"), patient).unwrap();
    let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
    fs::write(services.file("consent.json"), planned["required_consents"].to_string()).unwrap();
    let mut apply = services.dtc();
    apply.args(["apply", "--site", "patient.toml", "--consent", "consent.json", "--wait", "10m"]);
    let program = started(apply.args(["--journal", "journal.jsonl"]));
    // It has looked for the device, which is not there yet, and waits a minute before it looks again.
    let began = Instant::now();
    while !fs::read_to_string(services.file("journal.jsonl"))
        .is_ok_and(|text| text.contains("In NinjaOne, add"))
    {
        assert!(began.elapsed() < Duration::from_mins(1), "it does not wait for the device");
        thread::sleep(Duration::from_millis(50));
    }
    interrupt(&program);
    let stopped = Said::of(program.wait_with_output().unwrap()).ended(130);
    let resume = "dtc apply --site patient.toml --consent consent.json";
    assert!(stopped.err.contains(resume) && !stopped.out.contains("Verified"), "{stopped:?}");
    assert!(began.elapsed() < Duration::from_secs(50), "it waited to the end");
    Said::by(services.dtc().args(["apply", "--consent", "consent.json", "--wait", "1m"])).ended(0);
    let transcript = fs::read_to_string(services.file("transcript.jsonl")).unwrap();
    for once in ["b2_create_bucket", "b2_create_key"] {
        let calls = transcript.lines().filter(|line| line.contains(&format!("/{once}\""))).count();
        assert_eq!(calls, 1, "{once}");
    }
}

#[test]
fn the_simulator_ends_when_asked_to() {
    if prepared().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut simulator = started(dtc(folder.path()).args(["simulator", "--without-rclone"]));
    let mut first = String::new();
    BufReader::new(simulator.stdout.take().unwrap()).read_line(&mut first).unwrap();
    interrupt(&simulator);
    Said::of(simulator.wait_with_output().unwrap()).ended(0);
}

#[test]
fn a_demo_that_is_kept_can_be_looked_at_until_it_is_interrupted() {
    if prepared().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut kept = started(dtc(folder.path()).args(["demo", "--keep", "--without-rclone"]));
    let lines: Vec<String> = BufReader::new(kept.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .take_while(|line| !line.contains("until Ctrl-C"))
        .collect();
    let mut verify = dtc(folder.path());
    // As PowerShell reads them.
    for line in &lines {
        if let Some((name, value)) = line.strip_prefix("$env:").and_then(|line| line.split_once(" = ")) {
            verify.env(name, value.trim_matches('\''));
        }
    }
    let shown = lines.iter().find_map(|line| line.strip_prefix("dtc verify ")).unwrap();
    Said::by(verify.arg("verify").args(shown.split(' '))).ended(0);
    interrupt(&kept);
    Said::of(kept.wait_with_output().unwrap()).ended(0);
}
