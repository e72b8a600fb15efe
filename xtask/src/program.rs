//! Programs that must succeed, and in time.

use crate::failure::Failure;
use crate::workspace::root;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program to run in the workspace's root, with what to say when it fails.
#[derive(Debug)]
pub(crate) struct Program {
    command: Command,
    remedy: String,
    limit: Option<Duration>,
}

impl Program {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(root());
        Self { command, remedy: "what it printed above says why".to_owned(), limit: None }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// What a person does when it fails.
    pub(crate) fn remedy(mut self, remedy: &str) -> Self {
        remedy.clone_into(&mut self.remedy);
        self
    }

    /// Ends it after this long.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Runs it to its end, its output going where ours goes.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        let began = self.command.spawn().and_then(|child| wait(child, self.limit));
        let name = self.name();
        match began {
            Ok(Some(status)) if status.success() => Ok(()),
            Ok(Some(status)) => Err(Failure::new(format!("{name} ended with {status}"), self.remedy)),
            Ok(None) => {
                let seconds = self.limit.unwrap_or_default().as_secs();
                Err(Failure::new(
                    format!("{name} was ended after {seconds} s"),
                    "something in it hangs: the last line it printed says what",
                ))
            }
            Err(error) => Err(Failure::new(format!("{name} did not start: {error}"), self.remedy)),
        }
    }

    /// Runs it to its end, prints each line of its output as it comes, and returns the whole.
    pub(crate) fn shown(mut self) -> Result<String, Failure> {
        let name = self.name();
        match self.command.stdout(Stdio::piped()).spawn().and_then(print_all) {
            Ok((status, printed)) if status.success() => Ok(printed),
            Ok((status, _)) => Err(Failure::new(format!("{name} ended with {status}"), self.remedy)),
            Err(error) => Err(Failure::new(format!("{name} did not start: {error}"), self.remedy)),
        }
    }

    /// Runs it to its end, or to its limit, without an input; returns what it printed, in the order in which it did, and whether it succeeded.
    ///
    /// What it prints goes to `file`, so that a program which it leaves running holds up nobody.
    pub(crate) fn into_file(mut self, file: &Path) -> std::io::Result<(String, bool)> {
        let printed = File::create(file)?;
        self.command.stdin(Stdio::null()).stdout(printed.try_clone()?).stderr(printed);
        let status = wait(self.command.spawn()?, self.limit)?;
        let said = String::from_utf8_lossy(&fs::read(file)?).into_owned();
        match status {
            Some(status) if status.success() => Ok((said, true)),
            Some(status) => Ok((format!("{said}it ended with {status}\n"), false)),
            None => {
                let seconds = self.limit.unwrap_or_default().as_secs();
                let why = format!("it was ended after {seconds} s: a test above that has no result hangs\n");
                Ok((said + &why, false))
            }
        }
    }

    /// Runs it, its errors going where ours go, and returns the rest of what it prints.
    pub(crate) fn printed(mut self) -> Result<String, Failure> {
        let name = self.name();
        match self.command.stderr(Stdio::inherit()).output() {
            Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            Ok(output) => Err(Failure::new(format!("{name} ended with {}", output.status), self.remedy)),
            Err(error) => Err(Failure::new(format!("{name} did not start: {error}"), self.remedy)),
        }
    }

    /// Runs it and returns what it prints, or nothing if it fails.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self.command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The program and its first words, enough to know it by.
    fn name(&self) -> String {
        let program = Path::new(self.command.get_program()).file_name().unwrap_or_default();
        let words = self.command.get_args().take(2).map(OsStr::to_string_lossy);
        std::iter::once(program.to_string_lossy()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// Prints what a program prints, and returns it with the status at its end.
fn print_all(mut child: Child) -> std::io::Result<(ExitStatus, String)> {
    let mut printed = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            printed.push_str(&line);
            printed.push('\n');
        }
    }
    Ok((child.wait()?, printed))
}

/// The status it ends with, or nothing if it had to be ended.
fn wait(mut child: Child, limit: Option<Duration>) -> std::io::Result<Option<ExitStatus>> {
    let Some(limit) = limit else { return child.wait().map(Some) };
    let end = Instant::now() + limit;
    while Instant::now() < end {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_to_do() {
        let failure = Program::cargo().args(["no-such-chore"]).remedy("write it").run().unwrap_err();
        let said = failure.to_string();
        assert!(said.starts_with("cargo") && said.ends_with("; write it") && !said.contains('\n'), "{said}");
        let missing = Program::new("no-such-program").remedy("install it").run().unwrap_err().to_string();
        assert!(missing.contains("did not start") && missing.ends_with("; install it"), "{missing}");
    }

    #[test]
    fn what_is_printed_is_returned() {
        let printed = Program::cargo().args(["--version"]).shown().unwrap();
        assert!(printed.starts_with("cargo ") && printed.ends_with('\n'), "{printed}");
        assert!(Program::cargo().args(["no-such-chore"]).shown().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_hangs_is_ended() {
        let failure = Program::new("sleep").args(["60"]).limit(Duration::from_millis(50)).run().unwrap_err();
        assert!(failure.to_string().starts_with("sleep 60 was ended"), "{failure}");
    }

    #[cfg(unix)]
    #[test]
    fn what_was_printed_before_the_limit_is_kept() {
        let file = std::env::temp_dir().join(format!("xtask-{}", std::process::id()));
        let hangs = Program::new("sh").args(["-c", "echo begun; exec sleep 60"]);
        // Long enough for a shell to begin on a busy machine.
        let (said, passed) = hangs.limit(Duration::from_secs(5)).into_file(&file).unwrap();
        assert!(said.starts_with("begun\nit was ended after 5 s") && !passed, "{said}");
        let leaves_one = Program::new("sh").args(["-c", "sleep 60 & echo done"]);
        assert_eq!(leaves_one.into_file(&file).unwrap(), ("done\n".to_owned(), true));
        fs::remove_file(file).unwrap();
    }
}
