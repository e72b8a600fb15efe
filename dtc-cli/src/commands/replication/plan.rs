//! `dtc replication plan`.

use clap::Args;
use dtc_adapters::SystemClock;
use dtc_provision::phases::{Finding, Step};
use dtc_provision::ports::Clock as _;
use dtc_provision::replication::{self, ReplicationPlan};

use super::chosen::Chosen;
use crate::consents;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::{Failure, RequiredConsent};
use crate::screen::{GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{self, plan::Asked};

/// What a plan ends with that has something to do.
const PENDING: &str = "DTC-PLAN-PENDING";

/// Show what would be done so that the replication works. Writes nothing; exits with 2 when there is something to do.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
}

document! {
    /// What `dtc replication plan` prints.
    pub(crate) struct ReplicationPlanned<'a> {
        /// The replication's name.
        name: &'a str,
        /// Whether there is nothing to do.
        empty: bool,
        /// How many snapshots of the sources are taken along.
        snapshots: u64,
        /// The consents that it asks for, as a file for `--consent` holds them, valid for a day.
        required_consents: Vec<RequiredConsent>,
        /// What it does, in order, and what it keeps.
        steps: &'a [Step],
        /// What it asks before an act.
        consents: Vec<Asked>,
        /// What is not as it should be and is left alone.
        findings: &'a [Finding],
    }
}

/// Plans, and shows the plan.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let chosen = arguments.chosen;
    let read = chosen.read(screen)?;
    let passphrases = read.passphrases().await?;
    screen.begins(Phase::Connecting);
    let (views, ends) = read.views().await?;
    screen.begins(Phase::Observing);
    let wanted = &read.replication.wanted;
    let seen = replication::observe(&read.site, wanted, &views, &ends).await;
    let plan = seen.and_then(|seen| replication::plan(wanted, &seen, &passphrases));
    let plan = plan.map_err(|error| read.failed(error))?;
    show(screen, &plan);
    view::plan::show_asked(screen, &plan.questions());
    let document = ReplicationPlanned {
        name: &plan.name,
        empty: plan.is_empty(),
        snapshots: plan.snapshots.eligible,
        required_consents: consents::required(&plan.questions(), SystemClock.now()),
        steps: &plan.steps,
        consents: plan.questions().iter().map(Asked::of).collect(),
        findings: &plan.findings,
    };
    if plan.is_empty() {
        screen.say(format!("To prove it: {}", chosen.command("verify")));
        return Ok(screen.done(&document));
    }
    screen.say("");
    screen.say(format!("To do it: {}", chosen.command("apply")));
    screen.say(Line::new().styled(QUIET, format!("Ends with 2 ({PENDING}): there is something to do.")));
    Ok(screen.pending(PENDING, &document))
}

/// Shows what it does, and what it finds.
pub(crate) fn show(screen: &Screen, plan: &ReplicationPlan) {
    let count = plan.snapshots.eligible;
    screen.say(Line::new().styled(STRONG, format!("Plan for the replication {:?}", plan.name)));
    screen.say(format!("{count} snapshots of the sources are taken along."));
    let doing = view::plan::show_steps(screen, &plan.steps);
    view::plan::show_findings(screen, &plan.findings);
    if doing == 0 {
        screen.say(Line::new().styled(GOOD, "Nothing to do."));
    } else {
        screen.say(format!("{} to do.", view::count(doing, "step", "steps")));
    }
}
