//! Secrets that come through pipes: read like files, bounded in size, and waited for until the time is over.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::crypt::{Folder, PASSWORD};
use crate::program::{Said, dtc};

const CAT: [&str; 5] = ["cat", "stored", "a.txt", "--salt", "env:TEST_SALT"];

fn fifo(made: &Folder, name: &str) {
    assert!(Command::new("mkfifo").arg(made.path(name)).status().unwrap().success());
    fs::set_permissions(made.path(name), Permissions::from_mode(0o600)).unwrap();
}

/// What a shell hands over, standard input, and a named pipe.
#[test]
fn e7_a_secret_comes_through_any_pipe() {
    let made = Folder::new();
    let whole = |said: Said| assert_eq!(said.ended(0).out.len(), 5);
    for input in ["/dev/stdin", "/dev/fd/0"] {
        let mut command = made.bare(&CAT);
        command.args(["--password", &format!("file:{input}")]).stdin(Stdio::piped());
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        program.stdin.take().unwrap().write_all(format!("{PASSWORD}\r\n").as_bytes()).unwrap();
        whole(Said::of(program.wait_with_output().unwrap()));
    }
    fifo(&made, "named");
    let named = made.path("named");
    let writer = std::thread::spawn(move || fs::write(named, PASSWORD).unwrap());
    whole(Said::by(made.bare(&CAT).args(["--password", "file:named"])));
    writer.join().unwrap();
    // As from `<(op read …)` and from a file.
    let line = format!(
        "{} crypt cat stored a.txt --password file:<(printf '%s\\n' \"$TEST_PASSWORD\") --salt file:<(printf %s \"$TEST_SALT\")",
        env!("CARGO_BIN_EXE_dtc")
    );
    let mut shell = Command::new("bash");
    for (name, value) in made.bare(&[]).get_envs() {
        value.map(|value| shell.env(name, value));
    }
    whole(Said::by(shell.args(["-c", &line]).current_dir(made.folder.path())));
    fs::write(made.path("file"), PASSWORD).unwrap();
    fs::set_permissions(made.path("file"), Permissions::from_mode(0o600)).unwrap();
    let input = || File::open(made.path("file")).unwrap();
    whole(Said::by(made.bare(&CAT).args(["--password", "file:/dev/stdin"]).stdin(input())));
    fs::set_permissions(made.path("file"), Permissions::from_mode(0o644)).unwrap();
    let said = Said::by(made.bare(&CAT).args(["--password", "file:/dev/stdin"]).stdin(input())).ended(4);
    assert!(said.err.contains("DTC-SECRET-EXPOSED"), "{}", said.err);
}

/// A pipe that never starts, that never ends, that holds too much, nothing, or what is no secret.
#[test]
fn x7_a_pipe_that_gives_no_secret_ends() {
    let made = Folder::new();
    for name in ["silent", "open"] {
        fifo(&made, name);
    }
    let hold = File::options().read(true).write(true).open(made.path("open")).unwrap();
    for name in ["silent", "open"] {
        let began = Instant::now();
        let said =
            Said::by(made.bare(&CAT).args(["--timeout", "500ms", "--password", &format!("file:{name}")]));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert!(said.ended(7).err.contains("error[DTC-COMMAND-INCOMPLETE]: not done within 0.5 s"), "{name}");
    }
    drop(hold);
    for (line, says) in [
        ("yes", "larger than 65536 bytes"),
        ("printf ''", "is empty"),
        ("printf 'a\\nb\\n'", "has 2 lines"),
        ("printf ' a'", "begins with a space"),
        ("cat /dev/zero", "larger than 65536 bytes"),
    ] {
        let mut source = Command::new("sh").args(["-c", line]).stdout(Stdio::piped()).spawn().unwrap();
        let input = source.stdout.take().unwrap();
        let said = Said::by(made.bare(&CAT).args(["--password", "file:/dev/stdin"]).stdin(input)).ended(4);
        assert!(said.err.contains(says) && said.out.is_empty(), "{line}: {}", said.err);
        let _ = source.wait();
    }
    let said = Said::by(made.bare(&CAT).args(["--password", "file:/dev/zero"])).ended(4);
    assert!(said.err.contains("a device, not a regular file"), "{}", said.err);
    // The same for the secrets of a site file.
    Said::by(dtc(made.folder.path()).arg("init")).ended(0);
    let site = fs::read_to_string(made.path("site.toml")).unwrap();
    let site = site.replace("env:DTC_B2_APPLICATION_KEY", "file:silent");
    assert!(site.contains("file:silent"));
    fs::write(made.path("site.toml"), site).unwrap();
    for command in ["plan", "verify", "apply"] {
        let said = Said::by(dtc(made.folder.path()).args([command, "--timeout", "500ms"])).ended(7);
        assert!(said.err.contains("--timeout"), "{command}: {}", said.err);
    }
}
