//! The program `op`, run once for each secret.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use safe_text::SecretString;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::environment::Environment;
use super::failure::OnePasswordFailure;
use super::reference::SecretReference;
use crate::files::Limit;

/// The program's file.
const PROGRAM: &str = if cfg!(windows) { "op.exe" } else { "op" };

/// So much of what it says when it fails is looked at.
const SAID: usize = 4 << 10;

/// How long its streams are still read when it has ended. What it printed is there by then, but a program that it left running, as `op`
/// may leave one that keeps what it fetched, can hold them open for ever.
const LEFT_OPEN: Duration = Duration::from_millis(200);

/// `op`, with the environment that it is given.
pub(super) struct Op {
    program: PathBuf,
    environment: Vec<(OsString, OsString)>,
    /// Alive as long as the program may repeat them.
    secrets: Vec<SecretString>,
    limit: Duration,
}

impl Op {
    /// The program, as it is found on the `PATH`. A relative folder there is passed over: what is found in it depends on where one is.
    pub(super) fn new(environment: &Environment, limit: Duration) -> Result<Self, OnePasswordFailure> {
        let path = environment.get("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let program = folders.map(|folder| folder.join(PROGRAM)).find(|file| is_program(file));
        let program = program.ok_or(OnePasswordFailure::NotInstalled)?;
        Ok(Self { program, environment: environment.for_op(), secrets: environment.secrets(), limit })
    }

    /// Reads the secret, without the one newline that `op` prints behind it.
    pub(super) async fn read(&self, reference: &SecretReference) -> Result<SecretString, OnePasswordFailure> {
        let mut child = self.start(reference)?;
        let Ok(ran) = tokio::time::timeout(self.limit, Ran::of(&mut child)).await else {
            // Ended by its handle, and waited for, so that nothing of it stays behind.
            let _ = child.kill().await;
            return Err(OnePasswordFailure::Unanswered(self.limit));
        };
        let Ran { succeeded, printed, said } =
            ran.map_err(|error| OnePasswordFailure::NotStarted(error.to_string()))?;
        if !succeeded {
            return Err(self.failure(&printed, &said));
        }
        let value = match printed.strip_suffix(b"\r\n") {
            Some(value) if cfg!(windows) => value,
            _ => printed.strip_suffix(b"\n").unwrap_or(&printed),
        };
        if value.len() as u64 > Limit::SECRET.bytes() {
            return Err(OnePasswordFailure::NoSecret("larger than a secret may be"));
        }
        match std::str::from_utf8(value) {
            Ok("") => Err(OnePasswordFailure::NoValue),
            Ok(text) => Ok(text.into()),
            Err(_) => Err(OnePasswordFailure::NoSecret("no text")),
        }
    }

    fn start(&self, reference: &SecretReference) -> Result<Child, OnePasswordFailure> {
        let mut command = Command::new(&self.program);
        command.arg("read").arg(reference.to_string());
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().map_err(|error| OnePasswordFailure::NotStarted(error.to_string()))
    }

    /// What a failure means. There is one exit code for all: the text alone hints at the reason, and it is shown only where it does
    /// not, without any secret that is known here.
    fn failure(&self, printed: &[u8], said: &[u8]) -> OnePasswordFailure {
        let said = String::from_utf8_lossy(said);
        if let Some(failure) = hinted(&said) {
            return failure;
        }
        let _hidden = (&self.secrets, SecretString::from(String::from_utf8_lossy(printed).trim()));
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
        let shown: String = last.map(safe_text::safe).unwrap_or_default().chars().take(300).collect();
        OnePasswordFailure::Other(match shown.as_str() {
            "" => "op failed and did not say why".to_owned(),
            shown => format!("op failed: {shown}"),
        })
    }
}

/// What a finished run left behind.
struct Ran {
    succeeded: bool,
    printed: Zeroizing<Vec<u8>>,
    said: Zeroizing<Vec<u8>>,
}

impl Ran {
    async fn of(child: &mut Child) -> std::io::Result<Self> {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        // One byte more than a secret and its newline may have, to see that it is larger.
        let largest = usize::try_from(Limit::SECRET.bytes()).unwrap_or(usize::MAX).saturating_add(3);
        let (mut printed, mut said) = (Kept::new(largest), Kept::new(SAID));
        let reading = async { tokio::try_join!(printed.read(stdout), said.read(stderr)) };
        let status = ended(child, reading).await?;
        Ok(Self { succeeded: status.success(), printed: printed.into_bytes(), said: said.into_bytes() })
    }
}

/// Reads while the program runs, and what is left when it has ended.
async fn ended<T>(
    child: &mut Child,
    reading: impl Future<Output = std::io::Result<T>>,
) -> std::io::Result<ExitStatus> {
    let mut reading = pin!(reading);
    tokio::select! {
        status = child.wait() => {
            let status = status?;
            tokio::time::timeout(LEFT_OPEN, reading).await.ok().transpose()?;
            Ok(status)
        }
        read = &mut reading => {
            read?;
            child.wait().await
        }
    }
}

/// The beginning of what a program printed, in a buffer that never grows: one that does leaves copies behind.
struct Kept {
    buffer: Zeroizing<Vec<u8>>,
    length: usize,
}

impl Kept {
    fn new(most: usize) -> Self {
        Self { buffer: Zeroizing::new(vec![0; most]), length: 0 }
    }

