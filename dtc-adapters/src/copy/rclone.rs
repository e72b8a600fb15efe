//! The first step by rclone. It gets the pair in its environment, which nobody but its owner and root can read, and no other setting.

use std::path::Path;

use dtc_provision::copy::{self, CopyJob, Encryption, FailedPath, RunMode, StepFailure, StepFailureKind};
use dtc_provision::secret::EncryptionSecrets;
use rclone_crypt::{DirectoryNames, NameEncoding, NameEncryption, obscure};
use serde::Deserialize;
use tokio::process::Command;

use super::child::{self, Ended};
use super::log::RunLog;

/// The remote's name in the environment's variables, and in the arguments.
const REMOTE: &str = "dtccopy";
/// No file of the user's is read.
const NO_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };
/// How many of rclone's last errors are kept for ours.
const LAST: usize = 3;

/// A line of rclone's log.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    level: String,
    #[serde(default)]
    msg: String,
    object: Option<String>,
    size: Option<u64>,
    skipped: Option<String>,
}

/// Encrypts what is new or has changed.
pub(super) async fn encrypt(
    job: &CopyJob,
    program: &Path,
    secrets: &EncryptionSecrets,
    mode: RunMode,
    log: Option<&RunLog>,
) -> Encryption {
    let mut command = child::command(program);
    if let Err(error) = configured(&mut command, job, secrets) {
        let remedy = "run again";
        return Encryption::failed(StepFailure::new(StepFailureKind::NotStarted, error.to_string(), remedy));
    }
    command.arg(if job.delete { "sync" } else { "copy" });
    command.args(["--config", NO_FILE, "--use-json-log", "-v", "--stats", "0"]);
    // A file has another name until it is whole.
    command.args(["--partial-suffix", copy::UNFINISHED]);
    if mode == RunMode::Dry {
        command.arg("--dry-run");
    }
    // Its files are read by their paths: a source that begins with a dash, or has a colon in it, is a path all the same.
    command.arg("--").arg(&job.source).arg(format!("{REMOTE}:"));
    let mut said = Said::default();
    let mut line = |line: &str| {
        if let (Some(log), RunMode::Real) = (log, mode) {
            log.line("rclone", &shown(line));
        }
        said.take_in(line);
    };
    let ended = child::ran(&mut command, &mut line).await;
    let Said { mut encryption, last } = said;
    encryption.failure = match ended {
        Ok(ended) if ended.is_success() => None,
        Ok(ended) => {
            let kind =
                if ended == Ended::Killed { StepFailureKind::Killed } else { StepFailureKind::Partial };
            let reason = format!("rclone {ended}: {}", last.join("; "));
            let reason = reason.trim_end_matches([':', ' ']);
            Some(StepFailure::new(
                kind,
                reason,
                "put right what is named, then run again: it goes on where it stopped",
            ))
        }
        Err(error) => {
            let reason = format!("rclone cannot be run: {error}");
            Some(StepFailure::new(
                StepFailureKind::NotStarted,
                reason,
                "put right what is named, then run again",
            ))
        }
    };
    encryption
}

/// Gives rclone the remote, by its variables `RCLONE_CONFIG_<REMOTE>_<OPTION>`.
fn configured(
    command: &mut Command,
    job: &CopyJob,
    secrets: &EncryptionSecrets,
) -> Result<(), rclone_crypt::Error> {
    let mut option = |name: &str, value: &std::ffi::OsStr| {
        command.env(format!("RCLONE_CONFIG_{}_{name}", REMOTE.to_uppercase()), value);
    };
    option("TYPE", "crypt".as_ref());
    option("REMOTE", job.catalogue.as_os_str());
    let (names, encoding, suffix) = match &job.names {
        NameEncryption::Off(suffix) => ("off", "base32", suffix.as_str()),
        NameEncryption::Obfuscate => ("obfuscate", "base32", ".bin"),
        NameEncryption::Standard(NameEncoding::Base64) => ("standard", "base64", ".bin"),
        NameEncryption::Standard(NameEncoding::Base32768) => ("standard", "base32768", ".bin"),
        _ => ("standard", "base32", ".bin"),
    };
    option("FILENAME_ENCRYPTION", names.as_ref());
    option("FILENAME_ENCODING", encoding.as_ref());
    option("SUFFIX", if suffix.is_empty() { "none" } else { suffix }.as_ref());
    let directories = job.directories == DirectoryNames::Encrypted;
    option("DIRECTORY_NAME_ENCRYPTION", if directories { "true" } else { "false" }.as_ref());
    option("PASSWORD", obscure(secrets.password.expose())?.expose().as_ref());
    if !secrets.salt.expose().is_empty() {
        option("PASSWORD2", obscure(secrets.salt.expose())?.expose().as_ref());
    }
    Ok(())
}

