//! What happens during an apply, as it happens: lines for people, bars on a terminal, a file for the record.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use anstyle::Style;
use dtc_adapters::files::Appended;
use dtc_provision::jiff::Timestamp;
use dtc_provision::journal::{Entry, Journal};
use indicatif::{ProgressBar, ProgressStyle};

use crate::events;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::{At, SafeStop};
use crate::printable::printable;
use crate::screen::{CHANGED, GOOD, Line, QUIET, Screen};

/// Where the result of a step begins, where its name is short enough.
const RESULT: usize = 52;
/// How much further a first run must be before another line is printed, in percent; bars need no lines.
const LINE_EVERY: f64 = 25.0;

/// Shows what happens, and stops the run where it is safe.
pub(crate) struct Progress {
    screen: Screen,
    journal: Option<Appended>,
    journalled: Journalled,
    stop: SafeStop,
    resume: String,
    step: Option<ProgressBar>,
    pools: BTreeMap<String, Pool>,
}

/// How much of what happened stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Journalled {
    /// All of it, or none was asked for.
    Whole,
    /// What happened before the journal could no longer be written.
    Partly,
}

/// A first run under way.
struct Pool {
    bar: Option<ProgressBar>,
    /// How far the last line said it is, in percent.
    shown: f64,
}

impl Progress {
    /// Shows on this screen, and stops where `stop` asks for it; `resume` is the command that goes on.
    pub(crate) fn new(screen: &Screen, stop: SafeStop, resume: impl Into<String>) -> Self {
        let screen = screen.meanwhile();
        Self {
            screen,
            journal: None,
            journalled: Journalled::Whole,
            stop,
            resume: resume.into(),
            step: None,
            pools: BTreeMap::new(),
        }
    }

    /// Appends every entry to this journal too, where there is one: one JSON object a line.
    pub(crate) fn with_journal(mut self, journal: Option<Appended>) -> Self {
        self.journal = journal;
        self
    }

    /// Clears what moves on the screen, and says whether the journal is whole.
    pub(crate) fn end(mut self) -> Journalled {
        if let Some(Err(error)) = self.journal.take().map(Appended::end) {
            self.journal_ends(&error);
        }
        self.journalled
    }

    fn journal_ends(&mut self, error: &dyn Display) {
        let text = format!("the journal ends here: {error}");
        self.screen.note(Line::new().styled(CHANGED, "note: ").plain(text));
        self.journal = None;
        self.journalled = Journalled::Partly;
    }

    fn write(&mut self, at: Timestamp, entry: &Entry) {
        let Some(journal) = &mut self.journal else { return };
        let written = match events::line(at, entry) {
            Ok(line) => {
                journal.line(&line).map_err(|error| Failure::error(error.to_string()).caused_by(error))
            }
            Err(error) => Err(Failure::error("an entry cannot be written").caused_by(error)),
        };
        if let Err(failure) = written {
            let because = failure.causes.last().map_or(String::new(), |cause| format!(": {cause}"));
            self.journal_ends(&format!("{}{because}", failure.sentence));
        }
    }

    fn show(&mut self, entry: &Entry) {
        match entry {
            Entry::Started { step } => self.show_started(step),
            Entry::Done { step, result } => self.show_ended(step, GOOD, self.glyph("✓", "ok"), result),
            Entry::Unchanged { step } => {
                self.show_ended(step, QUIET, self.glyph("=", "=="), "as it should be");
            }
            Entry::Failed { .. } => self.clear(),
            Entry::Waiting { on } => {
                self.clear();
                let mark = Line::from("  ").styled(CHANGED, self.glyph("…", "..")).plain(" ");
                self.screen.paragraph(mark, 5, Style::new(), on);
            }
            Entry::Progress { pool, percent, description } => {
                self.show_first_run(pool, *percent, description);
            }
        }
    }

    fn glyph(&self, on_terminal: &'static str, plain: &'static str) -> String {
        format!("{:<2}", if self.screen.on_terminal() { on_terminal } else { plain })
    }

    fn show_started(&mut self, step: &str) {
        if !self.screen.on_terminal() {
            return;
        }
        self.step.take().inspect(ProgressBar::finish_and_clear);
        let bar = self.screen.bars().add(ProgressBar::new_spinner());
        // A line that is wider than the terminal would leave its rest behind when it is cleared.
        bar.set_style(style("  {spinner} {wide_msg}"));
        bar.set_message(printable(step));
        bar.enable_steady_tick(Duration::from_millis(100));
        self.step = Some(bar);
    }

    fn show_ended(&mut self, step: &str, style: Style, mark: impl std::fmt::Display, result: &str) {
        self.step.take().inspect(ProgressBar::finish_and_clear);
        if let Some(pool) = step.strip_prefix("first run of ").and_then(|pool| self.pools.remove(pool)) {
            pool.bar.inspect(ProgressBar::finish_and_clear);
        }
        let head = Line::from("  ").styled(style, mark).plain(" ").plain(step);
        self.screen.beside(head, RESULT, 7, result);
    }