    /// Reads to the end, whatever of it is kept.
    async fn read(&mut self, from: Option<impl AsyncRead + Unpin>) -> std::io::Result<()> {
        let Some(mut from) = from else { return Ok(()) };
        let mut rest = Zeroizing::new([0; 512]);
        loop {
            let room = self.buffer.get_mut(self.length..).filter(|room| !room.is_empty());
            let is_kept = room.is_some();
            match from.read(room.unwrap_or(&mut *rest)).await? {
                0 => return Ok(()),
                read if is_kept => self.length += read,
                _ => {}
            }
        }
    }

    fn into_bytes(mut self) -> Zeroizing<Vec<u8>> {
        self.buffer.truncate(self.length);
        self.buffer
    }
}

/// The reason that a text hints at. `op` tells a vault or an item that is missing from one that its account may not see by nothing.
fn hinted(said: &str) -> Option<OnePasswordFailure> {
    let said = said.to_ascii_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    let not_found = |what| {
        OnePasswordFailure::NotFound(format!("there is no such {what}, or this account may not see it"))
    };
    if says(&["isn't a vault"]) {
        return Some(not_found("vault"));
    }
    if says(&["isn't an item"]) {
        return Some(not_found("item"));
    }
    if says(&["isn't a field", "does not have a field", "isn't a section"]) {
        return Some(not_found("field"));
    }
    if says(&["more than one item matches", "more than one vault matches"]) {
        return Some(OnePasswordFailure::Ambiguous("several have this name".to_owned()));
    }
    if says(&["not currently signed in", "not signed in", "no accounts configured"]) {
        return Some(OnePasswordFailure::NotSignedIn);
    }
    says(&["rate limit", "rate-limit", "too many requests"]).then_some(OnePasswordFailure::RateLimited)
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e7_the_reason_is_taken_from_what_op_says() {
        use OnePasswordFailure::{Ambiguous, NotFound, NotSignedIn, RateLimited};
        let line = |text: &str| hinted(&format!("[ERROR] 2026/11/29 12:00:00 {text}\n"));
        for text in [
            "\"MSP\" isn't a vault in this account. Specify the vault with its ID or name.",
            "could not read secret 'op://v/i/f': \"i\" isn't an item in the \"v\" vault.",
            "item 'v/i' does not have a field 'f'",
        ] {
            assert!(matches!(line(text), Some(NotFound(_))), "{text}");
        }
        assert!(matches!(line("More than one item matches \"i\"."), Some(Ambiguous(_))));
        assert_eq!(
            line("You are not currently signed in. Please run `op signin --help`."),
            Some(NotSignedIn)
        );
        assert_eq!(line("(429) Too Many Requests: You've reached the rate limit"), Some(RateLimited));
        assert_eq!(line("connecting to desktop app: connection reset"), None);
    }

    #[tokio::test]
    async fn e7_what_is_too_long_is_read_to_its_end_and_kept_in_part() {
        let long = vec![b'x'; 2000];
        for (from, length) in [(Some(&long[..]), 100), (Some(&long[..10]), 10), (None, 0)] {
            let mut kept = Kept::new(100);
            kept.read(from).await.unwrap();
            assert_eq!(kept.into_bytes().len(), length);
        }
    }
}
