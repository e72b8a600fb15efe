//! The second step, and the way back: by rsync.

use std::path::Path;

use dtc_provision::bandwidth::BytesPerSecond;
use dtc_provision::copy::{Destination, RunMode, StepFailure, StepFailureKind, Transfer};
use tokio::process::Command;

use super::child::{self, Ended};
use super::log::RunLog;
use super::programs::Programs;
use super::ssh::{KnownHosts, remote_shell};

/// How many of the files that are missing are named.
const NAMED: usize = 20;
/// How many of rsync's last words are kept for an error.
const LAST: usize = 4;

/// A run of rsync from one place to another.
pub(super) struct Rsync<'a> {
    pub(super) programs: &'a Programs,
    pub(super) destination: &'a Destination,
    pub(super) delete: bool,
    pub(super) limit: Option<BytesPerSecond>,
    pub(super) log: Option<&'a RunLog>,
}

/// Which way files go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    There { catalogue: &'a Path },
    Back { into: &'a Path },
}

impl Rsync<'_> {
    /// Carries files, or says what would be carried. After a failure of a real run, what is not there yet is looked up once more.
    pub(super) async fn run(&self, way: Way<'_>, mode: RunMode) -> Transfer {
        let mut transfer = self.once(way, mode).await;
        let is_partial = transfer.failure.as_ref().is_some_and(|failure| {
            matches!(failure.kind, StepFailureKind::Partial | StepFailureKind::Killed)
        });
        if mode == RunMode::Real && is_partial {
            transfer.missing = self.once(way, RunMode::Dry).await.missing;
        }
        transfer
    }

    async fn once(&self, way: Way<'_>, mode: RunMode) -> Transfer {
        match self.try_once(way, mode).await {
            Ok(transfer) | Err(transfer) => transfer,
        }
    }

    async fn try_once(&self, way: Way<'_>, mode: RunMode) -> Result<Transfer, Transfer> {
        let program = self.programs.rsync().await.map_err(Transfer::failed)?;
        let mut command = child::command(&program);
        // Not --whole-file: over a line, rsync goes on with what it has of a file only by its delta transfer.
        command.args(["--recursive", "--times", "--omit-dir-times", "--partial-dir=.rsync-partial"]);
        command.args([
            "--protect-args",
            "--outbuf=L",
            "--out-format=%i|%l|%n",
            "--exclude=/.dtc-restore-*",
            "--exclude=.dtc-restore-*",
        ]);
        if mode == RunMode::Dry {
            command.arg("--dry-run");
        }
        if self.delete && matches!(way, Way::There { .. }) {
            command.arg("--delete-after");
        }
        if let Some(limit) = self.limit {
            command.arg(format!("--bwlimit={}", kibibytes(limit)));
        }
        // Kept until rsync has ended.
        let hosts = match self.destination {
            Destination::Ssh(server) => {
                let ssh = self.programs.ssh().map_err(Transfer::failed)?;
                let hosts = KnownHosts::of(server).map_err(Transfer::failed)?;
                let shell = remote_shell(&ssh, server, &hosts).map_err(Transfer::failed)?;
                command.arg(format!("--rsh={shell}"));
                Some(hosts)
            }
            Destination::Folder(_) => None,
        };
        command.arg("--").args(places(way, self.destination));
        let transfer = self.followed(&mut command, mode).await;
        drop(hosts);
        Ok(transfer)
    }

    async fn followed(&self, command: &mut Command, mode: RunMode) -> Transfer {
        let mut said = Said { dry: mode == RunMode::Dry, transfer: Transfer::default(), last: Vec::new() };
        let mut line = |line: &str| {
            if let (Some(log), RunMode::Real) = (self.log, mode) {
                log.line("rsync", line);
            }
            said.take_in(line);
        };
        let ended = child::ran(command, &mut line).await;
        let Said { mut transfer, last, .. } = said;
        transfer.failure = match ended {
            Ok(ended) if ended.is_success() => None,
            Ok(ended) => Some(failure(ended, &last)),
            Err(error) => {
                let reason = format!("rsync cannot be run: {error}");
                Some(StepFailure::new(
                    StepFailureKind::NotStarted,
                    reason,
                    "put right what is named, then run again",
                ))
            }
        };
        transfer
    }
}

/// rsync counts in KiB per second; what is less than one of them is no limit to it.
fn kibibytes(limit: BytesPerSecond) -> u64 {
    (limit.get() / 1024).max(1)
}

/// Where from, and where to. The slash behind the first means: what is in it.
fn places(way: Way<'_>, destination: &Destination) -> [std::ffi::OsString; 2] {
    let slashed = |path: &Path| {
        let mut text = path.as_os_str().to_owned();
        text.push("/");
        text
    };
    let there = match destination {
        Destination::Folder(folder) => slashed(folder),
        Destination::Ssh(server) => server.place().into(),
    };
    match way {
        Way::There { catalogue } => [slashed(catalogue), there],
        Way::Back { into } => [there, slashed(into)],
    }
}

/// What rsync has said so far.
struct Said {
    dry: bool,
    transfer: Transfer,
    last: Vec<String>,
}

