//! Where everything is printed: text for people, one JSON document for scripts.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use dtc_adapters::{SystemClock, Waiting};
use dtc_provision::journal::Entry;
use dtc_provision::ports::Clock as _;
use indicatif::MultiProgress;
use serde::Serialize;

use crate::document::{ExitNumber, Head, SchemaVersion};
use crate::events::{Event, Events, Phase};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::printable::{printable, wrapped};

/// The widest line that is printed where words allow, and nobody knows how wide the terminal is.
const WIDTH: usize = 100;
/// What a terminal's width is taken to be at least, and at most: longer lines are hard to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=200;

/// Something that is right.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Something new.
pub(crate) const NEW: Style = AnsiColor::Green.on_default();
/// Something that changes, or that waits for somebody.
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default();
/// Something that is wrong, or that cannot be undone.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something that is said in passing.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// A heading, a name.
pub(crate) const STRONG: Style = Style::new().bold();

/// Who reads standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// People: it carries text.
    Text,
    /// Scripts: it carries one JSON document, and the text goes to standard error.
    Json,
}

/// Where everything is printed.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    mode: Mode,
    /// Whether text is left out, because the JSON document says the same.
    silent: bool,
    on_terminal: bool,
    bars: MultiProgress,
    events: Option<Arc<Events>>,
    /// Why standard output does not hold all that was printed.
    lost: Arc<Mutex<Option<io::Error>>>,
}

impl Screen {
    /// A screen for whoever reads standard output.
    pub(crate) fn new(mode: Mode) -> Self {
        let on_terminal = match mode {
            Mode::Text => std::io::stdout().is_terminal(),
            Mode::Json => std::io::stderr().is_terminal(),
        };
        Self {
            mode,
            silent: mode == Mode::Json,
            on_terminal,
            bars: MultiProgress::new(),
            events: None,
            lost: Arc::default(),
        }
    }

    /// The same screen, which tells these events too.
    pub(crate) fn with_events(self, events: Option<Events>) -> Self {
        Self { events: events.map(Arc::new), ..self }
    }

    /// This screen for what happens meanwhile, which the JSON document does not say: its text goes to standard error then, unless that
    /// is where the events go.
    pub(crate) fn meanwhile(&self) -> Self {
        Self { silent: self.leaves_standard_error_to_events(), ..self.clone() }
    }

    /// Whether standard error carries events and no text.
    fn leaves_standard_error_to_events(&self) -> bool {
        self.mode == Mode::Json && self.events.as_ref().is_some_and(|events| events.go_to_standard_error())
    }

    /// Where events go, if anybody asked for them.
    pub(crate) fn events(&self) -> Option<&Arc<Events>> {
        self.events.as_ref()
    }

    /// A part of the command begins.
    pub(crate) fn begins(&self, phase: Phase) {
        if let Some(events) = &self.events {
            events.record(&Event::Phase { phase });
        }
    }

    /// How many columns a line may take: as many as the terminal has, from 40 to 200.
    pub(crate) fn width(&self) -> usize {
        if !self.on_terminal {
            return WIDTH;
        }
        let terminal = match self.mode {
            Mode::Text => console::Term::stdout(),
            Mode::Json => console::Term::stderr(),
        };
        width_for(terminal.size_checked().map(|(_, columns)| columns.into()))
    }

    /// Ends the output. What standard output could not take is told on standard error, and is no success; that nobody
    /// reads it any more is none of ours.
    pub(crate) fn end(&self, exit: Exit) -> Exit {
        let exit = self.written(exit);
        if let Some(events) = &self.events {
            events.end(exit);
        }
        exit
    }

    fn written(&self, exit: Exit) -> Exit {
        self.printed(io::stdout().flush());
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(error) = lost else { return exit };
        let failure = Failure::lost_output().caused_by(error);
        self.show_failure(&failure);
        if let Some(events) = &self.events {
            events.ends_with(Some(&failure.scripts.code));
        }
        match exit {
            Exit::Done | Exit::Differs => Exit::Error,
            exit => exit,
        }
    }