    fn show_first_run(&mut self, pool: &str, percent: f64, description: &str) {
        self.step.take().inspect(ProgressBar::finish_and_clear);
        let (screen, description) = (&self.screen, &standing(percent, description));
        let run = self.pools.entry(pool.to_owned()).or_insert_with(|| Pool {
            bar: screen.on_terminal().then(|| {
                let bar = screen.bars().add(ProgressBar::new(100));
                bar.set_style(style(run_template(screen.width())));
                bar.set_prefix(printable(pool));
                bar.enable_steady_tick(Duration::from_millis(100));
                bar
            }),
            shown: f64::NEG_INFINITY,
        });
        if let Some(bar) = &run.bar {
            bar.set_position(whole(percent));
            bar.set_message(printable(description));
        } else if percent >= run.shown + LINE_EVERY {
            run.shown = percent;
            let text = format!("first run of {pool}: {percent:.0} %  {description}");
            self.screen.say(Line::from("  ").styled(QUIET, ".. ").plain(text));
        }
    }

    fn clear(&mut self) {
        self.step.take().inspect(ProgressBar::finish_and_clear);
        for (_, pool) in std::mem::take(&mut self.pools) {
            pool.bar.inspect(ProgressBar::finish_and_clear);
        }
    }
}

/// A first run's line: a line that is wider than the terminal would leave its rest behind.
fn run_template(width: usize) -> &'static str {
    if width >= 90 {
        "  {spinner} first run of {prefix:.20} [{bar:24}] {percent:>3} % {wide_msg}"
    } else {
        "  {spinner} {prefix:.20} {percent:>3} % {wide_msg}"
    }
}

/// How a first run stands: the appliance's own words, less those that say only that nothing moves at this moment. rclone
/// shows `100%, 0 B/s, ETA -` while it looks for more, and for as long as the last file takes to be acknowledged.
fn standing(percent: f64, description: &str) -> String {
    let idle = ["0 B/s", "ETA -", "-", "0 B / 0 B"];
    let parts: Vec<&str> = description.split(", ").map(str::trim).collect();
    let still = parts.contains(&"0 B/s") && parts.contains(&"ETA -");
    let mut kept: Vec<&str> = parts.into_iter().filter(|part| !idle.contains(part)).collect();
    if still {
        kept.retain(|part| *part != "100%");
        kept.push(if percent >= 100.0 || description.contains("100%") {
            "all that was found is sent, and the run goes on"
        } else {
            "nothing to send at this moment, and the run goes on"
        });
    }
    kept.join(", ")
}

/// Percent as a bar counts it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 first")]
fn whole(percent: f64) -> u64 {
    percent.clamp(0.0, 100.0) as u64
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Journal for Progress {
    fn record(&mut self, at: Timestamp, entry: &Entry) {
        self.write(at, entry);
        if let Some(events) = self.screen.events() {
            events.record_at(at, entry);
        }
        self.show(entry);
        let here = match entry {
            Entry::Waiting { .. } | Entry::Progress { .. } => At::Waiting,
            _ => At::Boundary,
        };
        if self.stop.must_stop(here) && here == At::Boundary {
            // The call that was under way has ended, and the next has not begun: nothing is left in doubt.
            self.clear();
            let exit = show_stopped(&self.screen, self.stop.failure(), &self.resume);
            std::process::exit(i32::from(exit.code()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Says why the work was stopped, and which command goes on with it.
pub(crate) fn show_stopped(screen: &Screen, why: Failure, resume: &str) -> Exit {
    let failure = why.remedy(format!("run again to do the rest: {resume}"));
    let _ = screen.fail(&failure);
    failure.exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_moves_nothing_at_this_moment_is_not_shown_as_stalled() {
        const SENT: &str = "all that was found is sent, and the run goes on";
        const IDLE: &str = "nothing to send at this moment, and the run goes on";
        for (percent, described, shown) in [
            (
                40.0,
                "1.2 GiB / 3 GiB, 40%, 20 MiB/s, ETA 1m",
                "1.2 GiB / 3 GiB, 40%, 20 MiB/s, ETA 1m".to_owned(),
            ),
            (20.0, "1 GiB / 5 GiB, 20%, 1 MiB/s, ETA -", "1 GiB / 5 GiB, 20%, 1 MiB/s".to_owned()),
            (100.0, "100%, 0 B/s, ETA -", SENT.to_owned()),
            (100.0, "3 GiB / 3 GiB, 100%, 0 B/s, ETA -", format!("3 GiB / 3 GiB, {SENT}")),
            (
                55.0,
                "3 GiB / 3 GiB, 100%, 0 B/s, ETA -, checks: 5 / 9",
                format!("3 GiB / 3 GiB, checks: 5 / 9, {SENT}"),
            ),
            (0.0, "0 B / 0 B, -, 0 B/s, ETA -", IDLE.to_owned()),
            (10.0, "1 MiB / 10 MiB, 10%, 0 B/s, ETA -", format!("1 MiB / 10 MiB, 10%, {IDLE}")),
            (0.0, "Locking remote path...", "Locking remote path...".to_owned()),
            (0.0, "", String::new()),
        ] {
            assert_eq!(standing(percent, described), shown, "{described}");
        }
    }

    #[test]
    fn every_width_has_a_template_that_fits() {
        for width in 40..=200 {
            let template = run_template(width);
            // Everything but the message, which takes what is left.
            let fixed = if template.contains("[{bar:24}]") {
                2 + 2 + 13 + 20 + 1 + 26 + 6 + 1
            } else {
                2 + 2 + 20 + 1 + 5 + 1
            };
            assert!(fixed < width, "{width}: {template}");
        }
    }
}
