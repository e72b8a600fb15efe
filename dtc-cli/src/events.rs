//! `--events`: what happens, as it happens, for scripts: one JSON object a line.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dtc_adapters::SystemClock;
use dtc_adapters::files::Appended;
use dtc_provision::jiff::Timestamp;
use dtc_provision::ports::Clock as _;
use serde::Serialize;

use crate::document::{ExitNumber, SchemaVersion};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{EVENTS, unwritten};

/// What happens beside the entries of a journal.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event<'a> {
    /// A command begins: the first event.
    Began {
        /// The form of the events.
        schema: SchemaVersion,
        /// The version of the program.
        version: &'static str,
        /// Which command.
        command: &'a str,
    },
    /// A part of the command begins.
    Phase {
        /// Which part.
        phase: Phase,
    },
    /// Files are read and opened.
    Bytes {
        /// How many plain bytes are done.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// Something to know that stops nothing.
    Note {
        /// What.
        text: &'a str,
    },
    /// The command has ended: the last event.
    Ended {
        /// How.
        verdict: Exit,
        /// The exit code.
        exit_code: ExitNumber,
        /// The code of `docs/errors.md`.
        code: Option<&'a str>,
    },
}

/// A part of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// It logs in to the services.
    Connecting,
    /// It looks at what is so.
    Observing,
    /// It carries out a plan.
    Applying,
    /// It judges the checklist.
    Verifying,
    /// It lists an encrypted folder.
    Listing,
    /// It compares an encrypted folder with its source.
    Checking,
    /// It decrypts a folder into another one.
    Restoring,
    /// It encrypts a folder into a catalogue.
    Encrypting,
    /// It carries a catalogue to its destination.
    Transferring,
    /// It fetches a catalogue back.
    Fetching,
}

/// What happened as one line of JSON, without secrets: what a journal holds, too.
///
/// # Errors
/// What is no JSON.
pub(crate) fn line(at: Timestamp, event: &impl Serialize) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Record<'a, T> {
        at: Timestamp,
        #[serde(flatten)]
        event: &'a T,
    }
    Ok(safe_text::json(&serde_json::to_string(&Record { at, event })?).into_owned())
}

