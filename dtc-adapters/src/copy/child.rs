//! Running a program to its end, line by line.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

/// The variables that a program gets of ours: what it needs to find its files and an agent with keys. None of them is a secret of ours.
const KEPT: [&str; 11] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TZ",
    "SSH_AUTH_SOCK",
    "SystemRoot",
    "USERPROFILE",
    "TEMP",
    "TMP",
];

/// The longest line that is kept.
const LONGEST: usize = 4096;

/// Clears a program's environment but for what it needs; its messages are in English, so that they can be read.
pub(super) fn keep_environment(command: &mut Command) {
    command.env_clear().env("LC_ALL", "C");
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
}

/// Runs a program to its end. Each line that it prints is given to `line`. It is killed when this is dropped.
///
/// # Errors
/// It cannot be started, or is lost.
pub(super) async fn ran(
    command: &mut Command,
    line: &mut (dyn FnMut(&str) + Send),
) -> io::Result<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let (mut out, mut err) = (Lines::of(child.stdout.take()), Lines::of(child.stderr.take()));
    loop {
        let read = tokio::select! {
            Some(read) = out.next() => read,
            Some(read) = err.next() => read,
            else => break,
        };
        line(&read);
    }
    child.wait().await
}

/// The lines of a stream. Bytes that are no text are replaced.
struct Lines<R> {
    reader: Option<BufReader<R>>,
    read: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    fn of(stream: Option<R>) -> Self {
        Self { reader: stream.map(BufReader::new), read: Vec::new() }
    }

    /// The next line; `None` at the end. May be dropped and asked again: what was read so far is kept.
    async fn next(&mut self) -> Option<String> {
        let reader = self.reader.as_mut()?;
        let ended = !matches!(reader.read_until(b'\n', &mut self.read).await, Ok(1..));
        if ended {
            self.reader = None;
            if self.read.is_empty() {
                return None;
            }
        }
        let bytes = std::mem::take(&mut self.read);
        let kept = bytes.get(..LONGEST).unwrap_or(&bytes);
        Some(String::from_utf8_lossy(kept).trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// How a program ended, in words.
pub(super) fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with {code}"),
        None => "was killed".to_owned(),
    }
}
