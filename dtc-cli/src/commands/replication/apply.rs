//! `dtc replication apply`.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::files::Appended;
use dtc_adapters::{connect, connect_ends};
use dtc_provision::ports::Ports;
use dtc_provision::proofs::consent::{Consents, RecordedConsent};
use dtc_provision::replication::{self, Ends, Given, Passphrases, ReplicationPlan};

use super::chosen::{Chosen, Read};
use super::{plan, verify};
use crate::consents;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{JOURNAL, unwritten};
use crate::interrupt::SafeStop;
use crate::progress::{Progress, show_stopped};
use crate::screen::{CHANGED, Line, Screen};

/// Do what the plan says, follow the run, prove that the destination opens. Run again, it does the rest.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Consents given before: to a host key, and to letting the other appliance log in.
    #[arg(long, value_name = "FILE")]
    consent: Option<PathBuf>,
    /// Write down what is consented to, for a later run.
    #[arg(long, value_name = "FILE")]
    record_consent: Option<PathBuf>,
    /// Append everything that happens to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

document! {
    /// What `dtc replication apply` prints where there was nothing to do.
    pub(crate) struct Unneeded<'a> {
        /// The replication's name.
        name: &'a str,
        /// Whether there was nothing to do: true here.
        empty: bool,
    }
}

/// Everything decided, nothing written yet.
struct Ready {
    ports: Ports,
    ends: Ends,
    plan: ReplicationPlan,
    consents: Consents,
    passphrases: Passphrases,
}

/// Observes, plans, asks, applies.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let read = arguments.chosen.read(screen)?;
    let preparing = deadline.bound(Box::pin(prepare(&arguments, &read, deadline, screen)));
    let Some(ready) = preparing.await? else {
        let name = &read.replication.wanted.name;
        return Ok(screen.done(&Unneeded { name, empty: true }));
    };
    let Ready { ports, ends, plan, consents, passphrases } = ready;
    let journal = arguments.journal.as_deref().map(|path| Appended::open(path, JOURNAL)).transpose();
    let journal = journal.map_err(|error| unwritten("the journal", &error))?;
    let resume = arguments.chosen.command("apply");
    let stop = SafeStop::at(deadline);
    let mut progress = Progress::new(screen, stop.clone(), &resume).with_journal(journal);
    screen.begins(Phase::Applying);
    screen.heading("Applying");
    let wanted = &read.replication.wanted;
    let given = Given { plan: &plan, consents, passphrases };
    let applied = tokio::select! {
        applied = replication::apply(&read.site, wanted, given, (&ports, &ends), &mut progress) => Some(applied),
        () = stop.reached(|why| finishing(why, screen)) => None,
    };
    progress.end();
    let Some(applied) = applied else {
        return Ok(show_stopped(screen, stop.failure(), &resume));
    };
    let report = applied.map_err(|error| {
        let failure = read.failed(error);
        let first = failure.remedy.clone().unwrap_or_else(|| "put that right, then run again".to_owned());
        failure.remedy(format!("{first}; what is done stays done: {resume}"))
    })?;
    Ok(verify::shown(screen, &report))
}

fn finishing(why: &str, screen: &Screen) {
    let text = "finishing the call that is under way; Ctrl-C again stops at once, which is safe too";
    screen.note(Line::new().styled(CHANGED, format!("{why}: ")).plain(text));
}

async fn prepare(
    arguments: &Arguments,
    read: &Read,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<Option<Ready>, Failure> {
    let recorded = arguments.consent.as_deref().map(consents::read).transpose()?.unwrap_or_default();
    let record = arguments.record_consent.as_deref().map(consents::place).transpose()?;
    if let Some(path) = &arguments.journal {
        Appended::check(path, JOURNAL).map_err(|error| unwritten("the journal", &error))?;
    }
    let passphrases = read.passphrases().await?;
    screen.begins(Phase::Connecting);
    let wanted = &read.replication.wanted;
    let at_site = |error: dtc_adapters::Error| Failure::from(error).at(&read.connections);
    let ports = connect(&read.connections, read.waits).await.map_err(at_site)?;
    let ends = connect_ends(&read.connections, &wanted.from, &wanted.to).await.map_err(at_site)?;
    screen.begins(Phase::Observing);
    let seen = replication::observe(&read.site, wanted, &ports.views(), &ends.views()).await;
    let plan = seen.and_then(|seen| replication::plan(wanted, &seen, &passphrases));
    let plan = plan.map_err(|error| read.failed(error))?;
    plan::show(screen, &plan);
    if plan.is_empty() {
        screen.say(format!("To prove it: {}", arguments.chosen.command("verify")));
        return Ok(None);
    }
    deadline.pause();
    let consents = gather(&plan, recorded, &ports, screen).await?;
    deadline.resume();
    if let Some(place) = &record {
        consents::write(place, &consents)?;
    }
    Ok(Some(Ready { ports, ends, plan, consents, passphrases }))
}

/// Gathers consents away from the runtime's threads, which a person's thinking would hold up.
async fn gather(
    plan: &ReplicationPlan,
    recorded: Vec<RecordedConsent>,
    ports: &Ports,
    screen: &Screen,
) -> Result<Consents, Failure> {
    let (questions, screen, now) = (plan.questions(), screen.clone(), ports.clock.now());
    let asking = tokio::task::spawn_blocking(move || {
        let person = consents::somebody_is_there().then_some(&screen);
        consents::gather(questions, &recorded, now, None, person)
    });
    asking.await.map_err(|error| Failure::error("asking for consent ended early").caused_by(error))?
}