    /// Keeps the first reason why standard output was not written.
    pub(crate) fn printed(&self, printed: io::Result<()>) {
        if let Err(error) = printed
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// Whether something that was printed did not arrive; [`end`](Self::end) tells.
    #[cfg(feature = "demo")]
    pub(crate) fn has_lost_output(&self) -> bool {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether the text goes to a terminal, which shows glyphs and moving bars.
    pub(crate) fn on_terminal(&self) -> bool {
        self.on_terminal
    }

    /// Whether standard output carries one JSON document and nothing else.
    pub(crate) fn speaks_json(&self) -> bool {
        self.mode == Mode::Json
    }

    /// Where moving bars stand, below the text.
    pub(crate) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Prints a line of text. Nobody listening is no reason to stop.
    pub(crate) fn say(&self, line: impl Into<Line>) {
        let Line { text, .. } = line.into();
        self.bars.suspend(|| match self.mode {
            Mode::Text => self.printed(writeln!(anstream::stdout(), "{text}")),
            Mode::Json if self.silent => {}
            Mode::Json => drop(writeln!(anstream::stderr(), "{text}")),
        });
    }

    /// Prints a heading, apart from what stands above it.
    pub(crate) fn heading(&self, text: impl Display) {
        self.say("");
        self.say(Line::new().styled(STRONG, text));
    }

    /// Prints text behind `first`, in lines that begin below its end.
    pub(crate) fn paragraph(&self, first: Line, indent: usize, style: Style, text: &str) {
        let mut head = Some(first);
        for line in wrapped(&printable(text), self.width().saturating_sub(indent)) {
            let start = head.take().unwrap_or_else(|| Line::new().plain(" ".repeat(indent)));
            self.say(start.styled(style, line));
        }
        if let Some(first) = head {
            self.say(first);
        }
    }

    /// Prints text beside `first`, from `column` on; where it does not fit there, below it, from `indent` on.
    pub(crate) fn beside(&self, first: Line, column: usize, indent: usize, text: &str) {
        let text = printable(text);
        let gap = column.saturating_sub(first.width).max(2);
        if first.width + gap + text.chars().count() <= self.width() {
            self.say(first.plain(" ".repeat(gap)).styled(QUIET, text));
        } else {
            self.say(first);
            self.paragraph(Line::from(" ".repeat(indent)), indent, QUIET, &text);
        }
    }

    /// Prints a line on standard error.
    pub(crate) fn note(&self, line: impl Into<Line>) {
        let Line { text, .. } = line.into();
        if let Some(events) = &self.events
            && self.leaves_standard_error_to_events()
        {
            return events.record(&Event::Note { text: &anstream::adapter::strip_str(&text).to_string() });
        }
        self.bars.suspend(|| drop(writeln!(anstream::stderr(), "{text}")));
    }

    /// Shows each wait for another attempt as a line on standard error; for scripts it is a matter of the log.
    pub(crate) fn waits(&self) -> impl Fn(&Waiting) + Send + Sync + 'static {
        let screen = self.clone();
        move |waiting| {
            if let Some(events) = &screen.events {
                events.record(&Entry::Waiting { on: waiting.to_string() });
            }
            if !screen.speaks_json() {
                screen.note(Line::new().styled(CHANGED, "waiting: ").plain(waiting));
            }
        }
    }

    /// Ends a command that has done what it was asked, and prints the result for scripts, where they read it: the members of
    /// `value`, an object.
    pub(crate) fn done(&self, value: &impl Serialize) -> Exit {
        self.result(Exit::Done, None, value, None)
    }

    /// The same for a command that has found something to do, which has a code and is no failure.
    pub(crate) fn pending(&self, code: &str, value: &impl Serialize) -> Exit {
        self.result(Exit::Differs, Some(code), value, None)
    }

    /// Ends a command that has done its work and found a failure, or left something out: for people on standard error, below what
    /// they have read of the work; for scripts in the document, beside the members of `value`.
    pub(crate) fn ended(&self, failure: &Failure, value: &impl Serialize) -> Exit {
        if self.mode == Mode::Text {
            self.show_failure(failure);
        }
        self.result(failure.exit, Some(&failure.scripts.code), value, Some(failure.document()))
    }

    /// Prints the document of a command that ends like this: which form it has, which program made it, when, and how it ends; then
    /// the members of `value`, an object, and the failure.
    fn result(
        &self,
        exit: Exit,
        code: Option<&str>,
        value: &impl Serialize,
        error: Option<Problem<'_>>,
    ) -> Exit {
        #[derive(Serialize)]
        struct Document<'a, T> {
            #[serde(flatten)]
            head: Head<'a>,
            #[serde(flatten)]
            value: &'a T,
            #[serde(skip_serializing_if = "Option::is_none")]
            error: Option<Problem<'a>>,
        }
        if let Some(events) = &self.events {
            events.ends_with(code);
        }
        if self.mode == Mode::Json {
            let at = SystemClock.now().strftime("%FT%TZ").to_string();
            let (verdict, exit_code) = (exit, ExitNumber(exit));
            let version = env!("CARGO_PKG_VERSION");
            let head = Head { schema: SchemaVersion, version, at, verdict, exit_code, code };
            self.document(&Document { head, value, error });
        }
        exit
    }

