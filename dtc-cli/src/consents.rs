//! Asking for consent: of a person at a terminal, or in a file of consents given before (X1b).

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use anstyle::Style;
use dtc_adapters::decoding_problem;
use dtc_adapters::files::{Guard, Limit, Replacement, read_text};
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::proofs::consent::{Answer, Consents, Question, RecordedConsent};

use crate::exit::Exit;
use crate::failure::{Failure, RequiredConsent};
use crate::files::{CONSENTS, unread, unwritten};
use crate::printable::{printable, wrapped};
use crate::screen::{BAD, CHANGED, Line, QUIET, STRONG, Screen};

/// How long a consent that is typed, or one that a file should hold, is valid.
const VALID: SignedDuration = SignedDuration::from_hours(24);

/// Reads a file of consents: a JSON array of acts, each with the time until when it may be done.
///
/// # Errors
/// What cannot be read, or is no such array.
pub(crate) fn read(path: &Path) -> Result<Vec<RecordedConsent>, Failure> {
    let text =
        read_text(path, Guard::Settings, Limit::SETTINGS).map_err(|error| unread("consents", &error))?;
    serde_json::from_str(&text).map_err(|error| {
        let failed = Failure::usage(format!("cannot read consents from {}", path.display()));
        Failure { causes: vec![decoding_problem(&error.to_string())], ..failed }
    })
}

/// Looks whether consents can be written down here, before anything is asked.
///
/// # Errors
/// What stands there and is no file of consents, and a folder that is not there.
pub(crate) fn place(path: &Path) -> Result<Replacement, Failure> {
    Replacement::at(path, CONSENTS, Limit::SETTINGS).map_err(|error| unwritten("the consents", &error))
}

/// Writes down what was consented to, for a later run.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(place: &Replacement, consents: &Consents) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(consents.recorded())
        .map_err(|error| Failure::error("cannot write down the consents").caused_by(error))?;
    place.write(&(text + "\n")).map_err(|error| unwritten("the consents", &error))
}

/// Whether a person is there to be asked.
pub(crate) fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Answers a plan's questions from the file first, then by asking the person, if there is one. Blocks while the person
/// thinks.
///
/// # Errors
/// An act that the plan needs and that nobody consents to; nothing is written then.
pub(crate) fn gather(
    questions: impl IntoIterator<Item = Question>,
    recorded: &[RecordedConsent],
    now: Timestamp,
    until: Option<Timestamp>,
    person: Option<&Screen>,
) -> Result<Consents, Failure> {
    let until = until.unwrap_or(now + VALID);
    let mut missing = Vec::new();
    let answered = Consents::gather(questions, now, until, |question| {
        let found = recorded.iter().find(|consent| consent.act == *question.act());
        match (found, person) {
            (Some(consent), _) if now <= consent.valid_until => Answer::Recorded(recorded.to_vec()),
            (_, Some(screen)) => ask_person(screen, question),
            (found, None) => {
                if !question.may_be_withheld() {
                    let ran_out = found.map(|consent| consent.valid_until);
                    missing.push(Missing { question: question.clone(), ran_out });
                }
                Answer::Withheld
            }
        }
    });
    if !missing.is_empty() {
        return Err(missing_consents(&missing, until));
    }
    answered.map_err(|declined| {
        Failure::new(Exit::Blocked, declined.to_string())
            .code("DTC-CONSENT-DECLINED")
            .remedy("nothing was written; decide, and run again")
    })
}

fn ask_person(screen: &Screen, question: &Question) -> Answer {
    let act = question.act();
    screen.note("");
    let (style, warning) = if question.is_irreversible() {
        (BAD, "This cannot be undone: ")
    } else {
        (CHANGED, "To be decided: ")
    };
    screen.note(Line::new().styled(style, warning).plain(act.kind.replace('-', " ")));
    for line in wrapped(&printable(question.consequence()), screen.width().saturating_sub(4)) {
        screen.note(Line::from("  ").styled(Style::new(), line));
    }
    for (name, value) in &act.terms {
        screen.note(Line::from("  ").styled(QUIET, format!("{name}: ")).plain(value));
    }
    let otherwise = if question.may_be_withheld() {
        "press Enter alone to leave it as it is"
    } else {
        "type anything else to stop here"
    };
    let subject = Line::from("Type ").styled(STRONG, &act.subject);
    screen.note(subject.plain(format!(" to consent; {otherwise}:")));
    let mut typed = String::new();
    match std::io::stdin().lock().read_line(&mut typed) {
        Ok(_) if typed.trim().is_empty() && question.may_be_withheld() => Answer::Withheld,
        _ => Answer::Typed(typed.trim().to_owned()),
    }
}

/// The consents that a plan asks for, as a file for `--consent` holds them, valid from `now` on for a day.
pub(crate) fn required(questions: &[Question], now: Timestamp) -> Vec<RequiredConsent> {
    questions.iter().map(|question| until(question, now + VALID)).collect()
}

/// A consent to what is asked, valid until then.
fn until(question: &Question, until: Timestamp) -> RequiredConsent {
    RequiredConsent { act: question.act().clone(), valid_until: until.strftime("%FT%TZ").to_string() }
}

/// A consent that is needed and not there.
struct Missing {
    question: Question,
    /// When the one in the file stopped being valid, if there is one.
    ran_out: Option<Timestamp>,
}

/// Says which consents are missing, and what a file that gives them would hold.
fn missing_consents(missing: &[Missing], until: Timestamp) -> Failure {
    let required_consents: Vec<RequiredConsent> =
        missing.iter().map(|Missing { question, .. }| self::until(question, until)).collect();
    let text = serde_json::to_string_pretty(&required_consents).unwrap_or_default();
    let subjects: Vec<&str> =
        missing.iter().map(|Missing { question, .. }| question.act().subject.as_str()).collect();
    let mut failure = Failure::new(Exit::Blocked, format!("consent is missing for {}", subjects.join(", ")))
        .code("DTC-CONSENT-MISSING");
    failure.scripts.required_consents = required_consents;
    for Missing { question, ran_out } in missing {
        failure.causes.push(question.consequence().to_owned());
        failure.causes.extend(ran_out.map(|at| format!("the consent in the file ran out at {at}")));
    }
    failure.showing(text.lines().map(str::to_owned)).remedy(
        "if that is wanted, put the lines above into a file, give it with --consent FILE, and run again",
    )
}
