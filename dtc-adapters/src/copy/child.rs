//! Running a program to its end, line by line. It does not outlive this process.

use std::fmt;
use std::io;
use std::path::Path;
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

/// Runs a program, and ends it, with all that it has started, when our end of the pipe that is its standard input is closed: when the call is
/// given up, and when this process is killed. A program that is asked to end removes or keeps what it has of a file; then it is killed.
#[cfg(unix)]
const SCRIPT: &str = "exec 3<&0 4>&2 2>/dev/null
{ trap '' TERM; read -r _ <&3; kill -TERM 0; sleep 5; kill -KILL 0; } >/dev/null 4>&- &
watcher=$!
\"$0\" \"$@\" </dev/null 2>&4 3<&- 4>&-
code=$?
kill -KILL $watcher
exit $code";

/// A program with what it needs of our environment, and nothing else.
pub(super) fn command(program: &Path) -> Command {
    #[cfg(unix)]
    let mut command = {
        let mut command = Command::new("/bin/sh");
        // In a group of its own, which is what the script ends.
        command.arg("-c").arg(SCRIPT).arg(program).process_group(0).stdin(Stdio::piped());
        command
    };
    #[cfg(not(unix))]
    let mut command = {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        command
    };
    keep_environment(&mut command);
    command
}

/// Runs a program to its end. Each line that it prints is given to `line`. It is ended when this is dropped.
///
/// # Errors
/// It cannot be started, or is lost.
pub(super) async fn ran(command: &mut Command, line: &mut (dyn FnMut(&str) + Send)) -> io::Result<Ended> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // The script ends what it has started.
    command.kill_on_drop(cfg!(not(unix)));
    let mut child = command.spawn()?;
    // Kept until the program has ended.
    let held = child.stdin.take();
    let (mut out, mut err) = (Lines::of(child.stdout.take()), Lines::of(child.stderr.take()));
    loop {
        let read = tokio::select! {
            Some(read) = out.next() => read,
            Some(read) = err.next() => read,
            else => break,
        };
        line(&read);
    }
    let ended = child.wait().await?;
    drop(held);
    Ok(ended.into())
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

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, with this code.
    With(i32),
    /// By a signal.
    Killed,
}

impl Ended {
    pub(super) fn is_success(self) -> bool {
        self == Self::With(0)
    }

    pub(super) fn code(self) -> Option<i32> {
        match self {
            Self::With(code) => Some(code),
            Self::Killed => None,
        }
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        match status.code() {
            // What a shell ends with where its program was killed: 128 and the signal's number.
            Some(129..=192) if cfg!(unix) => Self::Killed,
            Some(code) => Self::With(code),
            None => Self::Killed,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::With(code) => write!(f, "ended with {code}"),
            Self::Killed => f.write_str("was killed"),
        }
    }
}
