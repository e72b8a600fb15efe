//! `dtc locks extend`.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{Connections, SiteFile, connect};
use dtc_provision::jiff::Timestamp;
use dtc_provision::locks::{self, FailedExtension, LockReport, LockStatus};
use dtc_provision::ports::Ports;
use dtc_provision::proofs::consent::{Consents, RecordedConsent};

use super::status::show;
use super::terms::{Terms, bytes};
use crate::counting::Counting;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, Line, Screen};
use crate::{consents, view};

/// Extend the locks of current versions that end too soon, with the MSP's own key. Run every night, it keeps every current version locked; killed
/// anywhere, it goes on. No lock is ever shortened.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
    #[command(flatten)]
    terms: Terms,
    /// Extend versions of at most so many bytes in one run, such as 500GiB or 2TB; the rest is left and said.
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    at_most: u64,
    /// A consent given before, to these days and this size.
    #[arg(long, value_name = "FILE")]
    consent: Option<PathBuf>,
    /// Write down what is consented to, for nightly runs.
    #[arg(long, value_name = "FILE")]
    record_consent: Option<PathBuf>,
    /// Until when the consent that is written down may be used, such as 2027-06-30T00:00:00Z [default: a day from now].
    #[arg(long, value_name = "TIME", requires = "record_consent")]
    consent_until: Option<Timestamp>,
}

document! {
    /// What `dtc locks extend` prints.
    pub(crate) struct LocksExtended<'a> {
        /// The bucket.
        bucket: &'a str,
        /// Current versions that were listed.
        listed: u64,
        /// Locks that were extended.
        extended: u64,
        /// The size of their versions, in bytes.
        bytes: u64,
        /// The earliest end of the locks that were extended; null where there was none.
        until: Option<Timestamp>,
        /// Versions that were gone when their turn came.
        gone: u64,
        /// Locks that are due and were left, since the size that was consented to was used up.
        beyond_consent: u64,
        /// Versions of which the key may not see the lock.
        not_shown: u64,
        /// Rows of the listing that are not understood.
        not_understood: u64,
        /// Locks that could not be extended.
        failures: u64,
        /// The first hundred of them.
        failed: &'a [FailedExtension],
        /// Why the rest was not begun; null where it was.
        stopped: Option<&'a str>,
    }
}

/// Looks, asks and extends.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let terms = arguments.terms.terms(arguments.at_most)?;
    let file = SiteFile::read(&arguments.site)?;
    let recorded = arguments.consent.as_deref().map(consents::read).transpose()?.unwrap_or_default();
    let record = arguments.record_consent.as_deref().map(consents::place).transpose()?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    screen.begins(Phase::Connecting);
    let ports = connect(&connections, file.waits).await.map_err(|error| at_site(error.into()))?;
    screen.begins(Phase::Observing);
    let listed = Counting::of(screen, "current versions listed");
    let now = ports.clock.now();
    let found = locks::status(&file.site, &ports.views(), terms, now, &|at| listed.set(at.listed)).await;
    drop(listed);
    let found = found.map_err(|error| at_site(error.into()))?;
    show(screen, &found);
    let consents = gather(&found, recorded, arguments.consent_until, screen).await?;
    if let Some(place) = &record {
        consents::write(place, &consents)?;
    }
    let bucket = found.bucket().name.to_string();
    let report = extend(found, consents, &ports, &connections, screen).await?;
    Ok(shown(screen, &bucket, &report))
}

async fn extend(
    found: LockStatus,
    consents: Consents,
    ports: &Ports,
    connections: &Connections,
    screen: &Screen,
) -> Result<LockReport, Failure> {
    screen.begins(Phase::Applying);
    let extended = Counting::of(screen, "locks extended");
    let made = locks::extend(found, consents, ports, &|at| extended.set(at.extended)).await;
    drop(extended);
    made.map_err(|error| {
        let failure = Failure::from(error).at(connections);
        let first = failure.remedy.clone().unwrap_or_else(|| "put that right".to_owned());
        failure.remedy(format!("{first}; what was extended stays so, and the same command goes on"))
    })
}

/// Gathers the consent away from the runtime's threads, which a person's thinking would hold up.
async fn gather(
    found: &LockStatus,
    recorded: Vec<RecordedConsent>,
    until: Option<Timestamp>,
    screen: &Screen,
) -> Result<Consents, Failure> {
    let (question, screen, now) = (found.question(), screen.clone(), found.now);
    let asking = tokio::task::spawn_blocking(move || {
        let person = consents::somebody_is_there().then_some(&screen);
        consents::gather(question, &recorded, now, until, person)
    });
    asking.await.map_err(|error| Failure::error("asking for consent ended early").caused_by(error))?
}

fn shown(screen: &Screen, bucket: &str, report: &LockReport) -> Exit {
    screen.say("");
    screen.say(format!("{} locks extended, of {}", report.extended, view::bytes(report.bytes)));
    if let Some(until) = report.until {
        screen.say(format!("The first of them ends {until}"));
    }
    for failed in &report.failed {
        screen.say(
            Line::new().styled(CHANGED, format!("not extended: {}: ", failed.object)).plain(&failed.reason),
        );
    }
    let document = LocksExtended {
        bucket,
        listed: report.listed,
        extended: report.extended,
        bytes: report.bytes,
        until: report.until,
        gone: report.gone,
        beyond_consent: report.beyond_consent,
        not_shown: report.not_shown,
        not_understood: report.not_understood,
        failures: report.failures,
        failed: &report.failed,
        stopped: report.stopped.as_deref(),
    };
    match failure(report) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

/// Why a run does not end with 0.
fn failure(report: &LockReport) -> Option<Failure> {
    let left = [
        (report.failures, "could not be extended"),
        (report.beyond_consent, "are beyond the size that was consented to"),
        (report.not_shown, "are not shown to the key"),
        (report.not_understood, "are in rows that are not understood"),
    ];
    let mut reasons: Vec<String> =
        left.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    reasons.extend(report.stopped.clone());
    if reasons.is_empty() {
        return None;
    }
    let remedy = "look at the reasons, and run the same command again: it goes on";
    let sentence = format!("not every lock was extended: {}", reasons.join("; "));
    Some(Failure::new(Exit::Incomplete, sentence).code("DTC-LOCKS-LEFT").remedy(remedy))
}
