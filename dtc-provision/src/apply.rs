//! Makes it so: the plan's phases in their order, each one's result the next one's argument.
//!
//! There is no undo and no separate resume: whoever is killed is run again, observes what is so, and plans the rest.

mod appliance;
mod bucket;
mod document;
mod first_run;
mod identity;
mod secrets;

use dtc_naming::PoolName;
use jiff::Timestamp;
use serde::Serialize;

use crate::consent::{Act, Consent, Irreversible};
use crate::error::{Error, ErrorKind};
use crate::escrow::{Filing, RecordKey};
use crate::journal::{Entry, Journal};
use crate::observe;
use crate::plan::{Consents, Current, Plan};
use crate::ports::{DeviceId, Ports};
use crate::verify::Report;

/// What stands at the end of an apply.
#[derive(Debug, Serialize)]
pub struct Completion {
    /// Each pool's first run.
    pub first_runs: Vec<FirstRunResult>,
    /// The verification; `None` when a first run is left to the schedule.
    pub report: Option<Report>,
    /// Steps whose consent was withheld, by what they were about.
    pub withheld: Vec<String>,
}

/// A first run that ended well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstRunResult {
    /// The pool.
    pub pool: PoolName,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// The box's last words on it: bytes and files.
    pub summary: String,
}

/// What every phase needs: the plan, the ports and the journal.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) ports: &'a Ports,
    /// The device in the inventory, once there is one.
    pub(crate) device: Option<DeviceId>,
    journal: &'a mut dyn Journal,
}

impl Run<'_> {
    pub(crate) fn record(&mut self, entry: &Entry) {
        self.journal.record(self.ports.clock.now(), entry);
    }

    pub(crate) fn started(&mut self, step: &str) {
        self.record(&Entry::Started { step: step.to_owned() });
    }

    pub(crate) fn done(&mut self, step: &str, result: impl Into<String>) {
        self.record(&Entry::Done { step: step.to_owned(), result: result.into() });
    }

    pub(crate) fn unchanged(&mut self, step: &str) {
        self.record(&Entry::Unchanged { step: step.to_owned() });
    }

    /// The client, the box and the bucket a vault record is about.
    pub(crate) fn record_key(&self) -> RecordKey {
        RecordKey { organization: self.plan.vault_organization.id.clone(), subject: self.plan.subject() }
    }

    /// What a new vault record says beside its secret.
    pub(crate) fn filing(&self) -> Result<Filing, Error> {
        let plan = self.plan;
        Ok(Filing {
            key: self.record_key(),
            location: observe::label_name(&plan.location)?,
            host_name: plan.host_name.clone(),
            management_address: plan.management_address.clone(),
            date: self.ports.clock.now().strftime("%F").to_string(),
            category: plan.site.vault_category.clone(),
            embed_on: self.device.clone(),
        })
    }
}

/// Applies a plan that was held against the world just now.
///
/// # Errors
/// The first failure ends the run; what was done stays done, and running again does the rest. Consents are checked
/// before anything is written.
pub async fn apply(
    plan: Current<Plan>,
    consents: Consents,
    ports: &Ports,
    journal: &mut dyn Journal,
) -> Result<Completion, Error> {
    let plan = plan.get();
    all_given(plan, &consents, ports.clock.now())?;
    let device = plan.identity.in_inventory.device().cloned();
    let mut run = Run { plan, ports, device, journal };
    let applied = phases(&mut run, consents).await;
    if let Err(error) = &applied {
        run.record(&Entry::Failed { step: "apply".to_owned(), reason: error.to_string() });
    }
    applied
}

/// X1a, line by line. A phase's result is the next one's argument, so the compiler keeps the order.
async fn phases(run: &mut Run<'_>, mut consents: Consents) -> Result<Completion, Error> {
    let mut withheld = Vec::new();
    let bucket = bucket::bucket(run, consents.change_bucket.take()).await?;
    let locked = bucket::retention(run, bucket, consents.compliance_lock.take()).await?;
    let on_pool = identity::on_pool(run, consents.rewrite_guid.take()).await?;
    identity::remove_elsewhere(run, consents.remove_properties, &mut withheld).await?;
    let snmp = secrets::snmp(run, &on_pool).await?;
    let device = identity::in_inventory(run, &on_pool, snmp).await?;
    let encryption = secrets::encryption(run, &device).await?;
    let key = secrets::key(run, &locked, &encryption).await?;
    secrets::delete_orphans(run, consents.delete_orphans, &mut withheld).await?;
    let credential = appliance::credential(run, &key).await?;
    let tasks = appliance::tasks(run, &credential, &encryption, consents.repoint).await?;
    appliance::snapshots(run).await?;
    let first_runs = first_run::follow(run, &tasks).await?;
    let report = document::verify_and_document(run, &first_runs, &key).await?;
    Ok(Completion { first_runs, report, withheld })
}

/// Every consent without which a step cannot be taken is there, to this plan's very acts, before anything is written.
fn all_given(plan: &Plan, consents: &Consents, now: Timestamp) -> Result<(), Error> {
    let questions = plan.questions();
    if let Some(question) = &questions.compliance_lock {
        given(consents.compliance_lock.as_slice(), question.act(), question.consequence(), now)?;
    }
    if let Some(question) = &questions.change_bucket {
        given(consents.change_bucket.as_slice(), question.act(), question.consequence(), now)?;
    }
    if let Some(question) = &questions.rewrite_guid {
        given(consents.rewrite_guid.as_slice(), question.act(), question.consequence(), now)?;
    }
    for question in &questions.repoint {
        given(&consents.repoint, question.act(), question.consequence(), now)?;
    }
    Ok(())
}

fn given<K: Irreversible>(
    consents: &[Consent<K>],
    act: &Act,
    consequence: &str,
    now: Timestamp,
) -> Result<(), Error> {
    if consents.iter().any(|consent| consent.covers(act, now)) {
        return Ok(());
    }
    Err(missing(act, consequence))
}

/// The error for a consent that a step needs and that is not there.
fn missing(act: &Act, consequence: &str) -> Error {
    ErrorKind::ConsentMissing { subject: act.subject.clone(), consequence: consequence.to_owned() }.into()
}

/// Takes the consent to one act out of those given.
fn take<K: Irreversible>(consents: &mut Vec<Consent<K>>, act: &Act, now: Timestamp) -> Option<Consent<K>> {
    let at = consents.iter().position(|consent| consent.covers(act, now))?;
    Some(consents.remove(at))
}
