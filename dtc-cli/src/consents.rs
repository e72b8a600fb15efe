//! Asking for consent: of a person at a terminal, or in a file of consents given before (X1b).

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use anstyle::Style;
use dtc_provision::consent::{Act, Consent, DeleteOrphanKey, Irreversible, RecordedConsent, RemoveProperty};
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::plan::{Answer, Consents, Questions};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::screen::{BAD, Line, QUIET, Screen};

/// How long what is typed, or what a file should hold, is valid.
const VALID: SignedDuration = SignedDuration::from_hours(24);

/// Reads a file of consents: a JSON array of acts, each with the time until when it may be done.
///
/// # Errors
/// What cannot be read, or says something else.
pub(crate) fn read(path: &Path) -> Result<Vec<RecordedConsent>, Failure> {
    let failed = || Failure::usage(format!("cannot read consents from {}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed().caused_by(error))?;
    serde_json::from_str(&text).map_err(|error| failed().caused_by(error))
}

/// Writes down what was consented to, for a later run.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(path: &Path, consents: &Consents) -> Result<(), Failure> {
    let mut recorded = Vec::new();
    recorded.extend(consents.compliance_lock.iter().map(Consent::record));
    recorded.extend(consents.change_bucket.iter().map(Consent::record));
    recorded.extend(consents.rewrite_guid.iter().map(Consent::record));
    recorded.extend(consents.repoint.iter().map(Consent::record));
    recorded.extend(consents.remove_properties.iter().map(Consent::record));
    recorded.extend(consents.delete_orphans.iter().map(Consent::record));
    let failed = || Failure::error(format!("cannot write the consents to {}", path.display()));
    let text = serde_json::to_string_pretty(&recorded).map_err(|error| failed().caused_by(error))?;
    std::fs::write(path, text + "\n").map_err(|error| failed().caused_by(error))
}

/// Whether a person is there to be asked.
pub(crate) fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Puts the questions to the file first, then to the person, if there is one. Blocks while the person thinks.
///
/// # Errors
/// An act without which nothing can be done and that nobody consents to; nothing is written then.
pub(crate) fn gather(
    questions: Questions,
    recorded: &[RecordedConsent],
    now: Timestamp,
    person: Option<&Screen>,
) -> Result<Consents, Failure> {
    let until = now + VALID;
    let mut missing = Vec::new();
    let answered = questions.ask(now, until, |act, consequence| {
        if recorded.iter().any(|consent| consent.act == *act && now <= consent.valid_until) {
            return Answer::Recorded(recorded.to_vec());
        }
        if let Some(screen) = person {
            return asked(screen, act, consequence);
        }
        if !may_be_withheld(act) {
            let ran_out =
                recorded.iter().find(|consent| consent.act == *act).map(|consent| consent.valid_until);
            missing.push(Missing { act: act.clone(), consequence: consequence.to_owned(), ran_out });
        }
        Answer::Withheld
    });
    if !missing.is_empty() {
        return Err(to_be_given(&missing, until));
    }
    answered.map_err(|declined| {
        Failure::new(Exit::Blocked, declined.to_string()).mend("nothing was written; decide, and run again")
    })
}

/// Steps that are left out when nobody consents; all others are needed.
fn may_be_withheld(act: &Act) -> bool {
    [RemoveProperty::KIND, DeleteOrphanKey::KIND].contains(&act.kind.as_str())
}

fn asked(screen: &Screen, act: &Act, consequence: &str) -> Answer {
    screen.note("");
    screen.note(Line::new().styled(BAD, "This cannot be undone: ").plain(act.kind.replace('-', " ")));
    for line in crate::printable::wrapped(&crate::printable::printable(consequence), 96) {
        screen.note(Line::from("  ").styled(Style::new(), line));
    }
    for (name, value) in &act.terms {
        screen.note(Line::from("  ").styled(QUIET, format!("{name}: ")).plain(value));
    }
    let otherwise =
        if may_be_withheld(act) { "nothing to leave it as it is" } else { "anything else to stop here" };
    screen.note(
        Line::from("Type ")
            .styled(crate::screen::STRONG, &act.subject)
            .plain(format!(" to consent, {otherwise}:")),
    );
    let mut typed = String::new();
    match std::io::stdin().lock().read_line(&mut typed) {
        Ok(_) if typed.trim().is_empty() && may_be_withheld(act) => Answer::Withheld,
        _ => Answer::Typed(typed.trim().to_owned()),
    }
}

/// A consent that is needed and not there.
struct Missing {
    act: Act,
    consequence: String,
    ran_out: Option<Timestamp>,
}

/// Says what is not consented to, and what a file would hold that consents.
fn to_be_given(missing: &[Missing], until: Timestamp) -> Failure {
    let until = until.strftime("%FT%TZ").to_string();
    let acts: Vec<_> =
        missing.iter().map(|wanted| json!({ "act": wanted.act, "valid_until": until })).collect();
    let text = serde_json::to_string_pretty(&acts).unwrap_or_default();
    let subjects: Vec<&str> = missing.iter().map(|wanted| wanted.act.subject.as_str()).collect();
    let mut failure = Failure::new(Exit::Blocked, format!("consent is missing for {}", subjects.join(", ")));
    for wanted in missing {
        failure.causes.push(wanted.consequence.clone());
        failure.causes.extend(wanted.ran_out.map(|at| format!("the consent in the file ran out at {at}")));
    }
    failure.showing(text.lines().map(str::to_owned)).mend(
        "if that is wanted, put the lines above into a file, give it with --consent FILE, and run again",
    )
}
