//! Makes it so: the plan's phases in their order, each one's result the next one's argument.
//!
//! There is no undo and no separate resume: whoever is killed is run again, observes what is so, and plans the rest.

use jiff::Timestamp;
use serde::Serialize;

use super::current::Current;
use super::feasible;
use super::plan::Plan;
use crate::error::{Error, ErrorKind};
use crate::journal::{Entry, Journal};
use crate::phases::first_run::{self, FirstRunPhase};
use crate::phases::{FirstRunResult, Run};
use crate::ports::Ports;
use crate::proofs::consent::Consents;
use crate::verify::Report;

/// What stands at the end of an apply.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Completion {
    /// Each pool's first run.
    pub first_runs: Vec<FirstRunResult>,
    /// The verification; `None` when a first run is left to the schedule.
    pub report: Option<Report>,
    /// Steps whose consent was withheld, by what they were about.
    pub withheld: Vec<String>,
}

/// Applies a plan that was held against the world just now.
///
/// # Errors
/// The first failure ends the run; what was done stays done, and running again does the rest. Consents are checked
/// before anything is written, and so is what the appliance may do and reaches (X1c).
pub async fn apply(
    plan: Current<Plan>,
    consents: Consents,
    ports: &Ports,
    journal: &mut dyn Journal,
) -> Result<Completion, Error> {
    let plan = plan.get();
    all_given(plan, &consents, ports.clock.now())?;
    feasible::on_appliance(plan, ports).await?;
    let mut run = Run::new(&plan.site, &plan.scope, ports, consents, journal);
    run.device = plan.identity.in_inventory.device().cloned();
    let applied = phases(plan, &mut run).await;
    if let Err(error) = &applied {
        run.record(&Entry::Failed { step: "apply".to_owned(), reason: error.to_string() });
    }
    applied
}

/// X1a, line by line. A phase's result is the next one's argument, so the compiler keeps the order.
async fn phases(plan: &Plan, run: &mut Run<'_>) -> Result<Completion, Error> {
    let bucket = plan.bucket.apply(run).await?;
    let locked = plan.retention.apply(run, bucket).await?;
    let on_pool = plan.identity.apply_on_pool(run).await?;
    plan.identity.apply_removals(run).await?;
    let monitored = plan.snmp.apply(run, &on_pool).await?;
    let registered = plan.identity.apply_in_inventory(run, &on_pool, &monitored).await?;
    let encryption = plan.secrets.apply(run, &registered).await?;
    let key = plan.key.apply(run, &plan.orphans, &locked, &encryption).await?;
    for orphan in &plan.orphans {
        orphan.apply(run).await?;
    }
    let credential = plan.credential.apply(run, &key).await?;
    // Minting and saving took their time: another run may have made records meanwhile.
    let encryption = plan.secrets.found_again(run, &encryption).await?;
    let mut due = Vec::new();
    for pool in &plan.pools {
        let task = pool.task.apply(run, &pool.spec, &credential, &encryption).await?;
        due.push((&pool.pool, &pool.first_run, task));
    }
    for pool in &plan.pools {
        pool.snapshot_task.apply(run, &pool.snapshots).await?;
    }
    let first_runs = first_run::apply(run, &due).await?;
    let scheduled = plan.pools.iter().any(|pool| pool.first_run == FirstRunPhase::Scheduled);
    let report = if scheduled { None } else { Some(plan.documentation.apply(run, &first_runs, &key).await?) };
    Ok(Completion { first_runs, report, withheld: std::mem::take(&mut run.withheld) })
}

/// Every consent without which a step cannot be taken is there, to this plan's very acts, before anything is written.
fn all_given(plan: &Plan, consents: &Consents, now: Timestamp) -> Result<(), Error> {
    let questions = plan.questions();
    let mut missing = questions
        .iter()
        .filter(|question| !question.may_be_withheld() && !consents.covers(question.act(), now));
    match missing.next() {
        None => Ok(()),
        Some(question) => Err(ErrorKind::ConsentMissing {
            subject: question.subject().to_owned(),
            consequence: question.consequence().to_owned(),
        }
        .into()),
    }
}