/// A line of the log for people.
fn shown(line: &str) -> String {
    match serde_json::from_str::<Line>(line) {
        Ok(Line { level, msg, object: Some(object), .. }) => format!("{level}: {object}: {}", msg.trim()),
        Ok(Line { level, msg, .. }) => format!("{level}: {}", msg.trim()),
        Err(_) => line.to_owned(),
    }
}

/// What rclone has said so far.
#[derive(Default)]
struct Said {
    encryption: Encryption,
    last: Vec<String>,
}

impl Said {
    fn take_in(&mut self, line: &str) {
        let Ok(said) = serde_json::from_str::<Line>(line) else {
            if !line.trim().is_empty() {
                self.keep(line.trim().to_owned());
            }
            return;
        };
        let msg = said.msg.trim();
        let object = said.object.unwrap_or_default();
        let doing = said.skipped.as_deref().unwrap_or_default();
        if msg.starts_with("Copied (") || doing == "copy" {
            self.encryption.written += 1;
            self.encryption.bytes += said.size.unwrap_or_default();
        } else if msg == "Deleted" || doing == "delete" {
            self.encryption.removed += 1;
        } else if msg.contains("follow symlink")
            || msg.contains("non-file/directory")
            || msg.contains("Can't transfer")
        {
            self.encryption.skipped.push(object);
        } else if matches!(said.level.as_str(), "error" | "critical") {
            if !object.is_empty() {
                self.failed(object, msg);
            }
            self.keep(msg.to_owned());
        }
    }

    /// A file that failed; of several attempts the last counts.
    fn failed(&mut self, object: String, msg: &str) {
        self.encryption.failed.retain(|failed| failed.path != object);
        self.encryption.failed.push(FailedPath::new(object, msg));
    }

    fn keep(&mut self, text: String) {
        self.last.retain(|last| *last != text);
        self.last.push(text);
        if self.last.len() > LAST {
            self.last.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of rclone 1.75.2.
    #[test]
    fn y2_what_rclone_says_is_counted() {
        let mut said = Said::default();
        for line in [
            r#"{"time":"t","level":"notice","msg":"Can't follow symlink without -L/--copy-links","object":"link","source":"s"}"#,
            r#"{"time":"t","level":"info","msg":"Copied (new)","size":3,"object":"a/b.txt","source":"s"}"#,
            r#"{"time":"t","level":"notice","msg":"Skipped copy as --dry-run is set (size 4)","skipped":"copy","size":4,"object":"c"}"#,
            r#"{"time":"t","level":"error","msg":"Failed to copy: no","object":"d","source":"s"}"#,
            r#"{"time":"t","level":"error","msg":"Failed to copy: still no","object":"d","source":"s"}"#,
            r#"{"time":"t","level":"info","msg":"Deleted","object":"e","source":"s"}"#,
            "",
        ] {
            said.take_in(line);
        }
        let Encryption { written, bytes, removed, failed, skipped, .. } = said.encryption;
        assert_eq!((written, bytes, removed), (2, 7, 1));
        assert_eq!(skipped, ["link"]);
        assert_eq!(failed, [FailedPath::new("d", "Failed to copy: still no")]);
    }
}