impl Said {
    fn take_in(&mut self, line: &str) {
        let mut parts = line.splitn(3, '|');
        match (parts.next(), parts.next().and_then(|length| length.parse::<u64>().ok()), parts.next()) {
            // An item that is sent or received and is a file: `<f+++++++++|32|name`.
            (Some(item), Some(length), Some(name))
                if item.starts_with(['<', '>']) && item.as_bytes().get(1) == Some(&b'f') =>
            {
                self.transfer.files += 1;
                self.transfer.bytes += length;
                if self.dry && self.transfer.missing.len() < NAMED {
                    self.transfer.missing.push(name.to_owned());
                }
            }
            (Some("*deleting  " | "*deleting"), Some(_), Some(name)) if !name.ends_with('/') => {
                self.transfer.removed += 1;
            }
            (Some(_), Some(_), Some(_)) => {}
            _ if line.trim().is_empty() => {}
            _ => {
                self.last.push(line.trim().to_owned());
                if self.last.len() > LAST {
                    self.last.remove(0);
                }
            }
        }
    }
}

/// What an exit code of rsync, or of the ssh beneath it, means (its manual, "EXIT VALUES").
fn failure(ended: Ended, last: &[String]) -> StepFailure {
    use StepFailureKind::{Killed, NotStarted, Partial, Unreachable, WrongHost};
    let words = last.join("; ");
    let says = |text: &str| words.contains(text);
    let (kind, remedy) = match ended.code() {
        _ if says("Host key verification failed") || says("REMOTE HOST IDENTIFICATION HAS CHANGED") => (
            WrongHost,
            "nothing was sent. Compare the key on the server itself, in /etc/ssh; only if that one is right, put it into the job file as `host_key`",
        ),
        _ if says("Permission denied (") => (
            Unreachable,
            "let the server accept the key: name its file as `identity`, and put its public half into authorized_keys there",
        ),
        Some(127) => (NotStarted, "install rsync on the server, too, as by: apt-get install rsync"),
        _ if says("command not found") => {
            (NotStarted, "install rsync on the server, too, as by: apt-get install rsync")
        }
        Some(1 | 2 | 4 | 6) => {
            (NotStarted, "look at both versions of rsync: one of them does not know what the other asks for")
        }
        Some(255) => (
            Unreachable,
            "check the server's name, the port and the way there, then run again: it goes on where it stopped",
        ),
        Some(19 | 20) | None => (Killed, "run again: it goes on where it stopped"),
        _ => (
            Partial,
            "put right what is named, such as a full or read-only disk, then run again: it goes on where it stopped",
        ),
    };
    let reason = match (words.as_str(), ended.code().and_then(meaning)) {
        ("", None) => format!("rsync {ended}"),
        // What the receiving side says last is lost where it ends before it is heard.
        ("", Some(meaning)) => format!("rsync {ended}: {meaning}"),
        (words, _) => format!("rsync {ended}: {words}"),
    };
    StepFailure::new(kind, reason, remedy)
}

/// What the manual says of an exit code after which files may be missing.
fn meaning(code: i32) -> Option<&'static str> {
    Some(match code {
        3 => "it could not choose what to read or write",
        5 => "the other side's rsync could not begin",
        10 => "an error of the network",
        11 => "a file could not be read or written, as on a full or read-only disk",
        12 => "the two rsyncs lost each other in their protocol",
        13 => "an error of its own messages",
        14 => "an error between its own processes",
        22 => "there was no memory left",
        23 => "some files could not be carried",
        24 => "some files were gone before they could be carried",
        25 => "it stopped at the most that may be deleted",
        30 => "nothing came for too long",
        35 => "nobody answered for too long",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_a_limit_in_bits_becomes_kibibytes() {
        let line = dtc_provision::bandwidth::MegabitsPerSecond::new(20).unwrap();
        assert_eq!(line.percent(100).get(), 2_500_000);
        assert_eq!(kibibytes(line.percent(100)), 2441);
        assert_eq!(kibibytes(BytesPerSecond::new(5)), 1, "0 would be no limit");
    }

    #[test]
    fn x8_an_rsync_that_says_nothing_still_says_why_it_ended() {
        let reason = |last: &[String]| failure(Ended::With(11), last).reason;
        assert!(reason(&[]).starts_with("rsync ended with 11: a file could not be read or written"));
        let words = ["No space left on device (28)".to_owned()];
        assert_eq!(reason(&words), "rsync ended with 11: No space left on device (28)");
        assert_eq!(failure(Ended::With(99), &[]).reason, "rsync ended with 99");
    }

    #[test]
    fn y2_what_rsync_says_is_counted() {
        let mut said = Said { dry: true, transfer: Transfer::default(), last: Vec::new() };
        for line in [
            "cd+++++++++|4096|a/",
            "<f+++++++++|48|a/b|c",
            ">f.st......|2|d",
            "*deleting  |0|gone",
            "*deleting  |0|folder/",
            "",
            "rsync: write failed on \"/x\": No space left on device (28)",
        ] {
            said.take_in(line);
        }
        let Transfer { files, bytes, removed, missing, .. } = said.transfer;
        assert_eq!((files, bytes, removed), (2, 50, 1));
        assert_eq!(missing, ["a/b|c", "d"]);
        assert_eq!(said.last.len(), 1);
    }
}
