//! How rsync reaches a server: by ssh, which knows the server by the job's host key and nothing else.

use std::path::{Path, PathBuf};

use dtc_provision::copy::{SshDestination, StepFailure, StepFailureKind};

use crate::files;

/// A folder of our own with a `known_hosts` file that holds the one key. It is removed when this is dropped.
#[derive(Debug)]
pub(super) struct KnownHosts {
    folder: PathBuf,
}

impl KnownHosts {
    pub(super) fn of(server: &SshDestination) -> Result<Self, StepFailure> {
        let failed = |reason: String| {
            StepFailure::new(
                StepFailureKind::NotStarted,
                reason,
                "put right what is named, such as a full disk, then run again",
            )
        };
        let mut unique = [0; 8];
        getrandom::fill(&mut unique).map_err(|error| failed(error.to_string()))?;
        let folder = std::env::temp_dir().join(format!("dtc-copy-{:016x}", u64::from_ne_bytes(unique)));
        files::create_folder(&folder).map_err(|error| failed(error.to_string()))?;
        let hosts = Self { folder };
        let line = server.host_key.known_host(&server.host, server.port);
        files::write_new(&hosts.file(), &format!("{line}\n")).map_err(|error| failed(error.to_string()))?;
        Ok(hosts)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("known_hosts")
    }
}

impl Drop for KnownHosts {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.file());
        let _ = std::fs::remove_dir(&self.folder);
    }
}

/// The command that rsync reaches the server by (its option `--rsh`). No file of the user's or the system's is read; nobody is asked.
pub(super) fn remote_shell(
    ssh: &Path,
    server: &SshDestination,
    hosts: &KnownHosts,
) -> Result<String, StepFailure> {
    let hosts = hosts.file();
    let algorithms = match server.host_key.kind() {
        "ssh-rsa" => "rsa-sha2-512,rsa-sha2-256",
        kind => kind,
    };
    let mut words = vec![word(ssh)?, "-F".to_owned(), "none".to_owned()];
    let mut option = |text: String| words.extend(["-o".to_owned(), text]);
    for fixed in [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "GlobalKnownHostsFile=none",
        "KnownHostsCommand=none",
        "UpdateHostKeys=no",
        "VerifyHostKeyDNS=no",
        "CheckHostIP=no",
        "ForwardAgent=no",
        "ForwardX11=no",
        "ClearAllForwardings=yes",
        "ControlMaster=no",
        "ControlPath=none",
        "ConnectTimeout=30",
        "ServerAliveInterval=30",
        "ServerAliveCountMax=6",
    ] {
        option(fixed.to_owned());
    }
    option(format!("UserKnownHostsFile=\"{}\"", expanded(&hosts)?));
    option(format!("HostKeyAlgorithms={algorithms}"));
    option(format!("Port={}", server.port));
    if let Some(identity) = &server.identity {
        option("IdentitiesOnly=yes".to_owned());
        option(format!("IdentityFile=\"{}\"", expanded(identity)?));
    }
    Ok(words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))
}

/// A path within one of ssh's options: `%` begins what ssh replaces there.
fn expanded(path: &Path) -> Result<String, StepFailure> {
    Ok(word(path)?.replace('%', "%%"))
}

/// A path as text that can stand between quotation marks.
fn word(path: &Path) -> Result<String, StepFailure> {
    match path.to_str() {
        Some(text) if !text.contains(['"', '\\']) && !text.contains(char::is_control) || cfg!(windows) => {
            Ok(text.to_owned())
        }
        _ => {
            let reason = format!("ssh cannot be told the path {}", path.display());
            Err(StepFailure::new(
                StepFailureKind::NotStarted,
                reason,
                "give the file, or TMPDIR, a path without quotation marks",
            ))
        }
    }
}

/// A word as rsync reads it in `--rsh`: between apostrophes, each within doubled.
fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=,:@%".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y2_the_server_is_known_by_the_pinned_key_alone() {
        let server = SshDestination {
            user: Some("me".to_owned()),
            host: "nas".to_owned(),
            port: 2222,
            path: "/b".to_owned(),
            host_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5".parse().unwrap(),
            identity: Some("/home/it's me/id 100%".into()),
        };
        let hosts = KnownHosts::of(&server).unwrap();
        let (file, folder) = (hosts.file(), hosts.folder.clone());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "[nas]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n");
        let shell = remote_shell(Path::new("/usr/bin/ssh"), &server, &hosts).unwrap();
        for part in [
            "/usr/bin/ssh -F none ",
            "StrictHostKeyChecking=yes",
            "BatchMode=yes",
            "HostKeyAlgorithms=ssh-ed25519",
            "Port=2222",
            "'IdentityFile=\"/home/it''s me/id 100%%\"'",
        ] {
            assert!(shell.contains(part), "{part}: {shell}");
        }
        assert!(shell.contains(file.to_str().unwrap()));
        drop(hosts);
        assert!(!folder.exists());
    }
}
