//! The real rsync and sshd, which tests of copies run.

use crate::failure::Failure;
use crate::program::Program;
use std::path::Path;

const INSTALL: &str = "apt-get install -y rsync openssh-server";

/// Installs those that are not there, where this may be done without asking anybody.
pub(crate) fn install() -> Result<(), Failure> {
    if are_there() {
        return Ok(());
    }
    let apt = |words: &[&str]| {
        // As root there is often no sudo.
        let is_root = Program::new("id").args(["-u"]).output().as_deref() == Some("0");
        let program =
            if is_root { Program::new("apt-get") } else { Program::new("sudo").args(["-n", "apt-get"]) };
        program.args(words).env("DEBIAN_FRONTEND", "noninteractive").remedy(INSTALL).run()
    };
    // A list that cannot be renewed may still be good enough.
    let _ = apt(&["update", "-q"]);
    apt(&["install", "-y", "-q", "rsync", "openssh-server"])?;
    if are_there() { Ok(()) } else { Err(Failure::new("rsync or sshd is still not there", INSTALL)) }
}

fn are_there() -> bool {
    let rsync = Program::new("rsync").args(["--version"]).output().is_some();
    rsync && ["/usr/sbin/sshd", "/sbin/sshd", "/usr/bin/sshd"].iter().any(|sshd| Path::new(sshd).exists())
}