/// Where events go.
#[derive(Debug)]
pub(crate) struct Events {
    to_standard_error: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` where they go to standard error, and after a file could not be written.
    file: Option<Appended>,
    /// The code that the command has ended with.
    code: Option<String>,
    has_ended: bool,
}

impl Events {
    /// Events that are appended to this file, or go to standard error where it is `-`; the first says that a command begins.
    ///
    /// # Errors
    /// A file that cannot be written, or that is another kind of file.
    pub(crate) fn open(path: &Path, command: &str) -> Result<Self, Failure> {
        let to_standard_error = path == Path::new("-");
        let open = || Appended::open(path, EVENTS).map_err(|error| unwritten("the events", &error));
        let file = if to_standard_error { None } else { Some(open()?) };
        let state = Mutex::new(State { file, code: None, has_ended: false });
        let events = Self { to_standard_error, state };
        let version = env!("CARGO_PKG_VERSION");
        events.record(&Event::Began { schema: SchemaVersion, version, command });
        Ok(events)
    }

    /// Whether standard error is theirs.
    pub(crate) fn go_to_standard_error(&self) -> bool {
        self.to_standard_error
    }

    /// Something happens now.
    pub(crate) fn record(&self, event: &impl Serialize) {
        self.record_at(SystemClock.now(), event);
    }

    /// Something happened at this time. A file that takes no more is left as it is, and that is said once.
    pub(crate) fn record_at(&self, at: Timestamp, event: &impl Serialize) {
        let written = line(at, event).map_err(|error| error.to_string());
        let mut state = self.state();
        let ended = match (written, &mut state.file) {
            (Ok(line), Some(file)) => file.line(&line).map_err(|error| error.to_string()),
            (Ok(line), None) if self.to_standard_error => {
                // Nobody listening is no reason to stop.
                let _ = writeln!(io::stderr().lock(), "{line}");
                Ok(())
            }
            (Ok(_), None) => Ok(()),
            (Err(error), _) => Err(error),
        };
        if let Err(error) = ended {
            state.file = None;
            let _ = writeln!(io::stderr().lock(), "note: the events end here: {}", safe_text::safe(&error));
        }
    }

    /// The command ends with this code.
    pub(crate) fn ends_with(&self, code: Option<&str>) {
        self.state().code = code.map(str::to_owned);
    }

    /// The command has ended like this, which is said once.
    pub(crate) fn end(&self, exit: Exit) {
        let mut state = self.state();
        if std::mem::replace(&mut state.has_ended, true) {
            return;
        }
        let code = state.code.take();
        drop(state);
        self.record(&Event::Ended { verdict: exit, exit_code: ExitNumber(exit), code: code.as_deref() });
        let file = self.state().file.take();
        if let Some(Err(error)) = file.map(Appended::end) {
            let text = error.to_string();
            let _ = writeln!(io::stderr().lock(), "note: the events end here: {}", safe_text::safe(&text));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) use schema::schema;

#[cfg(test)]
mod schema {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::{Described, Member, Types, entries, variants};

    const PHASES: [Phase; 10] = [
        Phase::Connecting,
        Phase::Observing,
        Phase::Applying,
        Phase::Verifying,
        Phase::Listing,
        Phase::Checking,
        Phase::Restoring,
        Phase::Encrypting,
        Phase::Transferring,
        Phase::Fetching,
    ];

    /// The published form of an event.
    pub(crate) fn schema(types: &mut Types) -> Value {
        let text = String::describe(types);
        let number = u64::describe(types);
        let of = Member::of;
        let began = vec![
            of("schema", "The form of the events.", SchemaVersion::describe(types)),
            of("version", "The version of the program.", text.clone()),
            of("command", "Which command, such as `crypt restore`.", text.clone()),
        ];
        let ended = vec![
            of("verdict", "How it ended.", Exit::describe(types)),
            of("exit_code", "The program's exit code.", ExitNumber::describe(types)),
            of(
                "code",
                "The code of `docs/errors.md`; null after an end with 0.",
                Option::<String>::describe(types),
            ),
        ];
        let bytes = vec![
            of("done", "How many plain bytes are done.", number.clone()),
            of("of", "Of how many; a restore that compares counts them twice.", number),
        ];
        let ours = [
            ("began", "A command begins: the first event of a run.", began),
            (
                "phase",
                "A part of the command begins.",
                vec![of("phase", "Which part.", json!({ "enum": PHASES }))],
            ),
            ("bytes", "Files are read and opened.", bytes),
            ("note", "Something to know that stops nothing.", vec![of("text", "What.", text)]),
            ("ended", "The command has ended: the last event. Without it the run was cut short.", ended),
        ];
        let all: Vec<_> = ours.into_iter().chain(entries(types)).collect();
        let at = of("at", "When it happened, in UTC.", Timestamp::describe(types));
        variants("One event.", "event", &[at], &all, types)
    }

    /// Every kind has one form in the schema, and what is written has it.
    #[test]
    fn the_kinds_are_named_as_they_are_written() {
        let mut types = Types::default();
        let described = schema(&mut types);
        let kind = |form: &Value| form["properties"]["event"]["const"].as_str().unwrap().to_owned();
        let kinds: Vec<String> = described["oneOf"].as_array().unwrap().iter().map(kind).collect();
        let none = Exit::Done;
        for (event, name) in [
            (Event::Began { schema: SchemaVersion, version: "0", command: "plan" }, "began"),
            (Event::Phase { phase: Phase::Listing }, "phase"),
            (Event::Bytes { done: 1, of: 2 }, "bytes"),
            (Event::Note { text: "x" }, "note"),
            (Event::Ended { verdict: none, exit_code: ExitNumber(none), code: None }, "ended"),
        ] {
            let written: Value = serde_json::from_str(&line(Timestamp::UNIX_EPOCH, &event).unwrap()).unwrap();
            assert_eq!((written["event"].as_str(), kinds.contains(&name.to_owned())), (Some(name), true));
        }
        assert_eq!(kinds.len(), 11);
    }

    #[test]
    fn no_secret_stands_in_an_event() {
        let _live = safe_text::SecretString::from("Zl1-secret-of-an-event");
        let written =
            line(Timestamp::UNIX_EPOCH, &Event::Note { text: "it says Zl1-secret-of-an-event" }).unwrap();
        assert!(written.contains("[redacted]") && !written.contains("Zl1-secret"), "{written}");
    }
}
