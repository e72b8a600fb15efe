//! What a program that runs leaves in reach of others: its memory, and what it hands to the programs that it starts.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::dtc;
use crate::services::end;

/// A simulator that runs until it is dropped, and its first line.
struct Running(Child, Value);

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut first).unwrap();
        Self(program, serde_json::from_str(&first).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

/// Somebody who is not root: the system gives the files of a process that cannot be dumped to root.
const NOBODY: u32 = 65_534;

/// A program that holds every secret leaves no core file, and its memory is not even its own user's to read.
#[cfg(target_os = "linux")]
#[test]
fn e8_a_program_that_runs_cannot_be_dumped_nor_its_memory_read() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("dtc");
    if fs::hard_link(env!("CARGO_BIN_EXE_dtc"), &program).is_err() {
        fs::copy(env!("CARGO_BIN_EXE_dtc"), &program).unwrap();
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    // As much of a core file as whoever runs the tests may leave.
    let line = "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", line, "sh"]).arg(&program).args(["simulator", "--without-rclone"]);
    command.current_dir(folder.path()).env("TMPDIR", folder.path()).stdin(Stdio::null());
    let me = fs::metadata("/proc/self").unwrap().uid();
    if me == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let running = Running::start(&mut command);
    let of = |name: &str| format!("/proc/{}/{name}", running.0.id());
    let limits = fs::read_to_string(of("limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let numbers: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(numbers, ["0", "0"], "{core}");
    for name in ["mem", "environ"] {
        let owner = fs::metadata(of(name)).unwrap().uid();
        assert_ne!(owner, if me == 0 { NOBODY } else { me }, "{name} is its user's");
    }
}

/// A script in rclone's place that notes its environment beside itself each time it runs.
fn spy(folder: &Path) -> std::path::PathBuf {
    let program = folder.join("rclone");
    let script =
        "#!/bin/sh\nenv >> \"${0}.seen\"\ncase \"$1\" in version) echo 'rclone v1.75.2';; *) exit 1;; esac\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    program
}

/// What stands in the program's environment is nothing to the rclone that it starts: secrets, and what would tell rclone what to do.
#[test]
fn e8_an_rclone_that_is_started_sees_nothing_of_the_environment() {
    const PLANTED: [(&str, &str); 4] = [
        ("SECRET_CANARY", "canary-0123456789"),
        ("RCLONE_LOG_FILE", "/srv/canary"),
        ("RCLONE_CONFIG_PASS", "canary-pass"),
        ("LD_CANARY", "canary"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let program = spy(folder.path());
    let mut command = dtc(folder.path());
    command.envs(PLANTED).args(["simulator", "--write-site", "site.toml", "--rclone"]).arg(&program);
    let running = Running::start(&mut command);
    let seen = || fs::read_to_string(folder.path().join("rclone.seen")).unwrap();
    let asked_for_its_version = seen();
    assert!(asked_for_its_version.contains("PATH="), "{asked_for_its_version}");
    // An apply lets the appliance try a key, for which it starts rclone; that this one fails is no matter.
    let planned = dtc(folder.path()).args(["plan", "--json"]).output().unwrap();
    let planned: Value = serde_json::from_slice(&planned.stdout).unwrap();
    fs::write(folder.path().join("consent.json"), planned["required_consents"].to_string()).unwrap();
    let applied =
        dtc(folder.path()).args(["apply", "--consent", "consent.json", "--wait", "1m"]).output().unwrap();
    let all = seen();
    assert!(all.len() > asked_for_its_version.len(), "the appliance started no rclone: {applied:?}");
    assert!(all.contains("RCLONE_B2_ENDPOINT=") && !all.contains("canary"), "{all}");
    let b2 = running.1["b2"]["application_key"].as_str().unwrap();
    assert!(!all.contains(b2), "{all}");
}
