//! Where everything is printed: text for people, one JSON document for scripts.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use indicatif::MultiProgress;
use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;
use crate::printable::{printable, wrapped};

/// The widest line that is printed where words allow.
pub(crate) const WIDTH: usize = 100;

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
    on_terminal: bool,
    bars: MultiProgress,
}

impl Screen {
    /// A screen for whoever reads standard output.
    pub(crate) fn new(mode: Mode) -> Self {
        let on_terminal = match mode {
            Mode::Text => std::io::stdout().is_terminal(),
            Mode::Json => std::io::stderr().is_terminal(),
        };
        Self { mode, on_terminal, bars: MultiProgress::new() }
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
            Mode::Text => drop(writeln!(anstream::stdout(), "{text}")),
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
        for line in wrapped(&printable(text), WIDTH - indent) {
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
        if first.width + gap + text.chars().count() <= WIDTH {
            self.say(first.plain(" ".repeat(gap)).styled(QUIET, text));
        } else {
            self.say(first);
            self.paragraph(Line::from(" ".repeat(indent)), indent, QUIET, &text);
        }
    }

    /// Prints a line on standard error.
    pub(crate) fn note(&self, line: impl Into<Line>) {
        let Line { text, .. } = line.into();
        self.bars.suspend(|| drop(writeln!(anstream::stderr(), "{text}")));
    }

    /// Prints the result for scripts, where they read it.
    pub(crate) fn result(&self, value: &impl Serialize) {
        if self.mode == Mode::Json {
            self.document(value);
        }
    }

    /// Prints a JSON document on one line of standard output.
    pub(crate) fn document(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(text) => {
                let mut out = std::io::stdout().lock();
                let _ = writeln!(out, "{text}").and_then(|()| out.flush());
            }
            Err(error) => self.note(Line::new().styled(BAD, "error: ").plain(error)),
        }
    }

    /// Prints why a command failed: for people on standard error, for scripts where they read.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        let sentence = wrapped(&printable(&failure.sentence), WIDTH);
        for (number, line) in sentence.into_iter().enumerate() {
            let start = if number == 0 { Line::new().styled(BAD, "error: ") } else { Line::from("  ") };
            self.note(start.plain(line));
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
        self.failed(failure);
        failure.exit.into()
    }

    /// Prints why a command failed, for scripts.
    pub(crate) fn failed(&self, failure: &Failure) {
        self.result(&json!({ "error": {
            "exit_code": failure.exit.code(),
            "message": failure.sentence,
            "causes": failure.causes,
            "also": failure.also,
            "shown": failure.shown,
            "remedy": failure.remedy,
        }}));
    }
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
