//! Rows of the table: a command, what is wrong, and how it must end.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::program::Ended;
use crate::world::{Misfortune, World};

/// The most memory that the program may take, whatever it meets.
const MEMORY_KIB: u64 = 256 * 1024;
/// The most time, in seconds, that a run may take beside others; what it waits for itself is a few seconds.
const SECONDS: u64 = 40;
/// Programs that run side by side; many of them wait.
const SIDE_BY_SIDE: usize = 6;

/// A command, what is wrong, and how it must end.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) command: &'static str,
    pub(crate) misfortune: Misfortune,
    /// The exit code (X6).
    pub(crate) exit: i32,
    /// What is said, on standard error or output: the code of the error, what and where.
    pub(crate) says: Vec<&'static str>,
}

/// A row.
pub(crate) fn row(command: &'static str, misfortune: Misfortune, exit: i32, says: &[&'static str]) -> Row {
    Row { command, misfortune, exit, says: says.to_vec() }
}

/// What is wrong with how a run ended; nothing in the best case.
pub(crate) fn faults(ended: &Ended, exit: i32, says: &[&str], secrets: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    if ended.code != exit {
        wrong.push(format!("exit {}, not {exit}", ended.code));
    }
    let said = format!("{}\n{}", ended.err, ended.out);
    // Lines are broken where the terminal ends.
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in says {
        if !flat.contains(words) {
            wrong.push(format!("{words:?} is not said"));
        }
    }
    if said.contains("panicked") || said.contains("RUST_BACKTRACE") {
        wrong.push("it panicked".to_owned());
    }
    if secrets.iter().any(|secret| said.contains(secret)) {
        wrong.push("a secret is shown".to_owned());
    }
    if ended.took > Duration::from_secs(SECONDS) {
        wrong.push(format!("it took {:?}", ended.took));
    }
    if ended.peak > MEMORY_KIB {
        wrong.push(format!("it took {} KiB", ended.peak));
    }
    wrong
}

/// Runs every row, several at once, and ends the test with every row that ended otherwise.
pub(crate) fn hold(world: &World, rows: &[Row]) {
    let secrets = world.secrets();
    let run = |row: &Row| {
        let folder = world.folder(row.misfortune);
        let ended = Ended::of(&mut world.command(row.command, folder.path(), row.misfortune));
        let wrong = faults(&ended, row.exit, &row.says, &secrets);
        (ended, wrong)
    };
    side_by_side(rows, run);
}

/// Runs each row by `run`, several at once, prints what it took, and fails with all that is wrong.
pub(crate) fn side_by_side<R: std::fmt::Debug + Sync>(
    rows: &[R],
    run: impl Fn(&R) -> (Ended, Vec<String>) + Sync,
) {
    let (next, ended) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE.min(rows.len()) {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(row);
                    ended.lock().unwrap().push((row, outcome));
                }
            });
        }
    });
    let ended = ended.into_inner().unwrap();
    let longest = ended.iter().max_by_key(|(_, (ended, _))| ended.took).unwrap();
    let peak = ended.iter().map(|(_, (ended, _))| ended.peak).max().unwrap_or_default();
    println!("{} rows; longest {:?} ({:?}); at most {peak} KiB", rows.len(), longest.1.0.took, longest.0);
    // On a busy machine a short run is over before anybody can look at it.
    let unseen = ended.iter().filter(|(_, (ended, _))| ended.peak == 0).count();
    let most_are_seen = !cfg!(target_os = "linux") || unseen * 2 <= rows.len();
    assert!(most_are_seen, "the memory of {unseen} of {} runs was not looked at", rows.len());
    let mut failed = String::new();
    for (row, (ended, wrong)) in ended.iter().filter(|(_, (_, wrong))| !wrong.is_empty()) {
        let _ = writeln!(
            failed,
            "\n{row:?}: {}\n{}\n{}",
            wrong.join("; "),
            ended.err.trim_end(),
            last_of(&ended.out)
        );
    }
    assert!(failed.is_empty(), "{failed}");
}

fn last_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().take(120).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
