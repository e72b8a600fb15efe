//! Runs test programs, as many at a time as there are processors: most of them wait for something most of their time.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::{root, target};

/// A test program that cargo has built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    program: PathBuf,
    /// Its package's folder, in which cargo runs tests.
    package: PathBuf,
}

impl Suite {
    /// The test programs among what cargo says that it built, one JSON object a line; the largest, which take longest, first.
    pub(crate) fn all(built: &str) -> Vec<Self> {
        let mut suites: Vec<Self> = built.lines().filter_map(Self::of).collect();
        suites.sort_by_key(|suite| {
            std::cmp::Reverse(fs::metadata(&suite.program).map_or(0, |file| file.len()))
        });
        suites
    }

    fn of(line: &str) -> Option<Self> {
        // Targets have a member `test` as well: whether they can be tested.
        let (_, profile) = line.split_once("\"profile\":{")?;
        if !profile.split_once('}')?.0.contains("\"test\":true") {
            return None;
        }
        let program = PathBuf::from(member(line, "executable")?);
        let package = Path::new(&member(line, "manifest_path")?).parent()?.to_owned();
        Some(Self { program, package })
    }

    /// Where it prints, which can be read while it runs.
    fn printed(&self, folder: &Path) -> PathBuf {
        folder.join(self.program.file_name().unwrap_or_default()).with_extension("txt")
    }

    fn name(&self) -> String {
        let package = self.package.strip_prefix(root()).unwrap_or(&self.package).display();
        let program = self.program.file_stem().unwrap_or_default().to_string_lossy();
        let program = program.rsplit_once('-').map_or(&*program, |(name, _)| name);
        format!("{package}: {program}")
    }
}

/// Runs every program as `prepared` and no longer than `limit`, prints what each printed once it has ended, and returns all of that.
///
/// # Errors
/// Names the programs that failed; the others have run as well.
pub(crate) fn run(
    suites: Vec<Suite>,
    limit: Duration,
    prepared: impl Fn(Program) -> Program + Sync,
) -> Result<String, Failure> {
    let folder = &target().join("printed");
    let no_folder = |error| Failure::new(format!("no folder {}: {error}", folder.display()), "make it");
    fs::create_dir_all(folder).map_err(no_folder)?;
    let side_by_side = std::thread::available_parallelism().map_or(1, usize::from);
    let (waiting, ended) = (Mutex::new(VecDeque::from(suites)), Mutex::new(Ended::default()));
    let next = || waiting.lock().ok()?.pop_front();
    std::thread::scope(|scope| {
        for _ in 0..side_by_side {
            scope.spawn(|| {
                while let Some(suite) = next() {
                    let began = Instant::now();
                    let program = prepared(Program::new(&suite.program)).directory(&suite.package);
                    let program = program.env("CARGO_MANIFEST_DIR", &suite.package).limit(limit);
                    let said = program.into_file(&suite.printed(folder));
                    let Ok(mut ended) = ended.lock() else { return };
                    ended.take(&suite, began.elapsed(), said);
                }
            });
        }
    });
    let Ended { printed, failed } = ended.into_inner().unwrap_or_default();
    if failed.is_empty() {
        return Ok(printed);
    }
    Err(Failure::new(format!("tests failed in {}", failed.join(", ")), "what they printed above says why"))
}

/// What the programs that have ended printed, and which of them failed.
#[derive(Debug, Default)]
struct Ended {
    printed: String,
    failed: Vec<String>,
}

impl Ended {
    fn take(&mut self, suite: &Suite, took: Duration, said: std::io::Result<(String, bool)>) {
        let (said, passed) = said.unwrap_or_else(|error| (format!("it did not start: {error}\n"), false));
        println!("     Ran {} in {:.1} s\n{said}", suite.name(), took.as_secs_f64());
        self.printed.push_str(&said);
        if !passed {
            self.failed.push(suite.name());
        }
    }
}

/// The text of a member of a JSON object on one line. What cargo writes has no escapes in paths but those of `\`.
fn member(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("\"{name}\":\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_programs_are_found_and_nothing_else() {
        let line = |executable: &str, test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/w/b2-client/Cargo.toml","target":{{"name":"it","test":true}},"profile":{{"opt_level":"0","test":{test}}},"executable":{executable},"fresh":true}}"#
            )
        };
        let built =
            [line("\"/t/debug/deps/it-0a1b\"", true), line("\"/t/debug/dtc\"", false), line("null", true)];
        let suites = Suite::all(&built.join("\n"));
        let only = Suite { program: "/t/debug/deps/it-0a1b".into(), package: "/w/b2-client".into() };
        assert_eq!(suites, [only]);
        assert!(suites[0].name().ends_with("b2-client: it"));
        assert_eq!(member(r#"{"executable":"C:\\t\\it.exe"}"#, "executable").unwrap(), r"C:\t\it.exe");
    }

    #[cfg(unix)]
    #[test]
    fn one_that_fails_does_not_stop_the_rest() {
        let suite = |program: &str| Suite { program: program.into(), package: "/".into() };
        let limit = Duration::from_mins(1);
        let suites = ["/bin/false", "/bin/no-such-program", "/bin/echo"].map(suite).into();
        let failed = run(suites, limit, |program| program.args(["it ran"]));
        let said = failed.unwrap_err().to_string();
        assert!(said.contains("false") && said.contains("no-such") && !said.contains("echo"), "{said}");
        assert_eq!(
            run(vec![suite("/bin/echo")], limit, |program| program.args(["it ran"])).unwrap(),
            "it ran\n"
        );
    }
}