    /// Prints a JSON document on one line of standard output: its strings without secrets, and exact apart from those.
    pub(crate) fn document(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(text) => {
                let mut out = io::stdout().lock();
                self.printed(writeln!(out, "{}", safe_text::json(&text)).and_then(|()| out.flush()));
            }
            Err(error) => self.printed(Err(io::Error::other(error))),
        }
    }

    /// Prints why a command failed: for people on standard error, for scripts where they read.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        #[derive(Serialize)]
        struct Nothing {}
        self.end(self.ended(failure, &Nothing {})).into()
    }

    fn show_failure(&self, failure: &Failure) {
        let head = format!("error[{}]: ", failure.scripts.code);
        let sentence = format!("{head}{}", printable(&failure.sentence));
        // In a log or a pipe a sentence stays in one line, where it can be searched for.
        let width = if io::stderr().is_terminal() { self.width().saturating_sub(2) } else { usize::MAX };
        for line in wrapped(&sentence, width) {
            self.note(match line.strip_prefix(&head) {
                Some(first) => Line::new().styled(BAD, &head).plain(first),
                None => Line::from("  ").plain(line),
            });
        }
        for cause in &failure.causes {
            self.note(Line::new().styled(QUIET, "  because: ").plain(cause));
        }
        for also in &failure.also {
            self.note(Line::new().styled(QUIET, "  also: ").plain(also));
        }
        for line in &failure.shown {
            self.note(Line::from("  ").plain(line));
        }
        if let Some(remedy) = &failure.remedy {
            self.note(Line::new().styled(STRONG, "  to do: ").plain(remedy));
        }
    }
}

/// The width to print for on a terminal with this many columns.
fn width_for(columns: Option<usize>) -> usize {
    columns.map_or(WIDTH, |columns| columns.clamp(*WIDTHS.start(), *WIDTHS.end()))
}

/// A line of text, with styles that only a terminal shows. All text in it is printable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    text: String,
    width: usize,
}

impl Line {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// How many columns it takes.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Followed by this text.
    pub(crate) fn plain(mut self, text: impl Display) -> Self {
        let text = printable(&text.to_string());
        self.width += text.chars().count();
        self.text.push_str(&text);
        self
    }

    /// Followed by this text, in this style.
    pub(crate) fn styled(mut self, style: Style, text: impl Display) -> Self {
        self.text.push_str(&style.render().to_string());
        let mut line = self.plain(text);
        line.text.push_str(&style.render_reset().to_string());
        line
    }
}

impl<T: AsRef<str>> From<T> for Line {
    fn from(text: T) -> Self {
        Self::new().plain(text.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminals_width_is_kept_from_40_to_200() {
        let widths = [None, Some(0), Some(39), Some(40), Some(77), Some(200), Some(500)].map(width_for);
        assert_eq!(widths, [100, 40, 40, 40, 77, 200, 200]);
    }

    #[test]
    fn x6_output_that_was_lost_is_no_success_and_a_closed_pipe_is() {
        for (kind, exit, ended) in [
            (io::ErrorKind::StorageFull, Exit::Done, Exit::Error),
            (io::ErrorKind::StorageFull, Exit::Differs, Exit::Error),
            (io::ErrorKind::Other, Exit::DataAtRisk, Exit::DataAtRisk),
            (io::ErrorKind::Other, Exit::Incomplete, Exit::Incomplete),
            (io::ErrorKind::BrokenPipe, Exit::Done, Exit::Done),
            (io::ErrorKind::BrokenPipe, Exit::Differs, Exit::Differs),
        ] {
            let screen = Screen::new(Mode::Text);
            screen.printed(Err(kind.into()));
            assert_eq!(screen.end(exit), ended, "{kind:?}");
        }
    }
}
