//! What happens during an apply, as it happens: lines for people, bars on a terminal, a file for the record.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anstyle::Style;
use dtc_provision::jiff::Timestamp;
use dtc_provision::journal::{Entry, Journal};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

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
    file: Option<File>,
    stop: SafeStop,
    resume: String,
    step: Option<ProgressBar>,
    pools: BTreeMap<String, Pool>,
}

/// A first run under way.
struct Pool {
    bar: Option<ProgressBar>,
    /// How far the last line said it is, in percent.
    shown: f64,
}

/// A line of the journal's file.
#[derive(Serialize)]
struct Record<'a> {
    at: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Progress {
    /// Shows on this screen, and stops where `stop` asks for it; `resume` is the command that goes on.
    pub(crate) fn new(screen: &Screen, stop: SafeStop, resume: impl Into<String>) -> Self {
        let screen = screen.clone();
        Self { screen, file: None, stop, resume: resume.into(), step: None, pools: BTreeMap::new() }
    }

    /// Appends every entry to this file too, one JSON object a line.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn with_file(mut self, path: &Path) -> Result<Self, Failure> {
        let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
        let failed =
            |error| Failure::usage(format!("cannot write the journal {}", path.display())).caused_by(error);
        self.file = Some(opened.map_err(failed)?);
        Ok(self)
    }

    fn write(&mut self, at: Timestamp, entry: &Entry) {
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_string(&Record { at, entry })
            .map_err(std::io::Error::from)
            .and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        if let Err(error) = written {
            self.screen
                .note(Line::new().styled(CHANGED, "note: ").plain(format!("the journal ends here: {error}")));
            self.file = None;
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
        bar.set_style(style("  {spinner} {msg}"));
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
        let screen = &self.screen;
        let run = self.pools.entry(pool.to_owned()).or_insert_with(|| Pool {
            bar: screen.on_terminal().then(|| {
                let bar = screen.bars().add(ProgressBar::new(100));
                bar.set_style(style(
                    "  {spinner} first run of {prefix} [{bar:24}] {percent:>3} % {wide_msg}",
                ));
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
        self.show(entry);
        let here = match entry {
            Entry::Waiting { .. } | Entry::Progress { .. } => At::Waiting,
            _ => At::Boundary,
        };
        if self.stop.must_stop(here) && here == At::Boundary {
            // The call that was under way has ended, and the next has not begun: nothing is left in doubt.
            self.clear();
            show_interrupted(&self.screen, &self.resume);
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Says that the work was interrupted, and which command goes on with it.
pub(crate) fn show_interrupted(screen: &Screen, resume: &str) {
    let failure = crate::interrupt::interrupted().remedy(format!("run again to do the rest: {resume}"));
    let _ = screen.fail(&failure);
}
