//! The programs rclone, rsync and ssh: where they are, and whether they are new enough.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use dtc_provision::copy::{StepFailure, StepFailureKind};
use serde::Deserialize;
use tokio::process::Command;

/// The oldest rclone that is taken: its half files can be told by their names. What is older than 1.63 writes files under their own.
const OLDEST_RCLONE: Version = (1, 65);
/// The oldest rsync that is taken: the first with all the options that are used here. What macOS brings along is none.
const OLDEST_RSYNC: Version = (3, 1);
/// How long a program may take to say its version.
const ANSWER: Duration = Duration::from_secs(30);

type Version = (u32, u32);

/// Where programs are, where they are not those on the `PATH`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Programs {
    /// rclone.
    pub rclone: Option<PathBuf>,
    /// rsync.
    pub rsync: Option<PathBuf>,
    /// ssh.
    pub ssh: Option<PathBuf>,
}

impl Programs {
    /// rclone, of a version that is known.
    pub(super) async fn rclone(&self) -> Result<PathBuf, StepFailure> {
        let install = "install rclone 1.65 or newer (https://rclone.org/downloads), or set `engine = \"own\"` in the job file";
        let program = found(self.rclone.as_deref(), "rclone", install)?;
        let said = said(&program, "version", install).await?;
        new_enough(&program, &said, version_of_rclone(&said), OLDEST_RCLONE, install)?;
        Ok(program)
    }

    /// rsync, of a version that has what is used here.
    pub(super) async fn rsync(&self) -> Result<PathBuf, StepFailure> {
        let install = "install rsync 3.1 or newer, as by: apt-get install rsync";
        let program = found(self.rsync.as_deref(), "rsync", install)?;
        let said = said(&program, "--version", install).await?;
        new_enough(&program, &said, version_of_rsync(&said), OLDEST_RSYNC, install)?;
        Ok(program)
    }

    /// ssh.
    pub(super) fn ssh(&self) -> Result<PathBuf, StepFailure> {
        found(self.ssh.as_deref(), "ssh", "install OpenSSH's client, as by: apt-get install openssh-client")
    }
}

fn not_started(reason: impl Into<String>, install: &str) -> StepFailure {
    StepFailure::new(StepFailureKind::NotStarted, reason, install)
}

/// A program that is named, or the first of its name on the `PATH`. A relative folder there is passed over: what is found in it depends on
/// where one is.
fn found(named: Option<&Path>, name: &str, install: &str) -> Result<PathBuf, StepFailure> {
    if let Some(named) = named {
        let missing = || not_started(format!("there is no program {}", named.display()), install);
        return is_program(named).then(|| named.to_owned()).ok_or_else(missing);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    let program = folders.map(|folder| folder.join(&file)).find(|program| is_program(program));
    program.ok_or_else(|| not_started(format!("there is no {name} on the PATH"), install))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// What a program says of its version.
async fn said(program: &Path, argument: &str, install: &str) -> Result<String, StepFailure> {
    let mut command = Command::new(program);
    super::child::keep_environment(&mut command);
    command.arg(argument).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let shown = program.display();
    match tokio::time::timeout(ANSWER, command.output()).await {
        Ok(Ok(output)) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(Err(error)) => Err(not_started(format!("{shown} cannot be started: {error}"), install)),
        Err(_) => Err(not_started(
            format!("{shown} {argument} does not answer within {} s", ANSWER.as_secs()),
            install,
        )),
    }
}

fn new_enough(
    program: &Path,
    said: &str,
    given: Option<Version>,
    oldest: Version,
    install: &str,
) -> Result<(), StepFailure> {
    let first: String = said.lines().next().unwrap_or_default().chars().take(80).collect();
    match given {
        Some(given) if given >= oldest => Ok(()),
        Some((major, minor)) => {
            let reason = format!("{} is version {major}.{minor}, too old", program.display());
            Err(not_started(reason, install))
        }
        None => Err(not_started(
            format!("{} does not say a version that is known: {first:?}", program.display()),
            install,
        )),
    }
}

/// `rclone v1.75.2`, or `rclone v1.60.1-DEV`.
fn version_of_rclone(said: &str) -> Option<Version> {
    numbers(said.lines().next()?.strip_prefix("rclone v")?)
}

/// `rsync  version 3.2.7  protocol version 31`, or `rsync version v3.4.0-dev`.
fn version_of_rsync(said: &str) -> Option<Version> {
    let rest = said.lines().next()?.strip_prefix("rsync")?.trim_start().strip_prefix("version")?;
    numbers(rest.trim_start().trim_start_matches('v'))
}

fn numbers(text: &str) -> Option<Version> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y2_versions_are_read_as_the_programs_say_them() {
        assert_eq!(version_of_rclone("rclone v1.75.2\n- os/version: debian"), Some((1, 75)));
        assert_eq!(version_of_rclone("rclone v1.60.1-DEV"), Some((1, 60)));
        assert_eq!(version_of_rclone("Usage: rclone"), None);
        assert_eq!(version_of_rsync("rsync  version 3.2.7  protocol version 31\n"), Some((3, 2)));
        assert_eq!(version_of_rsync("rsync  version v3.4.0-dev  protocol version 32"), Some((3, 4)));
        assert_eq!(version_of_rsync("rsync  version 2.6.9  protocol version 29"), Some((2, 6)));
        assert_eq!(version_of_rsync("openrsync: protocol version 29\nrsync version 2.6.9 compatible"), None);
    }
}
